import assert from 'node:assert/strict';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { after, before, test } from 'node:test';
import type { Context } from '../../../lib/cli';
import { runMint } from '../../../lib/commands/token-mint';
import type { MintFlags } from '../../../lib/commands/token-flags';
import { asToolError, type ToolError } from '../../../lib/errors';
import { writeXml } from '../../../lib/metadata';
import { SOURCE_FOLDERS, type Component } from '../../../lib/model';
import { channel, chatDeployment, ISSUER, key, keyset, NOW_SECONDS } from '../explain/test-org';
import { keyPair, NOW, publicJwk } from '../jwk/test-keys';

const folder = mkdtempSync(join(tmpdir(), 'mint-'));
after(() => rmSync(folder, { recursive: true }));

const write = (path: string, text: string): void => {
  mkdirSync(dirname(join(folder, path)), { recursive: true });
  writeFileSync(join(folder, path), text);
};
const writeComponent = ({ type, fullName, root }: Component): void =>
  write(`force-app/${SOURCE_FOLDERS[type].folder}/${fullName}.${SOURCE_FOLDERS[type].suffix}-meta.xml`, writeXml(root));
const pem = (name?: string): string => keyPair(name).privateKey.export({ type: 'pkcs8', format: 'pem' }).toString();

/** Two orgs with the channel Web_Chat, whose keyset contains the key of the file first.pem with the kid key-1. */
before(async () => {
  const project = { packageDirectories: [{ path: 'force-app', default: true }], sourceApiVersion: '67.0' };
  write('sfdx-project.json', JSON.stringify(project));
  const org = { channels: ['Web_Chat'] };
  write('config/orgs/uat.json', JSON.stringify({ ...org, orgId: '00D000000000001EAA', kind: 'sandbox' }));
  write('config/orgs/prod.json', JSON.stringify({ ...org, orgId: '00D000000000002EAA', kind: 'production' }));
  const components = [
    key('Web_2026', { ...(await publicJwk()), alg: 'RS512' }),
    keyset('Customer_Identity', ['Web_2026']),
    channel('Web_Chat'),
    chatDeployment('Web_Chat'),
  ];
  components.forEach(writeComponent);
  write('first.pem', pem());
  write('other.pem', pem('other'));
});

/** What mint prints: the token without --json, which the tests decode themselves. */
async function mint(flags: Partial<Context<MintFlags>['flags']> = {}): Promise<{ header: object; claims: object }> {
  const printed: string[] = [];
  const common = { verb: 'mint', org: ['uat'], project: folder, json: false } as const;
  const token = { channel: 'Web_Chat', subject: 'C-1', privateKey: join(folder, 'first.pem'), lifetime: 5 };
  const context = {
    flags: { ...common, ...token, ...flags },
    now: NOW,
    log: () => undefined,
    printSecret: (text: string) => void printed.push(text),
  } as unknown as Context<MintFlags>;
  assert.equal(await runMint(context), 0);
  const [header, claims] = (printed[0] ?? '').split('.').map((part) => Buffer.from(part, 'base64url').toString());
  return { header: JSON.parse(header ?? '') as object, claims: JSON.parse(claims ?? '') as object };
}

const errorOf = (flags: Parameters<typeof mint>[0]): Promise<ToolError> =>
  mint(flags).then(() => assert.fail('printed a token'), asToolError);

test('a token has the issuer, kid, and algorithm of the key, and a lifetime in minutes', async () => {
  assert.deepEqual(await mint(), {
    header: { alg: 'RS512', kid: 'key-1', typ: 'JWT' },
    claims: { iss: ISSUER, sub: 'C-1', iat: NOW_SECONDS, exp: NOW_SECONDS + 300 },
  });
});

test('--kid, --alg, and --lifetime replace the values of the source', async () => {
  const flags = { kid: 'unknown', alg: 'RS256', lifetime: 60, privateKey: join(folder, 'other.pem') } as const;
  assert.deepEqual(await mint(flags), {
    header: { alg: 'RS256', kid: 'unknown', typ: 'JWT' },
    claims: { iss: ISSUER, sub: 'C-1', iat: NOW_SECONDS, exp: NOW_SECONDS + 3_600 },
  });
});

test('no token is created for production, for several orgs, for another channel, or with a key of no keyset', async () => {
  for (const [flags, code, what] of [
    [{ org: ['prod'] }, 'invalid-flag', /"prod" is a production org/],
    [{ org: [] }, 'invalid-flag', /A token is for exactly one org/],
    [{ channel: 'Mobile' }, 'unknown-component', /"Mobile" isn't a verified channel of "uat"/],
    [{ privateKey: join(folder, 'other.pem') }, 'unknown-component', /belongs to no key of the channel/],
  ] as const) {
    const error = await errorOf(flags);
    assert.deepEqual([error.code, error.exit], [code, 3]);
    assert.match(error.what, what);
  }
});
