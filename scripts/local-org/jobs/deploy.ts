import { randomUUID } from 'node:crypto';
import { PREFIX, recordId } from '../identifiers';
import type { DeployJob, DeployMessage, DeployOptions, DeployOutcome } from '../org/deploy-jobs';
import { logEvent, type Org } from '../org/org';
import { ROW_LOCK_MESSAGE, injectFault } from '../org/steps';
import { ApiError } from '../api-error';
import { boundAgent, routesToAgent, withoutDeployedAgent } from './agent-routing';
import { runApexTests } from './apex-tests';
import { filesWithoutChildren, withStoredChildren } from './child-components';
import { deployMessages } from './messages';
import { withOmittedElements, withOmittedItems } from './omitted-items';
import { openPackage } from './package';
import { evaluateDeploy, type Transaction } from './transaction';

const ROW_LOCK_ERROR = { code: 'UNABLE_TO_LOCK_ROW', message: ROW_LOCK_MESSAGE };

/** Creates a deploy job. The org runs it when its server time has passed. */
export function submitDeploy(org: Org, zip: Buffer, options: DeployOptions, validation?: string): DeployJob {
  assertTestsNamed(options);
  if (org.assumptions.concurrentDeploy === 'rejected' && org.deployJobs.waiting.length > 0)
    throw new ApiError('ALREADY_IN_PROCESS', 'Another deploy job of this organization is in process.');
  const now = Date.now();
  const startsAt = Math.max(now, org.deployJobs.idleAt);
  const job: DeployJob = {
    id: recordId(PREFIX.deploy, org.orgId, randomUUID()),
    createdDate: org.now().toISOString(),
    options,
    startsAt,
    readyAt: startsAt + (org.latency.deploy ?? 0),
    zip: zip.toString('base64'),
  };
  org.deployJobs.add(job);
  const quick = validation ? { validation } : {};
  logEvent(org, options.checkOnly ? 'validate' : 'deploy', { id: job.id, ...quick });
  return job;
}

/** Salesforce's message, from a public deploy log. */
function assertTestsNamed({ testLevel, runTests = [] }: DeployOptions): void {
  if (testLevel !== 'RunSpecifiedTests' || runTests.length > 0) return;
  const message = 'runTests must not be empty when a testLevel of RunSpecifiedTests is used';
  throw new ApiError('INVALID_OPERATION', message);
}

/** Creates a deploy job with the package of a successful validation. */
export function submitQuickDeploy(org: Org, validationId: string): DeployJob {
  const validation = findDeploy(org, validationId);
  if (!validation.zip || !validation.options.checkOnly || validation.outcome?.status !== 'Succeeded') {
    // Salesforce's message isn't known. The CLI handles all errors the same way here.
    throw new ApiError('INVALID_ID_FIELD', `${validationId} is not a recent successful validation`);
  }
  const zip = Buffer.from(validation.zip, 'base64');
  return submitDeploy(org, zip, { ...validation.options, checkOnly: false }, validation.id);
}

export function findDeploy(org: Org, id: string): DeployJob {
  const job = org.deployJobs.find(id);
  if (!job) throw new ApiError('INVALID_CROSS_REFERENCE_KEY', 'invalid cross reference id');
  return job;
}

/** Cancels a deploy job that isn't complete. */
export function cancelDeploy(org: Org, id: string): DeployJob {
  const job = findDeploy(org, id);
  // Salesforce's message isn't known.
  if (job.outcome) throw new ApiError('INVALID_ID_FIELD', 'The deployment is already completed');
  job.outcome = { status: 'Canceled', completedDate: org.now().toISOString(), messages: [] };
  delete job.zip;
  logEvent(org, 'cancel', { id: job.id });
  return job;
}

/** Runs the deploy jobs whose server time has passed. Returns whether there were any. */
export function completeReadyDeploys(org: Org): boolean {
  const ready = org.deployJobs.waiting.filter((job) => job.readyAt <= Date.now());
  for (const job of ready) completeDeploy(org, job);
  return ready.length > 0;
}

function completeDeploy(org: Org, job: DeployJob): void {
  job.outcome = computeOutcome(org, job);
  if (!job.options.checkOnly || job.outcome.status !== 'Succeeded') delete job.zip;
}

