import assert from 'node:assert/strict';
import { Command, type CommanderError } from 'commander';
import { describe, test } from 'node:test';
import { keys } from '../../../keys';
import { parseFlags } from '../../../lib/cli/main';
import { keysFlags } from '../../../lib/keys/flags';

const program = (): Command => {
  const command = keysFlags(new Command('keys').exitOverride().configureOutput({ writeErr: () => undefined }));
  command.commands.forEach((each) => each.exitOverride().configureOutput({ writeErr: () => undefined }));
  return command;
};

const flagsOf = (...argv: string[]): Readonly<Record<string, unknown>> =>
  program().parse(argv, { from: 'user' }).opts();

function errorOf(...argv: string[]): string {
  try {
    program().parse(argv, { from: 'user' });
  } catch (thrown) {
    return (thrown as CommanderError).message;
  }
  return 'no error';
}

describe('the flags of keys', () => {
  test('can lack the keyset of a subcommand, but have no empty value', () => {
    for (const argv of [['list'], ['rotate', 'status'], ['list', '--within', '20']])
      assert.ok(parseFlags(keys, argv), argv.join(' '));
    assert.throws(() => parseFlags(keys, ['import', 'Key', '--from', '']), {
      code: 'invalid-flag',
      what: /--from has an empty value/,
    });
  });

  test('name the valid subcommands for a missing or unknown one', () => {
    const subcommands = 'Subcommands: new, import, provider, jwks, check-endpoint, list, rotate.';
    assert.equal(errorOf(), `The subcommand is missing. ${subcommands}`);
    assert.equal(errorOf('--new-key=K', 'stage'), `The subcommand is missing before --new-key. ${subcommands}`);
    assert.equal(errorOf('stage', 'K'), `Unknown subcommand "stage". ${subcommands}`);
    // Flags and words of the subcommand that was meant don't hide the mistake.
    for (const argv of [['rotat'], ['rotat', 'stage', 'Keys'], ['rotat', 'stage', 'Keys', '--new-key', 'New']])
      assert.equal(errorOf(...argv), `Unknown subcommand "rotat". Did you mean rotate? ${subcommands}`);
    assert.match(errorOf('list', 'Keys'), /too many arguments/i);
    assert.match(errorOf('list', '--bogus'), /unknown option '--bogus'/);
  });

  test('name the valid steps for an unknown one', () =>
    assert.match(
      errorOf('rotate', 'stag', 'Keys'),
      /Allowed choices are stage, check, switch, retire, delete, status\./,
    ));

  test('contain the step and the keyset of rotate', () => {
    const { verb, step, name, confirm, compromised } = flagsOf('rotate', 'switch', 'Keys', '--confirm');
    assert.deepEqual([verb, step, name, confirm, compromised], ['rotate', 'switch', 'Keys', true, false]);
    assert.deepEqual([flagsOf('rotate', 'status')['name'], flagsOf('rotate', 'status')['step']], ['', 'status']);
  });

  test('have defaults', () => {
    const { bits, alg, days, name } = flagsOf('new', 'Web_2026');
    assert.deepEqual([bits, alg, days, name], [2048, 'RS256', 365, 'Web_2026']);
    assert.equal(flagsOf('list')['within'], 30);
    assert.equal(flagsOf('check-endpoint', 'Keys')['allowLoopback'], false);
  });

  test('reject values outside of their range', () => {
    assert.match(errorOf('new', 'K', '--bits', '1024'), /Specify 2048 or 4096\./);
    assert.match(errorOf('new', 'K', '--alg', 'ES256'), /Specify RS256 or RS512\./);
    assert.match(errorOf('list', '--within', '0'), /--within/);
    assert.equal(flagsOf('rotate', 'stage', 'K', '--cache-hours', '0')['cacheHours'], 0);
    assert.match(errorOf('rotate', 'stage', 'K', '--token-lifetime', '0'), /--token-lifetime/);
  });
});
