import assert from 'node:assert/strict';
import { resolve } from 'node:path';
import { test } from 'node:test';
import { CommanderError } from 'commander';
import {
  addGlobalFlags,
  addReportFlags,
  addSubcommand,
  addWriteFlags,
  createProgram,
  positiveInteger,
  resolveCommonFlags,
} from '../../../lib/cli/flags';
import type { CommonFlags } from '../../../lib/cli';

const HELP = { summary: 'Test.', examples: [], exitCodes: [] } as const;

function parse(...argv: readonly string[]): CommonFlags {
  const program = addGlobalFlags(addReportFlags(addWriteFlags(createProgram('test', HELP))));
  program.configureOutput({ writeErr: () => undefined }).parse(argv, { from: 'user' });
  return resolveCommonFlags(program.opts<CommonFlags>());
}

test('-o, --org, and --target-org select the same orgs and can be repeated', () => {
  assert.deepEqual(parse('--org', 'a', '-o', 'b', '--target-org', 'c', '--target-org=d').org, ['a', 'b', 'c', 'd']);
  assert.equal('targetOrg' in parse('--target-org', 'c'), false);
});

test('without flags no org is selected, nothing is confirmed, and the project is the current folder', () => {
  assert.deepEqual(parse(), {
    org: [],
    all: false,
    dryRun: false,
    yes: false,
    json: false,
    debug: false,
    project: process.cwd(),
  });
});

test('--all is rejected together with --org, --target-org, and --wave', () => {
  for (const argv of [
    ['--org', 'a'],
    ['--target-org', 'a'],
    ['--wave', '1'],
  ])
    assert.throws(() => parse('--all', ...argv), CommanderError);
  assert.equal(parse('--all').all, true);
});

test('report files become absolute paths, and a report that is not requested has none', () => {
  const flags = parse('--junit', 'a/junit.xml', '--html', 'page.html');
  assert.deepEqual(
    [flags.junit, flags.html, flags.markdown],
    [resolve('a/junit.xml'), resolve('page.html'), undefined],
  );
});

test('a positive integer has 1 to 6 digits and no other characters', () => {
  assert.deepEqual(['1', '10', '999999'].map(positiveInteger), [1, 10, 999_999]);
  for (const text of ['0', '01', '1000000', '-1', '1.5', '1e3', ' 1', '', 'x'])
    assert.throws(() => positiveInteger(text), { code: 'commander.invalidArgument' }, text);
});

test('a subcommand copies its flags, its name, and the extra flags to the program', () => {
  const program = createProgram('keys', HELP);
  addSubcommand(program, 'list <keyset>', HELP, ({ processedArgs }) => ({ name: String(processedArgs[0]) })).option(
    '--days <number>',
    'Days.',
    positiveInteger,
    30,
  );
  addGlobalFlags(program).parse(['list', 'K', '--json', '--days', '5'], { from: 'user' });
  assert.deepEqual(program.opts(), { project: '.', json: true, debug: false, verb: 'list', name: 'K', days: 5 });
});
