import { keyFactsOf } from '../jwk';
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

/** Whether an endpoint serves the two keys. `kids` has the thumbprint of each served key by its kid. The kid of the old key counts with any numbers. */
export function servedKeyTrust(kids: ReadonlyMap<string, string>, { oldKey, newKey }: Rotation): KeyTrust {
  return {
    newKeyTrusted: newKey !== undefined && kids.get(newKey.kid) === newKey.thumbprint,
    oldKeyStatus: kids.has(oldKey.kid) ? 'trusted' : 'missing',
  };
}
