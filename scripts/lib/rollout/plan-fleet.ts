import pLimit from 'p-limit';
import { ToolError } from '../errors';
import { hasDateProblem, keyFactsOf, signsForKey } from '../jwk';
import { closestMatch } from '../metadata';
import {
  componentsOf,
  type DesiredState,
  joinNames,
  npmRun,
  type OrgConfig,
  type OrgResult,
  parseKey,
  type Plan,
  SIGNER_RECORD,
} from '../model';
import {
  assertIdentity,
  assertOrgReferences,
  desiredTarget,
  findConflicts,
  mergeDeclared,
  planOrg,
  readOrg,
  type LiveOrg,
  type Sf,
} from '../org';
import { mergeConflicts, renewFix } from '../rules';
import { orgsInFlight } from '../sf/capacity';
import { planChecks, failedResult, orgResult } from './org-result';

/** One org of a planned fleet: its plan and live state, or the error. */
export interface PlannedOrg {
  readonly desired: DesiredState;
  readonly result: OrgResult;
  readonly plan?: Plan;
  readonly live?: LiveOrg;
  /** When the org was read, in milliseconds since 1970. */
  readonly readAt: number;
  /** Makes the desired state from the live state, where it depends on that. Runs each time the org is read. */
  readonly targetFrom?: TargetFrom | undefined;
}

/** A planned org without an error. */
export type ReadOrg = PlannedOrg & Required<Pick<PlannedOrg, 'plan' | 'live'>>;

/** Computes the desired state of an org from its live state. An error that it throws becomes the result of the org. */
export type TargetFrom = (live: LiveOrg) => DesiredState;

/** How a fleet is planned. */
export interface PlanOptions {
  readonly apiVersion: string;
  /** The maximum number of orgs in flight. Default: what this machine can handle. */
  readonly concurrency?: number | undefined;
  /** Runs before an org is read. An error becomes the result of the org. */
  readonly beforeRead?: ((sf: Sf, org: OrgConfig) => Promise<void>) | undefined;
  /** For a desired state that depends on the live state: a deletion, for example. */
  readonly targetFrom?: ((desired: DesiredState, live: LiveOrg) => DesiredState) | undefined;
  /** Called with the result of each planned org. */
  readonly onResult: (result: OrgResult) => void;
}

/** Plans the orgs of a fleet. An org that can't be planned doesn't affect the others. Nothing is written. */
export const planFleet = (
  sf: Sf,
  orgs: readonly DesiredState[],
  options: PlanOptions,
): Promise<readonly PlannedOrg[]> =>
  pLimit(options.concurrency ?? orgsInFlight()).map(orgs, async (desired) => {
    const { apiVersion, beforeRead, targetFrom } = options;
    const target = targetFrom && ((live: LiveOrg): DesiredState => targetFrom(desired, live));
    const planned = await readAndPlan(sf, desired, apiVersion, { beforeRead, targetFrom: target });
    options.onResult(planned.result);
    return planned;
  });

/** Reads and plans one org. An error becomes its result. */
export async function readAndPlan(
  sf: Sf,
  desired: DesiredState,
  apiVersion: string,
  { beforeRead, targetFrom }: Pick<PlanOptions, 'beforeRead'> & Pick<PlannedOrg, 'targetFrom'> = {},
): Promise<PlannedOrg> {
  const readAt = Date.now();
  try {
    await beforeRead?.(sf, desired.org);
    return await planFromRead(sf, desired, apiVersion, { targetFrom });
  } catch (thrown) {
    return { desired, readAt, result: failedResult(desired, thrown) };
  }
}

/** Reads and plans one org. Throws the error if it can't be planned. `facts`: those that the run has read before; see `readOrg`. */
export async function planFromRead(
  sf: Sf,
  desired: DesiredState,
  apiVersion: string,
  { targetFrom, facts }: Pick<PlannedOrg, 'targetFrom'> & { readonly facts?: LiveOrg['facts'] | undefined } = {},
): Promise<ReadOrg> {
  const readAt = Date.now();
  const live = await readOrg(sf, desired, apiVersion, facts);
  const planned = planFrom(desired, live, targetFrom);
  await assertOrgReferences(sf, planned.desired, planned.plan, live, apiVersion);
  return { readAt, targetFrom, ...planned };
}

/** Plans one org that was read. Throws the error if it can't be planned. */
export function planFrom(
  declared: DesiredState,
  live: LiveOrg,
  targetFrom?: TargetFrom,
): Pick<ReadOrg, 'desired' | 'live' | 'plan' | 'result'> {
  assertIdentity(declared.org, live.facts);
  const desired = targetFrom ? targetFrom(live) : declared;
  assertExisting(desired, live);
  if (!desired.transition) assertValidMerge(desired, live);
  assertSignerCertificate(desired, live);
  const plan = planOrg(desired, live);
  if (plan.changes.length > 0) assertNoConflicts(desired, live);
  assertUploadableKeys(plan);
  const details = { changes: plan.changes, checks: planChecks(plan, desired) };
  const result = orgResult(desired, plan.changes.length > 0 ? 'planned' : 'unchanged', details);
  return { desired, live, plan, result };
}

/** Throws `plan-stale` if the org changed since its saved plan or snapshot was made. A saved plan is applied exactly or rejected. */
function assertNoConflicts({ org, transition }: DesiredState, live: LiveOrg): void {
  const conflicts = transition && !transition.ignoreConflicts ? findConflicts(transition, live) : [];
  if (conflicts.length === 0) return;
  throw new ToolError('plan-stale', {
    what: `"${org.alias}" changed after the ${transition?.to.partial ? 'plan was saved' : 'run'}. Nothing was deployed to it.`,
    why: conflicts.join('; '),
    fix: transition?.to.partial
      ? `Save a new plan and have it approved: ${npmRun('plan', '--out', 'FILE')}`
      : 'Check these settings. To roll back and overwrite them, add --ignore-conflicts.',
  });
}

