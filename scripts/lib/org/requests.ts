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
  readonly by: string;
}

const row = z.object({
  Id: z.string(),
  Status: z.string(),
  CheckOnly: z.boolean().catch(false),
  CreatedBy: z.object({ Name: z.string() }).nullish().catch(null),
});

/** Ways in which a deployment ends. (Metadata API guide, DeployResult; the last one: Metadata API guide, DeployStatus) */
const ENDED = ['Succeeded', 'SucceededPartial', 'Failed', 'Canceled', 'FinalizingDeployFailed'];

const SOQL = 'SELECT Id, Status, CheckOnly, CreatedBy.Name FROM DeployRequest ORDER BY CreatedDate DESC LIMIT 50';

/**
 * The latest deployments of an org, the newest first; undefined when the org does not tell: the object is in no guide, and a
 * user may lack the right to see it. An org that cannot be reached throws.
 */
export async function readRequests(sf: Sf, alias: string): Promise<readonly DeployRequest[] | undefined> {
  try {
    const rows = await sf.query(alias, SOQL, true);
    return rows.map((each) => {
      const { Id, Status, CheckOnly, CreatedBy } = row.parse(each);
      return { id: Id, status: Status, checkOnly: CheckOnly, by: CreatedBy?.Name ?? 'somebody' };
    });
  } catch (thrown) {
    if (thrown instanceof z.ZodError || asToolError(thrown).code === 'retrieve-failed') return undefined;
    throw thrown;
  }
}

/** A deployment that the org is not through with and that will change it. */
export const isRunning = ({ status, checkOnly }: DeployRequest): boolean => !checkOnly && !ENDED.includes(status);

/** An org in which no deployment runs. */
export interface FreeOrg {
  /** Ids of the deployments it knows; null when it does not tell. */
  readonly known: readonly string[] | null;
  /** Whether there was one to wait for: the org may hold something else by now. */
  readonly waited: boolean;
}

const FIRST_PAUSE = 1_000;
const LONGEST_PAUSE = 15_000;

/**
 * Waits until no deployment runs in an org, for up to `patience` milliseconds; then throws `org-busy`. What an org does not
 * tell cannot be waited for: Salesforce queues a deployment that comes while another one runs.
 */
export async function awaitFree(
  sf: Sf,
  alias: string,
  patience: number,
  waiting: (why: string) => void,
): Promise<FreeOrg> {
  const start = Date.now();
  for (let looks = 0; ; looks++) {
    const requests = await readRequests(sf, alias);
    const running = requests?.find(isRunning);
    if (!running) return { known: requests?.map(({ id }) => id) ?? null, waited: looks > 0 };
    if (looks === 0) waiting(`for deployment ${running.id} of ${running.by}, which is ${running.status}`);
    const wait = Math.min(LONGEST_PAUSE, FIRST_PAUSE * 2 ** looks);
    if (Date.now() - start + wait > patience) throw busy(alias, running);
    await pause(wait);
  }
}

const busy = (alias: string, { id, by, status }: DeployRequest): ToolError =>
  new ToolError('org-busy', {
    what: `Another deployment is running in "${alias}". Nothing was sent to it.`,
    why: `${id} of ${by} is ${status}, and Salesforce works on one at a time.`,
    fix: 'Wait for it (Deployment Status in Setup), or let this run wait longer with --wait.',
  });
