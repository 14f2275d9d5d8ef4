import { check } from '../rules';
import { componentsOf, isDisruptive, type Change, type Component, type Desired, type Finding } from '../model';
import { outcomeOf } from '../fleet';
import type { Aim, Rotation } from '../rotation';
import { trusts } from './begin';
import type { Edited } from './edited';
import { keysetIn, keysOf, type KeyProject } from './keyset';
import type { OrgWorld } from './org-world';

/** What is wrong with an old key that ends is why it is replaced, so it does not stop the step that replaces it. */
const ENDING = ['jwk-x5c-expired', 'jwk-x5c-ends-soon', 'jwk-x5c-not-yet-valid'];

/**
 * The errors of a project, as a step would leave it, that concern the keyset or its two keys. What is wrong elsewhere is
 * not touched by the step, and on the night a certificate ends nobody has time for it.
 */
export function blockingFindings(
  project: KeyProject,
  edited: Edited,
  rotation: Rotation,
  now: Date,
): readonly Finding[] {
  const { keyset, retiring, next } = rotation;
  const old = `PublicKeyCertificate:${retiring.name}`;
  const about = [`PublicKeyCertificateSet:${keyset}`, old, ...(next ? [`PublicKeyCertificate:${next.name}`] : [])];
  const { apiVersion } = project.source;
  return check({ source: edited.source, orgs: edited.orgs, apiVersion, now }).filter(
    ({ severity, component, rule }) => {
      if (severity !== 'error' || !about.includes(component)) return false;
      if (component === old && ENDING.includes(rule)) return false;
      return !(rotation.compromised && rule === 'keyset-without-active-key');
    },
  );
}

/** What a step would change in each org that can be read; the others are found out when it is their turn. */
export async function foreseen(
  world: OrgWorld,
  edited: Edited,
  aim: Aim,
): Promise<readonly { readonly desired: Desired; readonly changes: readonly Change[] }[]> {
  const planned = world.orgs(edited.orgs).map(async (desired) => {
    const live = await world.read(desired).catch(() => undefined);
    return live ? [{ desired, changes: world.planFor(desired, live, aim).changes }] : [];
  });
  return (await Promise.all(planned)).flat();
}

/** The outcomes to show before a step. */
export const foreseenOutcomes = (orgs: Awaited<ReturnType<typeof foreseen>>) =>
  orgs.map(({ desired, changes }) => outcomeOf(desired, changes.length > 0 ? 'planned' : 'unchanged', { changes }));

/** Changes that somebody has to accept. */
export const disturbing = (world: OrgWorld, orgs: Awaited<ReturnType<typeof foreseen>>): readonly string[] =>
  orgs
    .filter(({ changes }) => changes.some((change) => isDisruptive(change) && !world.isExpected(change)))
    .map(({ desired }) => desired.org.alias);

/** Whom the loss of a compromised key locks out, org by org. */
export function lockedOut(orgs: readonly Desired[], { keyset, retiring }: Rotation): readonly string[] {
  return orgs.map((desired) => {
    const channels = componentsOf(desired.components, 'MessagingChannel').filter((channel) => trusts(channel, keyset));
    const others = keysOf(keysetIn(desired, keyset)).filter(
      (name) => name !== retiring.name && isActiveIn(desired, name),
    );
    const rest =
      others.length > 0
        ? `Tokens of ${others.join(', ')} are still accepted.`
        : 'No other key of the keyset is active: nobody can start a verified chat until the signer uses a new key.';
    return `${desired.org.alias}: every customer whose token is signed with ${retiring.name} (kid ${retiring.kid}) is locked out of ${channels.map(({ fullName }) => fullName).join(', ') || 'no channel'}. ${rest}`;
  });
}

const isActiveIn = ({ components }: Desired, name: string): boolean => {
  const key = components.get(`PublicKeyCertificate:${name}`);
  return key?.root.children.some((child) => child.name === 'isActive' && child.text.trim() === 'true') ?? false;
};

/** Whether the certificate of the old key has less left than Salesforce asks of a key that is deployed. */
export function isUndeployable(project: KeyProject, { retiring }: Rotation, now: Date): boolean {
  const key = project.source.components.get(`PublicKeyCertificate:${retiring.name}`);
  return key !== undefined && checkedDates(key, now);
}

const checkedDates = (key: Component, now: Date): boolean => {
  const only = new Map([[`PublicKeyCertificate:${key.fullName}` as const, key]]);
  return check({ source: only, orgs: [], apiVersion: { value: '67.0', file: '', line: 0 }, now }).some(({ rule }) =>
    ENDING.includes(rule),
  );
};

/** Other keysets that list the old key: retiring it would retire it there too. */
export function otherKeysets(project: KeyProject, { keyset, retiring }: Rotation): readonly string[] {
  const everywhere = [project.source.components, ...project.orgs.map(({ components }) => components)];
  const names = everywhere.flatMap((components) =>
    componentsOf(components, 'PublicKeyCertificateSet')
      .filter((each) => each.fullName !== keyset && keysOf(each).includes(retiring.name))
      .map(({ fullName }) => fullName),
  );
  return [...new Set(names)];
}
