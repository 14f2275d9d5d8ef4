import { keyFactsOf } from '../jwk';
import { isActiveKey, keyNamesOf, type ComponentMap } from '../model';
import type { Rotation, KeyTrust } from '../rotation';

/** What an org makes of the two keys of a rotation. A key counts only if it is the very key, not one of the same name. */
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

/** What an endpoint makes of them, by the keys it serves. */
export function servedKeyTrust(kids: ReadonlyMap<string, string>, { oldKey, newKey }: Rotation): KeyTrust {
  const serves = (key: { readonly kid: string; readonly thumbprint: string } | undefined): boolean =>
    key !== undefined && kids.get(key.kid) === key.thumbprint;
  return {
    newKeyTrusted: serves(newKey),
    oldKeyStatus: serves(oldKey) || kids.has(oldKey.kid) ? 'trusted' : 'missing',
  };
}
