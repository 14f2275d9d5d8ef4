import type { Context } from '../cli';
import { EXIT, type ExitCode } from '../errors';
import { planFleet, type PlannedOrg } from '../rollout';
import { readText, writeEdits } from '../keys/source-files';
import {
  componentsOf,
  hasError,
  type Change,
  type Check,
  type DesiredState,
  type ErrorDetails,
  type Finding,
  type OrgResult,
  type OrgStatus,
} from '../model';
import { planOrg, readFacts, withRemoval } from '../org';
import { loadProject, type Project } from '../project';
import { serializeDocument, findingsText, impactText, legendText, runResultsText } from '../report';
import { applyWaves, assertAcceptFlag, type ExecuteFlags } from '../rollout/execute';
import { exitCodeOf } from '../rollout/exit-code';
import type { VerifyFlags } from '../verification/verify-flags';
import { createVerifier } from '../rollout/org-verifier';
import { createRecorder, type Recorder } from '../rollout/recorder';
import { Sf, type CliWorkerPool } from '../sf';
import { withDesired, findInheritedTrust, type InheritedTrust } from './inherited-trust';
import { setOrgId, selectOrg, assertRefreshed } from './select-org';
import { layout, trustRemovedCheck, orgIdCheck, inheritedTrustFindings } from './messages';

export interface PostRefreshFlags extends Pick<ExecuteFlags, 'runs'>, VerifyFlags {
  /** `new-org-id` goes ahead without asking. */
  readonly accept?: readonly string[];
  /** Whether the org is proven to verify customers at the end. */
  readonly verify: boolean;
}

/** What the steps of a refresh share. */
interface RefreshContext {
  readonly context: Context<PostRefreshFlags>;
  readonly sf: Sf;
  readonly project: Project;
  /** The org with the id that it has now. */
  readonly desired: DesiredState;
  readonly previousOrgId: string;
  /** One journal of both deployments, so that one rollback takes back the whole of a refresh. */
  readonly recorder: Recorder;
}

/**
 * Makes a refreshed sandbox itself again: pins its new id, deploys its own keys and issuer, takes production's trust out of
 * it, publishes, and proves the result. Whatever fails, running it again goes on from what the org holds.
 */
export async function runPostRefresh(context: Context<PostRefreshFlags>, hosts: CliWorkerPool): Promise<ExitCode> {
  const { flags, now, layout, print } = context;
  assertAcceptFlag(flags.accept, {
    value: 'new-org-id',
    why: 'What a refresh asks is whether the org is the refreshed one.',
  });
  const { org, others } = selectOrg(flags.project, flags.org);
  const verifier = createVerifier(flags);
  const project = loadProject(flags.project, { orgs: [org.alias] }, now);
  const visibleFindings = project.findings.filter(({ severity }) => severity !== 'note');
  if (visibleFindings.length > 0) print(`${findingsText(layout, visibleFindings)}\n`);
  const declared = project.orgs[0];
  if (!declared || hasError(project.findings)) return finish(context, EXIT.invalid, project.findings, []);
  const sf = new Sf(hosts, project.apiVersion);
  const facts = await readFacts(sf, org.alias);
  assertRefreshed(org, facts, others);
  const desired = { ...declared, org: { ...org, orgId: facts.orgId } };
  const recorder = createRecorder(context, undefined);
  const refreshContext: RefreshContext = { context, sf, project, desired, previousOrgId: org.orgId, recorder };
  const outcome = await restoreOrg(refreshContext, async (planned, result) =>
    flags.verify ? verifier(sf, planned, result) : result,
  );
  const findings = [...project.findings, ...outcome.findings];
  return finish(context, exitCodeOf([outcome.result]), findings, [outcome.result]);
}

interface RestoreResult {
  readonly result: OrgResult;
  readonly findings: readonly Finding[];
}

type Verify = (planned: PlannedOrg, outcome: OrgResult) => Promise<OrgResult>;

async function restoreOrg(refreshContext: RefreshContext, verify: Verify): Promise<RestoreResult> {
  const { context, desired, previousOrgId } = refreshContext;
  const planned = await replan(refreshContext, desired);
  if (!planned.plan || !planned.live) return { result: planned.result, findings: [] };
  const trust = inheritedTrustIn(refreshContext, withDesired(desired.components, planned.live));
  const findings = inheritedTrustFindings(desired.org, trust);
  const changes = [...planned.plan.changes, ...trustRemovals(desired, planned, trust)];
  const isNew = previousOrgId !== desired.org.orgId;
  context.print(layout(context.layout, { org: desired.org, previousOrgId, trust, changes }));
  if (!isNew && changes.length === 0) return { result: planned.result, findings };
  const preview = { ...planned.result, changes };
  if (changes.length > 0) context.print(`${impactText(context.layout, [preview])}\n\n${legendText(context.layout)}\n`);
  if (!(await isAccepted(context, desired)))
    return { result: notAcceptedResult(preview, context.interactive), findings };
  if (isNew) recordOrgId(refreshContext);
  return { result: await deployAndVerify(refreshContext, planned, verify), findings };
}

