import { asToolError, ToolError } from '../errors';
import { type Change, type DesiredState, type LiveState, npmRun, RESUME_HINT, type Plan } from '../model';
import type { Sf } from '../sf';
import { deployPlan, undeletableComponents, withoutNewJobs, type ApplyContext, type ReadPlan } from './deploy';
import { assertOrgId } from './facts';
import { readNewJobs, waitUntilIdle, type DeployRequest } from './job-queue';
import { routeToAgents } from './agent-routing';
import { setUpChatDeployments } from './set-up-deployments';
import { activate, deactivate, publish } from './post-deploy';
import { planOrg } from './plan';
import type { ReportStep } from './progress';
import { retrieveComponents } from './retrieve';
import { readChannels, readOrg, type LiveOrg } from './read-org';

/**
 * Applies a plan: deactivates channels, deploys once, sets up the Web chat deployments that the org lacks, routes channels to
 * their agents, activates channels, publishes chat deployments, and reads the org back.
 * Returns the live state. Before the first write, and before each submission, the plan rests on a read after every deploy job
 * that the org lists. Salesforce has no conditional deploy, so a job that is submitted at the same moment isn't seen.
 * Throws `org-mismatch` if the login belongs to another org before the first write or when the org is read back, and
 * `readback-mismatch` if the org isn't in sync with the desired state; if the org lists a deploy job since ours, the code is
 * `concurrent-deploy`, and `kept-list-items` if only removed list items are left. Metadata is read back while channels are
 * activated, because it doesn't contain whether a channel is active; that is read last. If Salesforce deletes no keyset of a
 * retired channel, because the channel keeps its user verification configurations, they are disabled instead.
 */
export async function applyPlan(sf: Sf, read: ReadPlan, context: ApplyContext): Promise<LiveState> {
  const applied = await applyOnce(sf, read, context).catch((thrown: unknown) => turnOff(sf, read, context, thrown));
  const removals = applied.plan.changes.filter(isItemRemoval);
  const { desired, live, knownJobIds } = disablingPlan(applied.desired, applied.plan, applied.live)
    ? await disableKeptItems(sf, applied, context)
    : applied;
  const difference = planOrg(desired, live);
  if (difference.changes.length > 0) throw await differenceError(sf, difference, removals, knownJobIds);
  return live;
}

/** A plan that was applied, and the org as it was read back. */
type AppliedPlan = ReadPlan & { readonly live: LiveOrg };

/**
 * Whether Salesforce removes a list item that a deployed file omits isn't documented. If user verification configurations
 * that the plan removed are still in the org, the returned plan disables them; otherwise nothing is returned. Keys that it
 * removed and that can't be deactivated may be left too.
 */
function disablingPlan(desired: DesiredState, plan: Plan, live: LiveOrg): Plan | undefined {
  const removed = plan.changes.filter(({ path, to }) => to === null && path !== '');
  if (removed.length === 0) return undefined;
  const remaining = planOrg(desired, live, 'disabling');
  const isKeptItem = ({ component, path }: Change, setting: string): boolean =>
    removed.some((change) => change.component === component && path === `${change.path}${setting}`);
  const canBeDisabled = remaining.changes.some((change) => isKeptItem(change, '.enabled'));
  const isExpected = (change: Change): boolean => isKeptItem(change, '.enabled') || isKeptItem(change, '');
  return canBeDisabled && remaining.changes.every(isExpected) ? remaining : undefined;
}

/** Turns retired channels off without deleting their keysets, if a deploy was rejected only because these are still in use. */
async function turnOff(sf: Sf, read: ReadPlan, context: ApplyContext, thrown: unknown): Promise<AppliedPlan> {
  const { desired } = read;
  if (desired.transition || undeletableComponents(asToolError(thrown)).length === 0) throw thrown;
  return applyAnew(sf, desired, context, (live) => planOrg(desired, live, 'disabling'));
}

/** Disables the items that Salesforce kept, with a deploy of its own. Changes nothing else. */
async function disableKeptItems(
  sf: Sf,
  { desired, plan }: Pick<ReadPlan, 'desired' | 'plan'>,
  context: ApplyContext,
): Promise<AppliedPlan> {
  return applyAnew(sf, desired, context, (live) => disablingPlan(desired, plan, live) ?? withoutSteps(plan));
}

/** Reads the org again, and applies another plan. */
async function applyAnew(
  sf: Sf,
  desired: DesiredState,
  context: ApplyContext,
  planFrom: (live: LiveOrg) => Plan,
): Promise<AppliedPlan> {
  const { apiVersion, reportStep, timeouts } = context;
  const replan = async (): Promise<ReadPlan> => {
    const { knownJobIds } = await waitUntilIdle(sf, desired.org.alias, timeouts.lock, (why) =>
      reportStep('waiting', why),
    );
    return { desired, plan: planFrom(await readOrg(sf, desired, apiVersion)), knownJobIds };
  };
  return applyOnce(sf, await replan(), { ...context, replan });
}

const withoutSteps = (plan: Plan): Plan => ({
  ...plan,
  changes: [],
  toDeploy: new Map(),
  toDelete: [],
  deactivate: [],
  activate: [],
  publish: [],
});

