import type { Context } from '../../cli';
import { EXIT, invalidFlagError, type ExitCode } from '../../errors';
import { keysOf } from '../../explain';
import { type PlannedOrg, type PlanOptions, withResumeCommand } from '../../rollout';
import { readText, writeEdits } from '../../keys/source-files';
import {
  componentsOf,
  hasError,
  isEndpointKeyset,
  type Change,
  type Check,
  type DesiredState,
  type ErrorDetails,
  type Finding,
  type OrgConfig,
  type OrgResult,
  type OrgStatus,
  commandText,
  extendCommand,
  npmRun,
  rerunCommand,
  RESUME_HINT,
} from '../../model';
import { planOrg, readFacts, withRemoval } from '../../org';
import { loadProject, type Project } from '../../project';
import { findingsText, impactText, legendText } from '../../report';
import { assertAcceptFlag, isConfirmed, notAcceptedDetails, type Confirmation } from '../../rollout/confirm';
import { applyWaves, reportResults, type ExecuteFlags } from '../../rollout/execute';
import { printIncompleteRuns } from '../../rollout/incomplete-runs';
import { exitCodeOf } from '../../rollout/org-result';
import { createVerifier, DEFAULT_PUBLISH_TIMEOUT_MS, type OrgVerifier } from '../../rollout/org-verifier';
import { planWithProgress } from '../../rollout/plan-with-progress';
import { createRecorder, type Recorder } from '../../rollout/recorder';
import { findRepublications, republicationsText } from '../../rollout/publications';
import { recoverBefore } from '../../rollout/resume';
import { flagArguments, tokenArguments } from '../../rollout/run-flags';
import { timeoutsFrom } from '../../rollout/timeouts';
import { Sf, type CliWorkerPool } from '../../sf';
import { readPrivateKey, thumbprintOf } from '../../token';
import type { VerifyFlags } from '../../verification/verify-flags';
import { findInheritedTrust, withDesired, type InheritedTrust } from './inherited-trust';
import { assertRefreshed, selectOrg, setOrgId } from './select-org';
import { inheritedTrustFindings, orgIdCheck, refreshText, trustRemovedCheck } from './messages';

export interface PostRefreshFlags extends Pick<ExecuteFlags, 'runs' | 'yes' | 'dryRun'>, VerifyFlags {
  /** `new-org-id` confirms that the org is the refreshed sandbox. */
  readonly accept?: readonly string[];
  /** Whether the org is verified at the end. */
  readonly verify: boolean;
}

/** The values that the steps of a post-refresh share. */
interface RefreshContext {
  readonly context: Context<PostRefreshFlags & ExecuteFlags>;
  readonly sf: Sf;
  readonly project: Project;
  /** The desired state, with the org ID that the org has now. */
  readonly desired: DesiredState;
  /** The org ID in the org file. */
  readonly previousOrgId: string;
  /** Both deploys write one journal, so that one rollback undoes them. */
  readonly recorder: Recorder;
  readonly verifier: OrgVerifier | undefined;
}

/**
 * Restores a refreshed sandbox: records its new org ID, deploys its own keys and issuer, removes the trust that it inherited from production,
 * publishes, and verifies. Safe to rerun after any failure.
 */
export const runPostRefresh = (context: Context<PostRefreshFlags>, workers: CliWorkerPool): Promise<ExitCode> =>
  restoreSandbox(context, (apiVersion) => new Sf(workers, apiVersion));

