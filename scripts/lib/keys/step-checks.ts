import { DATE_PROBLEMS, hasDateProblem } from '../jwk';
import { check } from '../rules';
import {
  componentsOf,
  isActiveKey,
  keyNamesOf,
  keysetsListing,
  mayTrustKeyset,
  type DesiredState,
  type Finding,
} from '../model';
import { composeMemberSite } from '../project';
import type { Rotation } from '../rotation';
import type { EditedProject } from './rotation-edits';
import { orgKeyset, type KeyProject } from './keyset';

/**
 * The errors about the keyset or its two keys in a project as a step leaves it. Errors elsewhere don't block the step, because it
 * doesn't touch them and may be urgent.
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
  const findings = check({ source: edited.source, orgs: edited.orgs, apiVersion, now }).filter(
    ({ severity, component, rule }) => {
      if (!affected.includes(component)) return false;
      // The dates of the old key are a reason to replace it, so they don't block the replacement.
      if (DATE_PROBLEMS.includes(rule)) return component !== old;
      if (severity !== 'error') return false;
      return !(rotation.compromised && rule === 'keyset-without-active-key');
    },
  );
  return [...findings, ...(rotation.compromised ? [] : signerFindings(project, edited, oldKey.name))];
}

/** Orgs whose Apex still signs tokens of site members with the old key after a step that removes trust in it. */
const signerFindings = ({ source }: KeyProject, { orgs }: EditedProject, oldKey: string): readonly Finding[] =>
  orgs
    .filter(({ org }) => org.memberSite?.key === oldKey)
    .flatMap(({ org, components }) => composeMemberSite(source.memberSite, org, components).findings);

/** One line for each org about the customers that are locked out when a compromised key is retired. */
export function lockoutWarnings(orgs: readonly DesiredState[], { keyset, oldKey }: Rotation): readonly string[] {
  return orgs.map((desired) => {
    const keysets = [keyset, ...keysetsListing(desired.components, oldKey.name).map(({ fullName }) => fullName)];
    const channels = componentsOf(desired.components, 'MessagingChannel').filter((channel) =>
      keysets.some((name) => mayTrustKeyset(channel, name)),
    );
    const others = keyNamesOf(orgKeyset(desired, keyset)).filter(
      (name) => name !== oldKey.name && isActiveKey(desired.components, name),
    );
    const consequence =
      others.length > 0
        ? `Tokens of ${others.join(', ')} are still accepted.`
        : 'No other key of the keyset is active, so nobody can start a verified chat until the signer uses a new key.';
    return `${desired.org.alias}: customers whose token is signed with ${oldKey.name} (kid ${oldKey.kid}) are locked out of ${channels.map(({ fullName }) => fullName).join(', ') || 'no channel'}. ${consequence}`;
  });
}

/** Whether Salesforce rejects the old key in every deploy, because its certificate expires too soon. */
export function isUndeployable(project: KeyProject, { oldKey }: Rotation, now: Date): boolean {
  const key = project.source.components.get(`PublicKeyCertificate:${oldKey.name}`);
  return key !== undefined && hasDateProblem(key, now);
}

/** Other keysets that list the old key. Retiring the key would retire it there too. */
export function otherKeysets(project: KeyProject, { keyset, oldKey }: Rotation): readonly string[] {
  const everywhere = [project.source.components, ...project.orgs.map(({ components }) => components)];
  const names = everywhere.flatMap((components) =>
    keysetsListing(components, oldKey.name).map(({ fullName }) => fullName),
  );
  return [...new Set(names)].filter((name) => name !== keyset);
}
