import type { Check, CheckState } from '../model';

/** The parts of a proof, in the order in which they are made. */
export const CHECK_GROUPS = ['configuration', 'endpoint', 'acceptance', 'rejection', 'consistency'] as const;
export type CheckGroup = (typeof CHECK_GROUPS)[number];

/** How one thing came out, with what was seen. */
export interface CheckResult {
  readonly state: CheckState;
  readonly detail: string;
}

export const passed = (detail: string): CheckResult => ({ state: 'passed', detail });
export const failed = (detail: string): CheckResult => ({ state: 'failed', detail });
export const inconclusive = (detail: string): CheckResult => ({ state: 'inconclusive', detail });

/** A finding as a check of one channel. What was not proven is not ok. */
export const toCheck = (part: CheckGroup, channel: string, name: string, { state, detail }: CheckResult): Check => ({
  ...{ name, ok: state === 'passed', detail, state, part },
  ...(channel !== '' && { channel }),
});
