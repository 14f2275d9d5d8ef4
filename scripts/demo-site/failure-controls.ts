/** What can be the matter with the shop's token service. */
export const FAILURE_MODES = ['none', 'broken', 'down', 'slow'] as const;
export type FailureMode = (typeof FAILURE_MODES)[number];

/** How far the clocks of shop and org are put forward: beyond the life of both tokens (60 and 5 minutes). */
const CLOCK_STEP_MS = 61 * 60 * 1000;

/** Where somebody decides what goes wrong in the shop. */
export interface FailureControls {
  failureMode: FailureMode;
  /** The time in the shop and in its org. */
  readonly now: () => Date;
  /** Lets an hour pass in both, so that every token there is has expired. */
  advanceClock(): void;
}

export function createFailureControls(): FailureControls {
  let offset = 0;
  return {
    failureMode: 'none',
    now: () => new Date(Date.now() + offset),
    advanceClock: () => {
      offset += CLOCK_STEP_MS;
    },
  };
}
