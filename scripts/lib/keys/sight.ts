import type { ComponentMap } from '../model';
import { isTrueAt } from '../model';
import type { Rotation, Sight } from '../rotation';
import { factsOf } from './collisions';
import { keysOf } from './keyset';

/** What an org makes of the two keys of a rotation. A key counts only if it is the very key, not one of the same name. */
export function sightOf(live: ComponentMap, { keyset, retiring, next }: Rotation): Sight {
  const listed = keysOf(live.get(`PublicKeyCertificateSet:${keyset}`));
  const trusts = (name: string): boolean => {
    const key = live.get(`PublicKeyCertificate:${name}`);
    return key !== undefined && listed.includes(name) && isTrueAt(key.root, 'isActive');
  };
  const old = live.get(`PublicKeyCertificate:${retiring.name}`);
  const held = next && live.get(`PublicKeyCertificate:${next.name}`);
  const isNext = next !== undefined && factsOf(held)?.thumbprint === next.thumbprint && factsOf(held)?.kid === next.kid;
  return {
    next: next !== undefined && isNext && trusts(next.name),
    retiring: !old ? 'gone' : trusts(retiring.name) ? 'trusted' : 'refused',
  };
}

/** What an endpoint makes of them, by the keys it serves. */
export function sightOfServed(kids: ReadonlyMap<string, string>, { retiring, next }: Rotation): Sight {
  const serves = (key: { readonly kid: string; readonly thumbprint: string } | undefined): boolean =>
    key !== undefined && kids.get(key.kid) === key.thumbprint;
  return { next: serves(next), retiring: serves(retiring) || kids.has(retiring.kid) ? 'trusted' : 'gone' };
}
