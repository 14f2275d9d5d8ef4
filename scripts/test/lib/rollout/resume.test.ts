import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { appendFileSync, readFileSync } from 'node:fs';
import { hostname } from 'node:os';
import { basename, join } from 'node:path';
import { test } from 'node:test';
import { setTimeout as pause } from 'node:timers/promises';
import type { Context } from '../../../lib/cli';
import type { ToolError } from '../../../lib/errors';
import { commandsIn } from '../../../lib/model';
import { writePlanFile } from '../../../lib/plan';
import { readResumableRun, recoverBefore, type ResumeFlags } from '../../../lib/rollout/resume';
import { deployResumeCommand, journaledFlags } from '../../../lib/rollout/run-flags';
import { parseRecommended } from '../command-definitions';
import { addJob, fakeDev, ORG } from '../org/org-samples';
import { readRun } from '../../../lib/rollout';
import { AT, header, runsFolder, step, writeRun } from './journal-fixture';

const TIMEOUTS = { lock: 0, submit: 0 };

const contextOf = (runs: string, flags: Partial<Context<ResumeFlags>['flags']> = {}): Context<ResumeFlags> =>
  ({ flags: { project: runs, org: [], runs: '.', ...flags } }) as unknown as Context<ResumeFlags>;

const orgsOf = (runs: string, flags: Partial<Context<ResumeFlags>['flags']>): readonly string[] | undefined =>
  readResumableRun(contextOf(runs, flags), 'deploy')?.orgs.map(({ alias }) => alias);

/** One org for each result, and one without a result. */
function mixedRun(): string {
  const runs = runsFolder();
  const results = ['changed', 'unchanged', 'failed', 'skipped', 'unreachable', 'unknown'];
  writeRun(runs, '1', header([...results, 'interrupted']), ...results.map((each) => step(each, each)));
  return runs;
}

test('a run of its own has nothing to resume', () => {
  assert.equal(orgsOf(mixedRun(), {}), undefined);
  assert.equal(orgsOf(mixedRun(), { onlyFailed: false }), undefined);
});

test('--resume selects the incomplete orgs of the run', () => {
  const orgs = ['failed', 'skipped', 'unreachable', 'unknown', 'interrupted'];
  assert.deepEqual(orgsOf(mixedRun(), { resume: true }), orgs);
  assert.deepEqual(orgsOf(mixedRun(), { resume: '1' }), orgs);
});

test('--only-failed omits the skipped orgs', () => {
  assert.deepEqual(orgsOf(mixedRun(), { onlyFailed: true }), ['failed', 'unreachable', 'unknown', 'interrupted']);
});

test('--org selects orgs of the resumed run', () => {
  assert.deepEqual(orgsOf(mixedRun(), { resume: true, org: ['skipped', 'changed'] }), ['skipped']);
});

test('--resume fails if there is no run', () => {
  assert.throws(() => orgsOf(runsFolder(), { resume: true }), { code: 'unknown-run' });
});

/** The identity of another process. (Linux: proc(5), stat) */
function identityOf(pid: number): object {
  const stat = readFileSync(`/proc/${pid}/stat`, 'utf8');
  const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
  return { pid, started: fields[19], host: hostname() };
}

/** A run that another process writes. */
function runOf(process: object): string {
  const runs = runsFolder();
  const { run, ...first } = header(['dev']) as { readonly run: object };
  writeRun(runs, '1', { ...first, run: { ...run, process } }, step('dev', 'submitted', '0Af000000000001AAA'));
  return runs;
}

const LINUX = { skip: process.platform !== 'linux' };

test('--resume fails while the run is at work, instead of saying that nothing is left', LINUX, () => {
  const running = runOf(identityOf(process.ppid));
  assert.throws(
    () => orgsOf(running, { resume: true }),
    ({ code, exit, fix }: ToolError) => {
      assert.deepEqual([code, exit], ['org-busy', 1]);
      return parseRecommended(commandsIn(fix)[0] ?? '').name === 'runs';
    },
  );
});

test('--resume continues a run whose process was killed and not waited for', LINUX, async () => {
  // The shell starts a process, prints its ID, and becomes a program that never waits for it.
  const shell = spawn('sh', ['-c', 'sleep 30 & echo $!; exec sleep 30'], { stdio: ['ignore', 'pipe', 'ignore'] });
  try {
    const [output] = (await once(shell.stdout, 'data')) as [Buffer];
    const pid = Number(output.toString());
    const killed = identityOf(pid);
    while (readFileSync(`/proc/${shell.pid}/comm`, 'utf8') !== 'sleep\n') await pause(10);
    process.kill(pid, 'SIGKILL');
    while (!/\) Z /.test(readFileSync(`/proc/${pid}/stat`, 'utf8'))) await pause(10);
    assert.deepEqual(orgsOf(runOf(killed), { resume: true }), ['dev']);
  } finally {
    shell.kill();
  }
});

