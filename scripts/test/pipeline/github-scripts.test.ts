import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { cpSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, test } from 'node:test';
import { PROJECT } from '../gates/list-files';
import { shouldRun } from './workflow-expression';
import { readWorkflow } from './workflow-runner';

const folder = mkdtempSync(join(tmpdir(), 'hub-'));
after(() => rmSync(folder, { recursive: true }));
cpSync(join(PROJECT, 'scripts/test/pipeline/gh'), join(folder, 'gh'));

/** Runs a workflow script with the emulated GitHub CLI. */
function runScript(name: string, argv: readonly string[], env: Readonly<Record<string, string>>): number {
  const { status, stderr } = spawnSync('bash', [join(PROJECT, '.github/scripts', name), ...argv], {
    cwd: folder,
    encoding: 'utf8',
    env: {
      PATH: `${folder}:${process.env['PATH'] ?? ''}`,
      GH_TOKEN: 'token',
      GITHUB_REPOSITORY: 'acme/chat',
      GITHUB_SERVER_URL: 'https://github.example',
      GITHUB_RUN_ID: '7',
      ...env,
    },
  });
  assert.equal(stderr, '');
  return status ?? -1;
}

interface HubState {
  readonly comments: readonly { readonly body: string }[];
  readonly issues: readonly { readonly open: boolean; readonly body: string }[];
}
const readState = (): HubState => JSON.parse(readFileSync(join(folder, 'state.json'), 'utf8')) as HubState;
const writeFixture = (name: string, text: string): void => writeFileSync(join(folder, name), text);

test('updates one comment of each kind in a pull request', () => {
  const env = { PULL_REQUEST: '12' };
  writeFixture('plan.md', '<!-- user-verification:plan -->\nfirst');
  runScript('comment.sh', ['plan.md'], env);
  writeFixture('check.md', '<!-- user-verification:check -->\nother');
  runScript('comment.sh', ['check.md'], env);
  writeFixture('plan.md', '<!-- user-verification:plan -->\nsecond');
  runScript('comment.sh', ['plan.md'], env);
  assert.deepEqual(
    readState().comments.map(({ body }) => body.split('\n')[1]),
    ['second', 'other'],
  );
  assert.equal(runScript('comment.sh', ['missing.md'], env), 0, 'a missing file causes no comment');
});

test("keeps a user's comment that starts like a comment of the pipeline", () => {
  const comments = [{ id: 1, type: 'User', body: '<!-- user-verification:plan -->\nApprove this' }];
  writeFixture('state.json', JSON.stringify({ comments, issues: [], labels: [] }));
  writeFixture('plan.md', '<!-- user-verification:plan -->\nfirst');
  runScript('comment.sh', ['plan.md'], { PULL_REQUEST: '12' });
  assert.deepEqual(
    readState().comments.map(({ body }) => body.split('\n')[1]),
    ['Approve this', 'first'],
  );
  writeFixture('state.json', JSON.stringify({ comments: [], issues: [], labels: [] }));
});

test('opens an issue once, updates it, and closes it when the problem is solved', () => {
  const runIssue = (CODE: string): number =>
    runScript('issue.sh', ['monitor', 'User verification needs attention', 'monitor.md'], { CODE });
  const issues = (): readonly (readonly [boolean, string | undefined])[] =>
    readState().issues.map(({ open, body }) => [open, body.split('\n')[0]]);
  assert.equal(runIssue('2'), 0);
  assert.deepEqual(issues(), [[true, 'The command ended before it wrote a report.']]);
  writeFixture('monitor.md', '# Report');
  assert.equal(runIssue('4'), 1, 'exit code 4 fails the job');
  assert.deepEqual(issues(), [[true, '# Report']]);
  assert.equal(runIssue('0'), 0);
  assert.deepEqual(issues(), [[false, '# Report']]);
});

test('keeps the artifact of the last attempt of each job, and earlier ones with results', () => {
  const artifacts: Readonly<Record<string, string | undefined>> = {
    'outcome-wave-1-job-1-attempt-1': '{ "command": "deploy", "orgs": [] }',
    'outcome-wave-1-job-1-attempt-2': '{ "command": "deploy", "or',
    'outcome-wave-1-job-1-attempt-3': '{ "command": "deploy", "error": {} }',
    'outcome-wave-1-job-1-attempt-4': undefined,
    'outcome-wave-1-job-1-attempt-10': '',
    'outcome-wave-1-job-10-attempt-1': '',
  };
  for (const [name, text] of Object.entries(artifacts)) {
    mkdirSync(join(folder, 'outcomes', name), { recursive: true });
    if (text !== undefined) writeFixture(`outcomes/${name}/deploy.json`, text);
  }
  assert.equal(runScript('last-attempts.sh', ['outcomes'], {}), 0);
  const [first, , , , last, other] = Object.keys(artifacts);
  assert.deepEqual(readdirSync(join(folder, 'outcomes')).sort(), [first, last, other].sort());
});

test('runs only the check for a pull request from a fork, which gets no secrets', () => {
  const { jobs } = readWorkflow(PROJECT, '.github/workflows/pull-request.yml');
  const context = (from: string) => ({
    contexts: { github: { repository: 'acme/chat', event: { pull_request: { head: { repo: { full_name: from } } } } } },
    failed: false,
  });
  assert.equal(shouldRun(jobs['plan']?.if, context('acme/chat')), true);
  assert.equal(shouldRun(jobs['plan']?.if, context('mallory/chat')), false);
});

test('starts a wave only after a plan with changes and when no earlier wave failed', () => {
  const { jobs } = readWorkflow(PROJECT, '.github/workflows/main.yml');
  const starts = (changes: string, first: string, second: string, orgs = '{"include":[{}]}'): boolean =>
    shouldRun(jobs['wave-3']?.if, {
      contexts: {
        needs: {
          plan: { outputs: { changes, wave_3: orgs } },
          'wave-1': { result: first },
          'wave-2': { result: second },
        },
      },
      failed: first !== 'success' || second !== 'success',
    });
  assert.equal(starts('true', 'success', 'success'), true);
  assert.equal(starts('true', 'success', 'skipped'), true, 'a skipped wave does not block the next one');
  assert.equal(starts('true', 'failure', 'skipped'), false);
  assert.equal(starts('true', 'success', 'failure'), false);
  assert.equal(starts('false', 'success', 'success'), false, 'no wave starts without changes');
  assert.equal(starts('true', 'success', 'success', '{"include":[]}'), false);
});
