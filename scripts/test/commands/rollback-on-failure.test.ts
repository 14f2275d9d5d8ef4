import assert from 'node:assert/strict';
import { join } from 'node:path';
import { test } from 'node:test';
import { rollBack } from '../../lib/fleet/roll-back';
import type { Outcome, Plan, Way } from '../../lib/model';
import { orgOf } from '../../lib/run/sealed';
import { readSealed, snapshotPath } from '../../lib/seal';
import { Sf } from '../../lib/sf';
import { startFleet, tamper, writesIn, type Fleet } from './fleet';
import { deafQueue } from './queues';
import type { Ran, Setting } from './ran';
import { differing, heldBy, lastRun } from './runs';
import { workplace } from './workplace';

const place = workplace();
const GUESTS = { config: { channels: ['Guest_Web_Chat'] } };
const CHANNEL = 'messagingChannels/Guest_Web_Chat.messagingChannel';
const SOURCE = `force-app/main/default/${CHANNEL}-meta.xml`;

/** An org that holds everything, and a source that states another life of tokens. */
async function changedSource(): Promise<Fleet> {
  const fleet = await startFleet(place, { dev: GUESTS });
  assert.equal((await fleet.force()).exit, 0);
  fleet.rewrite(SOURCE, '>360<', '>400<');
  return fleet;
}

/** Something that nobody foresaw happens at a step of an org. */
const breakAt =
  (step: string) =>
  (line: string): void => {
    if (line.includes(`dev: ${step}`)) throw new Error('Something broke.');
  };

const deploy = (fleet: Fleet, setting: Setting = {}): Promise<Ran> =>
  fleet.force({ rollbackOnFailure: true, ...setting });
const rolledBack = ({ org }: Ran): unknown => org('dev').checks.find(({ name }) => name === 'rolled back');

test('an org that does not hold what was sent is brought back at once; what is overwritten on the way is named', async () => {
  const fleet = await changedSource();
  const dev = fleet.org('dev');
  const before = heldBy(dev);
  const onProgress = (line: string): void => {
    if (line.includes('dev: deployed') && dev.files().get(CHANNEL)?.includes('>400<'))
      tamper(dev, CHANNEL, '>400<', '>500<');
  };
  const ran = await deploy(fleet, { onProgress });
  const { outcome, error, deployIds } = ran.org('dev');
  assert.deepEqual([ran.exit, outcome, error?.code, deployIds.length], [1, 'failed', 'not-settled', 2]);
  assert.match(
    error?.what ?? '',
    /The org was rolled back and holds what it held before\. Overwritten .*: 400 -> 500\.$/,
  );
  assert.match(JSON.stringify(rolledBack(ran)), /"ok":true/);
  assert.deepEqual(differing(heldBy(dev), before), []);
});

test('a channel that was created is gone again when it could not be activated', async () => {
  const fleet = await startFleet(place, { dev: GUESTS });
  const ran = await deploy(fleet, { onProgress: breakAt('activating') });
  assert.deepEqual([ran.exit, ran.org('dev').outcome, ran.org('dev').error?.code], [1, 'failed', 'internal']);
  assert.deepEqual([...fleet.org('dev').files()], []);
});

test('a deployment that Salesforce refused has nothing to bring back', async () => {
  const fleet = await startFleet(place, { dev: deafQueue });
  const before = heldBy(fleet.org('dev'));
  const ran = await deploy(fleet);
  assert.deepEqual([ran.exit, ran.org('dev').error?.code, ran.org('dev').deployIds.length], [1, 'deploy-failed', 1]);
  assert.match(ran.org('dev').error?.what ?? '', /The org holds what it held before\.$/);
  assert.deepEqual(differing(heldBy(fleet.org('dev')), before), []);
});

test('without the flag nothing is brought back, and the run can be rolled back later', async () => {
  const fleet = await startFleet(place, { dev: GUESTS });
  const ran = await fleet.force({ onProgress: breakAt('publishing') });
  assert.deepEqual([ran.exit, rolledBack(ran)], [1, undefined]);
  assert.ok(fleet.org('dev').files().has(CHANNEL));
  const { exit } = await fleet.run('rollback', { run: lastRun(fleet), accept: ['disruptive'] });
  assert.deepEqual([exit, [...fleet.org('dev').files()]], [0, []]);
});

test('a deployment whose end nobody saw is taken back only where the org holds all of it', async () => {
  const fleet = await changedSource();
  const dev = fleet.org('dev');
  const before = heldBy(dev);
  const { document } = await fleet.force();
  const [org] = readSealed(snapshotPath(join(fleet.project, '.runs', lastRun(fleet)), 'dev'), 'snapshot').orgs;
  const [done] = document.orgs as readonly Outcome[];
  assert.ok(org && done);
  const error = { code: 'deploy-unknown', what: 'Nobody knows.', why: 'It is so.', fix: 'Look.' };
  const failure = {
    desired: { org: orgOf(org), components: new Map() },
    outcome: { ...done, outcome: 'unknown', error } as const,
    way: org.way,
    underWay: true,
  };
  const rollout = {
    ...{ apiVersion: '67.0', concurrency: 1, publishAll: false, progress: () => undefined, done: () => undefined },
    keep: (_plan: Plan, way: Way): Way => way,
  };
  const back = (): Promise<Outcome> => rollBack(new Sf(place.hosts, '67.0'), failure, rollout, () => undefined);
  const held = await back();
  assert.deepEqual([held.outcome, held.checks.at(-1)?.ok, differing(heldBy(dev), before)], ['failed', true, []]);
  const written = writesIn(dev).length;
  const absent = await back();
  assert.deepEqual([absent.outcome, absent.checks.at(-1)?.ok, writesIn(dev).length], ['unknown', false, written]);
  assert.match(
    absent.error?.what ?? '',
    /^Nobody knows\. It was not rolled back, for its deployment may still go on\.$/,
  );
});
