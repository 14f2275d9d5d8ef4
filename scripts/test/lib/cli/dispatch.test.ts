import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { mock, test } from 'node:test';
import { COMMANDS, loadCommand } from '../../../command-list';
import { dispatch } from '../../../lib/cli';
import { EXIT } from '../../../lib/errors';
import { documentSchemas } from '../../commands/document-schemas';
import { PROJECT } from '../../gates/list-files';
import { runScript } from './run-script';

/** Runs the program in this process and returns what it printed. */
async function run(...argv: readonly string[]): Promise<{ exit: number; out: string; err: string }> {
  const written = { out: '', err: '' };
  const writes = [
    mock.method(process.stdout, 'write', (text: string) => void (written.out += text)),
    mock.method(process.stderr, 'write', (text: string) => void (written.err += text)),
  ];
  try {
    return { exit: await dispatch({ topics: COMMANDS, load: loadCommand, version: '1.2.3' }, argv), ...written };
  } finally {
    writes.forEach((write) => write.mock.restore());
  }
}

const NAMES = Object.values(COMMANDS).flat();

/** Commands for the developers of this project. They change or measure the project itself. */
const DEVELOPER_COMMANDS = ['generate', 'screenshots', 'bench'];

test('the list contains each command of package.json once, except those of the developers', () => {
  const { scripts } = JSON.parse(readFileSync(join(PROJECT, 'package.json'), 'utf8')) as {
    readonly scripts: Readonly<Record<string, string>>;
  };
  const commands = Object.keys(scripts).filter((name) => scripts[name]?.endsWith(` scripts/${name}.ts`));
  assert.deepEqual([...NAMES, ...DEVELOPER_COMMANDS].sort(), commands.sort());
});

test('help lists every command with its summary', async () => {
  for (const argv of [[], ['help'], ['--help'], ['-h'], ['help', 'help'], ['help', '--help']]) {
    const { exit, out } = await run(...argv);
    assert.equal(exit, EXIT.done);
    for (const name of NAMES) {
      const { summary } = await loadCommand(name);
      assert.ok(out.replace(/\s+/g, ' ').includes(` ${name} ${summary}`), name);
    }
  }
});

test('help with a command prints the same as the command with --help', async () => {
  for (const words of [['plan'], ['keys'], ['keys', 'rotate']]) {
    const { exit, out } = await run('help', ...words);
    assert.deepEqual([exit, out], [EXIT.done, (await run(...words, '--help')).out]);
    assert.match(out, /\nEXAMPLES\n/);
  }
});

test('help --json prints the list of commands as a document', async () => {
  for (const argv of [
    ['help', '--json'],
    ['--help', '--json'],
  ]) {
    const { exit, out, err } = await run(...argv);
    const { commands } = documentSchemas.help.parse(JSON.parse(out));
    assert.deepEqual([exit, err, commands.map(({ name }) => name)], [EXIT.done, '', NAMES]);
  }
});

test('--version prints the version', async () => {
  assert.deepEqual(await run('--version'), { exit: EXIT.done, out: '1.2.3\n', err: '' });
});

test('an unknown command ends with 3 and the most similar command', async () => {
  const { exit, err } = await run('depoly');
  assert.equal(exit, EXIT.invalid);
  assert.match(err, /^Error \(invalid-flag\): There is no command "depoly"\..*\n {2}Why: Did you mean deploy\?/);
  for (const argv of [['help', 'nope'], ['../deploy'], ['constructor'], ['generate'], ['']])
    assert.equal((await run(...argv)).exit, EXIT.invalid, argv.join(' '));
});

test('a flag before the command ends with 3, and prints one document with --json', async () => {
  const { exit, out, err } = await run('--json', 'plan');
  const document = JSON.parse(out) as { readonly exitCode: number; readonly error: { readonly code: string } };
  assert.deepEqual([exit, document.exitCode, document.error.code], [EXIT.invalid, 3, 'invalid-flag']);
  assert.match(err, /No command stands before --json\./);
});

test('the bin runs a command with its exit code, and writes commands as npx runs them', async () => {
  const { exit, out, err } = await runScript('scripts/chat-verification.cjs', [
    'plan',
    '-o',
    'dev',
    '--nope',
    '--json',
  ]);
  assert.deepEqual([exit, (JSON.parse(out) as { command: string }).command], [EXIT.invalid, 'plan']);
  assert.match(err, /To see the flags: npx chat-verification plan --help/);
});
