import { setTimeout as pause } from 'node:timers/promises';
import { asToolError, ToolError } from '../errors';
import {
  deploymentsToSetUp,
  firstPageHost,
  keyOf,
  mapOf,
  referencesOf,
  RESUME_HINT,
  textAt,
  withLeaf,
  type Component,
  type Plan,
} from '../model';
import { hadNoEffect, poll, retryPause, type NewChatDeployment, type Sf } from '../sf';
import { deployPlan, type ApplyContext, type ReadPlan } from './deploy';
import { assertOrgId } from './facts';
import { waitUntilIdle } from './job-queue';
import { planOrg } from './plan';
import { notListedError, recordIdsOf } from './record-ids';
import { readChannels, readOrg } from './read-org';

const LOOKUP_BACKOFF = { first: 500, max: 10_000 };

/**
 * Creates the Web chat deployments that a plan has without a site, then deploys their settings, because a setup request takes
 * only a few. A second setup request would create a duplicate (sf-skills: service-digital-engagement-deployment-configure), so
 * each chat deployment is looked up first, and a request without a response is looked up instead of repeated. One whose declared
 * site the org has is created by a deploy with that site. Call it after the deploy of the channels. Throws `deploy-failed` if
 * Salesforce rejects a request, and `deploy-unknown` if its result can't be determined.
 */
export async function setUpChatDeployments(sf: Sf, read: ReadPlan, context: ApplyContext): Promise<ReadPlan> {
  const missing = deploymentsToSetUp(read.plan);
  if (missing.length === 0) return read;
  const { alias } = read.plan.org;
  const deployed = await deployWithSites(sf, read, missing, context);
  const channels = await readChannels(sf, alias);
  for (const each of missing.filter((deployment) => !deployed.includes(deployment))) {
    const channel = referencesOf(each).find(({ type }) => type === 'MessagingChannel')?.name ?? '';
    const channelId = channels.get(channel)?.id;
    if (channelId === undefined) throw notListedError(alias, `MessagingChannel ${channel}`);
    await setUpOnce(sf, alias, requestFor(each, channelId, firstPageHost(read.desired.components)), context);
  }
  const { knownJobIds } = await deployPart(sf, read, missing, context);
  return { ...read, knownJobIds };
}

/** Reads the org again, and deploys the part of its plan that concerns these chat deployments. */
async function deployPart(
  sf: Sf,
  { desired, plan: { facts } }: ReadPlan,
  deployments: readonly Component[],
  context: ApplyContext,
  change = (component: Component): Component => component,
): Promise<ReadPlan> {
  const keys = new Set(deployments.map(keyOf));
  const replan = async (): Promise<ReadPlan> => {
    const { knownJobIds } = await waitUntilIdle(sf, desired.org.alias, context.timeouts.lock, (why) =>
      context.reportStep('waiting', why),
    );
    const live = await readOrg(sf, desired, context.apiVersion, facts);
    await assertOrgId(sf, desired.org);
    const plan = planOrg(desired, live);
    const part = [...plan.toDeploy.values()].filter((component) => keys.has(keyOf(component))).map(change);
    return { desired, knownJobIds, plan: onlyDeploying(plan, part) };
  };
  return deployPlan(sf, await replan(), { ...context, replan });
}

const onlyDeploying = (plan: Plan, part: readonly Component[]): Plan => ({
  ...plan,
  toDeploy: mapOf(part),
  toDelete: [],
  deactivate: [],
  activate: [],
  publish: [],
});

/**
 * Creates chat deployments whose declared site the org has: their project deploys the site itself, as public projects do. Returns
 * those that the org created. Sources disagree whether the Metadata API creates them, so a rejection leaves them to the Connect
 * API.
 */
