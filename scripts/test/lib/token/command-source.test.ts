import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import fc from 'fast-check';
import { splitArgs } from '../../../lib/token/split-args';
import { commandSource } from '../../../lib/token';
import { asToolError } from '../../../lib/errors';

describe('a command line', () => {
  for (const [line, argv] of [
    ['issue --for me', ['issue', '--for', 'me']],
    [`  'C:\\Program Files\\issue.exe'   "a b" c\\ d `, ['C:\\Program Files\\issue.exe', 'a b', 'c d']],
    [`sh -c "echo \\"$X\\" | tail"`, ['sh', '-c', 'echo "$X" | tail']],
    [`a'b'"c"d ''`, ['abcd', '']],
    ['$(rm -rf) `x` ; a|b > c && d', ['$(rm', '-rf)', '`x`', ';', 'a|b', '>', 'c', '&&', 'd']],
    ['"unended', undefined],
    [`it's`, undefined],
    ['  ', undefined],
  ] as const) {
    test(`${line} is ${JSON.stringify(argv)}`, () => assert.deepEqual(splitArgs(line), argv));
  }

  test('any list of arguments survives quoting', () => {
    const quoted = (text: string): string => `'${text.replaceAll("'", `'"'"'`)}'`;
    const list = fc.array(fc.string(), { minLength: 1 });
    fc.assert(fc.property(list, (argv) => assert.deepEqual(splitArgs(argv.map(quoted).join(' ')), argv)));
  });
});

describe('a command that', () => {
  const wish = { org: 'dev', orgId: '00D', channel: 'Web', subject: 'me', issuer: 'i', now: new Date() };
  for (const [what, line, said] of [
    ['is not there', 'no-such-program-anywhere', /could not be started \(ENOENT\)/],
    ['fails', `"${process.execPath}" -e 'console.log("secret.secret.secret"); process.exit(3)'`, /exit code 3/],
    ['prints nothing', `"${process.execPath}" -e ''`, /not one token/],
    ['prints a page', `"${process.execPath}" -e 'console.log("<html> login </html>")'`, /not one token/],
    [
      'prints without an end',
      `"${process.execPath}" -e 'setInterval(() => console.log("x".repeat(9999)), 1)'`,
      /more than 16 kB/,
    ],
    ['does not end', `"${process.execPath}" -e 'setInterval(() => 0, 1000)'`, /did not end within/],
  ] as const) {
    test(`${what} gives no token, and an error that repeats nothing`, async () => {
      const source = commandSource(line, what === 'does not end' ? 300 : 20_000);
      const error = await source.getToken(wish).then(() => assert.fail('it gave one'), asToolError);
      assert.equal(error.code, 'command-failed');
      assert.match(error.why, said);
      assert.ok(!`${error.what} ${error.why} ${error.fix}`.includes('secret'));
    });
  }
});