function computeOutcome(org: Org, job: DeployJob): DeployOutcome {
  const completedDate = org.now().toISOString();
  // The effect is the same for each kind of fault: the whole job fails.
  if (injectFault(org, 'deploy.work')) return { status: 'Failed', completedDate, messages: [], error: ROW_LOCK_ERROR };
  try {
    const pack = openPackage(Buffer.from(job.zip ?? '', 'base64'));
    const transaction = evaluateDeploy(org, pack, job.options);
    const messages = deployMessages(org, pack, transaction);
    const partial = !job.options.rollbackOnError && pack.problems.length === 0;
    const tests = transaction.ok ? runApexTests(org, pack, job.options) : undefined;
    reportApex(org, job, transaction, tests !== undefined);
    if (tests?.failed) return { status: 'Failed', completedDate, messages, tests };
    const commits = transaction.ok || partial;
    if (commits && !job.options.checkOnly) commit(org, transaction);
    const status = statusOf(transaction, partial);
    return { status, completedDate, messages: withIds(org, messages), ...(tests && { tests }) };
  } catch (error) {
    const problem = error instanceof ApiError ? error.message : `UNKNOWN_EXCEPTION: ${String(error)}`;
    return { status: 'Failed', completedDate, messages: [zipFailure(problem, completedDate)] };
  }
}

/** Says on the terminal that Apex was neither compiled nor tested: a result that looks like Salesforce's would mislead. */
function reportApex(org: Org, { id }: DeployJob, { accepted }: Transaction, withTests: boolean): void {
  const hasApex = accepted.some(({ type }) => type.name === 'ApexClass' || type.name === 'ApexTrigger');
  const skipped = [...(hasApex ? ["The Apex wasn't compiled"] : []), ...(withTests ? ['no Apex test ran'] : [])];
  if (skipped.length === 0) return;
  org.onUnsupported(`${org.alias}: deploy ${id}: ${skipped.join(', and ')}. Apex is not supported by the local org.`);
}

/** Adds the IDs of the components that the job created. (Metadata API guide, DeployMessage: id) */
const withIds = (org: Org, messages: readonly DeployMessage[]): readonly DeployMessage[] =>
  messages.map((message) => {
    const created = message.success && message.created ? message : undefined;
    const id = created && org.metadata.find(created.componentType, created.fullName)?.record.id;
    return id === undefined ? message : { ...message, id };
  });

function statusOf(transaction: Transaction, partial: boolean): DeployOutcome['status'] {
  if (transaction.ok) return 'Succeeded';
  return partial && transaction.accepted.length > 0 ? 'SucceededPartial' : 'Failed';
}

/** Applies the accepted components and the deletions of a transaction. */
export function commit(org: Org, { accepted, removed, removedChildren, undeletable }: Transaction): void {
  const deployed = accepted.flatMap((component) => [...component.files]);
  const files = new Map([
    ...filesWithoutChildren(removedChildren),
    ...deployed.map(([path, content]) => [path, storedContent(org, path, content)] as const),
  ]);
  org.metadata.apply(
    files,
    removed.filter((component) => !undeletable.has(component)),
    org.now(),
  );
  if (org.agentRouting === 'dropped') for (const { type, name } of accepted) dropFallbackQueue(org, type.name, name);
}

// A channel without an agent has no fallback queue either until both are set with the data API.
function dropFallbackQueue(org: Org, type: string, name: string): void {
  const channel = type === 'MessagingChannel' ? org.metadata.find(type, name) : undefined;
  const text = channel && [...channel.files.values()][0]?.toString();
  if (channel && text !== undefined && routesToAgent(text) && boundAgent(text) === undefined)
    channel.record.fallbackQueueId = null;
}

function storedContent(org: Org, path: string, content: Buffer): Buffer {
  const before = org.metadata.files.get(path);
  const kept = before ? withOmittedParts(org, before, content) : content;
  const drops = org.agentRouting === 'dropped' && path.startsWith('messagingChannels/');
  if (drops && routesToAgent(kept.toString()))
    return Buffer.from(withoutDeployedAgent(before?.toString(), kept.toString()));
  return before ? withStoredChildren(path, before, kept) : kept;
}

/** The file with the list items and elements that it omits, if this org keeps them. */
function withOmittedParts({ omittedItems, assumptions }: Org, before: Buffer, content: Buffer): Buffer {
  const [old, items] = [before.toString(), omittedItems === 'kept'];
  const withItems = items ? withOmittedItems(old, content.toString()) : content.toString();
  const keepsElements = assumptions.omittedElements === 'kept';
  if (!items && !keepsElements) return content;
  return Buffer.from(keepsElements ? withOmittedElements(old, withItems) : withItems);
}

function zipFailure(problem: string, createdDate: string): DeployMessage {
  const flags = { success: false, created: false, changed: false, deleted: false };
  const names = { componentType: '', fullName: 'package.xml', fileName: 'package.xml' };
  return { ...names, ...flags, createdDate, problem, problemType: 'Error' };
}
