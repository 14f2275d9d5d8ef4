import { configurationNameOf, enabledAuthorizationsOf, issuerOf, keysetNameOf, type Component } from '../model';
import { keysetHasKey, keysOf, type Key, type OrgView } from './org-view';

/** The issuer and the key of a valid token for a channel, and the configuration that then accepts it. */
export interface ExpectedToken {
  readonly issuer: string;
  /** Configuration Name. */
  readonly authIdentifier: string;
  /** The key that has to verify the token; absent if the keyset has no known key. */
  readonly key?: Key;
}

/**
 * Returns one expected token for each key that the active user verification configurations of a channel accept, active keys
 * first. A keyset without a known key yields its issuer alone.
 */
export function expectedTokensFor(orgView: OrgView, channel: string, now: Date): readonly ExpectedToken[] {
  const channelComponent = orgView.components.get(`MessagingChannel:${channel}`);
  const keys = [...keysOf(orgView, now)].sort((one, other) => Number(other.active) - Number(one.active));
  return enabledAuthorizationsOf(channelComponent).flatMap((item) => {
    const keyset = orgView.components.get(`PublicKeyCertificateSet:${keysetNameOf(item) ?? ''}`);
    return keyset ? expectedTokensOfKeyset(keyset, configurationNameOf(item) ?? '', keys) : [];
  });
}

function expectedTokensOfKeyset(
  keyset: Component,
  authIdentifier: string,
  keys: readonly Key[],
): readonly ExpectedToken[] {
  const expected = { issuer: issuerOf(keyset) ?? '', authIdentifier };
  const keysetTokens = keys.filter((key) => keysetHasKey(keyset, key)).map((key) => ({ ...expected, key }));
  return keysetTokens.length > 0 ? keysetTokens : [expected];
}
