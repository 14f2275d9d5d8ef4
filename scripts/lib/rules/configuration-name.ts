import {
  componentsOf,
  configurationNameOf,
  findConflictingPairs,
  isAuthMode,
  isEnabled,
  keysetNameOf,
  type ComponentMap,
} from '../model';
import { authorizationLocations } from './authorization';
import { childLocation, liveOnlyFirst, type SourceLocation } from './location';
import { error, violation, defineRules, warning, type Violation } from './rule';
import { HELP_SETUP } from './sources';

export const CONFIGURATION_NAME_RULES = defineRules({
  'identifier-two-keysets': error('In an org, one Configuration Name belongs to one keyset.', HELP_SETUP),
  'keyset-two-identifiers': warning('In an org, one keyset has one Configuration Name.', HELP_SETUP),
});

/** An enabled user verification configuration of a channel with user verification on. */
interface ActiveAuthorization {
  readonly location: SourceLocation;
  readonly channel: string;
  readonly configurationName: string;
  readonly keyset: string;
}

/**
 * Checks how the channels of one org identify customers. Help: channels with the same Configuration Name share a customer's
 * conversation. Its key is `v2/iamessage/AUTH/<Configuration Name>/uid:<sub>`; the keyset is not part of it.
 */
export function checkConfigurationNames(components: ComponentMap): readonly Violation[] {
  const authorizations = liveOnlyFirst(activeAuthorizationsIn(components));
  return [...checkOneKeysetPerName(authorizations), ...checkOneNamePerKeyset(authorizations)];
}

const activeAuthorizationsIn = (components: ComponentMap): readonly ActiveAuthorization[] =>
  componentsOf(components, 'MessagingChannel')
    .filter(isAuthMode)
    .flatMap((channel) =>
      authorizationLocations(channel).flatMap((location) => {
        const { element } = location;
        const configurationName = element && configurationNameOf(element);
        const keyset = element && keysetNameOf(element);
        return element && isEnabled(element) && configurationName !== undefined && keyset !== undefined
          ? [{ location, channel: channel.fullName, configurationName, keyset }]
          : [];
      }),
    );

const checkOneKeysetPerName = (authorizations: readonly ActiveAuthorization[]): readonly Violation[] =>
  findConflictingPairs(
    authorizations,
    ({ configurationName }) => configurationName,
    ({ keyset }) => keyset,
  ).map(([current, other]) => {
    const message =
      `Configuration Name ${current.configurationName} belongs to keyset ${current.keyset} here and to ${other.keyset} in ` +
      `${other.channel}. The issuer of one keyset can open conversations of the other's customers.`;
    const fix = 'Use one keyset in both, or give each keyset its own Configuration Name.';
    return violation(
      CONFIGURATION_NAME_RULES['identifier-two-keysets'],
      childLocation(current.location, 'publicKeyCertificateSetName'),
      message,
      fix,
    );
  });

/** A warning, because separate conversations can be intended. */
const checkOneNamePerKeyset = (authorizations: readonly ActiveAuthorization[]): readonly Violation[] =>
  findConflictingPairs(
    authorizations,
    ({ keyset }) => keyset,
    ({ configurationName }) => configurationName,
  ).map(([here, other]) => {
    const message =
      `Keyset ${here.keyset} has the Configuration Name ${here.configurationName} here and ${other.configurationName} in ` +
      `${other.channel}. A customer's conversation doesn't continue from one channel to the other.`;
    const fix = 'Use the same authIdentifier in both, unless the conversations must stay separate.';
    return violation(
      CONFIGURATION_NAME_RULES['keyset-two-identifiers'],
      childLocation(here.location, 'authIdentifier'),
      message,
      fix,
    );
  });