const replan = async ({ sf, project }: RefreshContext, desired: DesiredState): Promise<PlannedOrg> => {
  const [planned] = await planFleet(sf, [desired], { apiVersion: project.apiVersion, onResult: () => undefined });
  if (!planned) throw new Error('One org, no plan.');
  return planned;
};

const inheritedTrustIn = (
  { desired, project, context }: RefreshContext,
  components: DesiredState['components'],
): InheritedTrust => findInheritedTrust(desired, components, project.production, context.now);

/** What will be taken out, as a plan would tell it of the org that holds what the source states. */
function trustRemovals(desired: DesiredState, { live }: PlannedOrg, trust: InheritedTrust): readonly Change[] {
  if (!live) return [];
  const components = withDesired(desired.components, live);
  return planOrg(withoutInheritedTrust(desired, trust), { ...live, components }).changes;
}

/** The org when production's trust is out of it; every deployment of the source is published. */
const withoutInheritedTrust = (desired: DesiredState, { kept, removed: deleted }: InheritedTrust): DesiredState =>
  withRemoval(
    desired,
    { kept, deleted },
    componentsOf(desired.components, 'EmbeddedServiceConfig').map(({ fullName }) => fullName),
  );

/** Two deployments: with its own keys first nobody is locked out in between, and production's trust goes last. */
async function deployAndVerify(
  refreshContext: RefreshContext,
  planned: PlannedOrg,
  verify: Verify,
): Promise<OrgResult> {
  const { context, sf, project, desired } = refreshContext;
  const first = await deployPlanned(refreshContext, planned, false);
  if (first.status !== 'changed' && first.status !== 'unchanged') return first;
  const replanned = await replan(refreshContext, desired);
  if (!replanned.live) return mergeResults(first, replanned.result);
  const trust = inheritedTrustIn(refreshContext, replanned.live.components);
  const second = mergeResults(
    first,
    await deployPlanned(refreshContext, await replan(refreshContext, withoutInheritedTrust(desired, trust)), true),
  );
  if (second.status !== 'changed' && second.status !== 'unchanged') return second;
  const [final] = await planFleet(sf, [desired], { apiVersion: project.apiVersion, onResult: () => undefined });
  const remaining = final?.live && inheritedTrustIn(refreshContext, final.live.components);
  const removedResult = trustRemovedCheck(trust, remaining);
  const done = {
    ...second,
    checks: [...second.checks, orgIdCheck(refreshContext.previousOrgId, desired.org), removedResult],
  };
  if (!final || !removedResult.ok) return { ...done, status: 'failed', error: notRemovedError(desired, removedResult) };
  context.log(`  ${desired.org.alias}: verifying`);
  return verify(final, done);
}

const notRemovedError = ({ org }: DesiredState, { detail }: Check): ErrorDetails => ({
  code: 'readback-mismatch',
  what: `The deployments to "${org.alias}" went through, but production's trust is not out of it.`,
  why: `Read back, ${detail}.`,
  fix: 'Somebody may have changed the org meanwhile: run refresh again.',
});

async function deployPlanned(
  { context, sf, project, recorder }: RefreshContext,
  planned: PlannedOrg,
  publish: boolean,
): Promise<OrgResult> {
  const flags = { ...context.flags, accept: ['disruptive'], concurrency: 1, publish };
  const { apiVersion } = project;
  const prepared = { sf, apiVersion, from: 'project', valid: true, fleet: [planned], findings: [] } as const;
  const [outcome] = await applyWaves({ ...context, flags }, prepared, {
    command: 'post-refresh',
    ignoreWaves: true,
    recorder,
  });
  return outcome ?? planned.result;
}

/** One outcome of two deployments. An org that the first one changed is not merely out of reach for the second one. */
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
  print(`${org.file} pins ${org.orgId} now: commit it.\n`);
}

async function isAccepted(
  { flags, interactive, confirm }: Context<PostRefreshFlags>,
  { org }: DesiredState,
): Promise<boolean> {
  if (flags.accept?.includes('new-org-id')) return true;
  return interactive && (await confirm(`Make ${org.orgId} the org "${org.alias}", and change it as shown above?`));
}

const notAcceptedResult = (outcome: OrgResult, interactive: boolean): OrgResult => ({
  ...outcome,
  status: 'skipped',
  error: {
    code: 'not-accepted',
    what: 'Nothing was written, neither to the org nor to its file.',
    why: interactive ? 'The answer was no.' : 'Without a terminal there is nobody to ask.',
    fix: 'Make sure that the org is the sandbox you refreshed, then run it with --accept new-org-id.',
  },
});

function finish(
  { layout, print, printJson }: Context,
  exitCode: ExitCode,
  findings: readonly Finding[],
  orgs: readonly OrgResult[],
): ExitCode {
  const notAccepted = orgs.some(({ error }) => error?.code === 'not-accepted');
  const exit = notAccepted ? EXIT.failed : exitCode;
  if (orgs.length > 0) print(runResultsText(layout, orgs, { title: 'Post-refresh' }));
  printJson(serializeDocument({ command: 'post-refresh', exitCode: exit, findings, orgs }));
  return exit;
}
