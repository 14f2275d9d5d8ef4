import { setTimeout as pause } from 'node:timers/promises';
import type { DeployReport, Sf } from '../sf';
import { follow } from './follow';
import { readRequests } from './requests';

/** A submission whose answer did not come: what was sent, and which deployments the org knew before. */
export interface Unanswered {
  readonly components: readonly string[];
  readonly known: readonly string[] | null;
  /** When it was sent, at the latest. */
  readonly at: Date;
}

const FIRST_PAUSE = 500;
const LONGEST_PAUSE = 10_000;

/**
 * Looks an unanswered submission up among the deployments of the org, until `settle` milliseconds have passed since it was
 * sent, and follows it to its end. Undefined when it is not there: then it did not arrive. A deployment is taken for ours when
 * the org did not know it before and it is about the very same components, or failed before it was about any. Never waits
 * longer than `settle` from now on: the time may be from a machine whose clock is ahead.
 */
export async function findSubmission(
  sf: Sf,
  alias: string,
  { components, known, at }: Unanswered,
  settle: number,
): Promise<DeployReport | undefined> {
  const strangers = new Set(known);
  const end = Math.min(at.getTime(), Date.now()) + settle;
  for (let looks = 0; ; looks++) {
    const fresh = known === null ? [] : ((await readRequests(sf, alias)) ?? []);
    for (const { id } of fresh.filter((each) => !each.checkOnly && !strangers.has(each.id)).reverse()) {
      const report = await follow(sf, alias, id);
      if (isAbout(report, components)) return report;
      strangers.add(id);
    }
    if (Date.now() >= end) return undefined;
    await pause(Math.min(LONGEST_PAUSE, FIRST_PAUSE * 2 ** looks));
  }
}

function isAbout({ details }: DeployReport, components: readonly string[]): boolean {
  const lines = [...details.componentSuccesses, ...details.componentFailures];
  const named = new Set(lines.flatMap(({ componentType: type, fullName }) => (type ? [`${type}:${fullName}`] : [])));
  const wanted = new Set(components.map((key) => key.replace(/^-/, '')));
  return named.size === 0 || (named.size === wanted.size && [...named].every((key) => wanted.has(key)));
}
