import { isTrueAt, textAt, type Component } from '../model';
import { itemsBelow, placeAt, textOf } from './place';
import { error, flaw, rules, type Flaw } from './rule';
import { HELP_SESSION_BASED, HELP_SETUP, META_CHANNEL, SKILL_CHANNEL } from './sources';

export const CHANNEL_RULES = rules({
  'auth-mode': error('authMode is Auth or UnAuth.', META_CHANNEL),
  'not-enhanced-chat': error('Only Enhanced Chat channels verify users.', HELP_SETUP),
  'session-based-chat': error(
    'A channel that verifies users is not session-based.',
    `${HELP_SESSION_BASED}; ${SKILL_CHANNEL}`,
  ),
});

/** The rules of one channel as a whole. */
export const checkChannel = (channel: Component): readonly Flaw[] => [
  ...authMode(channel),
  ...notEnhancedChat(channel),
  ...sessionBasedChat(channel),
];

/** Whether a channel has verification switched on. */
export const isVerified = (channel: Component): boolean => textAt(channel.root, 'embeddedConfig.authMode') === 'Auth';

/** The WSDL leaves authMode open, so that only the server would see a slip (Metadata API guide, MessagingChannel). */
function authMode(channel: Component): readonly Flaw[] {
  const place = placeAt(channel, 'embeddedConfig.authMode');
  const mode = textOf(place);
  if (mode === undefined || mode === 'Auth' || mode === 'UnAuth') return [];
  const message = `authMode "${mode}" is neither Auth (users are verified) nor UnAuth (they are not).`;
  return [flaw(CHANNEL_RULES['auth-mode'], place, message, 'Write Auth or UnAuth, in this case.')];
}

/** Help, user verification setup: only Enhanced In-App Chat and Enhanced Web Chat channels have user verification. */
function notEnhancedChat(channel: Component): readonly Flaw[] {
  const place = placeAt(channel, 'messagingChannelType');
  const type = textOf(place);
  const authorizations = itemsBelow(placeAt(channel, 'embeddedConfig'), 'messagingAuthorizations');
  if (type === undefined || type === 'EmbeddedMessaging') return [];
  if (!isVerified(channel) && authorizations.length === 0) return [];
  const message = `A channel of type ${type} cannot verify users; only Enhanced Chat channels can.`;
  return [
    flaw(
      CHANNEL_RULES['not-enhanced-chat'],
      place,
      message,
      'Use an EmbeddedMessaging channel, or remove the verification.',
    ),
  ];
}

/** Help, Session-Based Chat: Salesforce answers "You can't enable Session-Based Chat for verified users". */
function sessionBasedChat(channel: Component): readonly Flaw[] {
  if (!isVerified(channel) || !isTrueAt(channel.root, 'isSynchronousChatEnabled')) return [];
  const message = 'Session-Based Chat is on although the channel verifies users; Salesforce refuses to deploy both.';
  const place = placeAt(channel, 'isSynchronousChatEnabled');
  return [
    flaw(
      CHANNEL_RULES['session-based-chat'],
      place,
      message,
      'Set isSynchronousChatEnabled to false, or authMode to UnAuth.',
    ),
  ];
}
