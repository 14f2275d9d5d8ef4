import { z } from 'zod';
import { asToolError, ToolError } from '../errors';
import { poll, type Sf } from '../sf';

/** How long to wait for an org, in milliseconds. */
export interface Timeouts {
  /** Until another run's lock is released, or a running deploy job is done. */
  readonly lock: number;
  /** Until a submission without a response is listed among the deploy jobs of the org. */
  readonly submit: number;
}

export const DEFAULT_TIMEOUTS: Timeouts = { lock: 10 * 60_000, submit: 60_000 };

/** A deploy job as the org lists it, from any user. */
export interface DeployRequest {
  readonly id: string;
  readonly status: string;
  /** Whether it only validates and changes nothing. */
  readonly checkOnly: boolean;
  readonly createdBy: string;
  /** When the org received it, by the clock of the org, in milliseconds since 1970. NaN if the org doesn't tell. */
  readonly createdAt: number;
}

const rowSchema = z.object({
  Id: z.string(),
  Status: z.string(),
  CheckOnly: z.boolean().catch(false),
  CreatedBy: z.object({ Name: z.string() }).nullish().catch(null),
  CreatedDate: z.string().catch(''),
});

/** Final statuses of a deploy job. (Metadata API guide: DeployResult; FinalizingDeployFailed: DeployStatus) */
const FINAL_STATUSES = ['Succeeded', 'SucceededPartial', 'Failed', 'Canceled', 'FinalizingDeployFailed'];

const SOQL =
  'SELECT Id, Status, CheckOnly, CreatedBy.Name, CreatedDate FROM DeployRequest ORDER BY CreatedDate DESC, Id DESC LIMIT 50';

/**
 * The latest deploy jobs of an org, newest first. Returns undefined if the org doesn't list them: no guide documents the object
 * DeployRequest, and a user can be missing the permission to read it. Throws if the org is unreachable.
 */
export async function readDeployRequests(sf: Sf, alias: string): Promise<readonly DeployRequest[] | undefined> {
  try {
    const rows = await sf.query(alias, SOQL, true);
    return rows.map((each) => {
      const { Id, Status, CheckOnly, CreatedBy, CreatedDate } = rowSchema.parse(each);
      const createdBy = CreatedBy?.Name ?? 'an unknown user';
      return { id: Id, status: Status, checkOnly: CheckOnly, createdBy, createdAt: Date.parse(CreatedDate) };
    });
  } catch (thrown) {
    if (thrown instanceof z.ZodError || asToolError(thrown).code === 'retrieve-failed') return undefined;
    throw thrown;
  }
}

/** A deploy job that isn't done and changes the org. A validation changes nothing. */
const isRunning = ({ status, checkOnly }: DeployRequest): boolean => !checkOnly && !FINAL_STATUSES.includes(status);

/** Statuses of a job that changed nothing. (Metadata API guide: DeployResult) */
const WITHOUT_EFFECT = ['Failed', 'Canceled'];

/** Whether a deploy job is done and may have changed the org. */
export const hasChangedOrg = (job: DeployRequest): boolean =>
  !job.checkOnly && !isRunning(job) && !WITHOUT_EFFECT.includes(job.status);

/** An org without a running deploy job. */
export interface IdleOrg {
  /** The deploy jobs that the org lists; null if it doesn't list them. */
  readonly jobs: readonly DeployRequest[] | null;
  /** IDs of the deploy jobs that the org lists; null if it doesn't list them. */
  readonly knownJobIds: readonly string[] | null;
  /** Whether a deploy job was running before: it can have changed the org. */
  readonly waited: boolean;
}

const BACKOFF = { first: 1_000, max: 15_000 };

/**
 * Waits until no deploy job runs in an org, for up to `timeout` milliseconds; then throws `org-busy`. If the org doesn't list
 * its deploy jobs, there's no wait: Salesforce queues a deploy while another one runs.
 */
export async function waitUntilIdle(
  sf: Sf,
  alias: string,
  timeout: number,
  onWait: (why: string) => void,
): Promise<IdleOrg> {
  let waited = false;
  const runningIn = (requests: readonly DeployRequest[] | undefined): DeployRequest | undefined =>
    requests?.find(isRunning);
  const readJobs = async (): ReturnType<typeof readDeployRequests> => {
    const requests = await readDeployRequests(sf, alias);
    const job = runningIn(requests);
    if (job && !waited) onWait(`for deploy job ${job.id} by ${job.createdBy} (${job.status})`);
    waited ||= job !== undefined;
    return requests;
  };
  const jobs = await poll(readJobs, (requests) => !runningIn(requests), timeout, BACKOFF);
  const running = runningIn(jobs);
  if (running) throw orgBusyError(alias, running);
  return { jobs: jobs ?? null, knownJobIds: jobs?.map(({ id }) => id) ?? null, waited };
}

/**
 * The deploy jobs that have changed or can change the org since `knownJobIds` were listed, newest first. The lock next to the
 * login store doesn't exclude other machines and users. Validations don't count. Returns none if the org doesn't list its jobs.
 */
export async function readNewJobs(
  sf: Sf,
  alias: string,
  knownJobIds: readonly string[] | null,
): Promise<readonly DeployRequest[]> {
  if (knownJobIds === null) return [];
  const jobs = await readDeployRequests(sf, alias);
  if (!jobs) throw notListedError(alias);
  const known = new Set(knownJobIds);
  return jobs.filter((job) => (isRunning(job) || hasChangedOrg(job)) && !known.has(job.id));
}

/**
 * The job that the org may run before our job `id`, although it was submitted after `knownJobIds` were listed. Undefined if our
 * job certainly was the first. An org gives the time of a submission in seconds.
 */
export async function findEarlierJob(
  sf: Sf,
  alias: string,
  { id, knownJobIds }: { readonly id: string; readonly knownJobIds: readonly string[] | null },
): Promise<DeployRequest | undefined> {
  const jobs = await readNewJobs(sf, alias, knownJobIds);
  const secondOf = (job: DeployRequest | undefined): number => Math.floor((job?.createdAt ?? Number.NaN) / 1_000);
  const ours = secondOf(jobs.find((job) => job.id === id));
  return jobs.find((job) => job.id !== id && !(secondOf(job) > ours));
}

export const orgBusyError = (alias: string, { id, createdBy, status }: DeployRequest): ToolError =>
  new ToolError('org-busy', {
    what: `Another deploy job is running in "${alias}". Nothing was deployed to it.`,
    why: `${id} by ${createdBy} is ${status}, and Salesforce runs one deploy job at a time.`,
    fix: 'Wait until it is done (Deployment Status in Setup), then run the command again.',
  });

const notListedError = (alias: string): ToolError =>
  new ToolError('retrieve-failed', {
    what: `The deploy jobs of "${alias}" can't be listed any more.`,
    why: 'The org listed them a moment ago. Another deploy job can have changed the org since it was read.',
    fix: 'Run the command again.',
  });
