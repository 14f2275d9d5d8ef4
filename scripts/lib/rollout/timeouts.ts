import { invalidFlagError } from '../errors';
import { DEFAULT_TIMEOUTS, type Timeouts } from '../org';
import { parseDuration } from '../plan';

export interface TimeoutFlags {
  /** How long somebody else's run or deployment is waited for, such as `10m`. */
  readonly lockTimeout?: string;
  /** How long an unanswered submission may take to show up in the org, such as `60s`. */
  readonly submitTimeout?: string;
}

export const timeoutsFrom = ({ lockTimeout, submitTimeout }: TimeoutFlags): Timeouts => ({
  lock: durationFlag('--lock-timeout', lockTimeout, DEFAULT_TIMEOUTS.lock),
  submit: durationFlag('--submit-timeout', submitTimeout, DEFAULT_TIMEOUTS.submit),
});

/** A flag that is a span of time, in milliseconds. Throws `invalid-flag` for any other text. */
export function durationFlag(flag: string, text: string | undefined, defaultMs = 0): number {
  const duration = text === undefined ? defaultMs : parseDuration(text);
  if (duration !== undefined) return duration;
  throw invalidFlagError(
    `${flag} ${text ?? ''} is not understood.`,
    'It is a whole number and a unit: s, m, h or d.',
    `Write ${flag} 10m, for example.`,
  );
}
