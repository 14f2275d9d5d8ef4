/** The failures of the token service that the inspector can simulate. */
export const FAILURE_MODES = ['none', 'broken', 'down', 'slow'] as const;
export type FailureMode = (typeof FAILURE_MODES)[number];

/** Longer than the lifetime of both tokens (60 and 5 minutes), in milliseconds. */
const CLOCK_STEP_MS = 61 * 60 * 1000;

/** The state of the simulated failures and of the clock. */
export interface FailureControls {
  failureMode: FailureMode;
  /** The current time of the shop and its org. */
  readonly now: () => Date;
  /** Advances the clock of both, so that every token has expired. */
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
