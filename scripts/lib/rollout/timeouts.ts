import { invalidFlagError } from '../errors';
import { DEFAULT_TIMEOUTS, type Timeouts } from '../org';
import { parseDuration } from '../plan';

export interface TimeoutFlags {
  /** How long to wait for another run's lock or a running deploy job, such as `10m`. */
  readonly lockTimeout?: string;
  /** How long to search the org for a submission without a response, such as `60s`. */
  readonly submitTimeout?: string;
}

export const timeoutsFrom = ({ lockTimeout, submitTimeout }: TimeoutFlags): Timeouts => ({
  lock: durationFlag('--lock-timeout', lockTimeout, DEFAULT_TIMEOUTS.lock),
  submit: durationFlag('--submit-timeout', submitTimeout, DEFAULT_TIMEOUTS.submit),
});

/** The duration of a flag in milliseconds. Throws `invalid-flag` if the text isn't a duration. */
export function durationFlag(flag: string, text: string | undefined, defaultMs = 0): number {
  const duration = text === undefined ? defaultMs : parseDuration(text);
  if (duration !== undefined) return duration;
  throw invalidFlagError(
    `${flag} ${text ?? ''} isn't a duration.`,
    'A duration is a whole number with a unit: s, m, h or d.',
    `Use a value such as: ${flag} 10m`,
  );
}
