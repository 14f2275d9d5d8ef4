import assert from 'node:assert/strict';
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { before, describe, test } from 'node:test';
import {
  leftoverFiles,
  findProcesses,
  runProcess,
  startProcess,
  waitUntil,
  type ProcessResult,
  type RunningProcess,
} from './command-process';
import { documentSchemas } from './document-schemas';
import { startFleet, writeEvents, type Fleet } from './fleet';
import { createWorkspace } from './workspace';

const workspace = createWorkspace();
// eslint-disable-next-line no-control-regex -- finding escape sequences is what it is for
const CONTROL_CHARACTERS = /[\u0000-\u0009\u000B-\u001F\u007F]/;

/** Standard output as the one document it has to be. */
function documentOf<T>({ stdout }: ProcessResult, shape: { parse(value: unknown): T }): T {
  return shape.parse(JSON.parse(stdout));
}

/** Nothing runs any more and no file is left of a command that is over. */
async function assertNoLeftovers({ temporaryFolder }: RunningProcess): Promise<void> {
  await waitUntil('every process is gone', () => findProcesses(temporaryFolder).length === 0);
  assert.deepEqual(leftoverFiles(temporaryFolder), []);
}

describe('a command as a user runs it', () => {
  let fleet: Fleet;
  let json: readonly string[];
  before(async () => {
    fleet = await startFleet(workspace, { dev: { config: { channels: ['Guest_Web_Chat'] } } });
    json = ['--project', fleet.project, '--json'];
  });

  test('plan ends with 2 when there are changes; standard output is one document, all else on standard error', async () => {
    const running = startProcess(workspace, 'plan', json, { TERM: 'xterm-256color' });
    const ended = await running.ended;
    const { exitCode, orgs } = documentOf(ended, documentSchemas.plan);
    assert.deepEqual([ended.exit, exitCode, orgs[0]?.status], [2, 2, 'planned']);
    assert.match(ended.stderr, /Guest_Web_Chat goes live/);
    assert.doesNotMatch(ended.stdout + ended.stderr, CONTROL_CHARACTERS);
    await assertNoLeftovers(running);
  });

  test('deploy ends with 0 and a document, and leaves no process and no file', async () => {
    const running = startProcess(workspace, 'deploy', json);
    const ended = await running.ended;
    const { orgs } = documentOf(ended, documentSchemas.deploy);
    assert.deepEqual([ended.exit, orgs[0]?.status, orgs[0]?.deployIds.length], [0, 'changed', 1], ended.stderr);
    await assertNoLeftovers(running);
  });

  test('status without --json is plain text on standard output, without colours or spinners', async () => {
    const { exit, stdout, stderr } = await runProcess(workspace, 'status', [
      '--project',
      fleet.project,
      '--org',
      'dev',
    ]);
    assert.equal(exit, 0);
    assert.match(stdout, /Channel Guest_Web_Chat +in sync[^]*No drift\./);
    assert.match(stderr, /^Reading dev \.\.\.\n {2}dev: unchanged\n$/);
    assert.doesNotMatch(stdout + stderr, CONTROL_CHARACTERS);
  });

  test('status --json ends with a document that holds the matrix', async () => {
    const ended = await runProcess(workspace, 'status', json);
    assert.deepEqual([ended.exit, documentOf(ended, documentSchemas.status).matrix.columns.length], [0, 1]);
  });

  const STOPPED: Readonly<Record<string, readonly [command: string, argv: readonly string[], code: string]>> = {
    'a flag that is not known': ['deploy', ['--force'], 'invalid-flag'],
    'an acceptance that is not known': ['deploy', ['--accept', 'everything'], 'invalid-flag'],
    'an org that is not known': ['plan', ['--org', 'nobody'], 'unknown-org'],
    'a wave that is no number': ['status', ['--wave', 'two'], 'invalid-flag'],
  };
  for (const [what, [command, argv, code]] of Object.entries(STOPPED)) {
    test(`${command} ends with 3 and a document of its own for ${what}`, async () => {
      const asked = fleet.org('dev').log.length;
      const ended = await runProcess(workspace, command, [...argv, ...json]);
      const { error, exitCode } = documentOf(ended, documentSchemas.stopped);
      assert.deepEqual([ended.exit, exitCode, error.code], [3, 3, code]);
      assert.equal(fleet.org('dev').log.length, asked);
    });
  }

  test('check ends with 0, and with 3 when it finds an error; no org is asked', async () => {
    const asked = fleet.org('dev').log.length;
    const fine = await runProcess(workspace, 'check', json);
    fleet.rewrite('sfdx-project.json', /"67\.0"/, '"61.0"');
    const broken = await runProcess(workspace, 'check', json);
    fleet.rewrite('sfdx-project.json', '"61.0"', '"67.0"');
    const { findings } = documentOf(fine, documentSchemas.check);
    assert.deepEqual([fine.exit, findings.filter(({ severity }) => severity !== 'note')], [0, []]);
    assert.deepEqual([broken.exit, documentOf(broken, documentSchemas.check).findings[0]?.rule], [3, 'api-version']);
    assert.equal(fleet.org('dev').log.length, asked);
  });
});

