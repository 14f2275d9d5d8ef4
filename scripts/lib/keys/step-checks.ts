import { check } from '../rules';
import {
  componentsOf,
  isActiveKey,
  isDisruptive,
  keyNamesOf,
  keysetsListing,
  mayTrustKeyset,
  type Change,
  type Component,
  type DesiredState,
  type Finding,
} from '../model';
import { orgResult } from '../rollout';
import type { TargetState, Rotation } from '../rotation';
import type { EditedProject } from './rotation-edits';
import { orgKeyset, type KeyProject } from './keyset';
import type { OrgBackend } from './org-backend';

/** What is wrong with an old key that ends is why it is replaced, so it does not stop the step that replaces it. */
const EXPIRY_RULES = ['jwk-x5c-expired', 'jwk-x5c-expires-soon', 'jwk-x5c-not-yet-valid'];

/**
 * The errors of a project, as a step would leave it, that concern the keyset or its two keys. What is wrong elsewhere is
 * not touched by the step, and on the night a certificate ends nobody has time for it.
 */
export function blockingFindings(
  project: KeyProject,
  edited: EditedProject,
  rotation: Rotation,
  now: Date,
): readonly Finding[] {
  const { keyset, oldKey, newKey } = rotation;
  const old = `PublicKeyCertificate:${oldKey.name}`;
  const affected = [
    `PublicKeyCertificateSet:${keyset}`,
    old,
    ...(newKey ? [`PublicKeyCertificate:${newKey.name}`] : []),
  ];
  const { apiVersion } = project.source;
  return check({ source: edited.source, orgs: edited.orgs, apiVersion, now }).filter(
    ({ severity, component, rule }) => {
      if (severity !== 'error' || !affected.includes(component)) return false;
      if (component === old && EXPIRY_RULES.includes(rule)) return false;
      return !(rotation.compromised && rule === 'keyset-without-active-key');
    },
  );
}

/** What a step would change in each org that can be read; the others are found out when it is their turn. */
export async function previewChanges(
  backend: OrgBackend,
  edited: EditedProject,
  targetState: TargetState,
): Promise<readonly { readonly desired: DesiredState; readonly changes: readonly Change[] }[]> {
  const planned = backend.affectedOrgs(edited.orgs).map(async (desired) => {
    const live = await backend.readLive(desired).catch(() => undefined);
    return live ? [{ desired, changes: backend.planFor(desired, live, targetState).changes }] : [];
  });
  return (await Promise.all(planned)).flat();
}

/** The outcomes to show before a step. */
export const previewResults = (orgs: Awaited<ReturnType<typeof previewChanges>>) =>
  orgs.map(({ desired, changes }) => orgResult(desired, changes.length > 0 ? 'planned' : 'unchanged', { changes }));

/** Changes that somebody has to accept. */
export const orgsNeedingConsent = (
  backend: OrgBackend,
  orgs: Awaited<ReturnType<typeof previewChanges>>,
): readonly string[] =>
  orgs
    .filter(({ changes }) => changes.some((change) => isDisruptive(change) && !backend.isExpected(change)))
    .map(({ desired }) => desired.org.alias);

/** Whom the loss of a compromised key locks out, org by org. */
export function lockoutWarnings(orgs: readonly DesiredState[], { keyset, oldKey }: Rotation): readonly string[] {
  return orgs.map((desired) => {
    const channels = componentsOf(desired.components, 'MessagingChannel').filter((channel) =>
      mayTrustKeyset(channel, keyset),
    );
    const others = keyNamesOf(orgKeyset(desired, keyset)).filter(
      (name) => name !== oldKey.name && isActiveKey(desired.components, name),
    );
    const consequence =
      others.length > 0
        ? `Tokens of ${others.join(', ')} are still accepted.`
        : 'No other key of the keyset is active: nobody can start a verified chat until the signer uses a new key.';
    return `${desired.org.alias}: every customer whose token is signed with ${oldKey.name} (kid ${oldKey.kid}) is locked out of ${channels.map(({ fullName }) => fullName).join(', ') || 'no channel'}. ${consequence}`;
  });
}

/** Whether the certificate of the old key has less left than Salesforce asks of a key that is deployed. */
export function isUndeployable(project: KeyProject, { oldKey }: Rotation, now: Date): boolean {
  const key = project.source.components.get(`PublicKeyCertificate:${oldKey.name}`);
  return key !== undefined && hasExpiryProblem(key, now);
}

const hasExpiryProblem = (key: Component, now: Date): boolean => {
  const only = new Map([[`PublicKeyCertificate:${key.fullName}` as const, key]]);
  return check({ source: only, orgs: [], apiVersion: { value: '67.0', file: '', line: 0 }, now }).some(({ rule }) =>
    EXPIRY_RULES.includes(rule),
  );
};

/** Other keysets that list the old key: retiring it would retire it there too. */
export function otherKeysets(project: KeyProject, { keyset, oldKey }: Rotation): readonly string[] {
  const everywhere = [project.source.components, ...project.orgs.map(({ components }) => components)];
  const names = everywhere.flatMap((components) =>
    keysetsListing(components, oldKey.name).map(({ fullName }) => fullName),
  );
  return [...new Set(names)].filter((name) => name !== keyset);
}
