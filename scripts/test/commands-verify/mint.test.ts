import assert from 'node:assert/strict';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { before, describe, test } from 'node:test';
import { asToolError } from '../../lib/errors';
import { runMint } from '../../lib/run/token-mint';
import type { MintFlags } from '../../lib/run/token-flags';
import { readToken, verifies } from '../../lib/token';
import { ownFolder, projectIn, put } from '../commands-keys/project';
import { runCommand } from '../commands/command-process';
import { workplace } from '../commands/workplace';
import { jwkOf, pairOf } from '../lib/jwk/keyring';
import { KEY_FILE, keyXml, KID, validNow } from './stand';

const place = workplace();
const folder = ownFolder();
const project = projectIn(folder);
const pair = pairOf('stand');
const keyFile = join(folder, 'stand.pem');

before(async () => {
  writeFileSync(keyFile, pair.privateKey.export({ type: 'pkcs8', format: 'pem' }));
  put(project, `force-app/main/default/${KEY_FILE}-meta.xml`, keyXml({ ...(await jwkOf(pair, validNow)), kid: KID }));
});

interface Minted {
  readonly exit: number;
  readonly shown: string;
  readonly code?: string;
  readonly said: string;
}

async function mint(
  flags: Partial<MintFlags & { readonly org: readonly string[]; readonly json: boolean }> = {},
): Promise<Minted> {
  const shown: string[] = [];
  const context = {
    flags: {
      verb: 'mint',
      org: ['dev'],
      project,
      json: false,
      channel: 'Web_Chat',
      subject: 'me',
      privateKey: keyFile,
      life: 5,
      ...flags,
    },
    ...{ page: { columns: 120, color: false }, now: new Date(), interactive: false },
    show: (text: string) => void shown.push(text),
    progress: () => undefined,
    document: (text: string) => void shown.push(text),
    untilStopped: () => Promise.resolve(),
    confirm: () => Promise.resolve(false),
  } as const;
  try {
    return { exit: await runMint(context), shown: shown.join('\n'), said: '' };
  } catch (thrown) {
    const { exit, code, what, why, fix } = asToolError(thrown);
    return { exit, code, shown: shown.join('\n'), said: `${what} ${why} ${fix}` };
  }
}

describe('token mint', () => {
  test('makes a token with the issuer and the kid of the org, and of the life that was asked for', async () => {
    const { shown } = await mint({ life: 60 });
    const { token } = readToken(shown);
    assert.ok(token && verifies(token, pair.publicKey));
    assert.deepEqual(token.header, { alg: 'RS256', kid: KID, typ: 'JWT' });
    const { iat, exp, ...rest } = token.claims as { iat: number; exp: number };
    assert.deepEqual([rest, exp - iat], [{ iss: 'https://id.dev.example.com', sub: 'me' }, 3600]);
  });

  test('puts it into the document, and nowhere else, with --json', async () => {
    const { shown } = await mint({ json: true });
    const { token, command, exitCode } = JSON.parse(shown) as Record<string, unknown>;
    assert.deepEqual([command, exitCode, readToken(String(token)).problem], ['token mint', 0, undefined]);
  });

  for (const [what, flags, code, said] of [
    ['production', { org: ['prod'] }, 'bad-flag', /It is production/],
    ['all orgs at once', { org: [] }, 'bad-flag', /for one org/],
    ['a channel for guests', { channel: 'Guest_Web_Chat' }, 'unknown-component', /verifies nobody/],
    ['a channel that is not there', { channel: 'Nowhere' }, 'unknown-component', /Mobile_Chat, Web_Chat/],
    ['a key that the keyset does not have', { org: ['uat'] }, 'unknown-component', /belongs to no key/],
    ['a file that is not there', { privateKey: '/nowhere/key.pem' }, 'bad-flag', /ENOENT/],
    [
      'a file without a private key',
      { privateKey: join(project, 'sfdx-project.json') },
      'bad-flag',
      /no private RSA key/,
    ],
  ] as const) {
    test(`refuses ${what}`, async () => {
      const minted = await mint(flags);
      assert.deepEqual([minted.exit, minted.code, minted.shown], [3, code, '']);
      assert.match(minted.said, said);
    });
  }

  test('refuses more than an hour, a token as an argument, and a verb that is none', async () => {
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
    for (const argv of [['mint', ...usual, '--life', '61'], ['explain', 'eyJhbGciOi.eyJz.c2ln'], ['show']]) {
      const { exit, stdout } = await runCommand(place, 'token', argv);
      assert.deepEqual([exit, stdout], [3, ''], argv[0]);
    }
  });
});
