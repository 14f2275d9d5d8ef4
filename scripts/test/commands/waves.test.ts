import assert from 'node:assert/strict';
import { generateKeyPairSync } from 'node:crypto';
import { test } from 'node:test';
import { orgIdOf, startLocalOrg } from '../../local-org/index';
import { startFleet, writeEvents, type Fleet, type OrgSetup } from './fleet';
import { rejectedQueueOrg } from './rejected-queue';
import { shareWorkspace } from './workspace';

const workspace = shareWorkspace();
const CONFIG = { channels: ['Guest_Web_Chat'] };
const inWave = (wave: number, more: OrgSetup = {}): OrgSetup => ({
  ...more,
  config: { ...CONFIG, ...more.config, wave },
});

test('starts a wave after every org of the previous wave is read back', async () => {
  let tick = Date.now();
  const now = (): Date => new Date(++tick);
  const fleet = await startFleet(workspace, {
    second: inWave(2, { now }),
    first: inWave(1, { now }),
    beside: inWave(1, { now }),
    third: inWave(3, { now }),
  });
  assert.equal((await fleet.deploy()).exit, 0);
  const began = (alias: string): string => writeEvents(fleet.org(alias))[0]?.at ?? '';
  const ended = (alias: string): string => fleet.org(alias).log.at(-1)?.at ?? '';
  assert.ok(ended('first') < began('second') && ended('beside') < began('second'));
  assert.ok(ended('second') < began('third'));
  assert.equal(fleet.org('first').log.at(-1)?.kind, 'query', 'the last step of a wave reads its orgs');
});

test('deploys only the selected wave with --wave', async () => {
  const fleet = await startFleet(workspace, { first: inWave(1), second: inWave(2) });
  const { exit, document } = await fleet.deploy({ wave: 2 });
  assert.deepEqual([exit, document.orgs.map(({ alias }) => alias)], [0, ['second']]);
  assert.deepEqual(writeEvents(fleet.org('first')), []);
});

/** A cause why an org can't be deployed, and the expected status, error code, and exit code. */
const FAILURES: Readonly<Record<string, readonly [(fleet: Fleet) => unknown, string, string, number]>> = {
  unknown: [(fleet) => fleet.configure('unknown', orgFile('unknown')), 'unreachable', 'login-missing', 4],
  refusing: [rejectLogin, 'unreachable', 'login-refused', 4],
  lacking: [
    (fleet) => fleet.add('lacking', { config: { ...CONFIG, existing: ['Queue:Nowhere'] } }),
    'failed',
    'missing-in-org',
    1,
  ],
};

const orgFile = (alias: string) => ({ ...CONFIG, orgId: orgIdOf(alias), kind: 'sandbox' });

/** Restarts the org at the same URL with another login key. */
async function rejectLogin(fleet: Fleet): Promise<void> {
  await fleet.add('refusing', { config: CONFIG });
  const { port, alias } = fleet.org('refusing');
  await fleet.org('refusing').close();
  const { publicKey: loginKey } = generateKeyPairSync('rsa', { modulusLength: 2048 });
  const back = await startLocalOrg({ alias, kind: 'sandbox', port, loginKey });
  workspace.onCleanup(() => back.close());
}

for (const [alias, [breaks, outcome, code, exit]] of Object.entries(FAILURES)) {
  test(`deploys the other orgs of the wave and skips later waves when an org is ${alias}`, async () => {
    const fleet = await startFleet(workspace, { beside: inWave(1), later: inWave(2), last: inWave(3) });
    await breaks(fleet);
    const planned = await fleet.plan();
    assert.deepEqual([planned.exit, planned.org(alias).status, planned.org(alias).error?.code], [exit, outcome, code]);
    assert.deepEqual([planned.org('beside').status, planned.org('later').status], ['planned', 'planned']);
    const { exit: ended, org } = await fleet.deploy();
    assert.deepEqual([ended, org(alias).status, org('beside').status], [exit, outcome, 'changed']);
    for (const waiting of ['later', 'last']) {
      assert.deepEqual([org(waiting).status, org(waiting).error?.code], ['skipped', 'wave-skipped']);
      assert.deepEqual(writeEvents(fleet.org(waiting)), []);
    }
    assert.match(org('later').error?.why ?? '', /wave 1/);
  });
}

test('reports an unreachable org and plans the other orgs without waiting for it', async () => {
  const fleet = await startFleet(workspace, { far: inWave(1), near: inWave(1) });
  await fleet.org('far').close();
  const start = Date.now();
  let waited = Number.POSITIVE_INFINITY;
  const onProgress = (line: string): void => void (line.includes('near: planned') && (waited = Date.now() - start));
  const { exit, org } = await fleet.plan({ onProgress });
  assert.deepEqual([exit, org('far').status, org('far').error?.code], [4, 'unreachable', 'org-unreachable']);
  assert.equal(org('near').status, 'planned');
  assert.ok(waited < 8_000, `near waited ${waited} ms`);
});

test('skips wave 2 when Salesforce rejects the deploy of an org in wave 1', async () => {
  const fleet = await startFleet(workspace, {
    first: inWave(1, rejectedQueueOrg),
    beside: inWave(1),
    second: inWave(2),
  });
  const { exit, org } = await fleet.deploy();
  assert.deepEqual(
    [exit, ...['first', 'beside', 'second'].map((alias) => org(alias).status)],
    [1, 'failed', 'changed', 'skipped'],
  );
});
