import assert from 'node:assert/strict';
import { mkdirSync, readdirSync, writeFileSync } from 'node:fs';
import { hostname } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';
import { startFleet, tamper, writesIn, type Fleet, type Member } from './fleet';
import { workplace } from './workplace';

const place = workplace();
const ONE: Member = { config: { channels: ['Guest_Web_Chat'] } };
const CHANNEL = 'messagingChannels/Guest_Web_Chat.messagingChannel';

const deploymentsTo = (fleet: Fleet, alias: string): number =>
  writesIn(fleet.org(alias)).filter(({ kind }) => kind === 'deploy').length;

const locks = join(place.home, '.sf/user-verification');
const lockOf = (fleet: Fleet, alias: string): string => join(locks, `${fleet.org(alias).orgId.slice(0, 15)}.lock`);

/** Leaves a lock as a run would that is still there, or is not. */
function leaveLock(file: string, holder: { readonly pid: number; readonly host?: string }): void {
  mkdirSync(locks, { recursive: true });
  const since = new Date().toISOString();
  writeFileSync(file, JSON.stringify({ started: '', host: hostname(), since, token: 'other', ...holder }));
}

test('of two runs at once the second waits, finds nothing left to do, and nothing is sent twice', async () => {
  const fleet = await startFleet(place, { both: { ...ONE, latency: { deploy: 2_000 } } });
  const [one, other] = await Promise.all([fleet.deploy(), fleet.deploy()]);
  assert.deepEqual([one.exit, other.exit, deploymentsTo(fleet, 'both')], [0, 0, 1]);
  assert.deepEqual([one.org('both').outcome, other.org('both').outcome].sort(), ['changed', 'unchanged']);
  assert.ok([...one.progress, ...other.progress].some((line) => /waiting for another run \(process \d+/.test(line)));
  assert.deepEqual(readdirSync(locks), []);
});

test('a run that waits in vain refuses, and says for whom it waited', async () => {
  const fleet = await startFleet(place, { held: ONE });
  leaveLock(lockOf(fleet, 'held'), { pid: 1, host: 'another-machine' });
  const { exit, org } = await fleet.deploy({ wait: '1s' });
  assert.deepEqual([exit, org('held').outcome, org('held').error?.code], [1, 'failed', 'org-busy']);
  assert.match(org('held').error?.why ?? '', /Process 1 on another-machine/);
  assert.deepEqual(writesIn(fleet.org('held')), []);
});

test('the lock of a run that is gone does not count', async () => {
  const fleet = await startFleet(place, { stale: ONE });
  leaveLock(lockOf(fleet, 'stale'), { pid: 2 ** 22 + 1 });
  assert.equal((await fleet.deploy({ wait: '1s' })).exit, 0);
});

test("somebody else's deployment is waited for, and the org is planned anew after it", async () => {
  const fleet = await startFleet(place, { busy: { ...ONE, latency: { deploy: 2_500 } } });
  await submitEmpty('busy');
  const { exit, progress } = await fleet.deploy();
  assert.deepEqual([exit, deploymentsTo(fleet, 'busy')], [0, 2]);
  assert.ok(
    progress.some((line) => /busy: waiting for deployment 0Af\w+ of Local Admin, which is InProgress/.test(line)),
  );
});

test("somebody else's deployment that takes too long refuses the run, and nothing is sent", async () => {
  const fleet = await startFleet(place, { long: { ...ONE, latency: { deploy: 60_000 } } });
  await submitEmpty('long');
  const { org } = await fleet.deploy({ wait: '1s' });
  assert.deepEqual([org('long').error?.code, deploymentsTo(fleet, 'long')], ['org-busy', 1]);
});

async function submitEmpty(alias: string): Promise<void> {
  const folder = place.hosts.folder();
  const xml = '<Package xmlns="http://soap.sforce.com/2006/04/metadata"><version>67.0</version></Package>';
  writeFileSync(join(folder, 'package.xml'), `<?xml version="1.0"?>${xml}`);
  const argv = ['--metadata-dir', folder, '--async', '--target-org', alias, '--json'];
  await place.hosts.run('alone', 'project:deploy:start', argv, 60_000);
}

test('an org that somebody changed while the run waited is refused: that plan was never shown', async () => {
  const fleet = await startFleet(place, { moved: { ...ONE, latency: { deploy: 2_000 } } });
  assert.equal((await fleet.deploy()).exit, 0);
  tamper(fleet.org('moved'), CHANNEL, /<masterLabel>.*<\/masterLabel>/, '<masterLabel>First</masterLabel>');
  await submitEmpty('moved');
  let told = false;
  const onProgress = (line: string): void => {
    if (told || !line.includes('waiting for deployment')) return;
    told = true;
    tamper(fleet.org('moved'), CHANNEL, '<masterLabel>First', '<masterLabel>Second');
  };
  const { exit, org } = await fleet.force({ onProgress });
  assert.deepEqual([exit, org('moved').outcome, org('moved').error?.code], [1, 'failed', 'plan-stale']);
  assert.equal(deploymentsTo(fleet, 'moved'), 2);
});

test('--max-failures lets later waves start although orgs failed; --only-failed takes up those alone', async () => {
  const fleet = await startFleet(place, {
    broken: { ...ONE, faults: 'deploy.submit:503@1-', config: { ...ONE.config, wave: 1 } },
    later: { ...ONE, config: { ...ONE.config, wave: 2 } },
  });
  const first = await fleet.deploy({ maxFailures: 1, pauseBetween: '1s', settle: '1s' });
  assert.deepEqual([first.org('broken').outcome, first.org('later').outcome], ['unknown', 'changed']);
  fleet.org('broken').disturb('');
  const second = await fleet.deploy({ onlyFailed: true, settle: '1s' });
  assert.deepEqual([second.exit, second.document.orgs.map(({ alias }) => alias)], [0, ['broken']]);
});
