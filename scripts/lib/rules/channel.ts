import { AUTH_MODE_PATH, isAuthMode, isSetUpForVerification, isTrueAt, type Component } from '../model';
import { locationAt, textOf } from './location';
import { error, violation, defineRules, type Violation } from './rule';
import { HELP_SESSION_BASED, HELP_SETUP, META_CHANNEL, SKILL_CHANNEL } from './sources';

export const CHANNEL_RULES = defineRules({
  'auth-mode': error('authMode is Auth or UnAuth.', META_CHANNEL),
  'not-enhanced-chat': error('Only Enhanced Chat channels verify users.', HELP_SETUP),
  'session-based-chat': error(
    'A channel that verifies users is not session-based.',
    `${HELP_SESSION_BASED}; ${SKILL_CHANNEL}`,
  ),
});

/** The rules of one channel as a whole. */
export const checkChannel = (channel: Component): readonly Violation[] => [
  ...checkAuthMode(channel),
  ...checkEnhancedChat(channel),
  ...checkSessionBasedChat(channel),
];

/** The WSDL leaves authMode open, so that only the server would see a slip (Metadata API guide, MessagingChannel). */
function checkAuthMode(channel: Component): readonly Violation[] {
  const location = locationAt(channel, AUTH_MODE_PATH);
  const mode = textOf(location);
  if (mode === undefined || mode === 'Auth' || mode === 'UnAuth') return [];
  const message = `authMode "${mode}" is neither Auth (users are verified) nor UnAuth (they are not).`;
  return [violation(CHANNEL_RULES['auth-mode'], location, message, 'Write Auth or UnAuth, in this case.')];
}

/** Help, user verification setup: only Enhanced In-App Chat and Enhanced Web Chat channels have user verification. */
function checkEnhancedChat(channel: Component): readonly Violation[] {
  const location = locationAt(channel, 'messagingChannelType');
  const type = textOf(location);
  if (type === undefined || type === 'EmbeddedMessaging' || !isSetUpForVerification(channel)) return [];
  const message = `A channel of type ${type} cannot verify users; only Enhanced Chat channels can.`;
  return [
    violation(
      CHANNEL_RULES['not-enhanced-chat'],
      location,
      message,
      'Use an EmbeddedMessaging channel, or remove the verification.',
    ),
  ];
}

/** Help, Session-Based Chat: Salesforce answers "You can't enable Session-Based Chat for verified users". */
function checkSessionBasedChat(channel: Component): readonly Violation[] {
  if (!isAuthMode(channel) || !isTrueAt(channel.root, 'isSynchronousChatEnabled')) return [];
  const message = 'Session-Based Chat is on although the channel verifies users; Salesforce refuses to deploy both.';
  const location = locationAt(channel, 'isSynchronousChatEnabled');
  return [
    violation(
      CHANNEL_RULES['session-based-chat'],
      location,
      message,
      'Set isSynchronousChatEnabled to false, or authMode to UnAuth.',
    ),
  ];
}
