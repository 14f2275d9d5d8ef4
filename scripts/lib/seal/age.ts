import { EXIT, ToolError } from '../errors';

const UNITS = { s: 1_000, m: 60_000, h: 3_600_000, d: 86_400_000 } as const;

/** Clocks of two machines may differ that much, in milliseconds. */
const SKEW = 5 * UNITS.m;

/** A span of time such as `90m`, `24h` or `7d`, in milliseconds; undefined when it is none. */
export function spanOf(text: string): number | undefined {
  const [, count, unit] = /^([1-9]\d{0,4})([smhd])$/.exec(text) ?? [];
  return unit === undefined ? undefined : Number(count) * UNITS[unit as keyof typeof UNITS];
}

/** Throws `plan-expired` when a plan is older than its limit in milliseconds, or from the future. No org was contacted then. */
export function verifyAge(made: Date, now: Date, limit: number): void {
  const age = now.getTime() - made.getTime();
  if (age <= limit && age >= -SKEW) return;
  const told =
    age < 0
      ? 'by this clock that is still to come'
      : `that is ${spanText(age)} ago, and the limit is ${spanText(limit)}`;
  throw new ToolError(
    'plan-expired',
    {
      what: 'The sealed plan is too old. No org was contacted.',
      why: `It was made at ${made.toISOString()}: ${told}.`,
      fix: 'Seal a new plan and have that one approved, or set another limit with --max-age, such as 48h.',
    },
    { exit: EXIT.invalid },
  );
}

function spanText(span: number): string {
  const [unit, length] = Object.entries(UNITS).findLast(([, each]) => span >= 2 * each) ?? ['s', UNITS.s];
  return `${Math.floor(span / length)}${unit}`;
}
