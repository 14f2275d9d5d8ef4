import assert from 'node:assert/strict';
import { test, type TestContext } from 'node:test';
import type { PlannedOrg } from '../../lib/rollout';
import type { Check, OrgResult } from '../../lib/model';
import { waveGate } from '../../lib/rollout/org-verifier';
import type { Sf } from '../../lib/sf';

const MINUTE = 60_000;

const check = (name: string, state: 'passed' | 'failed'): Check => ({
  ...{ name, ok: state === 'passed', detail: '', state, part: 'configuration', channel: 'Web_Chat' },
});

const orgResult = (checks: readonly Check[]): OrgResult => ({
  ...{ alias: 'dev', orgId: '', kind: 'sandbox', wave: 1, status: 'changed', changes: [], deployIds: [] },
  checks,
});

/** Waits at the gate for `minutes` while the clock runs; `proofs` are the outcomes of one look after the other. */
async function runGate(t: TestContext, proofs: readonly OrgResult[], minutes: number) {
  t.mock.timers.enable({ apis: ['setTimeout', 'Date'] });
  let attempts = 0;
  const prover = () => Promise.resolve(proofs[Math.min(attempts++, proofs.length - 1)] ?? assert.fail());
  const gate = waveGate(prover, {} as Sf, minutes * MINUTE);
  let ended: OrgResult | undefined;
  const gone = gate({} as PlannedOrg, orgResult([])).then((result) => (ended = result));
  for (let time = 0; !ended && time < 2 * minutes * MINUTE; time += 5000) {
    await Promise.resolve().then(() => Promise.resolve());
    t.mock.timers.tick(5000);
  }
  await gone;
  return { looks: attempts, last: ended };
}

const NOT_PUBLISHED = orgResult([check('published', 'failed')]);
const PUBLISHED = orgResult([check('published', 'passed')]);
const REJECTED = orgResult([check('published', 'passed'), check('accepted', 'failed')]);

test('the gate waits for a publication that arrives late, and lets the org through then', async (t) => {
  const { looks, last } = await runGate(t, [NOT_PUBLISHED, NOT_PUBLISHED, NOT_PUBLISHED, PUBLISHED], 10);
  assert.deepEqual([looks, last], [4, PUBLISHED]);
});

test('it gives up when --publish-timeout is over', async (t) => {
  const { looks, last } = await runGate(t, [NOT_PUBLISHED], 1);
  assert.equal(last, NOT_PUBLISHED);
  assert.ok(looks >= 3 && looks <= 4, String(looks));
});

test('it waits for nothing but a publication', async (t) => {
  const { looks, last } = await runGate(t, [REJECTED, PUBLISHED], 10);
  assert.deepEqual([looks, last], [1, REJECTED]);
});
