import assert from 'node:assert/strict';
import { join } from 'node:path';
import { before, test } from 'node:test';
import { contract } from './contract';
import { runCommand, type Ended } from './command-process';
import { startFleet, type Fleet } from './fleet';
import { lastRun } from './runs';
import { workplace } from './workplace';

/** The way of a change through a pipeline and back, each command as npm starts it. */

const place = workplace();
const CHANNEL = 'messagingChannels/Guest_Web_Chat.messagingChannel';
let fleet: Fleet;
const command = (name: string, ...argv: readonly string[]): Promise<Ended> =>
  runCommand(place, name, ['--project', fleet.project, '--json', ...argv]);

before(async () => {
  fleet = await startFleet(place, { uat: { config: { channels: ['Guest_Web_Chat'] } } });
  assert.equal((await fleet.force()).exit, 0);
  fleet.rewrite(`force-app/main/default/${CHANNEL}-meta.xml`, '>360<', '>720<');
});

test('plan --out, deploy --plan, rollback --run: one document each, and the org is where it was', async () => {
  const file = join(fleet.project, 'plan.json');
  const start = fleet.org('uat').files().get(CHANNEL);
  const planned = await command('plan', '--out', file);
  assert.equal(contract.plan.parse(JSON.parse(planned.stdout)).exitCode, 2);
  const deployed = await command('deploy', '--plan', file, '--max-age', '1h', '--wave', '1', '--rollback-on-failure');
  assert.deepEqual(
    contract.deploy.parse(JSON.parse(deployed.stdout)).orgs.map(({ outcome }) => outcome),
    ['changed'],
  );
  assert.match(fleet.org('uat').files().get(CHANNEL) ?? '', />720</);
  const back = await command('rollback', '--run', lastRun(fleet));
  const { orgs, exitCode } = contract.rollback.parse(JSON.parse(back.stdout));
  assert.deepEqual([back.exit, exitCode, orgs.map(({ outcome }) => outcome)], [0, 0, ['changed']]);
  assert.match(back.stderr, /Going back to before .*uat: deploying MessagingChannel:Guest_Web_Chat/s);
  assert.equal(fleet.org('uat').files().get(CHANNEL), start);
});

test('rollback without a run ends with 3 and tells which there are', async () => {
  const { exit, stdout } = await command('rollback');
  const { error } = contract.stopped.parse(JSON.parse(stdout));
  assert.deepEqual([exit, error.code], [3, 'unknown-run']);
  assert.match(error.why, /the last one first: .* \(uat\)/);
});
