import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { before, test } from 'node:test';
import { importPKCS8, SignJWT } from 'jose';
import { workplace } from '../commands/workplace';
import { explain } from './explained';
import { ISSUER_OF_DEV, KID, startStand, type Stand } from './stand';
import { made } from './token-breaks';

const place = workplace();

let stand: Stand;
before(async () => {
  stand = await startStand(place, { dev: {} });
});

async function byJose(): Promise<string> {
  const key = await importPKCS8(readFileSync(stand.keyFile, 'utf8'), 'RS256');
  return new SignJWT({ iss: ISSUER_OF_DEV, sub: 'maker' })
    .setProtectedHeader({ alg: 'RS256', kid: KID })
    .setIssuedAt()
    .setExpirationTime('5m')
    .sign(key);
}

/** As somebody without any library would in a shell. */
function byOpenssl(): string {
  const part = (value: object): string => Buffer.from(JSON.stringify(value)).toString('base64url');
  const iat = Math.floor(Date.now() / 1000);
  const text = `${part({ alg: 'RS256', kid: KID })}.${part({ iss: ISSUER_OF_DEV, sub: 'maker', iat, exp: iat + 300 })}`;
  const signature = execFileSync('openssl', ['dgst', '-sha256', '-sign', stand.keyFile, '-binary'], { input: text });
  return `${text}.${signature.toString('base64url')}`;
}

const MAKERS: Readonly<Record<string, () => string | Promise<string>>> = {
  jose: byJose,
  'node:crypto alone': () => made(stand.key, { sub: 'maker' }),
  'the openssl command line': byOpenssl,
};

for (const [maker, make] of Object.entries(MAKERS)) {
  test(`a token of ${maker} is accepted, and its customer is the same one as that of the others`, async () => {
    const token = await make();
    const file = join(place.folder, 'token');
    writeFileSync(file, token);
    const { exit, shown, org } = await stand.fleet.run('verify', { tokenCommand: `cat '${file}'` });
    assert.equal(exit, 0, shown);
    const customers = org('dev')
      .checks.filter(({ name }) => name === 'right customer')
      .map(({ detail }) => detail);
    assert.deepEqual(customers, Array(2).fill('v2/iamessage/AUTH/Customer/uid:maker'));
    assert.equal((await explain(place, stand.fleet, token)).exit, 0);
  });
}
