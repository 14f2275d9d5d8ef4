import { EXIT, ToolError } from '../errors';

const UNIT_MS = { s: 1_000, m: 60_000, h: 3_600_000, d: 86_400_000 } as const;

/** Clocks of two machines may differ that much, in milliseconds. */
const MAX_CLOCK_SKEW_MS = 5 * UNIT_MS.m;

/** A span of time such as `90m`, `24h` or `7d`, in milliseconds; undefined when it is none. */
export function parseDuration(text: string): number | undefined {
  const [, count, unit] = /^([1-9]\d{0,4})([smhd])$/.exec(text) ?? [];
  return unit === undefined ? undefined : Number(count) * UNIT_MS[unit as keyof typeof UNIT_MS];
}

/** Throws `plan-expired` when a plan is older than its limit in milliseconds, or from the future. No org was contacted then. */
export function assertFresh(createdAt: Date, now: Date, maxAge: number): void {
  const age = now.getTime() - createdAt.getTime();
  if (age <= maxAge && age >= -MAX_CLOCK_SKEW_MS) return;
  const reason =
    age < 0
      ? 'by this clock that is still to come'
      : `that is ${formatDuration(age)} ago, and the limit is ${formatDuration(maxAge)}`;
  throw new ToolError(
    'plan-expired',
    {
      what: 'The sealed plan is too old. No org was contacted.',
      why: `It was made at ${createdAt.toISOString()}: ${reason}.`,
      fix: 'Seal a new plan and have that one approved, or set another limit with --max-age, such as 48h.',
    },
    { exit: EXIT.invalid },
  );
}

function formatDuration(span: number): string {
  const [unit, length] = Object.entries(UNIT_MS).findLast(([, each]) => span >= 2 * each) ?? ['s', UNIT_MS.s];
  return `${Math.floor(span / length)}${unit}`;
}
