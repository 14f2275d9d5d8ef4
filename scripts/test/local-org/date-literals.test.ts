import assert from 'node:assert/strict';
import { test } from 'node:test';
import { periodOf } from '../../local-org/records/date-literals';

// A Wednesday in the third quarter.
const NOW = new Date('2026-08-12T15:30:00Z');

/** The examples of the SOQL and SOSL reference, Date Formats and Date Literals in WHERE. */
for (const [literal, start, end] of [
  ['TODAY', '2026-08-12', '2026-08-13'],
  ['yesterday', '2026-08-11', '2026-08-12'],
  ['TOMORROW', '2026-08-13', '2026-08-14'],
  ['LAST_WEEK', '2026-08-02', '2026-08-09'],
  ['THIS_WEEK', '2026-08-09', '2026-08-16'],
  ['LAST_MONTH', '2026-07-01', '2026-08-01'],
  ['NEXT_MONTH', '2026-09-01', '2026-10-01'],
  ['THIS_QUARTER', '2026-07-01', '2026-10-01'],
  ['LAST_YEAR', '2025-01-01', '2026-01-01'],
  ['LAST_90_DAYS', '2026-05-14', '2026-08-13'],
  ['NEXT_90_DAYS', '2026-08-13', '2026-11-11'],
  ['LAST_N_DAYS:7', '2026-08-05', '2026-08-13'],
  ['NEXT_N_DAYS:2', '2026-08-13', '2026-08-15'],
  ['N_DAYS_AGO:1', '2026-08-11', '2026-08-12'],
  ['LAST_N_WEEKS:2', '2026-07-26', '2026-08-09'],
  ['N_MONTHS_AGO:2', '2026-06-01', '2026-07-01'],
  ['NEXT_N_QUARTERS:1', '2026-10-01', '2027-01-01'],
  ['LAST_N_YEARS:1', '2025-01-01', '2026-01-01'],
] as const)
  test(`${literal} is from ${start} to before ${end}`, () => {
    const day = (text: string) => `${text}T00:00:00.000Z`;
    assert.deepEqual(periodOf(literal, NOW), { start: day(start), end: day(end) });
  });

test('no other word is a date literal', () => {
  for (const word of [
    'NOW',
    'LAST_DAY',
    'THIS_FISCAL_YEAR',
    'LAST_N_DAYS',
    'N_DAYS:3',
    'LAST_N_DAYS_AGO:3',
    'toString',
    'N_YEARS_AGO:99999999999',
  ])
    assert.equal(periodOf(word, NOW), undefined);
});