/** The command, with the connection that `sfFor` makes for the API version of the project. */
export async function restoreSandbox(
  context: Context<PostRefreshFlags>,
  sfFor: (apiVersion: string) => Sf,
): Promise<ExitCode> {
  const { flags, now, layout, print } = context;
  assertAcceptFlag(flags.accept, { values: ['new-org-id'], why: 'Only the new org ID needs confirmation.' });
  const { org, others } = selectOrg(flags.project, flags.org);
  const verifier = createVerifier(context);
  const project = loadProject(flags.project, { orgs: [org.alias] }, now);
  const visibleFindings = project.findings.filter(({ severity }) => severity !== 'note');
  if (visibleFindings.length > 0) print(`${findingsText(layout, visibleFindings)}\n`);
  const declared = project.orgs[0];
  const { findings } = project;
  if (!declared || hasError(findings))
    return reportResults(context, { findings, fleet: [] }, reportOptions(org, flags), [], {
      exitCode: EXIT.invalid,
      started: false,
    });
  if (flags.verify) assertPrivateKeyBelongs(flags.privateKey, declared, now);
  const sf = sfFor(project.apiVersion);
  const facts = await readFacts(sf, org.alias);
  assertRefreshed(org, facts, others);
  return restoreAndReport({
    context: { ...context, flags: { ...flags, concurrency: 1 } },
    sf,
    project,
    previousOrgId: org.orgId,
    desired: { ...declared, org: { ...org, orgId: facts.orgId } },
    recorder: createRecorder(context, undefined),
    verifier: flags.verify ? verifier : undefined,
  });
}

const reportOptions = ({ alias }: Pick<OrgConfig, 'alias'>, flags: PostRefreshFlags) =>
  ({
    command: 'post-refresh',
    resumeCommand: commandText(
      ...(['post-refresh', '--org', alias, ...flagArguments(flags, ['accept', 'subject'])] as const),
      ...(flags.verify ? tokenArguments(flags) : ['--no-verify']),
    ),
  }) as const;

async function restoreAndReport(refresh: RefreshContext): Promise<ExitCode> {
  const { context, project, verifier, desired, recorder } = refresh;
  const { result, findings, planned, started } = await restoreOrg(refresh);
  const exitCode = result.status === 'skipped' ? EXIT.failed : exitCodeOf([result]);
  const report = { findings: [...project.findings, ...findings], fleet: [planned] };
  const options = { ...reportOptions(desired.org, context.flags), recorder };
  const verified = verifier && context.flags.dryRun !== true && { verifier };
  return reportResults(context, report, { ...options, ...verified }, [result], { exitCode, started });
}

interface RestoreResult {
  readonly result: OrgResult;
  readonly findings: readonly Finding[];
  /** The org as it was read last. */
  readonly planned: PlannedOrg;
  /** Whether the org may have been changed. */
  readonly started: boolean;
}

async function restoreOrg(refresh: RefreshContext): Promise<RestoreResult> {
  const { context, desired, previousOrgId } = refresh;
  const planned = await recoverAndPlan(refresh);
  printIncompleteRuns(context, [desired.org], { ...reportOptions(desired.org, context.flags), publishes: true });
  if (!planned.plan || !planned.live) {
    const { resumeCommand } = reportOptions(desired.org, context.flags);
    const again = extendCommand(resumeCommand, ...flagArguments(context.flags, ['dryRun']));
    const result = withResumeCommand(planned.result, again);
    return { result, findings: [], planned, started: false };
  }
  const trust = inheritedTrustIn(refresh, withDesired(desired, planned.live));
  const findings = inheritedTrustFindings(desired.org, trust);
  const changes = [...planned.plan.changes, ...trustRemovals(desired, planned, trust)];
  const isNew = previousOrgId !== desired.org.orgId;
  context.print(refreshText(context.layout, { org: desired.org, previousOrgId, trust, changes }));
  const republications = await findRepublications(context, { sf: refresh.sf, fleet: [planned] });
  const text = republicationsText(context.flags, republications);
  if (!isNew && changes.length === 0 && text === undefined)
    return { result: await verifyUnchanged(refresh, planned), findings, planned, started: false };
  // The second deploy publishes every declared chat deployment.
  if (text !== undefined) context.print(`${text}\n`);
  const preview = { ...planned.result, changes };
  if (changes.length > 0) context.print(`${impactText(context.layout, [preview])}\n\n${legendText(context.layout)}\n`);
  if (context.flags.dryRun === true) {
    const status = changes.length > 0 ? 'planned' : preview.status;
    return { result: { ...preview, status }, findings, planned, started: false };
  }
  const confirmation = confirmationFor(refresh, isNew, changes);
  if (!(await isConfirmed(context, confirmation))) {
    const error = notAcceptedDetails(context, confirmation);
    return { result: { ...preview, status: 'skipped', error }, findings, planned, started: false };
  }
  if (isNew) recordOrgId(refresh);
  return { findings, started: true, ...(await deployBoth(refresh, planned)) };
}

