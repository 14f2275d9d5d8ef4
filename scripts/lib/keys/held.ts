import type { LiveOrg } from '../org';
import { componentsOf, isTrueAt, type ComponentMap } from '../model';
import { factsOf } from './collisions';
import { keysOf } from './keyset';

/** One key as one org holds it. */
export interface HeldKey {
  readonly org: string;
  readonly name: string;
  readonly kid: string | null;
  readonly thumbprint: string | null;
  readonly alg: string | null;
  /** End of the certificate; null without a readable one. */
  readonly ends: string | null;
  readonly daysLeft: number | null;
  readonly active: boolean;
  /** Keysets that list it. */
  readonly keysets: readonly string[];
  /** Whether no keyset lists it. */
  readonly orphaned: boolean;
}

/** Every key of an org, those of nobody included. */
export function heldKeys(org: string, { components }: Pick<LiveOrg, 'components'>, now: Date): readonly HeldKey[] {
  return componentsOf(components, 'PublicKeyCertificate').map((key) => {
    const facts = factsOf(key, now);
    const keysets = keysetsListing(components, key.fullName);
    return {
      ...{
        org,
        name: key.fullName,
        kid: facts?.kid ?? null,
        thumbprint: facts?.thumbprint ?? null,
        alg: facts?.alg ?? null,
      },
      ends: facts?.certificate?.notAfter.toISOString() ?? null,
      daysLeft: facts?.certificate?.daysLeft ?? null,
      active: isTrueAt(key.root, 'isActive'),
      ...{ keysets, orphaned: keysets.length === 0 },
    };
  });
}

const keysetsListing = (components: ComponentMap, key: string): readonly string[] =>
  componentsOf(components, 'PublicKeyCertificateSet')
    .filter((keyset) => keysOf(keyset).includes(key))
    .map(({ fullName }) => fullName);

/** Whether a key is still trusted and its certificate ends within some days, or has ended. */
export const endsSoon = ({ active, daysLeft }: HeldKey, within: number): boolean =>
  active && daysLeft !== null && daysLeft <= within;
