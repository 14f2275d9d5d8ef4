import assert from 'node:assert/strict';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, test } from 'node:test';
import type { Context } from '../../../lib/cli';
import { runRollback, type RollbackFlags } from '../../../lib/commands/rollback';
import { asToolError, type ToolError } from '../../../lib/errors';
import type { CliWorkerPool } from '../../../lib/sf';

const parent = mkdtempSync(join(tmpdir(), 'rollback-'));
after(() => rmSync(parent, { recursive: true }));

const runName = (number: number): string => `2026-11-22T12-00-${String(number).padStart(2, '0')}-000Z-abcdef`;

/** The error of a rollback in a project with this number of runs, each with a snapshot of dev. */
function errorOf(runs: number, run?: string): Promise<ToolError> {
  const project = mkdtempSync(join(parent, 'project-'));
  for (let number = 1; number <= runs; number++) {
    const folder = join(project, '.runs', runName(number), 'snapshots');
    mkdirSync(folder, { recursive: true });
    writeFileSync(join(folder, 'dev.json'), '{}');
  }
  const flags = { org: [], project, json: false, ...(run !== undefined && { run }) };
  const context = { flags, now: new Date() } as unknown as Context<RollbackFlags>;
  return runRollback(context, {} as CliWorkerPool).then(() => assert.fail('no error'), asToolError);
}

test('without a run, a rollback lists the 10 newest runs with their orgs, and the next command', async () => {
  const { code, exit, what, why, fix } = await errorOf(12);
  const newest = [12, 11, 10, 9, 8, 7, 6, 5, 4, 3].map((number) => `${runName(number)} (dev)`);
  assert.deepEqual([code, exit, what], ['unknown-run', 3, 'Choose a run.']);
  assert.equal(why, `Runs with snapshots, newest first: ${newest.join('; ')}.`);
  assert.equal(fix, `To see the plan of a rollback: npm run rollback -- --run ${runName(12)} --dry-run`);
});

test('a rollback of an unknown run, or without any runs, is rejected', async () => {
  assert.equal((await errorOf(1, 'other')).what, 'No run "other" to roll back.');
  assert.match((await errorOf(0)).why, /^No run in .* changed an org\.$/);
});
