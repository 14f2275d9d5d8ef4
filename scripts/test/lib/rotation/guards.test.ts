import assert from 'node:assert/strict';
import { test } from 'node:test';
import {
  clockGuard,
  deleteGuard,
  formatMoment,
  retireGuard,
  switchGuard,
  type StepRefusal,
} from '../../../lib/rotation/guards';
import type { Rotation } from '../../../lib/rotation';
import { sampleRotation, HOUR } from './fake-backend';

const START = Date.parse(sampleRotation().startedAt);
const after = (hours: number): Date => new Date(START + hours * HOUR);
const text = (hours: number): string => after(hours).toISOString();
const staged = (rest: Partial<Rotation> = {}): Rotation =>
  sampleRotation({ targets: { one: { stagedAt: text(1) }, two: { stagedAt: text(2) } }, ...rest });
const TARGETS = ['one', 'two'];
const SECOND = 1 / 3600;

const earliestOf = (refusal: StepRefusal | undefined): string | undefined => refusal?.earliest?.toISOString();

test('rejects each step if the clock is behind the last recorded time, and names that time', () => {
  for (const guard of [clockGuard, retireGuard])
    assert.equal(earliestOf(guard(staged({ switchedAt: text(5) }), after(5 - SECOND))), text(5));
  assert.equal(earliestOf(switchGuard(staged(), TARGETS, after(2 - SECOND))), text(2));
  assert.equal(clockGuard(staged({ switchedAt: text(5) }), after(5)), undefined);
});

test('allows the signer to switch immediately for uploaded keys, and after the cache time for an endpoint', () => {
  assert.equal(switchGuard(staged(), TARGETS, after(2)), undefined);
  const served = staged({ delivery: 'endpoint', cacheHours: 24 });
  assert.equal(earliestOf(switchGuard(served, TARGETS, after(26 - SECOND))), text(26));
  assert.equal(switchGuard(served, TARGETS, after(26)), undefined);
});

test('rejects the switch while a target, including one added later, lacks the new key', () => {
  assert.match(switchGuard(staged(), [...TARGETS, 'three'], after(9))?.why ?? '', /isn't staged in three/);
  assert.match(switchGuard(staged(), [], after(9))?.why ?? '', /isn't staged in any target/);
});

test('retires the old key after the last token has expired and the cache time has passed, not a second earlier', () => {
  const switched = staged({ switchedAt: text(3), tokenLifetimeMinutes: 90, cacheHours: 72 });
  assert.equal(earliestOf(retireGuard(switched, after(76.5 - SECOND))), text(76.5));
  assert.equal(retireGuard(switched, after(76.5)), undefined);
});

test('does not retire the old key before the signer has switched, unless it is compromised', () => {
  assert.match(retireGuard(staged(), after(1000))?.why ?? '', /switch isn't confirmed/);
  assert.equal(retireGuard(staged({ compromised: true }), after(2)), undefined);
});

test('deletes a key only after it is retired in every target', () => {
  const half = staged({ targets: { one: { retiredAt: text(4) }, two: {} } });
  assert.match(deleteGuard(half, TARGETS, after(9))?.why ?? '', /isn't retired in two/);
  assert.equal(deleteGuard(staged({ targets: { one: { retiredAt: text(4) } } }), ['one'], after(9)), undefined);
});

const { newKey: _, ...withoutNewKey } = staged();
const KEYS = 'npm run keys -- rotate';

/** Refusals with their reason and fix. Times are those of the sample rotation, which starts on 2026-10-01. */
const REFUSALS: readonly (readonly [refusal: StepRefusal | undefined, why: RegExp, fix: string])[] = [
  [
    switchGuard(staged(), TARGETS, after(1)),
    /behind the last recorded step \(2026-10-01 02:00:00 UTC\)/,
    'Correct the clock, or wait until 2026-10-01 02:00:00 UTC.',
  ],
  [
    switchGuard(staged({ delivery: 'endpoint', cacheHours: 24 }), TARGETS, after(3)),
    /^Caches may lack the new key for 24 hours/,
    'Wait until 2026-10-02 02:00:00 UTC.',
  ],
  [switchGuard(staged(), ['one', 'x', 'y'], after(9)), /isn't staged in x, y,/, `Run: ${KEYS} check Customers`],
  ...[switchGuard(withoutNewKey, TARGETS, after(9)), deleteGuard(withoutNewKey, TARGETS, after(9))].map(
    (refusal) =>
      [
        refusal,
        /^The rotation has no new key\.$/,
        `Create a key (npm run keys -- new NAME --private-key FILE), then stage it: ${KEYS} stage Customers --new-key NAME`,
      ] as const,
  ),
  [
    retireGuard(staged({ switchedAt: text(3), tokenLifetimeMinutes: 90, cacheHours: 72 }), after(4)),
    /valid for 90 minutes after the switch, and caches are allowed 72 hours/,
    'Wait until 2026-10-04 04:30:00 UTC.',
  ],
  [
    retireGuard(staged(), after(9)),
    /^The switch isn't confirmed/,
    `After the signer uses the new key everywhere, run: ${KEYS} switch Customers --confirm`,
  ],
  [deleteGuard(staged(), TARGETS, after(9)), /isn't retired in one, two\.$/, `Run: ${KEYS} retire Customers`],
];

for (const [refusal, why, fix] of REFUSALS)
  test(`a refusal names the next step: ${fix}`, () => {
    assert.match(refusal?.why ?? '', why);
    assert.equal(refusal?.fix, fix);
  });

test('a printed time is never earlier than the actual time', () => {
  assert.equal(formatMoment(new Date('2026-11-22T20:24:00.001Z')), '2026-11-22 20:24:01 UTC');
  assert.equal(formatMoment(new Date('2026-11-22T20:24:00.000Z')), '2026-11-22 20:24:00 UTC');
});
