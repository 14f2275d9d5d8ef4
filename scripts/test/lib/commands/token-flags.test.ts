import assert from 'node:assert/strict';
import { Command, type CommanderError } from 'commander';
import { test } from 'node:test';
import { addTokenCommands } from '../../../lib/commands/token-flags';

function parse(...argv: readonly string[]): Readonly<Record<string, unknown>> {
  const silent = { writeErr: () => undefined };
  const program = addTokenCommands(new Command('token').exitOverride().configureOutput(silent));
  program.commands.forEach((each) => each.exitOverride().configureOutput(silent));
  return program.parse(argv, { from: 'user' }).opts();
}

function errorOf(...argv: readonly string[]): string {
  try {
    parse(...argv);
  } catch (thrown) {
    return (thrown as CommanderError).message;
  }
  return 'no error';
}

const MINT = ['mint', '--org', 'dev', '--channel', 'Web', '--subject', 'C-1', '--private-key', 'k.pem'];

for (const [text, time] of [
  ['2026-11-22T12:00:00Z', '2026-11-22T12:00:00.000Z'],
  ['2026-11-22T12:00:00+01:00', '2026-11-22T11:00:00.000Z'],
  ['1795348800', '2026-11-22T12:00:00.000Z'],
] as const)
  test(`--at ${text} is ${time}`, () => {
    assert.deepEqual(parse('explain', '--at', text)['at'], new Date(time));
  });

for (const text of [
  '2026-11-22T12:00:00',
  '2026-11-22',
  '1795348800000',
  'now',
  '2026-13-22T12:00:00Z',
  '2026-02-30T12:00:00Z',
])
  test(`--at ${text} is rejected`, () => {
    assert.match(errorOf('explain', '--at', text), /It must be a time with its zone/);
  });

test('--lifetime is a number of minutes from 1 to 60, and 5 by default', () => {
  assert.deepEqual(
    [[], ['--lifetime', '1'], ['--lifetime', '60']].map((more) => parse(...MINT, ...more)['lifetime']),
    [5, 1, 60],
  );
  for (const text of ['0', '61', '1.5', '5m', '-5'])
    assert.match(errorOf(...MINT, `--lifetime=${text}`), /It must be a whole number of minutes from 1 to 60\./);
});

test('--alg is RS256 or RS512', () => {
  assert.equal(parse(...MINT, '--alg', 'RS512')['alg'], 'RS512');
  assert.match(errorOf(...MINT, '--alg', 'HS256'), /It must be RS256 or RS512\./);
});

test('each subcommand sets its name and defaults', () => {
  const { verb, fromOrg, allowLoopback, at, channel } = parse('explain');
  assert.deepEqual([verb, fromOrg, allowLoopback, at, channel], ['explain', false, false, undefined, undefined]);
  assert.equal(parse(...MINT)['verb'], 'mint');
});

test('a missing or unknown subcommand names the valid ones and does not repeat the argument', () => {
  assert.match(errorOf(), /^The subcommand is missing\. Subcommands: mint, explain\./);
  for (const more of [[], ['dev', '--channel', 'Web']])
    assert.equal(
      errorOf('eyJhbGciOiJub25lIn0', ...more),
      'The subcommand is unknown. Subcommands: mint, explain. Pass a token on stdin, not as an argument.',
    );
});
