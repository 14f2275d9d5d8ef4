import {
  AUTH_MODE_PATH,
  elementAt,
  isAuthMode,
  isEnhancedChat,
  isSetUpForVerification,
  isTrueAt,
  type Component,
} from '../model';
import { locationAt, textOf } from './location';
import { error, violation, defineRules, warning, type Violation } from './rule';
import { HELP_SESSION_BASED, HELP_SETUP, META_CHANNEL, SKILL_CHANNEL } from './sources';

export const CHANNEL_RULES = defineRules({
  'auth-mode': error('authMode is Auth or UnAuth.', META_CHANNEL),
  'auth-mode-not-set': warning('An Enhanced Chat channel declares authMode.', META_CHANNEL),
  'not-enhanced-chat': error('Only Enhanced Chat channels use user verification.', HELP_SETUP),
  'session-based-chat': error(
    'A channel with user verification is not session-based.',
    `${HELP_SESSION_BASED}; ${SKILL_CHANNEL}`,
  ),
});

/** The rules of one channel as a whole. */
export const checkChannel = (channel: Component): readonly Violation[] => [
  ...checkAuthMode(channel),
  ...checkAuthModeIsSet(channel),
  ...checkEnhancedChat(channel),
  ...checkSessionBasedChat(channel),
];

/** The WSDL allows any authMode, so only the server rejects a typing error (Metadata API guide, MessagingChannel). */
function checkAuthMode(channel: Component): readonly Violation[] {
  const location = locationAt(channel, AUTH_MODE_PATH);
  const mode = textOf(location);
  if (mode === undefined || mode === 'Auth' || mode === 'UnAuth') return [];
  const message = `authMode is "${mode}". Salesforce accepts only Auth (user verification on) and UnAuth (off).`;
  return [
    violation(
      CHANNEL_RULES['auth-mode'],
      location,
      message,
      'Set authMode to Auth or UnAuth. The values are case-sensitive.',
    ),
  ];
}

/** The WSDL requires authMode in embeddedConfig. A channel that was retrieved below API 62.0 has no embeddedConfig. */
function checkAuthModeIsSet(channel: Component): readonly Violation[] {
  if (!isEnhancedChat(channel) || elementAt(channel.root, 'embeddedConfig')) return [];
  const message =
    "authMode is not declared, so a deploy doesn't turn user verification on or off. Only an accepted user verification configuration requires it to be on.";
  const fix =
    'Add <embeddedConfig><authMode>Auth</authMode></embeddedConfig>, or UnAuth for a channel without user verification.';
  return [violation(CHANNEL_RULES['auth-mode-not-set'], locationAt(channel, AUTH_MODE_PATH), message, fix)];
}

/** Help, user verification setup: only Enhanced In-App Chat and Enhanced Web Chat channels have user verification. */
function checkEnhancedChat(channel: Component): readonly Violation[] {
  const location = locationAt(channel, 'messagingChannelType');
  const type = textOf(location);
  if (type === undefined || type === 'EmbeddedMessaging' || !isSetUpForVerification(channel)) return [];
  const message = `A channel of type ${type} can't verify users. Only Enhanced Chat channels can.`;
  return [
    violation(
      CHANNEL_RULES['not-enhanced-chat'],
      location,
      message,
      'Set messagingChannelType to EmbeddedMessaging, or set authMode to UnAuth and remove messagingAuthorizations.',
    ),
  ];
}

/** Help, Session-Based Chat: "You can't enable Session-Based Chat for verified users". */
function checkSessionBasedChat(channel: Component): readonly Violation[] {
  if (!isAuthMode(channel) || !isTrueAt(channel.root, 'isSynchronousChatEnabled')) return [];
  const message = 'Session-Based Chat and user verification are both on. Salesforce rejects a channel with both.';
  const location = locationAt(channel, 'isSynchronousChatEnabled');
  return [violation(CHANNEL_RULES['session-based-chat'], location, message, 'Set isSynchronousChatEnabled to false.')];
}
