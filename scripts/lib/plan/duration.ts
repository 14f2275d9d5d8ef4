import { EXIT, ToolError } from '../errors';

const UNIT_MS = { s: 1_000, m: 60_000, h: 3_600_000, d: 86_400_000 } as const;

/** Maximum difference between the clocks of two machines, in milliseconds. */
const MAX_CLOCK_SKEW_MS = 5 * UNIT_MS.m;

/** Parses a duration such as `90m`, `24h`, or `7d` to milliseconds. Returns undefined for any other text. */
export function parseDuration(text: string): number | undefined {
  const [, count, unit] = /^([1-9]\d{0,4})([smhd])$/.exec(text) ?? [];
  return unit === undefined ? undefined : Number(count) * UNIT_MS[unit as keyof typeof UNIT_MS];
}

const TIME = /^(\d{4}-\d\d-\d\d)T\d\d:\d\d(?::\d\d(?:\.\d+)?)?(?:Z|[+-]\d\d:\d\d)$/;

/** Parses a time in ISO 8601 with its time zone. Returns undefined for any other text, and for a day that doesn't exist. */
export function parseTime(text: string): Date | undefined {
  const [, day = ''] = TIME.exec(text) ?? [];
  // JavaScript reads February 30 as March 2.
  const [time, midnight] = [new Date(text), new Date(`${day}T00:00Z`)];
  const isReal = !Number.isNaN(time.getTime()) && !Number.isNaN(midnight.getTime());
  return isReal && midnight.toISOString().startsWith(day) ? time : undefined;
}

/** Throws `plan-expired` if a saved plan is older than `maxAge` milliseconds, or if its time is in the future. */
export function assertFresh(createdAt: Date, now: Date, maxAge: number): void {
  const age = now.getTime() - createdAt.getTime();
  if (age <= maxAge && age >= -MAX_CLOCK_SKEW_MS) return;
  const reason =
    age < 0
      ? 'which is in the future according to the clock of this machine'
      : `${formatDuration(age)} ago. The limit is ${formatDuration(maxAge)}`;
  throw new ToolError(
    'plan-expired',
    {
      what: `The saved plan ${age < 0 ? 'has an invalid time' : 'has expired'}. No org was contacted.`,
      why: `It was created at ${createdAt.toISOString()}, ${reason}.`,
      fix: 'Save a new plan and get it approved, or set another limit with --max-age, such as 48h.',
    },
    { exit: EXIT.invalid },
  );
}

function formatDuration(span: number): string {
  const [unit, length] = Object.entries(UNIT_MS).findLast(([, each]) => span >= 2 * each) ?? ['s', UNIT_MS.s];
  return `${Math.floor(span / length)}${unit}`;
}
