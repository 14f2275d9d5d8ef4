import assert from 'node:assert/strict';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { before, describe, test } from 'node:test';
import { asToolError } from '../../lib/errors';
import { runMint } from '../../lib/commands/token-mint';
import type { MintFlags } from '../../lib/commands/token-flags';
import { readToken, isSignedBy } from '../../lib/token';
import { temporaryFolder, createProject, writeFixture } from '../commands-keys/test-project';
import { runProcess } from '../commands/command-process';
import { documentSchemas } from '../commands/document-schemas';
import { shareWorkspace } from '../commands/workspace';
import { capturedContext } from '../lib/captured-context';
import { publicJwk, keyPair } from '../lib/jwk/test-keys';
import { KEY_FILE, keyXml, KID, VALID_NOW } from './test-orgs';

const workspace = shareWorkspace();
const folder = temporaryFolder();
const project = createProject(folder);
const pair = keyPair('stand');
const keyFile = join(folder, 'stand.pem');

before(async () => {
  writeFileSync(keyFile, pair.privateKey.export({ type: 'pkcs8', format: 'pem' }));
  writeFixture(
    project,
    `force-app/main/default/${KEY_FILE}-meta.xml`,
    keyXml({ ...(await publicJwk(pair, VALID_NOW)), kid: KID }),
  );
});

interface MintResult {
  readonly exit: number;
  readonly shown: string;
  readonly code?: string;
  readonly output: string;
}

async function runMintCommand(
  flags: Partial<MintFlags & { readonly org: readonly string[]; readonly json: boolean }> = {},
): Promise<MintResult> {
  const shown: string[] = [];
  const common = { org: ['dev'], project, json: false };
  const token = { verb: 'mint', channel: 'Web_Chat', subject: 'me', privateKey: keyFile, lifetime: 5 } as const;
  const output = { shown: [], documents: [], progress: [], questions: [] };
  const context = {
    ...capturedContext({ ...common, ...token, ...flags }, output),
    printSecret: (text: string) => void shown.push(text),
  };
  try {
    return { exit: await runMint(context), shown: shown.join('\n'), output: '' };
  } catch (thrown) {
    const { exit, code, what, why, fix } = asToolError(thrown);
    return { exit, code, shown: shown.join('\n'), output: `${what} ${why} ${fix}` };
  }
}

describe('token mint', () => {
  test('creates a token with the issuer and kid of the org and the requested lifetime', async () => {
    const { shown } = await runMintCommand({ lifetime: 60 });
    const { token } = readToken(shown);
    assert.ok(token && isSignedBy(token, pair.publicKey));
    assert.deepEqual(token.header, { alg: 'RS256', kid: KID, typ: 'JWT' });
    const { iat, exp, ...rest } = token.claims as { iat: number; exp: number };
    assert.deepEqual([rest, exp - iat], [{ iss: 'https://id.dev.example.com', sub: 'me' }, 3600]);
  });

  test('prints the token only in the document with --json', async () => {
    const { shown } = await runMintCommand({ json: true });
    const { token, exitCode } = documentSchemas['token mint'].parse(JSON.parse(shown));
    assert.deepEqual([exitCode, readToken(token).problem], [0, undefined]);
  });

  for (const [what, flags, code, pattern] of [
    ['production', { org: ['prod'] }, 'invalid-flag', /is a production org/],
    ['all orgs at once', { org: [] }, 'invalid-flag', /for exactly one org/],
    ['an unverified channel', { channel: 'Guest_Web_Chat' }, 'unknown-component', /isn't a verified channel/],
    ['an unknown channel', { channel: 'Nowhere' }, 'unknown-component', /Mobile_Chat, Web_Chat/],
    ['a key that the keyset lacks', { org: ['uat'] }, 'unknown-component', /belongs to no key/],
    ['a missing file', { privateKey: '/nowhere/key.pem' }, 'unreadable-file', /ENOENT/],
    [
      'a file without a private key',
      { privateKey: join(project, 'sfdx-project.json') },
      'invalid-flag',
      /doesn't contain a private RSA key .* isn't a JWK/,
    ],
  ] as const) {
    test(`rejects ${what}`, async () => {
      const minted = await runMintCommand(flags);
      assert.deepEqual([minted.exit, minted.code, minted.shown], [3, code, '']);
      assert.match(minted.output, pattern);
    });
  }

  test('rejects a lifetime of more than 1 hour, a token as an argument, and an unknown subcommand', async () => {
    const usual = [
      '--org',
      'dev',
      '--channel',
      'Web_Chat',
      '--subject',
      'me',
      '--private-key',
      keyFile,
      '--project',
      project,
    ];
    for (const argv of [['mint', ...usual, '--lifetime', '61'], ['explain', 'eyJhbGciOi.eyJz.c2ln'], ['show']]) {
      const { exit, stdout } = await runProcess(workspace, 'token', argv);
      assert.deepEqual([exit, stdout], [3, ''], argv[0]);
    }
  });
});
