import assert from 'node:assert/strict';
import { cpSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { leftoverFiles, findProcesses, startProcess, waitUntil } from './command-process';
import { ROOT, startFleet } from './fleet';
import { createWorkspace } from './workspace';

const workspace = createWorkspace();
const listing = (folder: string): readonly string[] =>
  readdirSync(folder, { recursive: true, withFileTypes: true }).map((entry) => join(entry.parentPath, entry.name));

test('runs all steps of npm start in at most 80 lines and leaves no process, file, or login behind', async () => {
  const fleet = await startFleet(workspace, {});
  for (const name of ['config', 'force-app']) cpSync(join(ROOT, name), join(fleet.project, name), { recursive: true });
  const before = [...listing(fleet.project), ...listing(workspace.home)];
  const running = startProcess(workspace, 'start', ['--project', fleet.project], { COLUMNS: '100' });
  const { exit, stdout, stderr } = await running.ended;
  assert.equal(exit, 0, stdout + stderr);
  const lines = (stdout + stderr).trimEnd().split('\n');
  assert.ok(lines.length <= 80, `${lines.length} lines`);
  assert.deepEqual(
    // The tour of a clone needs no --project.
    lines.map((line) => line.replace(` --project ${fleet.project}`, '')).filter(({ length }) => length > 100),
    [],
  );
  assert.deepEqual(
    [...stdout.matchAll(/^ (\d+)\. (.*?) ?$/gm)].map(([, number, title]) => `${number} ${title}`),
    [
      '1 Start three local orgs',
      '2 npm run keys -- new Customer_Identity_2026_A --private-key FILE',
      '3 npm run check',
      '4 npm run plan',
      '5 npm run deploy -- --all --accept disruptive',
      '6 npm run verify -- --org dev --private-key FILE',
      '7 npm run token -- explain --org dev --channel Web_Chat --from-org',
      '8 npm run status',
      '9 Change uat in Setup',
      '10 npm run plan -- --org uat',
      '11 npm run deploy -- --org uat --accept disruptive',
      '12 npm run plan',
    ],
  );
  assert.match(stdout, /^106 checks in 1 org: 106 passed, 0 failed\.$/m, 'dev passes every check');
  assert.match(stdout, /^ +failed +issuer: .*\(an additional slash\)/ms, 'only the issuer of the bad token is wrong');
  assert.match(stdout, /^Deploy complete: 3 changed, 0 unchanged, 0 failed, 0 skipped\./m);
  assert.match(stdout, /^Plan: 1 org, 2 changes, 1 disruptive \(0 to add, 2 to change, 0 to delete\)\./m);
  assert.match(stdout, /^Plan: 3 orgs, no changes, 3 in sync\. Nothing was changed\.$/m);
  assert.doesNotMatch(stdout + stderr, /PRIVATE KEY|eyJ[\w-]{10}/, 'no key and no token is printed');
  await waitUntil('every process is gone', () => findProcesses(running.temporaryFolder).length === 0);
  assert.deepEqual(leftoverFiles(running.temporaryFolder), []);
  assert.deepEqual([...listing(fleet.project), ...listing(workspace.home)], before);
});

test('reports an error for a project without the org files of the tour', async () => {
  const fleet = await startFleet(workspace, {});
  const { exit, stderr } = await startProcess(workspace, 'start', ['--project', fleet.project]).ended;
  assert.equal(exit, 3);
  assert.match(stderr, /config\/orgs doesn't contain dev\.json, uat\.json, prod\.json\./);
});
