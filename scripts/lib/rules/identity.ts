import { componentsOf, type ComponentMap } from '../model';
import { authorizationsOf, isEnabled } from './authorization';
import { isVerified } from './channel';
import { below, liveFirst, textOf, type Place } from './place';
import { error, flaw, rules, warning, type Flaw } from './rule';
import { HELP_SETUP } from './sources';

export const IDENTITY_RULES = rules({
  'identifier-two-keysets': error('One Configuration Name stands for one keyset in an org.', HELP_SETUP),
  'keyset-two-identifiers': warning('One keyset has one Configuration Name in all channels of an org.', HELP_SETUP),
});

/** An active configuration of a channel that verifies users. */
interface Identity {
  readonly place: Place;
  readonly channel: string;
  readonly identifier: string;
  readonly keyset: string;
}

/**
 * How the channels of one org tell customers apart. Help: channels with the same Configuration Name share a customer's
 * conversation. Its key is `v2/iamessage/AUTH/<Configuration Name>/uid:<sub>`, in which the keyset has no part.
 */
export function checkIdentities(components: ComponentMap): readonly Flaw[] {
  const identities = liveFirst(identitiesIn(components));
  return [...twoKeysets(identities), ...twoIdentifiers(identities)];
}

const identitiesIn = (components: ComponentMap): readonly Identity[] =>
  componentsOf(components, 'MessagingChannel')
    .filter(isVerified)
    .flatMap((channel) =>
      authorizationsOf(channel)
        .filter(isEnabled)
        .flatMap((place) => {
          const identifier = textOf(below(place, 'authIdentifier'));
          const keyset = textOf(below(place, 'publicKeyCertificateSetName'));
          return identifier !== undefined && keyset !== undefined
            ? [{ place, channel: channel.fullName, identifier, keyset }]
            : [];
        }),
    );

const twoKeysets = (identities: readonly Identity[]): readonly Flaw[] =>
  identities.flatMap((here, index) => {
    const other = identities
      .slice(0, index)
      .find(({ identifier, keyset }) => identifier === here.identifier && keyset !== here.keyset);
    if (!other) return [];
    const message =
      `Configuration Name ${here.identifier} stands for keyset ${here.keyset} here and for ${other.keyset} in ` +
      `${other.channel}: the issuer of one could open the conversations of the other's customers.`;
    const fix = 'Use one keyset for both, or give each identity a Configuration Name of its own.';
    return [
      flaw(IDENTITY_RULES['identifier-two-keysets'], below(here.place, 'publicKeyCertificateSetName'), message, fix),
    ];
  });

/** A warning: it may be meant to keep the conversations of two channels apart. */
const twoIdentifiers = (identities: readonly Identity[]): readonly Flaw[] =>
  identities.flatMap((here, index) => {
    const other = identities
      .slice(0, index)
      .find(({ identifier, keyset }) => keyset === here.keyset && identifier !== here.identifier);
    if (!other) return [];
    const message =
      `Keyset ${here.keyset} has the Configuration Name ${here.identifier} here and ${other.identifier} in ` +
      `${other.channel}: a customer's conversation does not continue from one channel to the other.`;
    const fix = 'Use the same authIdentifier in both, unless the conversations are to stay apart.';
    return [flaw(IDENTITY_RULES['keyset-two-identifiers'], below(here.place, 'authIdentifier'), message, fix)];
  });
