import { commandsIn, parseCommandText } from '../../lib/model';
import assert from 'node:assert/strict';
import { join } from 'node:path';
import { before, test } from 'node:test';
import { documentSchemas } from './document-schemas';
import { runProcess, type ProcessResult } from './command-process';
import { startFleet, type Fleet } from './fleet';
import { latestRunId } from './run-helpers';
import { createWorkspace } from './workspace';

/** Saves, deploys, and rolls back a plan as a pipeline does, with each command in its own process. */

const workspace = createWorkspace();
const CHANNEL = 'messagingChannels/Guest_Web_Chat.messagingChannel';
let fleet: Fleet;
const command = (name: string, ...argv: readonly string[]): Promise<ProcessResult> =>
  runProcess(workspace, name, ['--project', fleet.project, '--json', ...argv]);

before(async () => {
  fleet = await startFleet(workspace, { uat: { config: { channels: ['Guest_Web_Chat'] } } });
  assert.equal((await fleet.deployAccepted()).exit, 0);
  fleet.rewrite(`force-app/main/default/${CHANNEL}-meta.xml`, '>360<', '>720<');
});

test('prints one document per command and restores the org for plan --out, deploy --plan, and rollback --run', async () => {
  const file = join(fleet.project, 'plan.json');
  const start = fleet.org('uat').files().get(CHANNEL);
  const planned = await command('plan', '--out', file);
  assert.equal(documentSchemas.plan.parse(JSON.parse(planned.stdout)).exitCode, 2);
  const deployed = await command('deploy', '--plan', file, '--max-age', '1h', '--wave', '1', '--rollback-on-failure');
  assert.deepEqual(
    documentSchemas.deploy.parse(JSON.parse(deployed.stdout)).orgs.map(({ status }) => status),
    ['changed'],
  );
  assert.match(fleet.org('uat').files().get(CHANNEL) ?? '', />720</);
  const back = await command('rollback', '--run', latestRunId(fleet));
  const { orgs, exitCode } = documentSchemas.rollback.parse(JSON.parse(back.stdout));
  assert.deepEqual([back.exit, exitCode, orgs.map(({ status }) => status)], [0, 0, ['changed']]);
  assert.match(back.stderr, /Rolling back run .*uat: deploying MessagingChannel:Guest_Web_Chat/s);
  assert.equal(fleet.org('uat').files().get(CHANNEL), start);
});

test('exits with 3 and lists the runs for rollback without a run, and its fix runs as it is printed', async () => {
  const { exit, stdout } = await command('rollback');
  const { error } = documentSchemas.stopped.parse(JSON.parse(stdout));
  assert.deepEqual([exit, error.code], [3, 'unknown-run']);
  assert.match(error.why, /newest first: .* \(uat\)/);
  const [name = '', ...argv] = parseCommandText(commandsIn(error.fix)[0] ?? '') ?? [];
  const shown = await runProcess(workspace, name, argv);
  assert.equal(shown.exit, 2, shown.stderr);
  assert.match(shown.stdout, /uat .*: 1 change/);
});