/** A run of a saved plan and that plan, created at `createdAt`. */
function planRun(createdAt = AT): { readonly runs: string; readonly plan: string } {
  const runs = runsFolder();
  const plan = join(runs, 'plan.json');
  writePlanFile(plan, { kind: 'plan', createdAt: new Date(createdAt), apiVersion: '67.0', orgs: [], unplanned: [] });
  writeRun(runs, '1', header(['dev'], { from: 'plan', planCreatedAt: AT }));
  return { runs, plan };
}

test('a run of a saved plan is resumed only with the same plan', () => {
  const { runs, plan } = planRun();
  assert.deepEqual(orgsOf(runs, { resume: true, plan }), ['dev']);
  assert.throws(() => orgsOf(runs, { resume: true }), { code: 'invalid-flag', exit: 3, fix: /--resume 1 --plan FILE/ });
  const other = planRun('2026-11-02T10:00:00.000Z');
  assert.throws(() => orgsOf(runs, { resume: true, plan: other.plan }), { code: 'invalid-flag', why: /2026-11-02/ });
});

test('a run of the project is resumed only without a plan', () => {
  const { plan } = planRun();
  assert.throws(() => orgsOf(mixedRun(), { resume: true, plan }), {
    code: 'invalid-flag',
    fix: /^To resume it: npm run deploy -- --resume \d+( --runs \S+)?$/,
  });
});

/** A run that verifies with a token command and watches its orgs more closely than the defaults do. */
function verifyingRun(): string {
  const runs = runsFolder();
  const resumeCommand = deployResumeCommand({ verify: true, tokenCommand: 'issue --for "$CLIENT"' });
  const flags = journaledFlags({ verify: true, rollbackOnFailure: true, maxFailures: 2 });
  writeRun(runs, '1', header(['dev', 'uat'], { resumeCommand, flags }), step('dev', 'changed'), step('uat', 'failed'));
  return runs;
}

test('a run that verifies with tokens is not resumed without them, and the error has the complete command', () => {
  const complete = `npm run deploy -- --resume 1 --verify --token-command 'issue --for "$CLIENT"'`;
  for (const resume of [true, '1'] as const)
    assert.throws(
      () => orgsOf(verifyingRun(), { resume }),
      ({ code, exit, fix }: ToolError) => {
        assert.deepEqual([code, exit], ['invalid-flag', 3]);
        return fix.startsWith(`To resume it: ${complete}. `) && fix.includes('--no-verify');
      },
    );
  assert.throws(() => orgsOf(verifyingRun(), { resume: '1', verify: true }), { code: 'invalid-flag' });
});

test('a run that verifies with tokens is resumed with a source of tokens, with --no-verify, and as a dry run', () => {
  for (const flags of [{ tokenCommand: 'x' }, { privateKey: ['k.pem'] }, { verify: false }, { dryRun: true }])
    assert.deepEqual(orgsOf(verifyingRun(), { resume: '1', ...flags }), ['uat']);
});

test('a run without remaining work needs no source of tokens', () => {
  assert.deepEqual(orgsOf(verifyingRun(), { resume: '1', org: ['dev'] }), []);
});

test('a resumed run has the flags and the command of the last plan of its run', () => {
  const runs = verifyingRun();
  const read = () => readResumableRun(contextOf(runs, { resume: '1', tokenCommand: 'x' }), 'deploy');
  assert.deepEqual(read()?.flags, { verify: true, rollbackOnFailure: true, maxFailures: 2 });
  const resumeCommand = deployResumeCommand({ verify: true, tokenCommand: 'other' });
  const second = header(['uat'], { resumeCommand, flags: { waveDelay: '1m' } });
  appendFileSync(join(runs, '1', 'journal.ndjson'), `${JSON.stringify(second)}\n`);
  assert.deepEqual([read()?.flags, read()?.resumeCommand], [{ waveDelay: '1m' }, resumeCommand]);
});

test('the last run is not resumed after an incomplete rollback, but the run with the given ID is', () => {
  const runs = mixedRun();
  writeRun(runs, '2', header(['failed'], { command: 'rollback' }), step('failed', 'failed'));
  assert.throws(() => orgsOf(runs, { resume: true }), { code: 'invalid-flag', why: /failed/, fix: /--resume 1/ });
  assert.equal(orgsOf(runs, { resume: '1' })?.length, 5);
  const seen = { '1': 7, '2': 2 };
  writeRun(runs, '3', header(['failed'], { command: 'rollback', seen }), step('failed', 'changed'));
  assert.deepEqual(orgsOf(runs, { resume: true }), ['skipped', 'unreachable', 'unknown', 'interrupted']);
});

