import { keyFactsOf } from '../jwk';
import { channelGrants, isAuthMode, isEndpointKeyset, type Component, type ComponentMap } from '../model';
import { SAMPLE_KEYS } from './sample-keys';

/**
 * Why a channel with user verification on verifies nobody; undefined if a token can be valid. Nobody has the private keys of
 * this project's sample keys.
 */
export function verifiesNobodyReason(components: ComponentMap, channel: Component): string | undefined {
  if (!isAuthMode(channel)) return undefined;
  const grants = channelGrants(channel, components);
  if (grants.length === 0) return 'it has no active key';
  const isSample = ({ keyset, signer }: (typeof grants)[number]): boolean => {
    const set = components.get(`PublicKeyCertificateSet:${keyset}`);
    const key = components.get(`PublicKeyCertificate:${signer}`);
    return set !== undefined && !isEndpointKeyset(set) && SAMPLE_KEYS.has(keyFactsOf(key)?.thumbprint ?? '');
  };
  return grants.every(isSample) ? 'its only active keys are sample keys of this project' : undefined;
}
