import { setTimeout as pause } from 'node:timers/promises';
import type { DeployReport, Sf } from '../sf';
import { pollDeploy } from './poll-deploy';
import { readDeployRequests } from './job-queue';

/** A submission whose answer did not come: what was sent, and which deployments the org knew before. */
export interface UnconfirmedDeploy {
  readonly components: readonly string[];
  readonly knownJobIds: readonly string[] | null;
  /** When it was sent, at the latest. */
  readonly at: Date;
}

const MIN_PAUSE_MS = 500;
const MAX_PAUSE_MS = 10_000;

/**
 * Looks an unanswered submission up among the deployments of the org, until `settle` milliseconds have passed since it was
 * sent, and follows it to its end. Undefined when it is not there: then it did not arrive. A deployment is taken for ours when
 * the org did not know it before and it is about the very same components, or failed before it was about any. Never waits
 * longer than `settle` from now on: the time may be from a machine whose clock is ahead.
 */
export async function findDeployJob(
  sf: Sf,
  alias: string,
  { components, knownJobIds, at }: UnconfirmedDeploy,
  timeout: number,
): Promise<DeployReport | undefined> {
  const otherJobIds = new Set(knownJobIds);
  const deadline = Math.min(at.getTime(), Date.now()) + timeout;
  for (let attempts = 0; ; attempts++) {
    const requests = knownJobIds === null ? [] : ((await readDeployRequests(sf, alias)) ?? []);
    for (const { id } of requests.filter((each) => !each.checkOnly && !otherJobIds.has(each.id)).reverse()) {
      const report = await pollDeploy(sf, alias, id);
      if (coversComponents(report, components)) return report;
      otherJobIds.add(id);
    }
    if (Date.now() >= deadline) return undefined;
    await pause(Math.min(MAX_PAUSE_MS, MIN_PAUSE_MS * 2 ** attempts));
  }
}

function coversComponents({ details }: DeployReport, components: readonly string[]): boolean {
  const lines = [...details.componentSuccesses, ...details.componentFailures];
  const named = new Set(lines.flatMap(({ componentType: type, fullName }) => (type ? [`${type}:${fullName}`] : [])));
  const wanted = new Set(components.map((key) => key.replace(/^-/, '')));
  return named.size === 0 || (named.size === wanted.size && [...named].every((key) => wanted.has(key)));
}
