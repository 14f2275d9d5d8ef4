import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { SignJWT } from 'jose';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';
import { startTestChat, decodeClaims, ISSUER, type Chat } from './chat';
import { base64url } from './signer';

const header = { alg: 'RS256', kid: 'key-1' } as const;
const claims = () => ({ iss: ISSUER, sub: 'ada', exp: Math.floor(Date.now() / 1000) + 60 });

/** Signs a file with a key file, with the openssl command. */
function opensslToken({ signer }: Chat): string {
  const folder = mkdtempSync(join(tmpdir(), 'openssl-'));
  try {
    const content = `${base64url(header)}.${base64url(claims())}`;
    const keyFile = join(folder, 'key.pem');
    writeFileSync(keyFile, signer.privateKey.export({ type: 'pkcs8', format: 'pem' }), { mode: 0o600 });
    const signature = execFileSync('openssl', ['dgst', '-sha256', '-sign', keyFile], { input: content });
    return `${content}.${signature.toString('base64url')}`;
  } finally {
    rmSync(folder, { recursive: true });
  }
}

const TOKEN_SERVICES: Readonly<Record<string, (chat: Chat) => string | Promise<string>>> = {
  jose: ({ signer }) => new SignJWT(claims()).setProtectedHeader(header).sign(signer.privateKey),
  'node:crypto': (chat) => chat.token(),
  'the openssl command': opensslToken,
};

for (const [maker, make] of Object.entries(TOKEN_SERVICES)) {
  test(`accepts a token of ${maker}`, async (t) => {
    const chat = await startTestChat(t);
    const { status, body } = await chat.exchange(await make(chat));
    assert.equal(status, 200);
    assert.equal(decodeClaims(body.accessToken)['sub'], 'v2/iamessage/AUTH/Customer/uid:ada');
  });
}

test('accepts RS512 with a key for RS512 and with a key without alg', async (t) => {
  for (const alg of ['"alg":"RS512",', '']) {
    const chat = await startTestChat(t);
    chat.org.edit('PublicKeyCertificate/Key.PublicKeyCertificate', (xml) => xml.replace('"alg":"RS256",', alg));
    assert.equal((await chat.exchange(chat.token({}, { alg: 'RS512' }))).status, 200);
  }
});
