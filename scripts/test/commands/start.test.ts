import assert from 'node:assert/strict';
import { cpSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { leftIn, processesWith, startCommand, until } from './command-process';
import { ROOT, startFleet } from './fleet';
import { workplace } from './workplace';

const place = workplace();
const listing = (folder: string): readonly string[] =>
  readdirSync(folder, { recursive: true, withFileTypes: true }).map((entry) => join(entry.parentPath, entry.name));

test('npm start tells its whole story, ends with 0, and leaves no process, file or login behind', async () => {
  const fleet = await startFleet(place, {});
  cpSync(join(ROOT, 'config'), join(fleet.project, 'config'), { recursive: true });
  const before = [...listing(fleet.project), ...listing(place.home)];
  const running = startCommand(place, 'start', ['--project', fleet.project]);
  const { exit, stdout, stderr } = await running.ended;
  assert.equal(exit, 0, stdout + stderr);
  assert.deepEqual(
    [...stdout.matchAll(/^ (\d)\. (.*?) ?$/gm)].map(([, number, title]) => `${number} ${title}`),
    [
      '1 Three Salesforce orgs on this machine',
      '2 npm run check',
      '3 npm run plan',
      '4 npm run deploy -- --accept disruptive',
      '5 npm run status',
      '6 Somebody changes uat in Setup',
      '7 npm run plan',
      '8 npm run deploy -- --accept disruptive',
      '9 npm run plan',
    ],
  );
  assert.deepEqual(
    [...stdout.matchAll(/\(exit code (\d)\)/g)].map(([, code]) => Number(code)),
    [0, 2, 0, 0, 2, 0, 0],
  );
  await until('every process is gone', () => processesWith(running.temporary).length === 0);
  assert.deepEqual(leftIn(running.temporary), []);
  assert.deepEqual([...listing(fleet.project), ...listing(place.home)], before);
});