/**
 * Throws `invalid-flag` if no given private key belongs to a key of the sandbox: the verification at the end would have no valid
 * token, and its result would be known only after the org was changed. A JWKS endpoint can serve keys that source doesn't have.
 */
function assertPrivateKeyBelongs(files: VerifyFlags['privateKey'], { org, components }: DesiredState, now: Date): void {
  const given = [files ?? []].flat().map((file) => thumbprintOf(readPrivateKey(file, () => undefined)));
  const source = { alias: org.alias, view: 'source', components, endpoints: new Map() } as const;
  const known = keysOf(source, now).map(({ thumbprint }) => thumbprint);
  const hasEndpoint = componentsOf(components, 'PublicKeyCertificateSet').some(isEndpointKeyset);
  if (given.length === 0 || hasEndpoint || given.some((thumbprint) => known.includes(thumbprint))) return;
  throw invalidFlagError(
    `The private key of --private-key doesn't belong to a key of "${org.alias}". No org was contacted.`,
    "The org rejects the tokens that it signs, so the verification at the end couldn't send a valid token.",
    `Specify the private key of a key in the keyset. To list the keys: ${npmRun('keys', 'list', '--org', org.alias)}`,
  );
}

/** Plans the desired state, after the deploy jobs of earlier runs were recovered. */
function recoverAndPlan(refresh: RefreshContext): Promise<PlannedOrg> {
  const { context, recorder } = refresh;
  return planOne(refresh, {
    beforeRead: recoverBefore(context, timeoutsFrom(context.flags), recorder),
  });
}

async function planOne(
  { context, sf, project, desired }: RefreshContext,
  options: Partial<PlanOptions> = {},
): Promise<PlannedOrg> {
  const planOptions = { apiVersion: project.apiVersion, ...options };
  const [planned] = await planWithProgress(context, sf, [desired], planOptions, 'Reading');
  if (!planned) throw new Error('The fleet has one org, but there is no plan.');
  return planned;
}

const inheritedTrustIn = (
  { desired, project, context }: RefreshContext,
  components: DesiredState['components'],
): InheritedTrust => findInheritedTrust(desired, components, project.production, context.now);

/** The changes of the second deploy, given that the first one brings the org to its desired state. */
function trustRemovals(desired: DesiredState, { live }: PlannedOrg, trust: InheritedTrust): readonly Change[] {
  if (!live) return [];
  const components = withDesired(desired, live);
  return planOrg(withoutInheritedTrust(desired, trust), { ...live, components }).changes;
}

/** The org without the trust inherited from production. Every declared chat deployment is published. */
const withoutInheritedTrust = (desired: DesiredState, { kept, removed: deleted }: InheritedTrust): DesiredState =>
  withRemoval(
    desired,
    { kept, deleted },
    componentsOf(desired.components, 'EmbeddedServiceConfig').map(({ fullName }) => fullName),
  );

const confirmationFor = (
  { desired: { org } }: RefreshContext,
  isNew: boolean,
  changes: readonly Change[],
): Confirmation => ({
  ...((isNew || changes.length > 0) && { accept: 'new-org-id' }),
  question: isNew
    ? `Record ${org.orgId} as the org ID of "${org.alias}", and apply the changes listed above?`
    : `Apply the changes listed above to "${org.alias}"?`,
  rejected: {
    what: 'Nothing was changed, neither in the org nor in its org file.',
    fix: `Check that the org is the sandbox that you refreshed, then run: ${rerunCommand('--accept', 'new-org-id')}`,
  },
});

