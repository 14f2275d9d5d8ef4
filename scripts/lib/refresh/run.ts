import type { Context } from '../cli';
import { EXIT, type ExitCode } from '../errors';
import { planFleet, type Planned } from '../fleet';
import { textOf, writeEdits } from '../keys/source-files';
import {
  componentsOf,
  hasError,
  type Change,
  type Check,
  type Desired,
  type Fault,
  type Finding,
  type Outcome,
  type Result,
} from '../model';
import { planOrg, readFacts, removalOf } from '../org';
import { loadProject, type Project } from '../project';
import { documentText, findingsText, impactText, LEGEND, resultsText } from '../report';
import { roll, verifyAccept, type CarryOutFlags } from '../run/carry-out';
import { exitOf } from '../run/exit';
import type { ProofFlags } from '../run/proof-flags';
import { proverOf } from '../run/prove';
import { recorderOf, type Recorder } from '../run/recorder';
import { Sf, type HostPool } from '../sf';
import { asStated } from './as-stated';
import { foreignTrust, type ForeignTrust } from './foreign-trust';
import { repinned } from './pin';
import { selectOrg, verifyRefreshed } from './refreshed';
import { refreshText, removedCheck, repinnedCheck, usedFindings } from './told';

export interface RefreshFlags extends Pick<CarryOutFlags, 'runs'>, ProofFlags {
  /** `new-org` goes ahead without asking. */
  readonly accept?: readonly string[];
  /** Whether the org is proven to verify customers at the end. */
  readonly verify: boolean;
}

/** What the steps of a refresh share. */
interface Scene {
  readonly context: Context<RefreshFlags>;
  readonly sf: Sf;
  readonly project: Project;
  /** The org with the id that it has now. */
  readonly desired: Desired;
  readonly before: string;
  /** One journal of both deployments, so that one rollback takes back the whole of a refresh. */
  readonly recorder: Recorder;
}

/**
 * Makes a refreshed sandbox itself again: pins its new id, deploys its own keys and issuer, takes production's trust out of
 * it, publishes, and proves the result. Whatever fails, running it again goes on from what the org holds.
 */
export async function runRefresh(context: Context<RefreshFlags>, hosts: HostPool): Promise<ExitCode> {
  const { flags, now, page, show } = context;
  verifyAccept(flags.accept, { word: 'new-org', why: 'What a refresh asks is whether the org is the refreshed one.' });
  const { org, others } = selectOrg(flags.project, flags.org);
  const prover = proverOf(flags);
  const project = loadProject(flags.project, { orgs: [org.alias] }, now);
  const serious = project.findings.filter(({ severity }) => severity !== 'info');
  if (serious.length > 0) show(`${findingsText(page, serious)}\n`);
  const stated = project.orgs[0];
  if (!stated || hasError(project.findings)) return finish(context, EXIT.invalid, project.findings, []);
  const sf = new Sf(hosts, project.apiVersion);
  const facts = await readFacts(sf, org.alias);
  verifyRefreshed(org, facts, others);
  const desired = { ...stated, org: { ...org, orgId: facts.orgId } };
  const recorder = recorderOf(context, undefined);
  const scene: Scene = { context, sf, project, desired, before: org.orgId, recorder };
  const outcome = await refresh(scene, async (planned, told) => (flags.verify ? prover(sf, planned, told) : told));
  const findings = [...project.findings, ...outcome.findings];
  return finish(context, exitOf([outcome.org]), findings, [outcome.org]);
}

interface Refreshed {
  readonly org: Outcome;
  readonly findings: readonly Finding[];
}

type Prove = (planned: Planned, outcome: Outcome) => Promise<Outcome>;

async function refresh(scene: Scene, prove: Prove): Promise<Refreshed> {
  const { context, desired, before } = scene;
  const planned = await planAnew(scene, desired);
  if (!planned.plan || !planned.live) return { org: planned.outcome, findings: [] };
  const trust = trustIn(scene, asStated(desired.components, planned.live));
  const findings = usedFindings(desired.org, trust);
  const changes = [...planned.plan.changes, ...removals(desired, planned, trust)];
  const isNew = before !== desired.org.orgId;
  context.show(refreshText(context.page, { org: desired.org, before, trust, changes }));
  if (!isNew && changes.length === 0) return { org: planned.outcome, findings };
  const shown = { ...planned.outcome, changes };
  context.show(`${impactText(context.page, [shown])}\n\n${LEGEND}\n`);
  if (!(await isAccepted(context, desired))) return { org: held(shown, context.interactive), findings };
  if (isNew) pin(scene);
  return { org: await carryOut(scene, planned, prove), findings };
}

const planAnew = async ({ sf, project }: Scene, desired: Desired): Promise<Planned> => {
  const [planned] = await planFleet(sf, [desired], { apiVersion: project.apiVersion, done: () => undefined });
  if (!planned) throw new Error('One org, no plan.');
  return planned;
};

