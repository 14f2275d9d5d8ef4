import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { generateKeyPairSync } from 'node:crypto';
import { once } from 'node:events';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { after, test } from 'node:test';
import { createRemoteJWKSet, jwtVerify } from 'jose';
import { cookieIn } from '../lib/token-server/test-endpoint';
import { PROJECT } from '../gates/list-files';

const folder = mkdtempSync(join(tmpdir(), 'token-server-'));
after(() => rmSync(folder, { recursive: true }));

const { privateKey } = generateKeyPairSync('rsa', { modulusLength: 2048 });
const file = join(folder, 'key.pem');
writeFileSync(file, privateKey.export({ type: 'pkcs8', format: 'pem' }), { mode: 0o600 });

/** Starts the command in its own process, passes its document to a test, stops it, and returns its output. */
async function withTokenServer(
  use: (document: { readonly url: string }) => Promise<void>,
  ...flags: string[]
): Promise<string> {
  const command = ['-r', './.config/ts-node.cjs', 'scripts/token-server.ts', '--json', '--port', '0', ...flags];
  const child = spawn(process.execPath, command, { cwd: PROJECT, stdio: ['ignore', 'pipe', 'pipe'] });
  let output = '';
  [child.stdout, child.stderr].forEach((stream) => stream.on('data', (more: Buffer) => (output += more.toString())));
  const ended = once(child, 'close');
  const [line] = (await Promise.race([once(createInterface(child.stdout), 'line'), ended])) as [string];
  try {
    await use(JSON.parse(line) as { readonly url: string });
  } finally {
    child.kill('SIGTERM');
    await ended;
  }
  assert.equal(child.exitCode, 0, output);
  return output;
}

test('serves tokens that its JWKS document verifies and prints no key, token, or customer', async () => {
  let token = '';
  const output = await withTokenServer(
    async ({ url }) => {
      const headers = { Origin: url, 'X-Requested-With': 'test' };
      const login = await fetch(`${url}/session/ada%40example.com`, { method: 'POST', headers });
      const cookie = cookieIn(login.headers.get('set-cookie') ?? '');
      const answer = await fetch(`${url}/token`, { method: 'POST', headers: { ...headers, cookie } });
      token = ((await answer.json()) as { readonly identityToken: string }).identityToken;
      const keys = createRemoteJWKSet(new URL(`${url}/.well-known/jwks.json`));
      const { payload } = await jwtVerify(token, keys, { issuer: 'https://id.example.com' });
      assert.equal(payload.sub, 'ada@example.com');
    },
    ...['--private-key', file, '--issuer', 'https://id.example.com', '--kid', 'k', '--customer', 'ada@example.com'],
  );
  const secrets = [...token.split('.'), readFileSync(file, 'utf8').split('\n')[1] ?? ''];
  for (const secret of secrets) assert.ok(!output.includes(secret));
  assert.ok(!output.slice(output.indexOf('\n')).includes('ada'), 'the log names a customer');
});
