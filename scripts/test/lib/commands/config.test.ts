import assert from 'node:assert/strict';
import { cpSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, test } from 'node:test';
import { runConfig } from '../../../lib/commands/config';
import type { Context } from '../../../lib/cli';
import { PROJECT } from '../../gates/list-files';
import { parseRecommended } from '../command-definitions';

const folder = mkdtempSync(join(tmpdir(), 'config-'));
after(() => rmSync(folder, { recursive: true, force: true }));

for (const name of ['force-app', 'member-site', 'sfdx-project.json'])
  cpSync(join(PROJECT, name), join(folder, name), { recursive: true });
mkdirSync(join(folder, 'config/orgs'), { recursive: true });
const write = (name: string, text: string): void => writeFileSync(join(folder, 'config/orgs', name), text);
write('_defaults.json', '{\n  "kind": "sandbox",\n  "channels": ["Web_Chat"]\n}\n');
write('dev.json', '{\n  "orgId": "00D4fP53twgxYnvEBE"\n}\n');
write('uat.json', '{\n  "orgId": "00DmHvh0OBfHYM7UYO",\n  "wave": 2,\n  "channels": ["Web_Chat", "Mobile_Chat"]\n}\n');

/** The text and the JSON document of the command. */
const run = (...org: readonly string[]) => runIn(folder, ...org);

function runIn(project: string, ...org: readonly string[]) {
  const lines: string[] = [];
  let document: unknown;
  const context = {
    flags: { project, org, json: true },
    layout: { columns: 80, color: false },
    now: new Date('2026-11-22T20:04:00Z'),
    print: (text: string) => void lines.push(text),
    printJson: (text: string) => (document = JSON.parse(text) as unknown),
  };
  const exit = runConfig(context as unknown as Context);
  return { exit, text: lines.join('\n'), document };
}

test('prints each value of the selected org with its file and line, and how many are shared', () => {
  assert.deepEqual(run('uat').text.split('\n'), [
    'uat',
    '  kind: sandbox (config/orgs/_defaults.json:2)',
    '  channels: Web_Chat, Mobile_Chat (config/orgs/uat.json:4)',
    '  orgId: 00DmHvh0OBfHYM7UYO (config/orgs/uat.json:2)',
    '  wave: 2 (config/orgs/uat.json:3)',
    '',
    '1 org: 4 values, 1 from config/orgs/_defaults.json. To check them:',
    '  npm run check -- --org uat',
  ]);
  assert.equal(run('uat').exit, 0);
  const next = parseRecommended(run('uat').text.split('\n').at(-1)?.trim() ?? '');
  assert.deepEqual([next.name, next.flags['org']], ['check', ['uat']]);
});

test('recommends no command if the project has no org file', () => {
  const project = join(folder, 'empty');
  mkdirSync(join(project, 'force-app'), { recursive: true });
  cpSync(join(PROJECT, 'sfdx-project.json'), join(project, 'sfdx-project.json'));
  const { exit, text } = runIn(project, 'staging');
  assert.equal(exit, 3);
  assert.match(text, /no-orgs/);
  assert.match(text, /\n0 orgs: 0 values, 0 from config\/orgs\/_defaults\.json\.$/);
});

test('prints the values of all orgs as one JSON document', () => {
  const { command, config } = run().document as { command: string; config: { alias: string; values: unknown[] }[] };
  assert.deepEqual([command, config.map(({ alias }) => alias)], ['config', ['dev', 'uat']]);
  assert.deepEqual(config[0]?.values[1], {
    path: 'channels',
    value: ['Web_Chat'],
    file: 'config/orgs/_defaults.json',
    line: 3,
  });
});

test('reports an invalid file with exit code 3, and prints the other orgs', () => {
  write('bad.json', '{ "orgId": "x" }');
  const { exit, text } = run();
  rmSync(join(folder, 'config/orgs/bad.json'));
  assert.equal(exit, 3);
  assert.match(text, /^error {2}bad-org-file\n {2}config\/orgs\/bad\.json:1 orgId$/m);
  assert.match(text, /^2 orgs: /m);
});
