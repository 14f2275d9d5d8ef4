import type { Check, CheckState } from '../model';

/** The groups of checks, in the order in which they run. */
export const CHECK_GROUPS = ['configuration', 'endpoint', 'acceptance', 'rejection', 'consistency'] as const;
export type CheckGroup = (typeof CHECK_GROUPS)[number];

/** The result of one check and the observation that it rests on. */
export interface CheckResult {
  readonly state: CheckState;
  readonly detail: string;
  readonly tolerated?: string;
}

export const passed = (detail: string): CheckResult => ({ state: 'passed', detail });
export const failed = (detail: string): CheckResult => ({ state: 'failed', detail });
export const inconclusive = (detail: string): CheckResult => ({ state: 'inconclusive', detail });

/** Makes a result a check of a channel, or of the whole org if `channel` is empty. An inconclusive check isn't ok. */
export const toCheck = (
  part: CheckGroup,
  channel: string,
  name: string,
  { detail, state, tolerated }: CheckResult,
): Check => ({
  name,
  ok: state === 'passed',
  detail,
  state,
  part,
  ...(channel !== '' && { channel }),
  ...(tolerated && { tolerated }),
});
