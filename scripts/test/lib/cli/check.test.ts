import assert from 'node:assert/strict';
import { test } from 'node:test';
import { runScript, type CommandExit } from './run-script';
import { documentSchemas } from '../../commands/document-schemas';

const check = (...argv: string[]): Promise<CommandExit> => runScript('scripts/check.ts', argv);

test('check of this project finds no error, and its document matches the contract', async () => {
  const { exit, out } = await check('--json');
  const document = documentSchemas.check.parse(JSON.parse(out));
  assert.deepEqual([exit, document.command, document.exitCode], [0, 'check', 0]);
  assert.deepEqual(Object.keys(document), ['command', 'startedAt', 'exitCode', 'findings']);
});

test('exits with 3 for an org without an org file and a folder without a project', async () => {
  const unknown = await check('--json', '--org', 'nowhere');
  assert.deepEqual(
    [unknown.exit, documentSchemas.stopped.parse(JSON.parse(unknown.out)).error.code],
    [3, 'unknown-org'],
  );
  const nothing = await check('--json', '--project', 'scripts');
  assert.deepEqual(
    [nothing.exit, documentSchemas.stopped.parse(JSON.parse(nothing.out)).error.code],
    [3, 'no-project'],
  );
});

test('a command ends with 3 and names the fix if npm consumed a flag', async () => {
  const { exit, out, err } = await runScript('scripts/check.ts', [], { npm_config_org: 'dev' });
  assert.deepEqual([exit, out], [3, '']);
  assert.match(err, /npm consumed --org <alias>/);
  assert.match(err, /Fix: Put -- before the flags: npm run check -- --org dev/);
});

test('a command uses a flag that it received, even if npm received it too', async () => {
  const { exit, out } = await runScript('scripts/check.ts', ['--org', 'dev'], { npm_config_org: 'dev' });
  assert.equal(exit, 0);
  assert.match(out, /1 org checked: dev\./);
});
