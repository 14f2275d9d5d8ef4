import { setTimeout as sleep } from 'node:timers/promises';
import { Disconnect, ApiError } from '../api-error';
import type { FaultKind, ScheduledFault, Step } from '../faults';
import type { TimedWork } from '../options';
import { logEvent, type Org } from './org';

export type { Step } from '../faults';

// Deploys and retrieves are jobs: their server time passes between submission and completion, not during a request.
const STEP_LATENCY: Partial<Record<Step, TimedWork>> = {
  login: 'token',
  exchange: 'exchange',
  query: 'query',
  update: 'update',
  setup: 'setup',
  publish: 'publish',
};

/** Runs a step. Every step runs here, so this is the only place that adds server time and injects faults. */
export async function runStep<T>(org: Org, step: Step, work: () => T | Promise<T>): Promise<T> {
  const { replaced } = org.faults;
  const fault = injectFault(org, step);
  const timedWork = STEP_LATENCY[step];
  await wait(org, timedWork ? (org.latency[timedWork] ?? 0) : 0);
  if (!fault) return work();
  return FAULT_HANDLERS[fault.kind](org, work, fault, replaced) as Promise<T>;
}

/** Returns the fault of this call of a step, if it has one, and adds it to the log. */
export function injectFault(org: Org, step: Step): ScheduledFault | undefined {
  const fault = org.faults.nextFault(step);
  if (fault) logEvent(org, 'fault', { step, fault: fault.kind });
  return fault;
}

/** `replaced` aborts when the faults of the org are replaced. */
type FaultHandler = (org: Org, work: () => unknown, fault: ScheduledFault, replaced: AbortSignal) => Promise<unknown>;

/** Default durations of faults in milliseconds. */
const DEFAULT_FAULT_MS = { refused: 1_000, timeout: 30_000, noResponse: 10 * 60_000 } as const;

/**
 * The effect of each kind of fault. The codes are StatusCode values of the WSDL; their messages aren't documented. It is an
 * assumption that a 503 has the format of a front-end server instead of the API's.
 */
const FAULT_HANDLERS: Readonly<Record<FaultKind, FaultHandler>> = {
  refused: (org, _work, { durationMs = DEFAULT_FAULT_MS.refused }) => {
    org.stopListening(durationMs);
    return Promise.reject(new Disconnect('dropped'));
  },
  reset: async (_org, work) => {
    await work();
    throw new Disconnect('truncated');
  },
  '503': () => Promise.reject(new Disconnect('gateway')),
  'row-lock': () => Promise.reject(new ApiError('UNABLE_TO_LOCK_ROW', ROW_LOCK_MESSAGE)),
  busy: () => Promise.reject(new ApiError('ALREADY_IN_PROCESS', SETUP_LOCKED_MESSAGE)),
  redirect: () => Promise.reject(new Disconnect('redirected')),
  'session-expired': (org) => {
    org.sessions.end();
    return Promise.reject(new ApiError('INVALID_SESSION_ID', 'Session expired or invalid', 401));
  },
  timeout: async (org, work, { durationMs = DEFAULT_FAULT_MS.timeout }, replaced) => {
    await delay(org, durationMs, replaced);
    return work();
  },
  'no-response': async (org, work, { durationMs = DEFAULT_FAULT_MS.noResponse }, replaced) => {
    await work();
    await delay(org, durationMs, replaced);
    throw new Disconnect('dropped');
  },
};

/** Waits for the duration of a fault, or until it's replaced. */
async function delay(org: Org, milliseconds: number, replaced: AbortSignal): Promise<void> {
  const signal = AbortSignal.any([org.closing.signal, replaced]);
  await sleep(milliseconds, undefined, { signal }).catch((error: unknown) => {
    if (!replaced.aborted) throw error;
  });
}

/** Salesforce's message for a deploy while another change locks the setup of the org. (Public deploy logs) */
const SETUP_LOCKED_MESSAGE =
  "The changes you requested require salesforce.com to temporarily lock your organization's administration setup. However, the " +
  'administration setup has already been locked by another change. Please wait for the previous action to finish, then try again later.';

/** Salesforce's message for a row lock. (REST API guide, "Status Codes and Error Responses"; public logs) */
export const ROW_LOCK_MESSAGE = 'unable to obtain exclusive access to this record';

const wait = (org: Org, milliseconds: number): Promise<void> =>
  milliseconds > 0 ? sleep(milliseconds, undefined, { signal: org.closing.signal }) : Promise.resolve();
