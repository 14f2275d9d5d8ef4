import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { readFileSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import { filesBelow } from '../commands-keys/project';
import { runCommand } from '../commands/command-process';
import { ROOT } from '../commands/fleet';
import { workplace } from '../commands/workplace';
import { explain } from './explained';
import { startStand, type Stand } from './stand';
import { made } from './token-breaks';

const place = workplace();

let stand: Stand;
let said = '';
/** Every token that the echo was sent, as it came. */
const sent = new Set<string>();

/** A runtime that repeats whatever it is sent, in as many places as it can. */
const echo = createServer((request, response) => {
  let body = '';
  request.on('data', (chunk: Buffer) => (body += chunk.toString()));
  request.on('end', () => {
    const { customerIdentityToken: token } = JSON.parse(body || '{}') as { customerIdentityToken?: string };
    if (token !== undefined) sent.add(token);
    const bearer = request.headers.authorization?.replace('Bearer ', '') ?? '';
    const answer = request.url?.includes('embedded-service-config')
      ? { embeddedServiceConfig: { embeddedServiceMessagingChannel: { authMode: 'Auth' } } }
      : {
          message: `${token} ${bearer}`,
          text: token,
          accessToken: token,
          context: { endUser: { subject: `v2/iamessage/AUTH/${token}` } },
        };
    response
      .writeHead(sent.size % 2 === 0 ? 200 : 401, { 'content-type': 'application/json' })
      .end(JSON.stringify(answer));
  });
});

before(async () => {
  await new Promise<void>((resolve) => echo.listen(0, '127.0.0.1', resolve));
  const { port } = echo.address() as AddressInfo;
  stand = await startStand(place, { dev: {}, echo: { config: { scrt2URL: `http://127.0.0.1:${port}` } } });
});
after(() => void echo.close());

/** Runs `token` with something on its standard input, as the user does. */
function token(argv: readonly string[], input: string): Promise<string> {
  const command = [
    '-r',
    join(ROOT, '.config/ts-node.cjs'),
    join(ROOT, 'scripts/token.ts'),
    ...argv,
    '--project',
    stand.fleet.project,
  ];
  const child = spawn(process.execPath, command, { env: { ...process.env, HOME: place.home, TMPDIR: place.folder } });
  let output = '';
  child.stdout.on('data', (chunk: Buffer) => (output += chunk.toString()));
  child.stderr.on('data', (chunk: Buffer) => (said += chunk.toString()));
  child.stdin.end(input);
  return new Promise((resolve) => child.on('close', () => resolve(output)));
}

/** The end of the claims of a token and both ends of its signature, as a careless log would cut them; how claims begin is no secret. */
function partsOf(jwt: string): readonly string[] {
  const [, claims = '', signature = ''] = jwt.split('.');
  return [claims.slice(-24), signature.slice(0, 24), signature.slice(-24)].filter((part) => part.length === 24);
}

test(
  'nothing of a token is in any output or file but header, claims and fingerprint',
  { timeout: 120_000 },
  async () => {
    const { fleet, keyFile, key } = stand;
    const project = ['--project', fleet.project];
    const canary = made(key, { sub: 'canary' });
    const file = join(place.folder, 'the-token');
    writeFileSync(file, canary);
    const commands: readonly (readonly [name: string, argv: readonly string[]])[] = [
      ['verify', ['--private-key', keyFile]],
      ['verify', ['--token-command', `cat '${file}'`, '--json', '--debug']],
      ['verify', ['--token-command', `sh -c "cat '${file}'; cat '${file}' >&2; exit 3"`, '--org', 'dev', '--debug']],
      ['deploy', ['--verify', '--verify-wait', '1', '--org', 'dev', '--token-command', `cat '${file}'`]],
    ];
    for (const [name, argv] of commands) {
      const { stdout, stderr } = await runCommand(place, name, [...argv, ...project]);
      said += stdout + stderr;
    }
    const minted = (
      await token(
        ['mint', '--org', 'dev', '--channel', 'Web_Chat', '--subject', 'canary', '--private-key', keyFile],
        '',
      )
    ).trim();
    assert.equal(minted.split('.').length, 3, 'mint prints the token, and nothing else, on standard output');
    const session = `00D${'x'.repeat(15)}!AQ${'y'.repeat(60)}`;
    const inputs = [
      canary,
      `"${canary}"\n`,
      `Bearer ${canary}`,
      canary.replace('.', '.\n'),
      canary.slice(0, -80),
      `${canary.slice(0, 200)}=`,
      `HTTP/1.1 401 Unauthorized\ncontent-type: application/json\n\n{"message":"refused ${canary}"}`,
      JSON.stringify({ customerIdentityToken: canary }),
      JSON.stringify({ accessToken: canary, context: { endUser: { subject: 'v2/iamessage/ANON/1' } } }),
      `Error: setIdentityToken("${canary}") Invalid identity token passed into the setIdentityToken method.`,
      session,
    ];
    for (const input of inputs) {
      const { shown, document } = await explain(place, fleet, input, { live: false });
      said += shown + document;
    }
    for (const input of inputs.slice(0, 2)) said += await token(['explain', '--debug', '--org', 'dev'], input);
    for (const argv of [[canary], ['explain', canary]]) said += await token(argv, '');
    const secrets = [canary, minted, ...sent].flatMap(partsOf).concat('y'.repeat(24));
    const files = filesBelow(place.folder).filter((each) => each !== file);
    const everything = [Buffer.from(said), ...files.map((each) => readFileSync(each))];
    for (const secret of new Set(secrets)) {
      const found = everything.findIndex((bytes) => bytes.includes(secret));
      assert.equal(found, -1, `${found > 0 ? files[found - 1] : 'output'}: ${secret}`);
    }
    assert.ok(
      sent.size >= 6 && said.includes('sha256:') && said.length > 10_000 && files.length > 20,
      'there was something to look through',
    );
  },
);
