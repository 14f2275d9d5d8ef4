import assert from 'node:assert/strict';
import { generateKeyPairSync } from 'node:crypto';
import { existsSync, openSync } from 'node:fs';
import { resolve } from 'node:path';
import { test } from 'node:test';
import { documentSchemas } from '../../commands/document-schemas';
import { runScript, type CommandExit } from './run-script';

const TEST_COMMAND = 'scripts/test/lib/cli/test-command.ts';
const runTestCommand = (...argv: string[]): Promise<CommandExit> => runScript(TEST_COMMAND, argv);
const STACK = /^\s+at .*:\d+:\d+\)?$/m;

/** Parses stdout, which must be one JSON document. */
function documentOf({ out }: CommandExit): ReturnType<typeof documentSchemas.any.parse> {
  return documentSchemas.any.parse(JSON.parse(out));
}

test('--help prints the flags and the exit codes of the command to stdout and ends with 0', async () => {
  const { exit, out, err } = await runTestCommand('--help');
  assert.deepEqual([exit, err], [0, '']);
  for (const flag of ['--org', '--wave', '--project', '--json', '--debug', '--fail', '--help'])
    assert.match(out, new RegExp(flag));
  assert.deepEqual(
    [...out.matchAll(/^ {2}(\d) {2}\S/gm)].map(([, code]) => code),
    ['0', '2', '3'],
  );
  assert.match(out, /\$ npm run test-command -- \[flags\]/);
});

