import {
  authModeOf,
  AUTHORIZATIONS_PATH,
  childrenOf,
  enabledAuthorizationsOf,
  isAuthMode,
  type Component,
} from '../model';
import { elementOf } from '../metadata';
import { childLocation, childLocations, locationAt, textOf, type SourceLocation } from './location';
import { error, violation, defineRules, warning, type Violation } from './rule';
import { META_CHANNEL, SKILL_TEAMS } from './sources';

export const AUTHORIZATION_RULES = defineRules({
  'auth-without-authorization': error(
    'A channel with authMode Auth has an enabled user verification configuration.',
    `${META_CHANNEL}; ${SKILL_TEAMS}`,
  ),
  'authorization-without-auth': error(
    'A channel with a user verification configuration has authMode Auth.',
    META_CHANNEL,
  ),
  'authorization-type': error('authorizationType is PublicKeyCertificateSet.', META_CHANNEL),
  'authorization-provider': error('authProviderName is not set.', META_CHANNEL),
  'authorization-keyset': error('A user verification configuration names its keyset.', META_CHANNEL),
  'authorization-enabled-not-set': warning('A user verification configuration declares enabled.', META_CHANNEL),
  'auth-identifier': error(
    'A Configuration Name starts with a letter and contains only letters, digits, and underscores.',
    META_CHANNEL,
  ),
});

const AUTHORIZATIONS = 'messagingAuthorizations';

/** The locations of a channel's user verification configurations. */
export const authorizationLocations = (channel: Component): readonly SourceLocation[] =>
  childLocations(locationAt(channel, 'embeddedConfig'), AUTHORIZATIONS);

/** The rules of a channel's user verification configurations (Metadata API guide, MessagingAuthorization). */
export const checkAuthorizations = (channel: Component): readonly Violation[] => [
  ...checkHasAuthorization(channel),
  ...checkUnverifiedChannel(channel),
  ...authorizationLocations(channel).flatMap(checkAuthorization),
];

/** Salesforce then rejects every token: "User verification configuration has no active AuthSchemes." */
function checkHasAuthorization(channel: Component): readonly Violation[] {
  if (!isAuthMode(channel) || enabledAuthorizationsOf(channel).length > 0) return [];
  const message =
    'User verification is on, but no user verification configuration is enabled. The channel deploys, and then Salesforce rejects every token.';
  const fix = 'Set enabled to true in a user verification configuration, or add one with a keyset.';
  return [
    violation(
      AUTHORIZATION_RULES['auth-without-authorization'],
      locationAt(channel, AUTHORIZATIONS_PATH),
      message,
      fix,
    ),
  ];
}

function checkUnverifiedChannel(channel: Component): readonly Violation[] {
  const authorization = authorizationLocations(channel)[0];
  if (!authorization || authModeOf(channel) !== 'UnAuth') return [];
  const message = 'The channel has a user verification configuration, but authMode is UnAuth, so no user is verified.';
  return [
    violation(
      AUTHORIZATION_RULES['authorization-without-auth'],
      authorization,
      message,
      `Set authMode to Auth, or remove ${AUTHORIZATIONS}. To turn user verification off in one org, also override ${AUTHORIZATIONS} with null there.`,
    ),
  ];
}

const checkAuthorization = (authorization: SourceLocation): readonly Violation[] => [
  ...checkAuthorizationType(authorization),
  ...checkAuthProvider(authorization),
  ...checkKeysetName(authorization),
  ...checkEnabledIsSet(authorization),
  ...checkConfigurationName(authorization),
];

/** The guide: AuthProvider "should never be selected". Other invalid values are reported by the schema rules. */
function checkAuthorizationType(authorization: SourceLocation): readonly Violation[] {
  const location = childLocation(authorization, 'authorizationType');
  const type = textOf(location);
  const validTypes = elementOf('MessagingAuthorization', 'authorizationType')?.values ?? [];
  if (type === undefined || type === 'PublicKeyCertificateSet' || !validTypes.includes(type)) return [];
  const message = `authorizationType is ${type}. Salesforce supports only PublicKeyCertificateSet.`;
  return [
    violation(
      AUTHORIZATION_RULES['authorization-type'],
      location,
      message,
      'Set authorizationType to PublicKeyCertificateSet and publicKeyCertificateSetName to a keyset.',
    ),
  ];
}

function checkAuthProvider(authorization: SourceLocation): readonly Violation[] {
  const location = childLocation(authorization, 'authProviderName');
  if (textOf(location) === undefined) return [];
  const message = 'authProviderName is set. The Metadata API guide says that it must never be set.';
  return [
    violation(
      AUTHORIZATION_RULES['authorization-provider'],
      location,
      message,
      'Remove authProviderName and set publicKeyCertificateSetName to a keyset.',
    ),
  ];
}

function checkKeysetName(authorization: SourceLocation): readonly Violation[] {
  const location = childLocation(authorization, 'publicKeyCertificateSetName');
  const usesKeyset = textOf(childLocation(authorization, 'authorizationType')) === 'PublicKeyCertificateSet';
  if (!usesKeyset || textOf(location) !== undefined) return [];
  const message =
    'The user verification configuration names no keyset. Salesforce rejects it: "Required fields are missing: [AuthorizationConfigId]".';
  return [
    violation(
      AUTHORIZATION_RULES['authorization-keyset'],
      location,
      message,
      'Set publicKeyCertificateSetName to a keyset.',
    ),
  ];
}

function checkEnabledIsSet(authorization: SourceLocation): readonly Violation[] {
  if (authorization.element && childrenOf(authorization.element, 'enabled').length > 0) return [];
  const message =
    'enabled is not declared. The default is false, so a deploy disables the user verification configuration.';
  return [
    violation(
      AUTHORIZATION_RULES['authorization-enabled-not-set'],
      childLocation(authorization, 'enabled'),
      message,
      'Set enabled to true or false.',
    ),
  ];
}

const CONFIGURATION_NAME = /^[A-Za-z][A-Za-z0-9_]*$/;

/** Whitespace around the name is part of it, so the text isn't trimmed. */
function checkConfigurationName(authorization: SourceLocation): readonly Violation[] {
  const location = childLocation(authorization, 'authIdentifier');
  if (textOf(location) === undefined || CONFIGURATION_NAME.test(location.element?.text ?? '')) return [];
  const message = `Salesforce rejects the Configuration Name "${location.element?.text}".`;
  return [
    violation(
      AUTHORIZATION_RULES['auth-identifier'],
      location,
      message,
      'Use only letters, digits, and underscores, and start with a letter.',
    ),
  ];
}