test('an earlier incomplete rollback does not prevent a resume', () => {
  const runs = runsFolder();
  writeRun(runs, '1', header(['dev'], { command: 'rollback' }), step('dev', 'failed'));
  writeRun(runs, '2', header(['dev']), step('dev', 'failed'));
  assert.deepEqual(orgsOf(runs, { resume: true }), ['dev']);
});

test('--resume without an ID selects the latest incomplete run, not the latest run', () => {
  const runs = runsFolder();
  writeRun(runs, '1', header(['dev']), step('dev', 'failed'));
  writeRun(runs, '2', header(['uat']), step('uat', 'failed'));
  writeRun(runs, '3', header(['qa']), step('qa', 'changed'));
  assert.deepEqual(orgsOf(runs, { resume: true }), ['uat']);
  assert.deepEqual(orgsOf(runs, { resume: true, org: ['dev'] }), ['dev']);
  assert.deepEqual(orgsOf(runs, { resume: '1' }), ['dev']);
});

test('--resume without an ID returns the latest run without orgs if no run is incomplete', () => {
  const runs = runsFolder();
  writeRun(runs, '1', header(['dev']), step('dev', 'changed'));
  const run = readResumableRun(contextOf(runs, { resume: true }), 'deploy');
  assert.deepEqual([basename(run?.folder ?? ''), run?.orgs], ['1', []]);
});

/** The steps that a recovery in an org reports. The run that recovers has its journal in another folder. */
function recoverWith(runs: string, own = 'other') {
  const steps: string[] = [];
  const recover = recoverBefore(contextOf(runs), TIMEOUTS, {
    journal: { folder: join(runs, own) },
    recordStep: (alias, name, detail) => steps.push(`${alias} ${name} ${detail ?? ''}`),
  });
  return { steps, recover };
}

test('recoverBefore follows the pending jobs of the org in any run, but not those of an org with another ID', async () => {
  const runs = runsFolder();
  const { sf, org } = fakeDev();
  const id = `${addJob(org, ['Queue:Chat'])}`;
  writeRun(runs, '1', header(['dev']), step('dev', 'deploying', 'Queue:Chat'), step('dev', 'submitted', id));
  writeRun(runs, '2', header(['dev'], { seen: { '1': 3 } }), step('dev', 'unchanged'));
  const { steps, recover } = recoverWith(runs);
  await recover(sf, { ...ORG, orgId: '00D000000000002EAA' });
  assert.deepEqual(steps, []);
  await recover(sf, ORG);
  assert.deepEqual(steps, [`dev deployed ${id}`]);
});

test('recoverBefore follows no job of another org than the one in the org file', async () => {
  const runs = runsFolder();
  const { sf, org } = fakeDev();
  org.orgId = '00D000000000009EAA';
  writeRun(runs, '1', header(['dev']), step('dev', 'deploying', 'Queue:Chat'), step('dev', 'submitted', '0Af1'));
  const { steps, recover } = recoverWith(runs);
  await assert.rejects(recover(sf, ORG), { code: 'org-mismatch' });
  assert.deepEqual([steps, org.detailsOf('report'), readRun(runs, 'deploy', '1').lines], [[], [], 3]);
});

test('recoverBefore without a pending job reads only the deploy jobs, and reports no error of another org', async () => {
  const { sf, org } = fakeDev();
  const { recover } = recoverWith(runsFolder());
  await recover(sf, ORG);
  assert.equal(org.detailsOf('query').length, 1);
  org.startOtherJob();
  await assert.rejects(recover(sf, ORG), { code: 'org-busy' });
  org.orgId = '00D000000000009EAA';
  await assert.rejects(recover(sf, ORG), { code: 'org-mismatch' });
});

test('recoverBefore writes the result of a job to the journal of its run', async () => {
  const runs = runsFolder();
  const { sf, org } = fakeDev();
  const id = `${addJob(org, ['Queue:Chat'])}`;
  const lines = [header(['dev']), step('dev', 'deploying', 'Queue:Chat'), step('dev', 'submitted', id)];
  writeRun(runs, '1', ...lines);
  await recoverWith(runs, '1').recover(sf, ORG);
  assert.equal(readRun(runs, 'deploy', '1').lines, 3, "the recorder writes to the run's own journal");
  await recoverWith(runs).recover(sf, ORG);
  const { lines: count, orgs } = readRun(runs, 'deploy', '1');
  assert.deepEqual([count, orgs[0]?.deploy?.settled, orgs[0]?.lines], [4, true, 2]);
});