/**
 * Adds the org's own keys first and removes production's trust afterwards, so that no customer is locked out between the two
 * deploys.
 */
async function deployBoth(
  refresh: RefreshContext,
  planned: PlannedOrg,
): Promise<Pick<RestoreResult, 'result' | 'planned'>> {
  const { desired } = refresh;
  const first = await deployOne(refresh, planned, false);
  if (first.error) return { result: first, planned };
  const removal = await planOne(refresh, {
    targetFrom: (_desired, live) => withoutInheritedTrust(desired, inheritedTrustIn(refresh, live.components)),
  });
  let final = removal;
  const second = await deployOne(refresh, removal, true, async (_planned, result) => {
    final = await planOne(refresh);
    return verifyRestored(refresh, final, result);
  });
  return { result: mergeResults(first, second), planned: final };
}

async function deployOne(
  { context, sf, project, recorder }: RefreshContext,
  planned: PlannedOrg,
  publish: boolean,
  verify?: Parameters<typeof applyWaves>[3],
): Promise<OrgResult> {
  const [result] = await applyWaves(
    { ...context, flags: { ...context.flags, publish } },
    { sf, apiVersion: project.apiVersion, from: 'project', valid: true, fleet: [planned], findings: [] },
    {
      ...reportOptions(planned.desired.org, context.flags),
      ignoreWaves: true,
      recorder,
    },
    verify,
  );
  return result ?? planned.result;
}

/** An org that needs no change is verified too: an earlier post-refresh may have changed it and failed its verification. */
function verifyUnchanged({ context, sf, verifier }: RefreshContext, planned: PlannedOrg): Promise<OrgResult> {
  return verifier && context.flags.dryRun !== true
    ? verifier(sf, planned, planned.result, DEFAULT_PUBLISH_TIMEOUT_MS)
    : Promise.resolve(planned.result);
}

/** Checks that production's trust is gone, then verifies the org if that is wanted. */
async function verifyRestored(refresh: RefreshContext, planned: PlannedOrg, result: OrgResult): Promise<OrgResult> {
  const { desired, previousOrgId, sf, verifier } = refresh;
  const remaining = planned.live && inheritedTrustIn(refresh, planned.live.components);
  const removed = trustRemovedCheck(result.changes, remaining);
  const checked = { ...result, checks: [...result.checks, orgIdCheck(previousOrgId, desired.org), removed] };
  if (!removed.ok) return { ...checked, status: 'failed', error: notRemovedError(desired, removed) };
  return verifier ? verifier(sf, planned, checked, DEFAULT_PUBLISH_TIMEOUT_MS) : checked;
}

const notRemovedError = ({ org }: DesiredState, { detail }: Check): ErrorDetails => ({
  code: 'readback-mismatch',
  what: `"${org.alias}" was deployed to, but still trusts what production trusts.`,
  why: `Read back, the state is: ${detail}.`,
  fix: RESUME_HINT,
});

/** One result for both deploys. An org that the first one changed has failed, even if the second one finds it unreachable. */
const mergeResults = (first: OrgResult, second: OrgResult): OrgResult => ({
  ...second,
  status: mergeStatus(first.status, second.status),
  changes: [...first.changes, ...second.changes],
  deployIds: [...first.deployIds, ...second.deployIds],
});

function mergeStatus(first: OrgStatus, second: OrgStatus): OrgStatus {
  if (second === 'unchanged') return first;
  return first === 'changed' && second === 'unreachable' ? 'failed' : second;
}

function recordOrgId({ context: { flags, print }, desired: { org } }: RefreshContext): void {
  writeEdits(flags.project, new Map([[org.file, setOrgId(readText(flags.project, org.file), org.orgId)]]));
  print(`Recorded org ID ${org.orgId} in ${org.file}. Commit the file.\n`);
}
