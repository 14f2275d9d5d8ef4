import { configurationNameOf, enabledAuthorizationsOf, issuerOf, keysetNameOf, type Component } from '../model';
import { keysetHasKey, keysOf, type Key, type OrgView } from './org-view';

/** What a good token for a channel has to say, and who Salesforce then takes its customer for. */
export interface ExpectedToken {
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
