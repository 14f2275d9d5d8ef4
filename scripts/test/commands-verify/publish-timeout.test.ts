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

/** Runs the gate with a mocked clock. `results` are the results of successive verifications. */
async function runGate(t: TestContext, results: readonly OrgResult[], minutes: number) {
  t.mock.timers.enable({ apis: ['setTimeout', 'Date'] });
  let attempts = 0;
  const verifyOrg = () => Promise.resolve(results[Math.min(attempts++, results.length - 1)] ?? assert.fail());
  const gate = waveGate(verifyOrg, {} as Sf, minutes * MINUTE);
  let ended: OrgResult | undefined;
  const done = gate({} as PlannedOrg, orgResult([])).then((result) => (ended = result));
  for (let time = 0; !ended && time < 2 * minutes * MINUTE; time += 5000) {
    await Promise.resolve().then(() => Promise.resolve());
    t.mock.timers.tick(5000);
  }
  await done;
  return { attempts, last: ended };
}

const NOT_PUBLISHED = orgResult([check('published', 'failed')]);
const PUBLISHED = orgResult([check('published', 'passed')]);
const REJECTED = orgResult([check('published', 'passed'), check('accepted', 'failed')]);

test('waits until the chat deployment is published and then passes the org', async (t) => {
  const { attempts, last } = await runGate(t, [NOT_PUBLISHED, NOT_PUBLISHED, NOT_PUBLISHED, PUBLISHED], 10);
  assert.deepEqual([attempts, last], [4, PUBLISHED]);
});

test('fails after --publish-timeout', async (t) => {
  const { attempts, last } = await runGate(t, [NOT_PUBLISHED], 1);
  assert.equal(last, NOT_PUBLISHED);
  assert.ok(attempts >= 3 && attempts <= 4, String(attempts));
});

test('fails immediately for a check other than published', async (t) => {
  const { attempts, last } = await runGate(t, [REJECTED, PUBLISHED], 10);
  assert.deepEqual([attempts, last], [1, REJECTED]);
});
