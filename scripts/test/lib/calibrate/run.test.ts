import assert from 'node:assert/strict';
import { cpSync, existsSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test, type TestContext } from 'node:test';
import { listExperiments, runCalibrate, type CalibrateFlags } from '../../../lib/calibrate/run';
import type { CommonFlags, Context } from '../../../lib/cli';
import type { ToolError } from '../../../lib/errors';
import { readEvidence, writeEvidence } from '../../../lib/evidence';
import type { LocalOrgOptions } from '../../../local-org/options';
import { PROJECT } from '../../gates/list-files';
import { startTestOrg } from '../../local-org/client';
import { capturedContext, type CapturedOutput } from '../captured-context';
import type { FakeSf } from '../fake-sf';
import { fakeWorkers } from '../fake-workers';
import { LocalSf } from './local-sf';

type Flags = Partial<CommonFlags & CalibrateFlags> & { readonly answer?: boolean };

/** Runs the command in this process on a local org without the CLI. */
async function startRun(t: TestContext, options: Partial<LocalOrgOptions> = {}) {
  const client = await startTestOrg(t, { alias: 'sandbox', ...options });
  const project = mkdtempSync(join(tmpdir(), 'calibrate-'));
  t.after(() => rmSync(project, { recursive: true, force: true }));
  for (const name of ['sfdx-project.json', 'force-app', 'member-site'])
    cpSync(join(PROJECT, name), join(project, name), { recursive: true });
  const local = new LocalSf({ sandbox: client }, project);
  const run = async (flags: Flags) => {
    const output: CapturedOutput = { shown: [], documents: [], progress: [], questions: [] };
    const exit = await runCalibrate(contextOf(project, flags, output), fakeWorkers(local as unknown as FakeSf));
    return { exit, output, document: JSON.parse(output.documents[0] ?? '{}') as CalibrateDocument };
  };
  return { client, project, local, run };
}

interface CalibrateDocument {
  readonly exitCode: number;
  readonly results: readonly { readonly id: string; readonly status: string; readonly answer?: string }[];
}

const contextOf = (project: string, { answer, ...flags }: Flags, output: CapturedOutput): Context<CalibrateFlags> =>
  capturedContext(
    { org: ['sandbox'], json: true, runs: '.runs', ...flags, project },
    output,
    answer === undefined ? {} : { answer },
  );

test('answers the selected questions, deletes what it created, and writes no evidence about a local org', async (t) => {
  const { client, project, run } = await startRun(t);
  const { exit, output, document } = await run({ only: ['bad-token', 'nbf', 'crit'], skip: ['crit'], yes: true });
  assert.equal(exit, 0);
  assert.deepEqual(
    document.results.map(({ id, status, answer }) => [id, status, answer]),
    [
      ['bad-token', 'answered', 'rejected'],
      ['nbf', 'answered', 'checked'],
      ['crit', 'skipped', undefined],
    ],
  );
  assert.match(
    output.shown.at(-1) ?? '',
    /^3 experiments: 2 answered, 0 inconclusive, 1 skipped\. No evidence was written/,
  );
  assert.deepEqual([...client.org.files().keys()], []);
  assert.deepEqual(existsSync(join(project, '.runs')) ? readdirSync(join(project, '.runs')) : [], []);
  assert.ok(!client.org.log.some(({ kind, detail }) => kind === 'exchange' && 'conversation' in detail));
});

test('writes what it found in a real org, without IDs and hosts, and reports evidence of other orgs that differs', async (t) => {
  const { client, project, local, run } = await startRun(t);
  const { orgId, url } = client.org;
  const login = { username: 'admin@example.com', instanceUrl: 'https://acme--lab.sandbox.my.salesforce.com', orgId };
  local.loginOf = () => Promise.resolve(login);
  mkdirSync(join(project, 'config/orgs'), { recursive: true });
  const orgFile = { orgId, kind: 'sandbox', channels: ['Web_Chat'], scrt2URL: url };
  writeFileSync(join(project, 'config/orgs/sandbox.json'), JSON.stringify(orgFile));
  const earlier = {
    id: 'nbf',
    question: 'Is nbf checked?',
    observation: 'It was.',
    apiVersion: '66.0',
    date: '2026-01-01',
  };
  writeEvidence(project, 'other', [{ ...earlier, answer: 'ignored' }]);
  const { output } = await run({ only: ['nbf', 'aud'], yes: true });
  const [, sandbox] = readEvidence(project);
  assert.deepEqual(
    sandbox?.answers.map(({ id, answer }) => [id, answer]),
    [
      ['aud', 'ignored'],
      ['nbf', 'checked'],
    ],
  );
  const text = readFileSync(join(project, sandbox?.file ?? ''), 'utf8');
  for (const secret of [orgId, 'acme', '127.0.0.1', 'eyJ']) assert.ok(!text.includes(secret), secret);
  assert.ok(output.shown.includes('Conflicting evidence about nbf: ignored in other; checked in sandbox.'));
});