async function deployWithSites(
  sf: Sf,
  read: ReadPlan,
  missing: readonly Component[],
  context: ApplyContext,
): Promise<readonly Component[]> {
  const siteOf = (each: Component): string => {
    const declared = read.desired.components.get(keyOf(each));
    return (declared && textAt(declared.root, 'site')) ?? '';
  };
  const sites = await findSites(sf, read.plan.org.alias, missing.map(siteOf));
  const created = missing.filter((each) => sites.has(siteOf(each)));
  if (created.length === 0) return [];
  const withSite = (each: Component): Component => ({ ...each, root: withLeaf(each.root, 'site', siteOf(each)) });
  try {
    await deployPart(sf, read, created, context, withSite);
    return created;
  } catch (thrown) {
    if (asToolError(thrown).code === 'deploy-failed') return [];
    throw thrown;
  }
}

/** The sites among these that the org has. None if the login can't read them. */
async function findSites(sf: Sf, alias: string, names: readonly string[]): Promise<ReadonlySet<string>> {
  const list = names.filter((name) => /^\w+$/.test(name)).map((name) => `'${name}'`);
  if (list.length === 0) return new Set();
  const rows = await sf.query(alias, `SELECT Name FROM Site WHERE Name IN (${list.join(', ')})`).catch(() => []);
  return new Set(rows.map((row) => String(row['Name'])));
}

const requestFor = ({ fullName, root }: Component, channelId: string, hostDomain?: string): NewChatDeployment => ({
  name: fullName,
  masterLabel: textAt(root, 'masterLabel') ?? fullName,
  clientVersion: textAt(root, 'clientVersion') ?? 'WebV2',
  ...(hostDomain !== undefined && { hostDomain }),
  messagingChannelId: channelId,
});

async function setUpOnce(
  sf: Sf,
  alias: string,
  request: NewChatDeployment,
  { reportStep, timeouts }: ApplyContext,
): Promise<void> {
  const startedAt = Date.now();
  for (let retries = 0; !(await hasChatDeployment(sf, alias, request.name)); retries++) {
    reportStep('creating', request.name);
    const error = await sf.createChatDeployment(alias, request).then(() => undefined, asToolError);
    if (!error) return reportStep('created', request.name);
    if (isRejected(error)) {
      reportStep('not created', request.name);
      const wait = retryPause(error, 'once', { retries, startedAt });
      if (wait === undefined) throw error;
      await pause(wait);
      continue;
    }
    reportStep('looking up', error.why);
    if (!(await findChatDeployment(sf, alias, request.name, timeouts.submit)))
      throw unknownError(alias, request.name, error);
    return reportStep('created', request.name);
  }
}

/** Whether a failed setup request certainly created nothing: it wasn't sent, or Salesforce rejected it. */
function isRejected(error: ToolError): boolean {
  if (hadNoEffect(error) || ['login-missing', 'login-refused'].includes(error.code)) return true;
  const { name } = (error.cause ?? {}) as { name?: unknown };
  return typeof name === 'string' && /^(HTTP 4\d\d|SetupRejected)$/.test(name);
}

const hasChatDeployment = async (sf: Sf, alias: string, name: string): Promise<boolean> =>
  (await recordIdsOf(sf, alias, 'EmbeddedServiceConfig', [name])).has(name);

/** Looks for a chat deployment for `timeout` milliseconds. An org that doesn't respond is asked again. */
export const findChatDeployment = (sf: Sf, alias: string, name: string, timeout: number): Promise<boolean> =>
  poll(
    () => hasChatDeployment(sf, alias, name).catch(() => false),
    (found) => found,
    timeout,
    LOOKUP_BACKOFF,
  );

const unknownError = (alias: string, name: string, cause: ToolError): ToolError =>
  new ToolError(
    'deploy-unknown',
    {
      what: `It is unknown whether "${alias}" created chat deployment ${name}.`,
      why: `The request was sent, but no response was received, and the org doesn't list the chat deployment: ${cause.why}`,
      fix: `${RESUME_HINT} The resumed run looks for it again and doesn't create a second one.`,
    },
    { cause },
  );
