import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Context } from '../../../lib/cli';
import { runExplain } from '../../../lib/commands/token-explain';
import type { ExplainFlags } from '../../../lib/commands/token-flags';
import { asToolError } from '../../../lib/errors';

/** Runs the command with a project that doesn't exist: an unknown input ends before it is read. */
const explain = (input: string): Promise<number> => {
  const flags = { verb: 'explain', org: [], project: '/nowhere', fromOrg: true, allowLoopback: false };
  const context = { flags, layout: { columns: 100, color: false }, now: new Date(), print: () => undefined };
  return runExplain(context as unknown as Context<ExplainFlags>, input, () => assert.fail('an org was contacted'));
};

for (const [name, input] of [
  ['prose', 'It does not work since yesterday'],
  ['an HTTP response that names no cause', 'HTTP/1.1 500 Internal Server Error\n\nOops'],
  ['JSON without a token', '{"error":"unauthorized"}'],
  ['the URL of a JWKS document', 'https://id.example.com/jwks.json'],
  ['a certificate', '-----BEGIN CERTIFICATE-----\nMIIB\n-----END CERTIFICATE-----'],
  ['an unknown error of a deploy', 'Web.messagingChannel: Something new went wrong'],
] as const)
  test(`${name} ends with exit code 3, and no org is contacted`, async () => {
    const { code, exit, fix } = await explain(input).then(() => assert.fail('explained'), asToolError);
    assert.deepEqual([code, exit], ['unknown-input', 3]);
    assert.match(fix, /identity token.*npm run verify$/);
  });

test('the error names the status of an HTTP response', async () => {
  const { why } = await explain('HTTP/1.1 500 Internal Server Error').then(() => assert.fail('explained'), asToolError);
  assert.match(why, /The status 500 alone doesn't tell the cause\.$/);
});
