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
    'A channel that verifies users has an active configuration.',
    `${META_CHANNEL}; ${SKILL_TEAMS}`,
  ),
  'authorization-without-auth': error('A channel with a configuration verifies users.', META_CHANNEL),
  'authorization-type': error('authorizationType is PublicKeyCertificateSet.', META_CHANNEL),
  'authorization-provider': error('authProviderName is not set.', META_CHANNEL),
  'authorization-keyset': error('A configuration names its keyset.', META_CHANNEL),
  'authorization-enabled-not-set': warning('A configuration states whether it is active.', META_CHANNEL),
  'auth-identifier': error(
    'A Configuration Name starts with a letter and has letters, digits and underscores only.',
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

/** At run time Salesforce answers "User verification configuration has no active AuthSchemes." to every token. */
function checkHasAuthorization(channel: Component): readonly Violation[] {
  if (!isAuthMode(channel) || enabledAuthorizationsOf(channel).length > 0) return [];
  const message =
    'The channel verifies users but has no active configuration: it deploys, and then refuses every token.';
  const fix = `Add ${AUTHORIZATIONS} with the keyset, and state enabled as true.`;
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
  const message = 'The channel has a user verification configuration, but authMode UnAuth: nobody is verified.';
  return [
    violation(
      AUTHORIZATION_RULES['authorization-without-auth'],
      authorization,
      message,
      `Set authMode to Auth, or remove ${AUTHORIZATIONS}; to switch verification off in one org, override it there with null.`,
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

/** The guide: AuthProvider "should never be selected". What is no value at all is left to the schema. */
function checkAuthorizationType(authorization: SourceLocation): readonly Violation[] {
  const location = childLocation(authorization, 'authorizationType');
  const type = textOf(location);
  const validTypes = elementOf('MessagingAuthorization', 'authorizationType')?.values ?? [];
  if (type === undefined || type === 'PublicKeyCertificateSet' || !validTypes.includes(type)) return [];
  const message = `Salesforce supports no authorizationType but PublicKeyCertificateSet; this is ${type}.`;
  return [
    violation(
      AUTHORIZATION_RULES['authorization-type'],
      location,
      message,
      'Use PublicKeyCertificateSet and name a keyset.',
    ),
  ];
}

function checkAuthProvider(authorization: SourceLocation): readonly Violation[] {
  const location = childLocation(authorization, 'authProviderName');
  if (textOf(location) === undefined) return [];
  const message = 'authProviderName is set; the Metadata API guide says that it never should be.';
  return [
    violation(
      AUTHORIZATION_RULES['authorization-provider'],
      location,
      message,
      'Remove authProviderName and name a keyset.',
    ),
  ];
}

function checkKeysetName(authorization: SourceLocation): readonly Violation[] {
  const location = childLocation(authorization, 'publicKeyCertificateSetName');
  const usesKeyset = textOf(childLocation(authorization, 'authorizationType')) === 'PublicKeyCertificateSet';
  if (!usesKeyset || textOf(location) !== undefined) return [];
  const message =
    'The configuration names no keyset; Salesforce answers "Required fields are missing: [AuthorizationConfigId]".';
  return [
    violation(AUTHORIZATION_RULES['authorization-keyset'], location, message, 'State publicKeyCertificateSetName.'),
  ];
}

function checkEnabledIsSet(authorization: SourceLocation): readonly Violation[] {
  if (authorization.element && childrenOf(authorization.element, 'enabled').length > 0) return [];
  const message = 'enabled is not stated, and Salesforce then takes false: the configuration is inactive.';
  return [
    violation(
      AUTHORIZATION_RULES['authorization-enabled-not-set'],
      childLocation(authorization, 'enabled'),
      message,
      'State enabled as true, or as false if that is meant.',
    ),
  ];
}

const CONFIGURATION_NAME = /^[A-Za-z][A-Za-z0-9_]*$/;

/** Read as it stands: a blank before or after it would be part of it. */
function checkConfigurationName(authorization: SourceLocation): readonly Violation[] {
  const location = childLocation(authorization, 'authIdentifier');
  if (textOf(location) === undefined || CONFIGURATION_NAME.test(location.element?.text ?? '')) return [];
  const message = `Salesforce does not take the Configuration Name "${location.element?.text}".`;
  return [
    violation(
      AUTHORIZATION_RULES['auth-identifier'],
      location,
      message,
      'Start with a letter and use letters, digits and underscores only.',
    ),
  ];
}
