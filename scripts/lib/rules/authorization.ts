import { childrenOf, isTrue, textAt, type Component } from '../model';
import { elementOf } from '../wsdl';
import { isVerified } from './channel';
import { below, itemsBelow, placeAt, textOf, type Place } from './place';
import { error, flaw, rules, warning, type Flaw } from './rule';
import { META_CHANNEL, SKILL_TEAMS } from './sources';

export const AUTHORIZATION_RULES = rules({
  'auth-without-authorization': error(
    'A channel that verifies users has an active configuration.',
    `${META_CHANNEL}; ${SKILL_TEAMS}`,
  ),
  'authorization-without-auth': error('A channel with a configuration verifies users.', META_CHANNEL),
  'authorization-type': error('authorizationType is PublicKeyCertificateSet.', META_CHANNEL),
  'authorization-provider': error('authProviderName is not set.', META_CHANNEL),
  'authorization-keyset': error('A configuration names its keyset.', META_CHANNEL),
  'authorization-enabled-unstated': warning('A configuration states whether it is active.', META_CHANNEL),
  'auth-identifier': error(
    'A Configuration Name starts with a letter and has letters, digits and underscores only.',
    META_CHANNEL,
  ),
});

const CONFIGS = 'messagingAuthorizations';

/** The user verification configurations of a channel: what Setup lists under "User Verification Configuration". */
export const authorizationsOf = (channel: Component): readonly Place[] =>
  itemsBelow(placeAt(channel, 'embeddedConfig'), CONFIGS);

export const isEnabled = (authorization: Place): boolean => isTrue(textOf(below(authorization, 'enabled')));

/** The rules of a channel's user verification configurations (Metadata API guide, MessagingAuthorization). */
export const checkAuthorizations = (channel: Component): readonly Flaw[] => [
  ...withoutAuthorization(channel),
  ...withoutAuth(channel),
  ...authorizationsOf(channel).flatMap(checkAuthorization),
];

/** At run time Salesforce answers "User verification configuration has no active AuthSchemes." to every token. */
function withoutAuthorization(channel: Component): readonly Flaw[] {
  if (!isVerified(channel) || authorizationsOf(channel).some(isEnabled)) return [];
  const message =
    'The channel verifies users but has no active configuration: it deploys, and then refuses every token.';
  const fix = `Add ${CONFIGS} with the keyset, and state enabled as true.`;
  return [
    flaw(
      AUTHORIZATION_RULES['auth-without-authorization'],
      placeAt(channel, `embeddedConfig.${CONFIGS}`),
      message,
      fix,
    ),
  ];
}

function withoutAuth(channel: Component): readonly Flaw[] {
  const first = authorizationsOf(channel)[0];
  if (!first || textAt(channel.root, 'embeddedConfig.authMode') !== 'UnAuth') return [];
  const message = 'The channel has a user verification configuration, but authMode UnAuth: nobody is verified.';
  return [
    flaw(
      AUTHORIZATION_RULES['authorization-without-auth'],
      first,
      message,
      `Set authMode to Auth, or remove ${CONFIGS}; to switch verification off in one org, override it there with null.`,
    ),
  ];
}

const checkAuthorization = (authorization: Place): readonly Flaw[] => [
  ...unsupportedType(authorization),
  ...provider(authorization),
  ...withoutKeyset(authorization),
  ...enabledUnstated(authorization),
  ...identifier(authorization),
];

/** The guide: AuthProvider "should never be selected". What is no value at all is left to the schema. */
function unsupportedType(authorization: Place): readonly Flaw[] {
  const place = below(authorization, 'authorizationType');
  const type = textOf(place);
  const known = elementOf('MessagingAuthorization', 'authorizationType')?.values ?? [];
  if (type === undefined || type === 'PublicKeyCertificateSet' || !known.includes(type)) return [];
  const message = `Salesforce supports no authorizationType but PublicKeyCertificateSet; this is ${type}.`;
  return [
    flaw(AUTHORIZATION_RULES['authorization-type'], place, message, 'Use PublicKeyCertificateSet and name a keyset.'),
  ];
}

function provider(authorization: Place): readonly Flaw[] {
  const place = below(authorization, 'authProviderName');
  if (textOf(place) === undefined) return [];
  const message = 'authProviderName is set; the Metadata API guide says that it never should be.';
  return [
    flaw(AUTHORIZATION_RULES['authorization-provider'], place, message, 'Remove authProviderName and name a keyset.'),
  ];
}

function withoutKeyset(authorization: Place): readonly Flaw[] {
  const place = below(authorization, 'publicKeyCertificateSetName');
  const usesKeyset = textOf(below(authorization, 'authorizationType')) === 'PublicKeyCertificateSet';
  if (!usesKeyset || textOf(place) !== undefined) return [];
  const message =
    'The configuration names no keyset; Salesforce answers "Required fields are missing: [AuthorizationConfigId]".';
  return [flaw(AUTHORIZATION_RULES['authorization-keyset'], place, message, 'State publicKeyCertificateSetName.')];
}

function enabledUnstated(authorization: Place): readonly Flaw[] {
  if (authorization.element && childrenOf(authorization.element, 'enabled').length > 0) return [];
  const message = 'enabled is not stated, and Salesforce then takes false: the configuration is inactive.';
  return [
    flaw(
      AUTHORIZATION_RULES['authorization-enabled-unstated'],
      below(authorization, 'enabled'),
      message,
      'State enabled as true, or as false if that is meant.',
    ),
  ];
}

const IDENTIFIER = /^[A-Za-z][A-Za-z0-9_]*$/;

/** Read as it stands: a blank before or after it would be part of it. */
function identifier(authorization: Place): readonly Flaw[] {
  const place = below(authorization, 'authIdentifier');
  if (textOf(place) === undefined || IDENTIFIER.test(place.element?.text ?? '')) return [];
  const message = `Salesforce does not take the Configuration Name "${place.element?.text}".`;
  return [
    flaw(
      AUTHORIZATION_RULES['auth-identifier'],
      place,
      message,
      'Start with a letter and use letters, digits and underscores only.',
    ),
  ];
}
