import { setTimeout as pause } from 'node:timers/promises';
import { z } from 'zod';
import { asToolError, ToolError } from '../errors';
import type { Sf } from '../sf';

/** A deployment as an org lists it, ours or anybody's. */
export interface DeployRequest {
  readonly id: string;
  readonly status: string;
  /** Whether it only validates, and changes nothing. */
  readonly checkOnly: boolean;
  readonly createdBy: string;
}

const rowSchema = z.object({
  Id: z.string(),
  Status: z.string(),
  CheckOnly: z.boolean().catch(false),
  CreatedBy: z.object({ Name: z.string() }).nullish().catch(null),
});

/** Ways in which a deployment ends. (Metadata API guide, DeployResult; the last one: Metadata API guide, DeployStatus) */
const FINAL_STATUSES = ['Succeeded', 'SucceededPartial', 'Failed', 'Canceled', 'FinalizingDeployFailed'];

const SOQL = 'SELECT Id, Status, CheckOnly, CreatedBy.Name FROM DeployRequest ORDER BY CreatedDate DESC LIMIT 50';

/**
 * The latest deployments of an org, the newest first; undefined when the org does not tell: the object is in no guide, and a
 * user may lack the right to see it. An org that cannot be reached throws.
 */
export async function readDeployRequests(sf: Sf, alias: string): Promise<readonly DeployRequest[] | undefined> {
  try {
    const rows = await sf.query(alias, SOQL, true);
    return rows.map((each) => {
      const { Id, Status, CheckOnly, CreatedBy } = rowSchema.parse(each);
      return { id: Id, status: Status, checkOnly: CheckOnly, createdBy: CreatedBy?.Name ?? 'an unknown user' };
    });
  } catch (thrown) {
    if (thrown instanceof z.ZodError || asToolError(thrown).code === 'retrieve-failed') return undefined;
    throw thrown;
  }
}

/** A deployment that the org is not through with and that will change it. */
export const isRunning = ({ status, checkOnly }: DeployRequest): boolean =>
  !checkOnly && !FINAL_STATUSES.includes(status);

/** An org in which no deployment runs. */
export interface IdleOrg {
  /** Ids of the deployments it knows; null when it does not tell. */
  readonly knownJobIds: readonly string[] | null;
  /** Whether there was one to wait for: the org may hold something else by now. */
  readonly waited: boolean;
}

const MIN_PAUSE_MS = 1_000;
const MAX_PAUSE_MS = 15_000;

/**
 * Waits until no deployment runs in an org, for up to `patience` milliseconds; then throws `org-busy`. What an org does not
 * tell cannot be waited for: Salesforce queues a deployment that comes while another one runs.
 */
export async function waitUntilIdle(
  sf: Sf,
  alias: string,
  timeout: number,
  onWait: (why: string) => void,
): Promise<IdleOrg> {
  const start = Date.now();
  for (let attempts = 0; ; attempts++) {
    const requests = await readDeployRequests(sf, alias);
    const running = requests?.find(isRunning);
    if (!running) return { knownJobIds: requests?.map(({ id }) => id) ?? null, waited: attempts > 0 };
    if (attempts === 0) onWait(`for deployment ${running.id} of ${running.createdBy}, which is ${running.status}`);
    const wait = Math.min(MAX_PAUSE_MS, MIN_PAUSE_MS * 2 ** attempts);
    if (Date.now() - start + wait > timeout) throw orgBusyError(alias, running);
    await pause(wait);
  }
}

const orgBusyError = (alias: string, { id, createdBy, status }: DeployRequest): ToolError =>
  new ToolError('org-busy', {
    what: `Another deployment is running in "${alias}". Nothing was sent to it.`,
    why: `${id} of ${createdBy} is ${status}, and Salesforce works on one at a time.`,
    fix: 'Wait for it (Deployment Status in Setup), or let this run wait longer with --lock-timeout.',
  });
