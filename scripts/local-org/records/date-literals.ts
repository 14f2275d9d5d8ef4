/** A period that a date literal stands for: from `start` to before `end`, both in ISO 8601 (UTC). */
export interface Period {
  readonly start: string;
  readonly end: string;
}

type Unit = 'DAY' | 'WEEK' | 'MONTH' | 'QUARTER' | 'YEAR';

const FIXED: Readonly<Record<string, readonly [unit: Unit, from: number, to: number]>> = {
  YESTERDAY: ['DAY', -1, 0],
  TODAY: ['DAY', 0, 1],
  TOMORROW: ['DAY', 1, 2],
  LAST_90_DAYS: ['DAY', -90, 1],
  NEXT_90_DAYS: ['DAY', 1, 91],
};

/** Dates have a range of 200,000 years in either direction. */
const MAX_UNITS = 100_000;

/**
 * Returns the period of a date literal such as TODAY, THIS_MONTH, LAST_N_DAYS:7, or N_WEEKS_AGO:2; undefined for any other word. A
 * week starts on Sunday. In Salesforce, the time zone of the user decides when a day starts; the user of this org is in UTC. (SOQL and
 * SOSL Reference, Date Formats and Date Literals in WHERE)
 */
export function periodOf(literal: string, now: Date): Period | undefined {
  const [unit, from, to] = parse(literal.toUpperCase()) ?? [];
  if (unit === undefined || from === undefined || to === undefined || Math.max(-from, to) > MAX_UNITS) return undefined;
  return { start: shifted(now, unit, from).toISOString(), end: shifted(now, unit, to).toISOString() };
}

function parse(literal: string): readonly [Unit, number, number] | undefined {
  const fixed = Object.hasOwn(FIXED, literal) ? FIXED[literal] : undefined;
  if (fixed) return fixed;
  const [, which, unit] = /^(LAST|THIS|NEXT)_(WEEK|MONTH|QUARTER|YEAR)$/.exec(literal) ?? [];
  const offset = { LAST: -1, THIS: 0, NEXT: 1 }[which ?? ''];
  if (offset !== undefined) return [unit as Unit, offset, offset + 1];
  return parseCount(literal);
}

// LAST_N_DAYS includes the current day. The other units and NEXT_N start and end with a whole unit without the current one.
function parseCount(literal: string): readonly [Unit, number, number] | undefined {
  const [, which, unit, ago, count] =
    /^(LAST_N|NEXT_N|N)_(DAY|WEEK|MONTH|QUARTER|YEAR)S(_AGO)?:(\d+)$/.exec(literal) ?? [];
  if (which === undefined || (which === 'N') !== (ago !== undefined)) return undefined;
  const n = Number(count);
  if (which === 'N') return [unit as Unit, -n, 1 - n];
  if (which === 'NEXT_N') return [unit as Unit, 1, n + 1];
  return [unit as Unit, -n, unit === 'DAY' ? 1 : 0];
}

/** Returns the start of a unit, `count` units after the one that contains `now`. */
function shifted(now: Date, unit: Unit, count: number): Date {
  const [year, month, day] = [now.getUTCFullYear(), now.getUTCMonth(), now.getUTCDate()];
  switch (unit) {
    case 'DAY':
      return new Date(Date.UTC(year, month, day + count));
    case 'WEEK':
      return new Date(Date.UTC(year, month, day - now.getUTCDay() + 7 * count));
    case 'MONTH':
      return new Date(Date.UTC(year, month + count, 1));
    case 'QUARTER':
      return new Date(Date.UTC(year, month - (month % 3) + 3 * count, 1));
    case 'YEAR':
      return new Date(Date.UTC(year + count, 0, 1));
  }
}
