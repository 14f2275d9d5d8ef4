import { componentsOf, isTrueAt, textAt, type Component } from '../model';
import { configurationsOf, holds, issuerOf, keysOf, type Key, type Picture } from './picture';

/** What a good token for a channel has to say, and who Salesforce then takes its customer for. */
export interface Pair {
  readonly issuer: string;
  /** Configuration Name. */
  readonly authIdentifier: string;
  /** The key that the token is to be signed with; absent where nobody knows one. */
  readonly key?: Key;
}

/**
 * The issuers and keys that a channel takes by its active configurations, active keys first. A keyset without a known key is
 * there with its issuer alone.
 */
export function pairsOf(picture: Picture, channel: string, now: Date): readonly Pair[] {
  const found = picture.components.get(`MessagingChannel:${channel}`);
  const keys = [...keysOf(picture, now)].sort((one, other) => Number(other.active) - Number(one.active));
  return (found ? configurationsOf(found) : [])
    .filter((item) => isTrueAt(item, 'enabled'))
    .flatMap((item) => {
      const keyset = keysetNamed(picture, textAt(item, 'publicKeyCertificateSetName') ?? '');
      return keyset ? pairsIn(keyset, textAt(item, 'authIdentifier') ?? '', keys) : [];
    });
}

function pairsIn(keyset: Component, authIdentifier: string, keys: readonly Key[]): readonly Pair[] {
  const pair = { issuer: issuerOf(keyset), authIdentifier };
  const own = keys.filter((key) => holds(keyset, key)).map((key) => ({ ...pair, key }));
  return own.length > 0 ? own : [pair];
}

const keysetNamed = ({ components }: Picture, name: string): Component | undefined =>
  componentsOf(components, 'PublicKeyCertificateSet').find(({ fullName }) => fullName === name);
