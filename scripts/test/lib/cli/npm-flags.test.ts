import assert from 'node:assert/strict';
import { test } from 'node:test';
import { addGlobalFlags, addOrgFlags, addSubcommand, addWriteFlags, createProgram } from '../../../lib/cli/flags';
import { findConsumedFlag } from '../../../lib/cli/npm-flags';

const HELP = { summary: 'Test.', examples: [], exitCodes: [] } as const;

function testProgram(): ReturnType<typeof createProgram> {
  const program = addWriteFlags(createProgram('deploy', HELP))
    .option('--no-verify', 'Skip the verification.')
    .option('--resume [id]', 'Resume a run.');
  addOrgFlags(addSubcommand(program, 'list', HELP)).option('--within <days>', 'Days.');
  addSubcommand(program, 'new', HELP).option('--bits <number>', 'Bits.');
  return addGlobalFlags(program);
}

const consumed = (environment: Readonly<Record<string, string>>, ...argv: readonly string[]): string | undefined =>
  findConsumedFlag(testProgram(), argv, environment)?.flag;

const intended = (environment: Readonly<Record<string, string>>, ...argv: readonly string[]): readonly string[] =>
  findConsumedFlag(testProgram(), argv, environment)?.argv ?? [];

test('tells the command line as it was meant', () => {
  assert.deepEqual(intended({ npm_config_org: 'my org' }), ['--org', 'my org']);
  assert.deepEqual(intended({ npm_config_o: 'true' }, 'dev'), ['--org', 'dev']);
  assert.deepEqual(intended({ npm_config_org: 'true' }), ['--org', 'ALIAS']);
  assert.deepEqual(intended({ npm_config_dry_run: 'true' }), ['--dry-run']);
  assert.deepEqual(intended({ npm_config_within: '5' }, 'list'), ['list', '--within', '5']);
  assert.deepEqual(intended({ npm_config_resume: 'true' }), ['--resume']);
});

test('finds a flag that npm consumed, in the forms that npm leaves in the environment', () => {
  assert.equal(consumed({ npm_config_org: 'dev' }), '--org <alias>');
  assert.equal(consumed({ npm_config_org: '' }), '--org <alias>');
  assert.equal(consumed({ npm_config_target_org: 'dev' }), '--target-org <alias>');
  assert.equal(consumed({ npm_config_o: 'true' }, 'dev'), '--org <alias>');
  assert.equal(consumed({ npm_config_dry_run: 'true' }), '--dry-run');
  assert.equal(consumed({ npm_config_resume: 'true' }), '--resume [id]');
  assert.equal(consumed({ npm_config_verify: '' }), '--no-verify');
  assert.equal(consumed({ npm_config_within: '5' }, 'list'), '--within <days>');
});

test('ignores a flag that reached the command, config that is not a flag, and a false value', () => {
  for (const argv of [['--org', 'dev'], ['--org=dev'], ['-o', 'dev'], ['-odev']])
    assert.equal(consumed({ npm_config_org: 'dev' }, ...argv), undefined, argv.join(' '));
  assert.equal(consumed({ npm_config_registry: 'x', npm_config_yes: '', npm_config_verify: 'true' }), undefined);
  assert.equal(consumed({ npm_config_bits: '4096' }, 'list'), undefined);
  assert.equal(consumed({ npm_config_yes: 'true', npm_lifecycle_event: 'npx' }), undefined);
});

test('a longer flag that begins like a consumed one does not hide it', () => {
  assert.equal(consumed({ npm_config_org: 'dev' }, '--organization=dev'), '--org <alias>');
});
