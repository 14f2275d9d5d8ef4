import assert from 'node:assert/strict';
import { test, type TestContext } from 'node:test';
import type { Planned } from '../../lib/fleet';
import type { Check, Outcome } from '../../lib/model';
import { gateOf } from '../../lib/run/prove';
import type { Sf } from '../../lib/sf';

const MINUTE = 60_000;

const check = (name: string, state: 'ok' | 'failed'): Check => ({
  ...{ name, ok: state === 'ok', detail: '', state, part: 'configuration', channel: 'Web_Chat' },
});

const outcome = (checks: readonly Check[]): Outcome => ({
  ...{ alias: 'dev', orgId: '', kind: 'sandbox', wave: 1, outcome: 'changed', changes: [], deployIds: [] },
  checks,
});

/** Waits at the gate for `minutes` while the clock runs; `proofs` are the outcomes of one look after the other. */
async function waited(t: TestContext, proofs: readonly Outcome[], minutes: number) {
  t.mock.timers.enable({ apis: ['setTimeout', 'Date'] });
  let looks = 0;
  const prover = () => Promise.resolve(proofs[Math.min(looks++, proofs.length - 1)] ?? assert.fail());
  const gate = gateOf(prover, {} as Sf, minutes);
  let ended: Outcome | undefined;
  const gone = gate({} as Planned, outcome([])).then((result) => (ended = result));
  for (let time = 0; !ended && time < 2 * minutes * MINUTE; time += 5000) {
    await Promise.resolve().then(() => Promise.resolve());
    t.mock.timers.tick(5000);
  }
  await gone;
  return { looks, last: ended };
}

const LATE = outcome([check('published', 'failed')]);
const THERE = outcome([check('published', 'ok')]);
const REFUSED = outcome([check('published', 'ok'), check('accepted', 'failed')]);

test('the gate waits for a publication that arrives late, and lets the org through then', async (t) => {
  const { looks, last } = await waited(t, [LATE, LATE, LATE, THERE], 10);
  assert.deepEqual([looks, last], [4, THERE]);
});

test('it gives up when --verify-wait is over', async (t) => {
  const { looks, last } = await waited(t, [LATE], 1);
  assert.equal(last, LATE);
  assert.ok(looks >= 3 && looks <= 4, String(looks));
});

test('it waits for nothing but a publication', async (t) => {
  const { looks, last } = await waited(t, [REFUSED, THERE], 10);
  assert.deepEqual([looks, last], [1, REFUSED]);
});
