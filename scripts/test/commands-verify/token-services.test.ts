import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { before, test } from 'node:test';
import { importPKCS8, SignJWT } from 'jose';
import { shareWorkspace } from '../commands/workspace';
import { runExplainCommand } from './run-explain';
import { DEV_ISSUER, KID, startTestOrgs, type TestOrgs } from './test-orgs';
import { signToken } from './token-breaks';

const workspace = shareWorkspace();

let testOrgs: TestOrgs;
before(async () => {
  testOrgs = await startTestOrgs(workspace, { dev: {} });
});

async function signWithJose(): Promise<string> {
  const key = await importPKCS8(readFileSync(testOrgs.keyFile, 'utf8'), 'RS256');
  return new SignJWT({ iss: DEV_ISSUER, sub: 'maker' })
    .setProtectedHeader({ alg: 'RS256', kid: KID })
    .setIssuedAt()
    .setExpirationTime('5m')
    .sign(key);
}

/** Signs a token with the openssl command line, without any library. */
function signWithOpenssl(): string {
  const part = (value: object): string => Buffer.from(JSON.stringify(value)).toString('base64url');
  const iat = Math.floor(Date.now() / 1000);
  const text = `${part({ alg: 'RS256', kid: KID })}.${part({ iss: DEV_ISSUER, sub: 'maker', iat, exp: iat + 300 })}`;
  const signature = execFileSync('openssl', ['dgst', '-sha256', '-sign', testOrgs.keyFile, '-binary'], { input: text });
  return `${text}.${signature.toString('base64url')}`;
}

const TOKEN_SERVICES: Readonly<Record<string, () => string | Promise<string>>> = {
  jose: signWithJose,
  'node:crypto alone': () => signToken(testOrgs.key, { sub: 'maker' }),
  'the openssl command line': signWithOpenssl,
};

for (const [name, sign] of Object.entries(TOKEN_SERVICES)) {
  test(`accepts a token signed with ${name} for the same customer as the other token services`, async () => {
    const token = await sign();
    const file = join(workspace.folder, 'token');
    writeFileSync(file, token);
    const { exit, shown, org } = await testOrgs.fleet.run('verify', { tokenCommand: `cat '${file}'` });
    assert.equal(exit, 0, shown);
    const customers = org('dev')
      .checks.filter(({ name }) => name === 'expected customer')
      .map(({ detail }) => detail);
    assert.deepEqual(customers, Array(2).fill('v2/iamessage/AUTH/Customer/uid:maker'));
    assert.equal((await runExplainCommand(workspace, testOrgs.fleet, token)).exit, 0);
  });
}