test('a deploy that is killed has the id of its deployment on disk, and its CLI ends with it', async () => {
  const fleet = await startFleet(workspace, {
    slow: { latency: { deploy: 60_000 }, config: { channels: ['Guest_Web_Chat'] } },
  });
  const running = startProcess(workspace, 'deploy', ['--project', fleet.project, '--json']);
  const runs = join(fleet.project, '.runs');
  const journal = (): string =>
    existsSync(runs) ? readFileSync(join(runs, readdirSync(runs)[0] ?? '', 'journal.ndjson'), 'utf8') : '';
  const id = await waitUntil('the id is on disk', () => /"step":"submitted","detail":"(\w+)"/.exec(journal())?.[1]);
  running.child.kill('SIGKILL');
  await running.ended;
  assert.deepEqual(
    writeEvents(fleet.org('slow')).map(({ kind, detail }) => [kind, detail['id']]),
    [['deploy', id]],
  );
  await waitUntil('the hosts are gone', () => findProcesses(running.temporaryFolder).length === 0);
});

for (const signal of ['SIGINT', 'SIGTERM'] as const) {
  test(`a deploy that is followed ends within seconds on ${signal}, says so, and leaves nothing behind`, async () => {
    const fleet = await startFleet(workspace, {
      slow: { latency: { deploy: 60_000 }, config: { channels: ['Guest_Web_Chat'] } },
    });
    const running = startProcess(workspace, 'deploy', ['--project', fleet.project, '--json']);
    let said = '';
    running.child.stderr?.on('data', (chunk: Buffer) => (said += chunk.toString()));
    await waitUntil('the deployment is submitted', () => said.includes('submitted'));
    const asked = Date.now();
    running.child.kill(signal);
    const { exit, stdout } = await running.ended;
    assert.ok(Date.now() - asked < 8_000, `it took ${Date.now() - asked} ms`);
    const { error } = JSON.parse(stdout) as { error?: { code: string } };
    assert.deepEqual([exit, error?.code], [1, 'interrupted']);
    await assertNoLeftovers(running);
  });

  test(`local-org says where its orgs are in one line, serves them, and ends cleanly on ${signal}`, async () => {
    const fleet = await startFleet(workspace, {});
    const argv = ['--json', '--org', `local-${signal}`, '--org', `prod-${signal}`, '--project', fleet.project];
    const running = startProcess(workspace, 'local-org', argv);
    let said = '';
    running.child.stdout?.on('data', (chunk: Buffer) => (said += chunk.toString()));
    const line = await waitUntil('the orgs are ready', () => said.includes('\n') && said);
    const { command, orgs } = JSON.parse(line) as { command: string; orgs: readonly Record<string, string>[] };
    assert.deepEqual([command, orgs.map(({ kind }) => kind)], ['local-org', ['sandbox', 'production']]);
    const url = orgs[0]?.['url'] ?? '';
    assert.equal((await fetch(`${url}/services/data`)).status < 500, true);
    running.child.kill(signal);
    const { exit, stdout, stderr } = await running.ended;
    assert.deepEqual([exit, stdout], [0, line], stderr);
    await assert.rejects(fetch(url));
    await assertNoLeftovers(running);
  });
}
