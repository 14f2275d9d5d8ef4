import type { Check } from '../model';
import type { CheckResult } from '../verification/check';

/** The groups of checks that only the monitor has. */
export const MONITOR_GROUPS = ['traffic', 'certificate', 'runs'] as const;
export type MonitorGroup = (typeof MONITOR_GROUPS)[number];

/** Makes a result a check of a channel, or of the whole org if `channel` is empty. */
export const monitorCheck = (
  part: MonitorGroup,
  channel: string,
  name: string,
  { detail, state }: CheckResult,
): Check => ({
  name,
  ok: state === 'passed',
  detail,
  state,
  part,
  ...(channel !== '' && { channel }),
});
