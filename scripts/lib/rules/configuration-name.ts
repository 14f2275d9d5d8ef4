import { componentsOf, configurationNameOf, isAuthMode, isEnabled, keysetNameOf, type ComponentMap } from '../model';
import { authorizationLocations } from './authorization';
import { childLocation, liveOnlyFirst, type SourceLocation } from './location';
import { error, violation, defineRules, warning, type Violation } from './rule';
import { HELP_SETUP } from './sources';

export const CONFIGURATION_NAME_RULES = defineRules({
  'identifier-two-keysets': error('One Configuration Name stands for one keyset in an org.', HELP_SETUP),
  'keyset-two-identifiers': warning('One keyset has one Configuration Name in all channels of an org.', HELP_SETUP),
});

/** An active configuration of a channel that verifies users. */
interface ActiveAuthorization {
  readonly location: SourceLocation;
  readonly channel: string;
  readonly configurationName: string;
  readonly keyset: string;
}

/**
 * How the channels of one org tell customers apart. Help: channels with the same Configuration Name share a customer's
 * conversation. Its key is `v2/iamessage/AUTH/<Configuration Name>/uid:<sub>`, in which the keyset has no part.
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
  authorizations.flatMap((current, index) => {
    const other = authorizations
      .slice(0, index)
      .find(
        ({ configurationName, keyset }) => configurationName === current.configurationName && keyset !== current.keyset,
      );
    if (!other) return [];
    const message =
      `Configuration Name ${current.configurationName} stands for keyset ${current.keyset} here and for ${other.keyset} in ` +
      `${other.channel}: the issuer of one could open the conversations of the other's customers.`;
    const fix = 'Use one keyset for both, or give each identity a Configuration Name of its own.';
    return [
      violation(
        CONFIGURATION_NAME_RULES['identifier-two-keysets'],
        childLocation(current.location, 'publicKeyCertificateSetName'),
        message,
        fix,
      ),
    ];
  });

/** A warning: it may be meant to keep the conversations of two channels apart. */
const checkOneNamePerKeyset = (identities: readonly ActiveAuthorization[]): readonly Violation[] =>
  identities.flatMap((here, index) => {
    const other = identities
      .slice(0, index)
      .find(({ configurationName, keyset }) => keyset === here.keyset && configurationName !== here.configurationName);
    if (!other) return [];
    const message =
      `Keyset ${here.keyset} has the Configuration Name ${here.configurationName} here and ${other.configurationName} in ` +
      `${other.channel}: a customer's conversation does not continue from one channel to the other.`;
    const fix = 'Use the same authIdentifier in both, unless the conversations are to stay apart.';
    return [
      violation(
        CONFIGURATION_NAME_RULES['keyset-two-identifiers'],
        childLocation(here.location, 'authIdentifier'),
        message,
        fix,
      ),
    ];
  });
