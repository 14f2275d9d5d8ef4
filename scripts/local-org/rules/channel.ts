import { child, childText, type XmlElement } from '../metadata/xml';
import type { Violation, Rule } from './rule';
import { SOURCES } from './sources';

const type = 'MessagingChannel';

/** Rules for the fields of a channel. Rules for its references are in channel-authorization.ts and channel-routing.ts. */
export const CHANNEL_RULES: readonly Rule[] = [
  {
    name: 'channel-needs-messaging-permissions',
    type,
    source: SOURCES.channel,
    certainty: 'confirmed',
    textKnown: false,
    check({ root }, { permissions }) {
      if (permissions.ConfigureLiveMessage && permissions.ViewSetup) return [];
      return [{ text: 'insufficient access rights on MessagingChannel: Configure Messaging and View Setup', at: root }];
    },
  },
  {
    name: 'channel-auth-mode',
    type,
    source: SOURCES.channelPlaybook,
    certainty: 'confirmed',
    textKnown: false,
    check({ root }) {
      const mode = child(child(root, 'embeddedConfig'), 'authMode');
      if (!mode || ['Auth', 'UnAuth'].includes(mode.text.trim())) return [];
      return [{ text: `'${mode.text.trim()}' is not a valid value for authMode: Auth or UnAuth`, at: mode }];
    },
  },
  {
    name: 'channel-session-based-chat',
    type,
    source: SOURCES.sessionBasedChat,
    certainty: 'confirmed',
    textKnown: true,
    check({ root }) {
      const synchronous = child(root, 'isSynchronousChatEnabled');
      if (!isTrue(synchronous) || childText(child(root, 'embeddedConfig'), 'authMode') !== 'Auth') return [];
      return [violation("You can't enable Session-Based Chat for verified users", synchronous)];
    },
  },
  // Sources contradict each other about verified users: 60 to 240 in a playbook, 360 in the guide's sample, and 72 hours for
  // channels in general in Help. Only values that no source allows are rejected.
  minutesRule('channel-verified-expiration', 'verifiedUserJwtExpirationTime', SOURCES.channel),
  minutesRule('channel-unverified-expiration', 'anonymousUserJwtExpirationTime', SOURCES.channelPlaybook),
  {
    name: 'channel-file-size',
    type,
    source: SOURCES.channel,
    certainty: 'single source',
    textKnown: false,
    check({ root }) {
      return rangeViolations(child(child(root, 'embeddedConfig'), 'maxFileSize'), 1, 5);
    },
  },
  {
    name: 'channel-label-length',
    type,
    source: 'Object reference, MessagingChannel.MasterLabel: length 80',
    certainty: 'confirmed',
    textKnown: false,
    check({ root }) {
      const label = child(root, 'masterLabel');
      const length = label?.text.trim().length ?? 0;
      if (length <= 80) return [];
      return [violation(`Master Label: data value too large: ${label?.text.trim()} (max length=80)`, label)];
    },
  },
];

function minutesRule(name: string, field: string, source: string): Rule {
  return {
    name,
    type,
    source,
    certainty: 'confirmed',
    textKnown: false,
    check({ root }) {
      return rangeViolations(child(child(root, 'embeddedConfig'), field), 60, 4320);
    },
  };
}

function rangeViolations(element: XmlElement | undefined, from: number, to: number): Violation[] {
  const value = Number(element?.text);
  if (!element || (value >= from && value <= to)) return [];
  return [violation(`${element.name} must be between ${from} and ${to}`, element)];
}

function isTrue(element: XmlElement | undefined): boolean {
  return ['true', '1'].includes(element?.text.trim() ?? '');
}

function violation(text: string, at: XmlElement | undefined): Violation {
  return at ? { text, at } : { text };
}