async function applyOnce(sf: Sf, read: ReadPlan, context: ApplyContext): Promise<AppliedPlan> {
  const { apiVersion, reportStep } = context;
  const ready = await withoutNewJobs(sf, read, context);
  if (ready.plan.deactivate.length > 0) reportStep('deactivating', ready.plan.deactivate.join(', '));
  await deactivate(sf, ready.plan);
  const deployed = await deployAndSetUp(sf, ready, context).catch((thrown: unknown) => {
    throw asToolError(thrown).code === 'deploy-unknown' ? withPublishHint(ready.plan, thrown) : thrown;
  });
  const { plan, desired } = deployed;
  // The metadata is read back afterwards, so that it contains the agent.
  await routeToAgents(sf, plan, reportStep).catch((thrown: unknown) => {
    throw withPublishHint(plan, thrown);
  });
  // Both must end before a failure is thrown: a result must not be reported while a write is in flight.
  const [retrieved, activated] = await Promise.allSettled([
    retrieveComponents(sf, desired, apiVersion),
    activateAndPublish(sf, deployed, reportStep),
  ]);
  if (activated.status === 'rejected') throw withPublishHint(plan, activated.reason);
  if (retrieved.status === 'rejected') throw asToolError(retrieved.reason);
  return { ...deployed, live: { facts: plan.facts, ...retrieved.value, channels: activated.value } };
}

const deployAndSetUp = async (sf: Sf, ready: ReadPlan, context: ApplyContext): Promise<ReadPlan> =>
  setUpChatDeployments(sf, await deployPlan(sf, ready, context), context);

async function activateAndPublish(
  sf: Sf,
  { plan, knownJobIds }: ReadPlan,
  reportStep: ReportStep,
): Promise<LiveState['channels']> {
  if (plan.activate.length > 0) reportStep('activating', plan.activate.join(', '));
  await activate(sf, plan);
  if (plan.publish.length > 0) reportStep('publishing', plan.publish.join(', '), { known: knownJobIds });
  await publish(sf, plan);
  if (plan.publish.length > 0) reportStep('published');
  reportStep('reading back');
  await assertOrgId(sf, plan.org);
  return readChannels(sf, plan.org.alias);
}

/** Adds that only a resumed run publishes: a new deploy finds the metadata in sync and publishes nothing. */
function withPublishHint({ publish: names }: Plan, thrown: unknown): ToolError {
  const error = asToolError(thrown);
  if (names.length === 0) return error;
  const resumeFix = error.fix.includes(RESUME_HINT) ? error.fix : `${error.fix} ${RESUME_HINT}`;
  const fix = `${resumeFix} The resumed run also publishes ${names.join(', ')}, which might not be published yet.`;
  return new ToolError(error.code, { what: error.what, why: error.why, fix }, { exit: error.exit, cause: thrown });
}

/**
 * The error of an org that differs after the deploy: because of another deploy job, if the org lists one since ours, or because
 * Salesforce kept items of the removals of the plan. Other items were added after the plan was read.
 */
async function differenceError(
  sf: Sf,
  difference: Plan,
  removals: readonly Change[],
  knownJobIds: ReadPlan['knownJobIds'],
): Promise<ToolError> {
  const { alias } = difference.org;
  const { changes } = difference;
  const why = `Settings that differ: ${changes.map(({ component, path }) => `${component} ${path}`).join(', ')}.`;
  const [job] = await readNewJobs(sf, alias, knownJobIds).catch(() => []);
  if (job) return concurrentError(alias, job, why);
  const isPlanned = ({ component, path }: Change): boolean =>
    removals.some((removal) => removal.component === component && removal.path === path);
  return changes.every(isPlanned) ? keptItemsError(difference) : mismatchError(alias, why);
}

const isItemRemoval = ({ path, to }: Change): boolean => to === null && path.endsWith(']');

/** A key stays active if another keyset lists it, or if its certificate has expired: Salesforce then rejects it in a deploy. */
const keptItemsError = ({ org: { alias }, changes, undeclaredTrust }: Plan): ToolError =>
  new ToolError('kept-list-items', {
    what: `The deploy to "${alias}" succeeded, but Salesforce kept items that it removed: ${changes.map(({ component, path }) => `${component} ${path}`).join(', ')}.`,
    why: [
      "They can't be turned off: another keyset lists the key, or its certificate has expired.",
      ...undeclaredTrust.map(({ consequence }) => consequence),
    ].join(' '),
    fix: `Remove them from their lists in Setup, then run: ${npmRun('plan', '--org', alias)}`,
  });

const concurrentError = (alias: string, { id, createdBy }: DeployRequest, why: string): ToolError =>
  new ToolError('concurrent-deploy', {
    what: `The deploy to "${alias}" succeeded, and then deploy job ${id} by ${createdBy} changed the org.`,
    why,
    fix: `Check the changes of ${id} (Deployment Status in Setup). To see what a deploy would change back: ${npmRun('plan', '--org', alias)}`,
  });

const mismatchError = (alias: string, why: string): ToolError =>
  new ToolError('readback-mismatch', {
    what: `The deploy to "${alias}" succeeded, but the org doesn't match what was deployed.`,
    why,
    fix: `Compare them: ${npmRun('plan', '--org', alias)}. If the same settings differ after another deploy, Salesforce stores other values than those declared.`,
  });
