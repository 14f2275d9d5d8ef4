import assert from 'node:assert/strict';
import { join } from 'node:path';
import { test } from 'node:test';
import { startFleet, writesIn, type Fleet } from './fleet';
import type { Setting } from './ran';
import { differing, heldBy, lastRun, runsOf } from './runs';
import { workplace } from './workplace';

const place = workplace();
const GUESTS = { config: { channels: ['Guest_Web_Chat'] } };
const CHANNEL = 'messagingChannels/Guest_Web_Chat.messagingChannel';
const SOURCE = `force-app/main/default/${CHANNEL}-meta.xml`;
const ACCEPTED: Setting = { accept: ['disruptive'] };

/** The run ends at a step as if it was killed there: nothing after it is done. */
const endedAt = (step: string): Setting => ({
  ...ACCEPTED,
  onProgress: (line) => {
    if (line.includes(`dev: ${step}`)) throw new Error('Killed.');
  },
});

const countOf = (fleet: Fleet, what: string): number =>
  writesIn(fleet.org('dev')).filter(({ kind }) => kind === what).length;

/** An org that holds everything, and a run after that changed how long tokens live. */
async function changed(): Promise<{ fleet: Fleet; before: ReturnType<typeof heldBy>; run: string }> {
  const fleet = await startFleet(place, { dev: GUESTS });
  assert.equal((await fleet.force()).exit, 0);
  const before = heldBy(fleet.org('dev'));
  fleet.rewrite(SOURCE, '>360<', '>400<');
  assert.equal((await fleet.force()).exit, 0);
  return { fleet, before, run: lastRun(fleet) };
}

test('a run whose deployment still goes on is only taken back when that is through', async () => {
  const fleet = await startFleet(place, { dev: { ...GUESTS, latency: { deploy: 3_000 } } });
  const broken = await fleet.force(endedAt('submitted'));
  assert.equal(broken.org('dev').outcome, 'unknown');
  const { exit, org } = await fleet.run('rollback', { run: lastRun(fleet), ...ACCEPTED });
  assert.deepEqual([exit, org('dev').outcome, [...fleet.org('dev').files()]], [0, 'changed', []]);
});

test('a rollback that ended before it published does that when it is run again, and sends nothing twice', async () => {
  const { fleet, before, run } = await changed();
  const [deployed, published] = [countOf(fleet, 'deploy'), countOf(fleet, 'publish')];
  assert.equal((await fleet.run('rollback', { run, ...endedAt('publishing') })).exit, 1);
  assert.deepEqual([countOf(fleet, 'deploy'), countOf(fleet, 'publish')], [deployed + 1, published]);
  const again = await fleet.run('rollback', { run });
  assert.deepEqual([again.exit, differing(heldBy(fleet.org('dev')), before)], [0, []]);
  assert.deepEqual([countOf(fleet, 'deploy'), countOf(fleet, 'publish')], [deployed + 1, published + 1]);
  assert.equal((await fleet.run('rollback', { run })).org('dev').outcome, 'unchanged');
  assert.equal(countOf(fleet, 'publish'), published + 1);
});

test('after a rollback that did not come through, --resume goes forward only where the run is named', async () => {
  const { fleet, run } = await changed();
  assert.equal((await fleet.run('rollback', { run, ...endedAt('deploying') })).exit, 1);
  const written = writesIn(fleet.org('dev')).length;
  await assert.rejects(fleet.deploy({ resume: true }), {
    code: 'bad-flag',
    exit: 3,
    why: /a rollback was begun that did not come through: dev/,
    fix: new RegExp(`--resume ${run}`),
  });
  assert.equal(writesIn(fleet.org('dev')).length, written);
  assert.equal((await fleet.deploy({ resume: run })).exit, 0);
  assert.equal((await fleet.run('rollback', { run, settle: '1s' })).exit, 0);
  assert.equal((await fleet.deploy({ resume: true })).exit, 0, 'the rollback is through');
});

test('a run of a sealed plan is gone on with by that plan alone, and sends nothing twice', async () => {
  const fleet = await startFleet(place, { dev: GUESTS });
  const [plan, other] = ['plan.json', 'other.json'].map((name) => join(fleet.project, name)) as [string, string];
  await fleet.plan({ out: plan });
  assert.equal((await fleet.deploy({ plan, ...endedAt('activating') })).exit, 1);
  fleet.rewrite(SOURCE, '>360<', '>400<');
  await fleet.plan({ out: other });
  await assert.rejects(fleet.deploy({ resume: true }), { code: 'bad-flag', exit: 3 });
  await assert.rejects(fleet.deploy({ resume: true, plan: other }), { code: 'bad-flag', exit: 3, why: /sealed at/ });
  const { exit, org } = await fleet.deploy({ resume: true, plan });
  assert.deepEqual([exit, org('dev').outcome, countOf(fleet, 'deploy')], [0, 'changed', 1]);
  assert.match(fleet.org('dev').files().get(CHANNEL) ?? '', />360</);
  assert.deepEqual([countOf(fleet, 'publish'), runsOf(fleet).length], [1, 1]);
});
