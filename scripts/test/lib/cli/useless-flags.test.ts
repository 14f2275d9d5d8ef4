/** Flags that another flag, or the subcommand, makes meaningless are rejected, not ignored. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { asToolError } from '../../../lib/errors';
import { parseArguments } from '../command-definitions';

/** Commands that are valid without the last part, and have a flag without effect with it. */
const CASES: readonly (readonly [command: string, useless: string])[] = [
  ['calibrate --list', '--clean-up'],
  ['calibrate --list', '--org sandbox'],
  ['calibrate --list', '--only x'],
  ['calibrate --list', '--yes'],
  ['calibrate --org sandbox', '--listen 8790'],
  ['calibrate --org sandbox --clean-up', '--only x'],
  ['calibrate --org sandbox --clean-up', '--endpoint https://t.example.com --listen 1'],
  ['calibrate --org sandbox --clean-up', '--web'],
  ['plan', '--per-job 3'],
  ['plan', '--waves 3'],
  ['plan --matrix', '--out plan.json'],
  ['plan --matrix', '--html plan.html'],
  ['plan --matrix', '--full'],
  ['deploy --all', '--max-age 24h'],
  ['deploy --all', '--min-verified 90'],
  ['deploy --all', '--min-chats 10'],
  ['deploy --all', '--token-command ./token'],
  ['deploy --all', '--private-key key.pem'],
  ['deploy --all', '--subject C-1'],
  ['deploy --all', '--require acceptance'],
  ['deploy --all', '--tolerate x'],
  ['deploy --all', '--token-budget 60/1m'],
  ['deploy --all', '--allow-loopback'],
  ['post-refresh --org uat --no-verify', '--token-command ./token'],
  ['post-refresh --org uat --no-verify', '--private-key key.pem'],
  ['post-refresh --org uat --no-verify', '--subject C-1'],
  ['keys new Own --private-key-to ./store --request own.csr', '--days 99'],
  ['keys import Own --from own.pem', '--org uat'],
  ['keys import Own --org uat --setup-certificate Own', '--certificate own.pem'],
  ['keys import Own --org uat --setup-certificate Own', '--allow-loopback'],
  ['token-server --org uat --private-key key.pem', '--allow-loopback'],
];

for (const [command, useless] of CASES)
  test(`${command} rejects ${useless}`, () => {
    const [name = '', ...args] = command.split(' ');
    assert.ok(parseArguments(name, args));
    assert.throws(
      () => parseArguments(name, [...args, ...useless.split(' ')]),
      (thrown) => {
        const { code, what, why } = asToolError(thrown);
        const [flag = ''] = useless.split(' ');
        return code === 'invalid-flag' && `${what} ${why}`.includes(flag);
      },
    );
  });

test('the flags have an effect together with the one that they need', () => {
  assert.equal(parseArguments('deploy', ['--all', '--verify', '--subject', 'C-1'])?.['subject'], 'C-1');
  assert.equal(parseArguments('plan', ['--matrix', '--per-job', '3'])?.['perJob'], 3);
  assert.ok(parseArguments('calibrate', ['--org', 'x', '--endpoint', 'https://t.example.com', '--listen', '1']));
});
