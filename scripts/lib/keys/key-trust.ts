import { isUsableKey, keyFactsOf, type JwksKey } from '../jwk';
import { isActiveKey, keyNamesOf, type ComponentMap } from '../model';
import type { Rotation, KeyTrust } from '../rotation';

/** Whether an org trusts the two keys of a rotation. The new key counts only if its numbers and kid are the expected ones, whatever its name. */
export function orgKeyTrust(live: ComponentMap, { keyset, oldKey, newKey }: Rotation): KeyTrust {
  const listed = keyNamesOf(live.get(`PublicKeyCertificateSet:${keyset}`));
  const trusts = (name: string): boolean => listed.includes(name) && isActiveKey(live, name);
  const oldComponent = live.get(`PublicKeyCertificate:${oldKey.name}`);
  const newComponent = newKey && live.get(`PublicKeyCertificate:${newKey.name}`);
  const isSameKey =
    newKey !== undefined &&
    keyFactsOf(newComponent)?.thumbprint === newKey.thumbprint &&
    keyFactsOf(newComponent)?.kid === newKey.kid;
  return {
    newKeyTrusted: newKey !== undefined && isSameKey && trusts(newKey.name),
    oldKeyStatus: !oldComponent ? 'missing' : trusts(oldKey.name) ? 'trusted' : 'rejected',
  };
}

/**
 * Whether an endpoint serves the two keys. The new key must be usable. The old key counts with any numbers under its kid, with
 * its numbers under any kid, and also as a key that readers should ignore.
 */
export function servedKeyTrust(served: readonly JwksKey[], { oldKey, newKey }: Rotation): KeyTrust {
  const withNewKid = served.filter((key) => isUsableKey(key) && key.kid === newKey?.kid);
  const isOldServed = served.some(({ kid, facts }) => kid === oldKey.kid || facts?.thumbprint === oldKey.thumbprint);
  return {
    newKeyTrusted: withNewKid.length > 0 && withNewKid.every(({ facts }) => facts?.thumbprint === newKey?.thumbprint),
    oldKeyStatus: isOldServed ? 'trusted' : 'missing',
  };
}