const trustIn = ({ desired, project, context }: Scene, components: Desired['components']): ForeignTrust =>
  foreignTrust(desired, components, project.production, context.now);

/** What will be taken out, as a plan would tell it of the org that holds what the source states. */
function removals(desired: Desired, { live }: Planned, trust: ForeignTrust): readonly Change[] {
  if (!live) return [];
  const components = asStated(desired.components, live);
  return planOrg(without(desired, trust), { ...live, components }).changes;
}

/** The org when production's trust is out of it; every deployment of the source is published. */
const without = (desired: Desired, { kept, removed }: ForeignTrust): Desired =>
  removalOf(
    desired,
    { kept, deleted: removed },
    componentsOf(desired.components, 'EmbeddedServiceConfig').map(({ fullName }) => fullName),
  );

/** Two deployments: with its own keys first nobody is locked out in between, and production's trust goes last. */
async function carryOut(scene: Scene, planned: Planned, prove: Prove): Promise<Outcome> {
  const { context, sf, project, desired } = scene;
  const first = await apply(scene, planned, false);
  if (first.outcome !== 'changed' && first.outcome !== 'unchanged') return first;
  const middle = await planAnew(scene, desired);
  if (!middle.live) return joined(first, middle.outcome);
  const trust = trustIn(scene, middle.live.components);
  const second = joined(first, await apply(scene, await planAnew(scene, without(desired, trust)), true));
  if (second.outcome !== 'changed' && second.outcome !== 'unchanged') return second;
  const [end] = await planFleet(sf, [desired], { apiVersion: project.apiVersion, done: () => undefined });
  const left = end?.live && trustIn(scene, end.live.components);
  const removed = removedCheck(trust, left);
  const done = { ...second, checks: [...second.checks, repinnedCheck(scene.before, desired.org), removed] };
  if (!end || !removed.ok) return { ...done, outcome: 'failed', error: notRemoved(desired, removed) };
  context.progress(`  ${desired.org.alias}: verifying`);
  return prove(end, done);
}

const notRemoved = ({ org }: Desired, { detail }: Check): Fault => ({
  code: 'not-settled',
  what: `The deployments to "${org.alias}" went through, but production's trust is not out of it.`,
  why: `Read back, ${detail}.`,
  fix: 'Somebody may have changed the org meanwhile: run refresh again.',
});

async function apply({ context, sf, project, recorder }: Scene, planned: Planned, publish: boolean): Promise<Outcome> {
  const flags = { ...context.flags, accept: ['disruptive'], concurrency: 1, publish };
  const { apiVersion } = project;
  const prepared = { sf, apiVersion, from: 'project', valid: true, fleet: [planned], findings: [] } as const;
  const [outcome] = await roll({ ...context, flags }, prepared, { command: 'refresh', atOnce: true, recorder });
  return outcome ?? planned.outcome;
}

/** One outcome of two deployments. An org that the first one changed is not merely out of reach for the second one. */
const joined = (first: Outcome, second: Outcome): Outcome => ({
  ...second,
  outcome: joinedResult(first.outcome, second.outcome),
  changes: [...first.changes, ...second.changes],
  deployIds: [...first.deployIds, ...second.deployIds],
});

function joinedResult(first: Result, second: Result): Result {
  if (second === 'unchanged') return first;
  return first === 'changed' && second === 'unreachable' ? 'failed' : second;
}

function pin({ context: { flags, show }, desired: { org } }: Scene): void {
  writeEdits(flags.project, new Map([[org.file, repinned(textOf(flags.project, org.file), org.orgId)]]));
  show(`${org.file} pins ${org.orgId} now: commit it.\n`);
}

async function isAccepted({ flags, interactive, confirm }: Context<RefreshFlags>, { org }: Desired): Promise<boolean> {
  if (flags.accept?.includes('new-org')) return true;
  return interactive && (await confirm(`Make ${org.orgId} the org "${org.alias}", and change it as shown above?`));
}

const held = (outcome: Outcome, interactive: boolean): Outcome => ({
  ...outcome,
  outcome: 'skipped',
  error: {
    code: 'not-accepted',
    what: 'Nothing was written, neither to the org nor to its file.',
    why: interactive ? 'The answer was no.' : 'Without a terminal there is nobody to ask.',
    fix: 'Make sure that the org is the sandbox you refreshed, then run it with --accept new-org.',
  },
});

function finish(
  { page, show, document }: Context,
  exitCode: ExitCode,
  findings: readonly Finding[],
  orgs: readonly Outcome[],
): ExitCode {
  const held = orgs.some(({ error }) => error?.code === 'not-accepted');
  const exit = held ? EXIT.failed : exitCode;
  if (orgs.length > 0) show(resultsText(page, orgs));
  document(documentText({ command: 'refresh', exitCode: exit, findings, orgs }));
  return exit;
}