/**
 * Throws `conflicting-setting` if a declared setting conflicts with a setting that only the org has, such as user verification
 * with Session-Based Chat: each of them is valid, and Salesforce rejects the merged component. What the org has already is
 * accepted, because Salesforce accepted it.
 */
function assertValidMerge(desired: DesiredState, live: LiveOrg): void {
  const { org, components } = desired;
  // The plan revokes undeclared trust. A violation that this resolves or causes isn't a conflict.
  const merged = [mergeDeclared(live.components, components), desiredTarget(desired, live.components)];
  const [conflict] = mergeConflicts(live.components, components, merged, new Date());
  if (!conflict) return;
  const { component, path, rule, message, fix } = conflict;
  throw new ToolError('conflicting-setting', {
    what: `${component} can't be deployed to "${org.alias}". Nothing was deployed to it.`,
    why: `Settings of the org that the source doesn't declare conflict with declared ones at ${path} (rule ${rule}). ${message}`,
    fix: `${fix} Declare the setting in the source or under "overrides" in ${org.file}, or change it in Setup.`,
  });
}

/**
 * Throws `missing-in-org` if the org lacks the certificate that signs the tokens of site members, and `certificate-mismatch` if
 * the certificate belongs to another key pair than the key that verifies the tokens: Salesforce would reject every token.
 */
function assertSignerCertificate({ org, components }: DesiredState, { signerCertificate }: LiveOrg): void {
  const { memberSite } = org;
  if (!memberSite || !components.has(SIGNER_RECORD)) return;
  const { key, certificate } = memberSite;
  const importCommand = npmRun('keys', 'import', 'NEW_NAME', '--org', org.alias, '--setup-certificate', certificate);
  const importFix = `import its public key with a new name: ${importCommand}. Then list NEW_NAME in the keyset of the org, and set "key" of "memberSite" to it.`;
  if (signerCertificate === undefined)
    throw new ToolError('missing-in-org', {
      what: `The certificate ${certificate} doesn't exist in "${org.alias}". Nothing was deployed to it.`,
      why: `"memberSite" in ${org.file} declares that Apex signs the tokens of site members with this certificate.`,
      fix: `Create it in Setup, Certificate and Key Management, then ${importFix}`,
    });
  if (signsForKey(signerCertificate, components.get(`PublicKeyCertificate:${key}`))) return;
  throw new ToolError('certificate-mismatch', {
    what: `The certificate ${certificate} in "${org.alias}" doesn't belong to the key ${key}. Nothing was deployed to it.`,
    why: 'The public key of the certificate differs from the JSON web key, so Salesforce would reject every token of a site member.',
    fix: `If the certificate is the right one, ${importFix}`,
  });
}

/**
 * Throws `expiring-key` if the plan uploads a key whose certificate expires in less than 10 days, has expired, or isn't valid yet:
 * Salesforce would reject the whole deploy job (Help: service.user_verification_troubleshooting.htm). A key that stays as it is doesn't
 * matter, so orgs that have it already aren't blocked.
 */
function assertUploadableKeys({ org: { alias }, toDeploy }: Plan): void {
  const now = new Date();
  const key = componentsOf(toDeploy, 'PublicKeyCertificate').find((each) => hasDateProblem(each, now));
  if (!key) return;
  const { notBefore, notAfter } = keyFactsOf(key, now)?.certificate ?? {};
  const [from, until] = [notBefore, notAfter].map((date) => date?.toISOString().slice(0, 10) ?? 'unknown');
  throw new ToolError('expiring-key', {
    what: `The key ${key.fullName} can't be uploaded to "${alias}". Nothing was deployed to it.`,
    why: `Its certificate is valid from ${from} to ${until} (UTC). Salesforce rejects a key whose certificate isn't valid for at least 10 more days.`,
    fix: renewFix(key.fullName),
  });
}

function assertExisting({ org }: DesiredState, live: LiveOrg): void {
  const { missing } = live;
  if (missing.length === 0) return;
  const [isSingle, similar] = [missing.length === 1, missing.flatMap((key) => similarKey(key, live) ?? [])];
  const suggestion = similar.length > 0 ? ` Did you mean ${joinNames(similar)}?` : '';
  throw new ToolError('missing-in-org', {
    what: `${missing.join(', ')} ${isSingle ? "doesn't" : "don't"} exist in "${org.alias}".${suggestion} Nothing was deployed to it.`,
    why: `"existing" in ${org.file} declares that the org has ${isSingle ? 'it' : 'them'}, so a deploy doesn't include ${isSingle ? 'it' : 'them'}.`,
    fix: `If a name is misspelled, correct it in "existing". Otherwise create ${isSingle ? 'it' : 'them'} in the org, or add ${isSingle ? 'it' : 'them'} to the source and remove ${isSingle ? 'it' : 'them'} from "existing".`,
  });
}

/** The component of the same type in the org with the most similar name; undefined if none is similar or its type wasn't read. */
function similarKey(key: string, { components, queues = [] }: LiveOrg): string | undefined {
  const { type, fullName } = parseKey(key);
  const read = [...components.values()].filter((each) => each.type === type).map((each) => each.fullName);
  const similar = closestMatch(fullName, type === 'Queue' ? [...read, ...queues] : read);
  return similar === undefined ? undefined : `${type}:${similar}`;
}
