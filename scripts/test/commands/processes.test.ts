import assert from 'node:assert/strict';
import { existsSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { createServer, type Server } from 'node:https';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { after, before, describe, test } from 'node:test';
import { issueCertificate, serverIdentity } from '../lib/http/test-certificates';
import { startProxy, type TestProxy } from '../lib/http/test-proxy';
import {
  leftoverFiles,
  findProcesses,
  runProcess,
  startProcess,
  startWithNpm,
  waitUntil,
  type ProcessResult,
  type RunningProcess,
} from './command-process';
import { inspect } from 'node:util';
import { runCalibrate } from '../../lib/calibrate';
import { runClientKit } from '../../lib/client-kit';
import { runMonitor } from '../../lib/commands/monitor';
import { runExplain } from '../../lib/commands/token-explain';
import { runImport } from '../../lib/import';
import { runPostRefresh } from '../../lib/commands/post-refresh';
import { runDoctor, runSetup } from '../../lib/setup';
import { CliWorkerPool } from '../../lib/sf';
import { runTokenServer } from '../../lib/token-server';
import { runKeysCommand, type KeysCommandFlags } from '../commands-keys/run-keys-command';
import { runInProcess, testContext, type CommandName } from './run-command';
import { parseJobDocument } from '../../lib/pipeline/job-document';
import { documentSchemas, type OrgDocument } from './document-schemas';
import { startFleet, writeEvents, type Fleet } from './fleet';
import { latestRunId } from './run-helpers';
import { createWorkspace } from './workspace';
import { moveLogin } from './wrong-login';

const workspace = createWorkspace();
// eslint-disable-next-line no-control-regex -- matches escape sequences on purpose
const CONTROL_CHARACTERS = /[\u0000-\u0009\u000B-\u001F\u007F]/;

/** Parses standard output, which must be exactly one document. */
function documentOf<T>({ stdout }: ProcessResult, shape: { parse(value: unknown): T }): T {
  return shape.parse(JSON.parse(stdout));
}

/** Asserts that no process and no temporary file of a completed command exists. */
async function assertNoLeftovers({ temporaryFolder }: RunningProcess): Promise<void> {
  await waitUntil('every process is gone', () => findProcesses(temporaryFolder).length === 0);
  assert.deepEqual(leftoverFiles(temporaryFolder), []);
}

describe('command in its own process', () => {
  let fleet: Fleet;
  let json: readonly string[];
  before(async () => {
    fleet = await startFleet(workspace, { dev: { config: { channels: ['Guest_Web_Chat'] } } });
    json = ['--project', fleet.project, '--json'];
  });

  test('exits with 2 for a plan with changes and prints only one document to stdout', async () => {
    const running = startProcess(workspace, 'plan', json, { TERM: 'xterm-256color' });
    const ended = await running.ended;
    const { exitCode, orgs } = documentOf(ended, documentSchemas.plan);
    assert.deepEqual([ended.exit, exitCode, orgs[0]?.status], [2, 2, 'planned']);
    assert.match(ended.stderr, /Activates Guest_Web_Chat\./);
    assert.doesNotMatch(ended.stdout + ended.stderr, CONTROL_CHARACTERS);
    await assertNoLeftovers(running);
  });

  test('exits with 0 after a deploy and leaves no process or file', async () => {
    const running = startProcess(workspace, 'deploy', json);
    const ended = await running.ended;
    const { orgs } = documentOf(ended, documentSchemas.deploy);
    assert.deepEqual([ended.exit, orgs[0]?.status, orgs[0]?.deployIds.length], [0, 'changed', 1], ended.stderr);
    await assertNoLeftovers(running);
  });

  test('prints plain text without colors or spinners for status without --json', async () => {
    const { exit, stdout, stderr } = await runProcess(workspace, 'status', [
      '--project',
      fleet.project,
      '--org',
      'dev',
    ]);
    assert.equal(exit, 0);
    assert.match(stdout, /Channel Guest_Web_Chat +in sync[^]*No drift in \d+ orgs?\./);
    assert.match(stderr, /^Reading dev \.\.\.\n {2}dev: unchanged\n$/);
    assert.doesNotMatch(stdout + stderr, CONTROL_CHARACTERS);
  });

  test('prints a document with the matrix for status --json', async () => {
    const ended = await runProcess(workspace, 'status', json);
    assert.deepEqual([ended.exit, documentOf(ended, documentSchemas.status).matrix.columns.length], [0, 1]);
  });

  const STOPPED: Readonly<Record<string, readonly [command: string, argv: readonly string[], code: string]>> = {
    'an unknown flag': ['deploy', ['--force'], 'invalid-flag'],
    'an unknown --accept value': ['deploy', ['--accept', 'everything'], 'invalid-flag'],
    'a wave delay that is no duration': ['deploy', ['--all', '--wave-delay=-5s'], 'invalid-flag'],
    'a token budget without --verify': ['deploy', ['--all', '--token-budget', '60/1m'], 'invalid-flag'],
    'an unknown org': ['plan', ['--org', 'nobody'], 'unknown-org'],
    'an unknown org, but no flags of verify': ['deploy', ['--org', 'nobody'], 'unknown-org'],
    'a wave that is not a number': ['status', ['--wave', 'two'], 'invalid-flag'],
  };
  for (const [what, [command, argv, code]] of Object.entries(STOPPED)) {
    test(`exits ${command} with 3 and an error document for ${what}`, async () => {
      const asked = fleet.org('dev').log.length;
      const ended = await runProcess(workspace, command, [...argv, ...json]);
      const { error, exitCode } = documentOf(ended, documentSchemas.stopped);
      assert.deepEqual([ended.exit, exitCode, error.code], [3, 3, code]);
      assert.equal(fleet.org('dev').log.length, asked);
    });
  }

  test('exits check with 0, or with 3 for an error, without contacting an org', async () => {
    const asked = fleet.org('dev').log.length;
    const fine = await runProcess(workspace, 'check', json);
    fleet.rewrite('sfdx-project.json', /"67\.0"/, '"61.0"');
    const broken = await runProcess(workspace, 'check', json);
    fleet.rewrite('sfdx-project.json', '"61.0"', '"67.0"');
    const { findings } = documentOf(fine, documentSchemas.check);
    assert.deepEqual([fine.exit, findings.filter(({ severity }) => severity !== 'note')], [0, []]);
    const errors = documentOf(broken, documentSchemas.check).findings.filter(({ severity }) => severity === 'error');
    assert.deepEqual([broken.exit, errors.map(({ rule }) => rule)], [3, ['api-version']]);
    assert.equal(fleet.org('dev').log.length, asked);
  });
});

test('writes the job ID to disk and ends the CLI workers when a deploy is killed', async () => {
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
  await waitUntil('the workers are gone', () => findProcesses(running.temporaryFolder).length === 0);
});

/**
 * How a deploy is stopped, and the exit code that the caller sees. It is null if npm ends by the signal: its shell ended by
 * SIGTERM, which npm repeats, and npm doesn't handle SIGHUP.
 */
const STOPS = {
  'SIGINT to the command': { start: startProcess, signal: 'SIGINT', exit: 1 },
  'SIGTERM to the command': { start: startProcess, signal: 'SIGTERM', exit: 1 },
  'SIGHUP to the command': { start: startProcess, signal: 'SIGHUP', exit: 1 },
  'SIGTERM to npm': { start: startWithNpm, signal: 'SIGTERM', exit: null },
  'SIGHUP to npm': { start: startWithNpm, signal: 'SIGHUP', exit: null },
  'SIGKILL to npm': { start: startWithNpm, signal: 'SIGKILL', exit: null },
} as const;

for (const [name, { start, signal, exit }] of Object.entries(STOPS)) {
  test(`a deploy that is stopped by ${signal} (${name}) names its job and leaves nothing behind`, async () => {
    const fleet = await startFleet(workspace, {
      slow: { latency: { deploy: 60_000 }, config: { channels: ['Guest_Web_Chat'] } },
    });
    const running = start(workspace, 'deploy', ['--project', fleet.project, '--json']);
    let output = '';
    running.child.stderr?.on('data', (chunk: Buffer) => (output += chunk.toString()));
    await waitUntil('the deploy is submitted', () => output.includes('submitted'));
    running.child.kill(signal);
    // The output ends when the last process that writes to it has ended.
    const ended = await running.ended;
    const [run = ''] = readdirSync(join(fleet.project, '.runs'));
    const journal = readFileSync(join(fleet.project, '.runs', run, 'journal.ndjson'), 'utf8');
    const id = /"step":"submitted","detail":"(\w+)"/.exec(journal)?.[1] ?? 'no job ID';
    const text = ended.stderr.replace(/\s+/g, ' ');
    assert.equal(ended.exit, exit, ended.stderr);
    assert.match(text, new RegExp(`Error \\(interrupted\\): Run ${run} was stopped\\.`));
    assert.match(text, new RegExp(`keep running in Salesforce: slow \\(${id}\\)\\.`));
    assert.match(text, new RegExp(`To resume the run: npm run deploy -- --resume ${run}`));
    if (start === startProcess) {
      const document = JSON.parse(ended.stdout) as { run: string; orgs: readonly OrgDocument[] };
      const orgs = document.orgs.map(({ alias, status, deployIds }) => [alias, status, deployIds]);
      assert.deepEqual([document.run, orgs], [run, [['slow', 'unknown', [id]]]]);
      assert.ok(parseJobDocument(ended.stdout));
    }
    await assertNoLeftovers(running);
  });
}

for (const signal of ['SIGINT', 'SIGTERM'] as const) {
  test(`prints the local orgs in one line, serves them, and stops on ${signal}`, async () => {
    const fleet = await startFleet(workspace, {});
    const argv = ['--json', '--org', `local-${signal}`, '--org', `prod-${signal}`, '--project', fleet.project];
    const running = startProcess(workspace, 'local-org', argv);
    let output = '';
    running.child.stdout?.on('data', (chunk: Buffer) => (output += chunk.toString()));
    const line = await waitUntil('the orgs are ready', () => output.includes('\n') && output);
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

/** A rotation of the sample keys. */
const ROTATED = { newKey: 'Customer_Identity_2026_B', oldKey: 'Customer_Identity_2026_A' };

describe('a proxy', () => {
  const HOST = 'far.my.salesforce.com';
  const ENDPOINT = 'login.example.com';
  const hosts: string[] = [];
  let proxy: TestProxy;
  let server: Server;
  let authorities: string;
  before(async () => {
    proxy = await startProxy();
    const root = await issueCertificate({ subject: 'Test root' });
    const names = [HOST, ENDPOINT, 'login.salesforce.com', 'test.salesforce.com'];
    const identity = await serverIdentity(await issueCertificate({ subject: HOST, hosts: names, issuer: root }));
    authorities = join(workspace.folder, 'authorities.pem');
    writeFileSync(authorities, root.certificate.toString('pem'));
    server = createServer(identity, (request, response) => {
      hosts.push(request.headers.host ?? '');
      response.writeHead(403, { 'content-type': 'application/json' }).end('[{"errorCode":"X","message":"No access."}]');
    });
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    proxy.tunnelTo = (server.address() as AddressInfo).port;
  });
  after(() => {
    proxy.close();
    server.closeAllConnections();
    server.close();
  });

  test('gets every request that leaves this machine, and none to this machine', async () => {
    const fleet = await startFleet(workspace, { far: { config: { channels: ['Guest_Web_Chat', 'Web_Chat'] } } });
    const { username } = fleet.org('far');
    const logins = [{ alias: 'far', username, clientId: 'client', instanceUrl: `https://${HOST}` }];
    const environment = {
      HTTPS_PROXY: proxy.url,
      HTTP_PROXY: proxy.url,
      NODE_EXTRA_CA_CERTS: authorities,
      SF_LOGINS: JSON.stringify(logins),
      SF_JWT_KEY: readFileSync(workspace.loginKeyFile, 'utf8'),
    };
    /** The exit code of a command, the first host that it reached through the proxy, and its output. */
    const reach = async (name: string, ...argv: readonly string[]) => {
      proxy.log.length = hosts.length = 0;
      const { exit, stderr } = await runProcess(workspace, name, [...argv, '--project', fleet.project], environment);
      assert.ok(
        proxy.log.every((line) => line.startsWith('CONNECT ')),
        proxy.log.join(),
      );
      return [exit, proxy.log[0], hosts[0], stderr] as const;
    };

    assert.deepEqual((await reach('plan', '--org', 'far')).slice(0, 3), [2, undefined, undefined]);
    assert.equal((await fleet.deployAccepted()).exit, 0);
    moveLogin(workspace, fleet.org('far'), `https://${HOST}`);
    await reachInProcess(fleet.project, environment, latestRunId(fleet));
    const commands: readonly (readonly [host: string, name: string, ...argv: readonly string[]])[] = [
      [HOST, 'deploy', '--org', 'far'],
      [HOST, 'login', '--org', 'far', '--key-file', join(workspace.folder, 'proxy.key')],
      [ENDPOINT, 'keys', 'check-endpoint', 'Customer_Identity_Endpoint'],
    ];
    for (const [host, ...command] of commands) {
      const [exit, target, served, output] = await reach(...command);
      assert.deepEqual([target, served], [`CONNECT ${host}:443`, host], `${command.join(' ')}: ${output}`);
      assert.notEqual(exit, 0, 'the server denies access');
    }
  });

  /** Every other command that contacts an org or a provider. They run in this process with one worker, to save time. */
  async function reachInProcess(
    project: string,
    environment: Readonly<Record<string, string>>,
    runId: string,
  ): Promise<void> {
    const saved = { ...process.env };
    Object.assign(process.env, environment);
    const pool = new CliWorkerPool({ home: workspace.home, size: 1 });
    const org = ['far'];
    const run = (name: CommandName) => runInProcess(name, project, pool, { org });
    const keys = (flags: KeysCommandFlags) => runKeysCommand(project, flags, pool, true);
    const context = (flags: object): never => {
      const output = { shown: [], documents: [], progress: [], questions: [] };
      return testContext(project, { org, all: false, ...flags }, output) as never;
    };
    const address = `https://${ENDPOINT}`;
    const provider = { exchange: address, exchangeAudience: 'shop', privateKey: workspace.loginKeyFile, issuer: 'x' };
    const server = { org: [], kid: 'k', customer: [], allowOrigin: [], port: 0, allowLoopback: false };
    const commands: Readonly<Record<string, readonly [host: string, run: () => Promise<unknown>]>> = {
      plan: [HOST, () => run('plan')],
      status: [HOST, () => run('status')],
      verify: [HOST, () => run('verify')],
      rollback: [HOST, () => runInProcess('rollback', project, pool, { org, run: runId, accept: ['disruptive'] })],
      import: [HOST, () => runImport(context({ channel: [], write: false }), pool)],
      'client-kit': [HOST, () => runClientKit(context({ client: [], channel: [] }), pool)],
      'post-refresh': [HOST, () => runPostRefresh(context({}), pool)],
      monitor: [HOST, () => runMonitor(context({ since: '1h', maxDrop: '5', within: 30 }), pool)],
      doctor: [HOST, () => runDoctor(context({}), pool)],
      setup: [HOST, () => runSetup(context({ channel: [], site: [] }), pool)],
      calibrate: [HOST, () => runCalibrate(context({ runs: '.runs' }), pool)],
      'keys list': [HOST, () => keys({ verb: 'list', org })],
      'keys rotate': [HOST, () => keys({ verb: 'rotate', step: 'stage', name: 'Customer_Identity', ...ROTATED })],
      'token explain': [
        HOST,
        () => runExplain(context({ verb: 'explain', fromOrg: true }), 'UNKNOWN_EXCEPTION', (use) => use(pool)),
      ],
      'keys provider': [ENDPOINT, () => keys({ verb: 'provider', name: address })],
      'keys import': [ENDPOINT, () => keys({ verb: 'import', name: 'Far_Key', from: `${address}/jwks.json` })],
      'token-server --exchange': [ENDPOINT, () => runTokenServer(context({ ...server, ...provider }))],
    };
    try {
      for (const [name, [host, runCommand]] of Object.entries(commands)) {
        proxy.log.length = hosts.length = 0;
        const result = await runCommand().catch((thrown: unknown) => thrown);
        // A tunnel is used for several requests. The hosts have no address, so they are only reached through the proxy.
        const reached = [...proxy.log.map((line) => line.replace(/^CONNECT (.*):443$/, '$1')), ...hosts];
        assert.deepEqual([...new Set(reached)], [host], `${name}: ${inspect(result)}`);
      }
    } finally {
      await pool.stop();
      for (const name of Object.keys(environment)) delete process.env[name];
      Object.assign(process.env, saved);
    }
  }
});