const INVALID_ARGUMENTS: readonly (readonly [claim: string, argv: readonly string[], said: RegExp])[] = [
  ['an unknown flag', ['--colour'], /Unknown option '--colour'/],
  ['a slip in a flag', ['--projct', 'x'], /Did you mean --project/],
  ['a word too many', ['dev'], /Too many arguments/],
  ['a missing value', ['--wave'], /argument missing/],
  ['a number that is none', ['--wave', 'two'], /whole number from 1/],
  ['a number of zero', ['--wave', '0'], /whole number from 1/],
  ['a broken number', ['--wave', '1.5'], /whole number from 1/],
  ['a number without end', ['--number', '99999999999999999999'], /whole number from 1/],
  ['an empty value', ['--org', 'dev', '--org', ''], /a variable in the command isn't set/],
  ['an empty folder', ['--project='], /a variable in the command isn't set/],
  ['an own flag without its value', ['--fail'], /argument missing/],
];

test('an invalid flag or argument ends with 3 and its reason, and prints one document with --json', async () => {
  for (const [claim, argv, said] of INVALID_ARGUMENTS) {
    const ended = await runTestCommand('--json', ...argv);
    const document = documentOf(ended);
    assert.deepEqual([ended.exit, document.exitCode, document.error?.code], [3, 3, 'invalid-flag'], claim);
    assert.match(document.error?.why ?? '', said, claim);
    assert.match(ended.err, said, claim);
    assert.doesNotMatch(ended.err, STACK, claim);
  }
});

test('never prints a secret in an argument, and reports where it is exposed', async () => {
  const secret = `00D000000000001!AQ${'y'.repeat(60)}`;
  for (const argv of [[secret], ['--colour', secret], [`--${secret}`], ['--wave', secret], ['--json', secret]]) {
    const { exit, out, err } = await runTestCommand(...argv, '--debug');
    assert.equal(exit, 3);
    assert.doesNotMatch(out + err, /y{20}/);
    assert.match(err.replace(/\s+/g, ' '), /An argument contained a secret, which is now in the shell history: revoke/);
  }
  assert.doesNotMatch((await runTestCommand('--colour')).err, /shell history/);
});

test('refuses a secret in a valid argument before the command runs', async () => {
  const token = ['eyJhbGciOiJSUzI1NiJ9', 'eyJzdWIiOiJhIiwiaXNzIjoiYiJ9', 'c2lnbmF0dXJl'].join('.');
  const { privateKey } = generateKeyPairSync('rsa', { modulusLength: 2048 });
  const key = String(privateKey.export({ type: 'pkcs8', format: 'pem' }));
  const keyLine = key.split('\n')[1] ?? assert.fail();
  for (const secret of [token, key, `https://id.example.com/?token=${token}`])
    for (const argv of [['--org', secret], [`--org=${secret}`]]) {
      const ended = await runTestCommand('--json', ...argv);
      const { error } = documentOf(ended);
      assert.equal(ended.exit, 3);
      assert.match(error?.what ?? '', /An argument contains a private key or a token/);
      for (const part of ['c2lnbmF0dXJl', keyLine]) assert.ok(!(ended.out + ended.err).includes(part), part);
    }
});

test('an invalid flag leaves stdout empty without --json', async () => {
  const { exit, out, err } = await runTestCommand('--colour');
  assert.deepEqual([exit, out], [3, '']);
  assert.match(err, /To see the flags: npm run test-command -- --help/);
});

test('flags reach the command as lists, numbers, and an absolute project path', async () => {
  const { exit, out, err } = await runTestCommand(
    '--org',
    'a',
    '--org',
    'b',
    '--wave',
    '2',
    '--project',
    'config',
    '--word',
    'x',
  );
  assert.deepEqual([exit, err], [2, 'on the way\n']);
  const { flags, page, interactive } = JSON.parse(out) as Record<string, Record<string, unknown>>;
  assert.deepEqual(flags?.['org'], ['a', 'b']);
  assert.deepEqual([flags?.['wave'], flags?.['word'], flags?.['json']], [2, ['x'], false]);
  assert.equal(flags?.['project'], resolve(__dirname, '../../../../config'));
  assert.deepEqual([page, interactive], [{ columns: 120, color: false }, false]);
});

test('--json prints the document to stdout and everything else to stderr', async () => {
  const { exit, out, err } = await runTestCommand('--json');
  assert.deepEqual([exit, out], [2, '{"document": true}\n']);
  assert.match(err, /on the way\n.*"interactive":false/);
});

test('an expected error prints what happened, why, and the fix without control characters, and sets the exit code', async () => {
  const ended = await runTestCommand('--fail', 'expected', '--json');
  assert.equal(ended.exit, 4);
  assert.deepEqual(documentOf(ended).error, {
    code: 'login-refused',
    what: 'It is\u001B[2J broken.',
    why: 'Because.',
    fix: 'Repair it.',
  });
  assert.match(ended.err, /^Error \(login-refused\): It is.* broken\.\n {2}Why: Because\.\n {2}Fix: Repair it\.\n$/m);
  assert.ok(!ended.err.includes('\u001B') && !ended.out.includes('\u001B'));
});

test('an unexpected error prints a stack trace only with --debug', async () => {
  for (const how of ['unforeseen', 'text']) {
    const ended = await runTestCommand('--fail', how, '--json');
    assert.deepEqual([ended.exit, documentOf(ended).error?.code], [1, 'internal']);
    assert.doesNotMatch(ended.err, STACK);
    assert.match(ended.err, /--debug/);
  }
  const { exit, err } = await runTestCommand('--fail', 'unforeseen', '--debug');
  assert.equal(exit, 1);
  assert.match(err, /TypeError: a slip of the programmer/);
  assert.match(err, STACK);
});

/** An 8-bit escape sequence, a change of writing direction, an invisible tag character, and a GitHub workflow command. */
const HOSTILE = 'x\u009B31m\u202E\u{E0041}##[add-mask]y';
const CONTROL_CHARACTERS = /\u009B|\u202E|\u{E0041}/u;
const WORKFLOW_CONTROLS = /\u009B|\u202E|\u{E0041}|##\[/u;

test('text and documents of a command contain no control characters and no workflow commands', async () => {
  const shown = await runScript(TEST_COMMAND, ['--word', HOSTILE], { GITHUB_ACTIONS: 'true' });
  assert.match(shown.out, /"word":\["x.*y"\]/);
  assert.doesNotMatch(shown.out, WORKFLOW_CONTROLS);
  const documented = await runScript(TEST_COMMAND, ['--json', `--${HOSTILE}`], { GITHUB_ACTIONS: 'true' });
  assert.doesNotMatch(documented.out + documented.err, WORKFLOW_CONTROLS);
  assert.ok(documentOf(documented).error?.why.includes(HOSTILE), 'the document keeps the text');
});

test('the stack trace of --debug contains no control characters', async () => {
  const { err } = await runTestCommand('--debug', `--${HOSTILE}`);
  assert.match(err, STACK);
  assert.doesNotMatch(err, CONTROL_CHARACTERS);
});

/** A device on which each write fails as on a full disk. Only Linux has it. */
const FULL_DISK = '/dev/full';

test('fails if its output is lost, and says why', { skip: !existsSync(FULL_DISK) }, async () => {
  for (const argv of [[], ['--json'], ['--help']]) {
    const { exit, err } = await runScript(TEST_COMMAND, argv, {}, openSync(FULL_DISK, 'w'));
    assert.equal(exit, 1, argv.join());
    assert.match(err, /^Error \(file-system\): The standard output can't be used\.\n {2}Why: The disk is full/m);
    assert.doesNotMatch(err, STACK);
  }
});
