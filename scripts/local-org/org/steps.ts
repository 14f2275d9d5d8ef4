import { setTimeout as sleep } from 'node:timers/promises';
import { BrokenOff, Fault } from '../fault';
import type { FaultKind, PlannedFault, Step } from '../faults';
import type { TimedWork } from '../options';
import { record, type Org } from './org';

export type { Step } from '../faults';

// Deploys and retrieves are jobs: their server time passes between submit and done, not while a request waits.
const WAITS: Partial<Record<Step, TimedWork>> = {
  login: 'token',
  exchange: 'exchange',
  query: 'query',
  update: 'update',
  publish: 'publish',
};

/**
 * The one place every outside step goes through: server time is added here, and a fault strikes here, before the work of
 * the step or after it.
 */
export async function takeStep<T>(org: Org, step: Step, work: () => T | Promise<T>): Promise<T> {
  const fault = strike(org, step);
  const timed = WAITS[step];
  await pass(org, timed ? (org.latency[timed] ?? 0) : 0);
  if (!fault) return work();
  return STRUCK[fault.kind](org, work, fault) as Promise<T>;
}

/** The fault that strikes this call of a step; it is written into the log. */
export function strike(org: Org, step: Step): PlannedFault | undefined {
  const fault = org.faults.strike(step);
  if (fault) record(org, 'fault', { step, fault: fault.kind });
  return fault;
}

type Struck = (org: Org, work: () => unknown, fault: PlannedFault) => Promise<unknown>;

/** Milliseconds; how long a fault lasts that has a duration, unless it says so itself. */
const LASTS = { refused: 1_000, silence: 30_000, lost: 10 * 60_000 } as const;

/**
 * What each fault does. Codes: StatusCode of the WSDL; how Salesforce words them here is not documented. That a front end
 * answers 503 in a form of its own, not the API's, is our reading.
 */
const STRUCK: Readonly<Record<FaultKind, Struck>> = {
  refused: (org, _work, { lasts = LASTS.refused }) => {
    org.goAway(lasts);
    return Promise.reject(new BrokenOff('cut'));
  },
  reset: async (_org, work) => {
    await work();
    throw new BrokenOff('torn');
  },
  '503': () => Promise.reject(new BrokenOff('gateway')),
  'row-lock': () => Promise.reject(new Fault('UNABLE_TO_LOCK_ROW', LOCKED)),
  busy: () => Promise.reject(new Fault('ALREADY_IN_PROCESS', 'A deployment of this organization is in process')),
  session: (org) => {
    org.sessions.end();
    return Promise.reject(new Fault('INVALID_SESSION_ID', 'Session expired or invalid', 401));
  },
  silence: async (org, work, { lasts = LASTS.silence }) => {
    await pass(org, lasts);
    return work();
  },
  lost: async (org, work, { lasts = LASTS.lost }) => {
    await work();
    await pass(org, lasts);
    throw new BrokenOff('cut');
  },
};

/** Salesforce's own words for a row lock. (REST API guide, "Status Codes and Error Responses"; seen in public logs) */
export const LOCKED = 'unable to obtain exclusive access to this record';

const pass = (org: Org, milliseconds: number): Promise<void> =>
  milliseconds > 0 ? sleep(milliseconds, undefined, { signal: org.closing.signal }) : Promise.resolve();
