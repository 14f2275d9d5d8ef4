import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { DesiredState } from '../../../lib/model';
import { planFleet, type PlanOptions } from '../../../lib/rollout';
import { FakeSf } from '../fake-sf';
import { API_VERSION, desiredState, ORG, queue } from '../org/org-samples';

const CHAT = queue('Chat', 'Chat');
const FILES = { 'queues/Chat.queue': '<Queue><name>Chat</name></Queue>' };
const ALIASES = ['a', 'b', 'c', 'd'];

function fleetOf(setups: ConstructorParameters<typeof FakeSf>[0]) {
  const sf = new FakeSf(setups);
  const desired = Object.keys(setups).map((alias): DesiredState => {
    const { orgId } = sf.org(alias);
    return { ...desiredState(CHAT), org: { ...ORG, alias, orgId } };
  });
  const plan = (options: Partial<PlanOptions> = {}) =>
    planFleet(sf, desired, { apiVersion: API_VERSION, onResult: () => undefined, ...options });
  return { sf, desired, plan };
}

test('plans each org and reports each result; one failure does not affect the others', async () => {
  const { sf, plan } = fleetOf({ a: {}, b: {}, c: { files: FILES } });
  sf.org('b').fail('query', 'unreachable');
  const results: string[] = [];
  const fleet = await plan({ onResult: ({ alias, status }) => results.push(`${alias} ${status}`) });
  assert.deepEqual(
    fleet.map(({ result }) => result.status),
    ['planned', 'unreachable', 'unchanged'],
  );
  assert.deepEqual(results.sort(), ['a planned', 'b unreachable', 'c unchanged']);
});

for (const [concurrency, expected] of [
  [undefined, 4],
  [1, 1],
  [2, 2],
] as const)
  test(`reads ${expected} of 4 orgs at a time with the concurrency ${String(concurrency)}`, async () => {
    const { plan } = fleetOf(Object.fromEntries(ALIASES.map((alias) => [alias, {}])));
    let [reading, most] = [0, 0];
    const beforeRead = async (): Promise<void> => {
      most = Math.max(most, ++reading);
      await new Promise((resolve) => setImmediate(resolve));
      reading--;
    };
    const fleet = await plan({ concurrency, beforeRead });
    assert.deepEqual(
      fleet.map(({ desired }) => desired.org.alias),
      ALIASES,
    );
    assert.equal(most, expected);
  });

test('plans no org without orgs', async () => {
  assert.deepEqual(await fleetOf({}).plan(), []);
});

test('an error of beforeRead becomes the result of the org, and the org is not read', async () => {
  const { sf, plan } = fleetOf({ a: {} });
  const [planned] = await plan({ beforeRead: () => Promise.reject(new Error('before')) });
  assert.deepEqual([planned?.result.status, planned?.plan], ['failed', undefined]);
  assert.deepEqual(sf.org('a').detailsOf('retrieve'), []);
});

test('rejects an org with another ID than its org file declares', async () => {
  const { sf, desired } = fleetOf({ a: {} });
  const other = desired.map((each) => ({ ...each, org: { ...each.org, orgId: '00D000000000009EAA' } }));
  const [planned] = await planFleet(sf, other, { apiVersion: API_VERSION, onResult: () => undefined });
  assert.deepEqual([planned?.result.status, planned?.result.error?.code], ['unreachable', 'org-mismatch']);
});

test('does not call beforeRead for another org than the one in the org file', async () => {
  const { sf, plan } = fleetOf({ a: {} });
  sf.org('a').orgId = '00D000000000009EAA';
  let called = false;
  const beforeRead = (): Promise<void> => {
    called = true;
    return Promise.resolve();
  };
  const [planned] = await plan({ beforeRead });
  assert.deepEqual([planned?.result.error?.code, called], ['org-mismatch', false]);
});

test('rejects an org without a component that its org file lists under "existing"', async () => {
  const { sf, desired } = fleetOf({ a: {} });
  const existing = (...keys: string[]) => desired.map((each) => ({ ...each, org: { ...each.org, existing: keys } }));
  const errorOf = async (...keys: string[]) =>
    (await planFleet(sf, existing(...keys), { apiVersion: API_VERSION, onResult: () => undefined }))[0]?.result.error;
  assert.deepEqual(
    [(await errorOf('Flow:A'))?.code, (await errorOf('Flow:A'))?.what],
    ['missing-in-org', 'Flow:A doesn\'t exist in "a". Nothing was deployed to it.'],
  );
  assert.match((await errorOf('Flow:A', 'Flow:B'))?.what ?? '', /^Flow:A, Flow:B don't exist/);
});

test('rejects a transition whose start differs from the live state, unless conflicts are ignored', async () => {
  const { sf, desired } = fleetOf({ a: { files: FILES } });
  const state = (label: string, partial: boolean) => ({
    ...{ components: new Map([['Queue:Chat', queue('Chat', label)] as const]), channels: new Map(), partial },
  });
  const plan = async (from: string, to: string, ignoreConflicts = false, partial = true) => {
    const transition = { from: state(from, false), to: state(to, partial), publish: [], ignoreConflicts };
    const target = desired.map((each) => ({ ...each, transition }));
    return (await planFleet(sf, target, { apiVersion: API_VERSION, onResult: () => undefined }))[0]?.result;
  };
  assert.equal((await plan('Chat', 'Talk'))?.status, 'planned');
  assert.equal((await plan('Old', 'Chat'))?.status, 'unchanged');
  const stale = await plan('Old', 'New');
  assert.deepEqual(
    [stale?.status, stale?.error?.code, stale?.error?.why],
    ['failed', 'plan-stale', 'Queue:Chat name: Old -> Chat'],
  );
  assert.match(stale?.error?.fix ?? '', /npm run plan -- --out FILE/);
  assert.match((await plan('Old', 'New', false, false))?.error?.fix ?? '', /--ignore-conflicts/);
  assert.equal((await plan('Old', 'New', true))?.status, 'planned');
});