test('rejects an endpoint that Salesforce does not accept, and says where it must reach a valid one', async (t) => {
  const { run } = await startRun(t);
  for (const endpoint of [
    ...['http://id.example.com', 'id.example.com', 'https://id.example.com/?a=b'],
    ...['https://user:pass@id.example.com', 'https://id.example.com/#a'],
  ])
    await assert.rejects(run({ endpoint, yes: true }), (error: ToolError) => {
      assert.deepEqual([error.code, error.exit, error.what.includes(endpoint)], ['invalid-flag', 3, false]);
      return true;
    });
  const { output, document } = await run({
    endpoint: 'https://id.example.com/',
    listen: 0,
    only: ['nbf', 'jwks-alg'],
    skip: ['jwks-alg'],
    yes: true,
  });
  assert.match(output.shown.join('\n'), /Salesforce must reach them at https:\/\/id\.example\.com\/\./);
  assert.deepEqual(
    document.results.map(({ status }) => status),
    ['answered', 'skipped'],
  );
});

test('refuses an org that its org file does not name', async (t) => {
  const { client, project, run } = await startRun(t);
  mkdirSync(join(project, 'config/orgs'), { recursive: true });
  const orgFile = { orgId: '00D000000000001EAA', kind: 'sandbox', channels: ['Web_Chat'] };
  writeFileSync(join(project, 'config/orgs/sandbox.json'), JSON.stringify(orgFile));
  await assert.rejects(run({ yes: true }), { code: 'org-mismatch', exit: 4 });
  assert.ok(!client.org.log.some(({ kind }) => kind === 'deploy'));
});

test('refuses a production org, and creates nothing', async (t) => {
  const { client, run } = await startRun(t, { kind: 'production' });
  await assert.rejects(run({ yes: true }), { code: 'not-accepted', exit: 1 });
  assert.ok(!client.org.log.some(({ kind }) => kind === 'deploy'));
});

test('creates nothing without a confirmation', async (t) => {
  const { client, run } = await startRun(t);
  await assert.rejects(run({}), { code: 'not-accepted' });
  await assert.rejects(run({ answer: false }), { code: 'not-accepted' });
  assert.ok(!client.org.log.some(({ kind }) => kind === 'deploy'));
});

test('needs exactly one org, and known experiments', async (t) => {
  const { run } = await startRun(t);
  await assert.rejects(run({ org: [], yes: true }), { code: 'invalid-flag' });
  await assert.rejects(run({ org: ['sandbox', 'other'], yes: true }), { code: 'invalid-flag' });
  await assert.rejects(run({ only: ['nothing'], yes: true }), { code: 'invalid-flag' });
  await assert.rejects(run({ only: ['nbf'], skip: ['nbf'], yes: true }), /All selected experiments are skipped/);
  await assert.rejects(run({ only: ['jwks-alg'], yes: true }), /All selected experiments are skipped/);
});

test('refuses an org with leftovers, and deletes them with --clean-up', async (t) => {
  const { client, project, local, run } = await startRun(t);
  local.publish = () => Promise.reject(Object.assign(new Error('killed'), { code: 'internal' }));
  local.deploy = stopAfter(local, 2);
  await assert.rejects(run({ only: ['nbf'], yes: true }));
  assert.notDeepEqual([...client.org.files().keys()], []);
  assert.deepEqual(readdirSync(join(project, '.runs')).length, 1);
  await assert.rejects(run({ only: ['nbf'], yes: true }), { code: 'already-exists' });
  local.deploy = LocalSf.prototype.deploy.bind(local);
  assert.equal((await run({ cleanUp: true, yes: true })).exit, 0);
  assert.deepEqual([...client.org.files().keys()], []);
  assert.deepEqual(readdirSync(join(project, '.runs')), []);
});

/** The deploys of a process that is killed after some: no later one reaches the org. */
function stopAfter(local: LocalSf, count: number): LocalSf['deploy'] {
  let done = 0;
  return (alias, files) =>
    ++done > count ? Promise.reject(new Error('killed')) : LocalSf.prototype.deploy.call(local, alias, files);
}

test('lists each experiment with its question and answers', () => {
  const output: CapturedOutput = { shown: [], documents: [], progress: [], questions: [] };
  assert.equal(listExperiments(contextOf('', {}, output)), 0);
  const { experiments } = JSON.parse(output.documents[0] ?? '{}') as { experiments: { id: string; source: string }[] };
  assert.ok(experiments.length > 0 && experiments.every(({ source }) => source !== ''));
});
