/** Every file that commands read, as a folder, and every folder as a file. */
import assert from 'node:assert/strict';
import { cpSync, mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { before, test } from 'node:test';
import { temporaryFolder } from '../../commands-keys/test-project';
import { keyFixture, type KeyFixture } from '../keys/key-fixture';
import { runRecommended } from '../run-recommended';

const parent = temporaryFolder();
let fixture: KeyFixture;
before(async () => {
  fixture = await keyFixture(parent, { one: 1 });
});

/** What a command printed, or its error. */
async function run(folder: string, command: string): Promise<string> {
  const session = { folder, sf: fixture.sf };
  const { shown, error, exit, findings } = await runRecommended(session, command.replaceAll('FOLDER', folder));
  const errorText = error ? `Error (${error.code}): ${error.what} ${error.why} ${error.fix}` : '';
  return [shown, ...findings.map(({ file, message }) => `${file}: ${message}`), errorText, `exit ${exit}`].join('\n');
}

/** Puts a folder in the place of a file. */
function makeFolder(path: string): void {
  rmSync(path, { recursive: true, force: true });
  mkdirSync(path, { recursive: true });
}

/** Puts a file in the place of a folder. */
function makeFile(path: string): void {
  rmSync(path, { recursive: true, force: true });
  mkdirSync(dirname(path), { recursive: true });
  writeFileSync(path, 'A file.\n');
}

const CHECK = ['npm run check', 'npm run keys -- rotate status', 'npm run plan -- --org one'];
const CASES: readonly (readonly [path: string, made: (path: string) => void, commands: readonly string[]])[] = [
  ['sfdx-project.json', makeFolder, [...CHECK, 'npm run config', 'npm run setup -- keyset New --issuer i --key New']],
  ['.forceignore', makeFolder, CHECK],
  ['config', makeFile, [...CHECK, 'npm run config', 'npm run plan -- --matrix']],
  ['config/orgs', makeFile, [...CHECK, 'npm run config', 'npm run plan -- --matrix']],
  ['config/orgs/one.json', makeFolder, [...CHECK, 'npm run config', 'npm run plan -- --matrix']],
  ['config/orgs/_defaults.json', makeFolder, [...CHECK, 'npm run config']],
  ['config/evidence', makeFile, CHECK],
  ['config/evidence/one.json', makeFolder, CHECK],
  ['config/rotations', makeFile, CHECK],
  ['config/rotations/Identity.json', makeFolder, CHECK],
  ['config/compromised-keys.json', makeFolder, CHECK],
  ['force-app', makeFile, CHECK],
  [
    '.runs',
    makeFile,
    ['npm run runs', 'npm run deploy -- --org one', 'npm run deploy -- --resume', 'npm run rollback -- --run 2026'],
  ],
  ['.runs/2026-11-27T10-25-16-172Z-cfbade/journal.ndjson', makeFolder, ['npm run runs']],
  [
    'plan.json',
    makeFolder,
    ['npm run deploy -- --plan FOLDER/plan.json --all', 'npm run plan -- --org one --out FOLDER/plan.json'],
  ],
  ['results', makeFile, ['npm run report -- --from FOLDER/results']],
  [
    'key.pem',
    makeFolder,
    [
      'npm run keys -- import Other --from FOLDER/key.pem',
      'npm run keys -- new Other --private-key FOLDER/key.pem',
      'npm run token -- mint --org one --channel Web --subject C --private-key FOLDER/key.pem',
    ],
  ],
  ['kit', makeFile, ['npm run keys -- jwks Identity --out FOLDER/kit/keys.json']],
  ['report.html', makeFolder, ['npm run keys -- jwks Identity --out FOLDER/report.html']],
];

let count = 0;
for (const [path, made, commands] of CASES)
  for (const command of commands)
    test(`${command.trim()} explains that ${path} is a ${made === makeFolder ? 'folder' : 'file'}`, async () => {
      const folder = join(parent, `case-${++count}`);
      cpSync(fixture.folder, folder, { recursive: true });
      made(join(folder, path));
      const text = await run(folder, command);
      assert.doesNotMatch(text, /\bE(?:NOTDIR|ISDIR|EXIST|NOENT|PERM|ACCES)\b|\(internal\)|^ +at .*:\d+/m);
      if (/exit [134]$/.test(text)) assert.ok(text.includes(path.split('/').at(-1) ?? ''), text);
    });
