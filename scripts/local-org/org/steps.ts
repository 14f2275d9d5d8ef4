import { setTimeout as sleep } from 'node:timers/promises';
import type { TimedWork } from '../options';
import type { Org } from './org';

/** The outside steps of working with an org: whatever a client can wait for, or lose. */
export type Step =
  'login' | 'query' | 'update' | 'publish' | 'deploy.submit' | 'deploy.status' | 'retrieve.submit' | 'retrieve.status';

// Deploys and retrieves are jobs: their server time passes between submit and done, not while a request waits.
const WAITS: Partial<Record<Step, TimedWork>> = {
  login: 'token',
  query: 'query',
  update: 'update',
  publish: 'publish',
};

/**
 * The one place every outside step goes through: server time is added here, and a fault (a lock, a dropped
 * connection, an answer lost after the work was done) would be, too.
 */
export async function takeStep<T>(org: Org, step: Step, work: () => T | Promise<T>): Promise<T> {
  const timed = WAITS[step];
  const milliseconds = timed ? (org.latency[timed] ?? 0) : 0;
  if (milliseconds > 0) await sleep(milliseconds, undefined, { signal: org.closing.signal });
  return work();
}
