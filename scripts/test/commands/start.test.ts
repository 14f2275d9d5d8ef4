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

test('npm start tells its whole story, ends with 0, and leaves no process, file or login behind', async () => {
  const fleet = await startFleet(workspace, {});
  cpSync(join(ROOT, 'config'), join(fleet.project, 'config'), { recursive: true });
  const before = [...listing(fleet.project), ...listing(workspace.home)];
  const running = startProcess(workspace, 'start', ['--project', fleet.project]);
  const { exit, stdout, stderr } = await running.ended;
  assert.equal(exit, 0, stdout + stderr);
  assert.deepEqual(
    [...stdout.matchAll(/^ (\d+)\. (.*?) ?$/gm)].map(([, number, title]) => `${number} ${title}`),
    [
      '1 Three Salesforce orgs on this machine',
      '2 npm run keys -- new Customer_Identity_2026_A --private-key FILE',
      '3 npm run check',
      '4 npm run plan',
      '5 npm run deploy -- --accept disruptive',
      '6 npm run verify -- --org dev --private-key FILE',
      '7 npm run token -- explain --org dev --channel Web_Chat --from-org',
      '8 npm run status',
      '9 Somebody changes uat in Setup',
      '10 npm run plan',
      '11 npm run deploy -- --accept disruptive',
      '12 npm run plan',
    ],
  );
  assert.deepEqual(
    [...stdout.matchAll(/\(exit code (\d)\)/g)].map(([, code]) => Number(code)),
    [0, 0, 2, 0, 0, 1, 0, 2, 0, 0],
  );
  assert.match(stdout, /\n35 checks in 1 org: 35 ok, 0 failed\.\n/, 'dev is proven in every point');
  assert.match(stdout, /BROKEN +issuer: .*\(a slash too many\)/s, 'the wrong token is wrong in its issuer alone');
  assert.doesNotMatch(stdout + stderr, /PRIVATE KEY|eyJ[\w-]{10}/, 'no key and no token is shown');
  await waitUntil('every process is gone', () => findProcesses(running.temporaryFolder).length === 0);
  assert.deepEqual(leftoverFiles(running.temporaryFolder), []);
  assert.deepEqual([...listing(fleet.project), ...listing(workspace.home)], before);
});

test('npm start says so when the project no longer has the orgs of its story', async () => {
  const fleet = await startFleet(workspace, {});
  const { exit, stderr } = await startProcess(workspace, 'start', ['--project', fleet.project]).ended;
  assert.equal(exit, 3);
  assert.match(stderr, /config\/orgs no longer has dev, uat, prod/);
});
