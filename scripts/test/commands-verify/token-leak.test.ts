import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { readFileSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import { filesBelow } from '../commands-keys/test-project';
import { runProcess } from '../commands/command-process';
import { ROOT } from '../commands/fleet';
import { createWorkspace } from '../commands/workspace';
import { runExplainCommand } from './run-explain';
import { startTestOrgs, type TestOrgs } from './test-orgs';
import { signToken } from './token-breaks';

const workspace = createWorkspace();

let testOrgs: TestOrgs;
let transcript = '';
/** Each token that the echo received. */
const sentTokens = new Set<string>();

/** An Enhanced Chat API that repeats each request in as many properties as it can. */
const echo = createServer((request, response) => {
  let body = '';
  request.on('data', (chunk: Buffer) => (body += chunk.toString()));
  request.on('end', () => {
    const { customerIdentityToken: accessToken } = JSON.parse(body || '{}') as { customerIdentityToken?: string };
    if (accessToken !== undefined) sentTokens.add(accessToken);
    const bearer = request.headers.authorization?.replace('Bearer ', '') ?? '';
    const answer = request.url?.includes('embedded-service-config')
      ? { embeddedServiceConfig: { embeddedServiceMessagingChannel: { authMode: 'Auth' } } }
      : {
          message: `${accessToken} ${bearer}`,
          text: accessToken,
          accessToken,
          context: { endUser: { subject: `v2/iamessage/AUTH/${accessToken}` } },
        };
    response
      .writeHead(sentTokens.size % 2 === 0 ? 200 : 401, { 'content-type': 'application/json' })
      .end(JSON.stringify(answer));
  });
});

before(async () => {
  await new Promise<void>((resolve) => echo.listen(0, '127.0.0.1', resolve));
  const { port } = echo.address() as AddressInfo;
  testOrgs = await startTestOrgs(workspace, { dev: {}, echo: { config: { scrt2URL: `http://127.0.0.1:${port}` } } });
});
after(() => void echo.close());

/** Adds an output to the transcript. `transcript += await ...` would read the transcript before the command writes to it. */
async function record(running: Promise<string>): Promise<void> {
  const output = await running;
  transcript += output;
}

/** Runs `token` with text on its standard input. Its standard error goes to the transcript. */
function runTokenCommand(argv: readonly string[], input: string): Promise<string> {
  const command = [
    '-r',
    join(ROOT, '.config/ts-node.cjs'),
    join(ROOT, 'scripts/token.ts'),
    ...argv,
    '--project',
    testOrgs.fleet.project,
  ];
  const child = spawn(process.execPath, command, {
    env: { ...process.env, HOME: workspace.home, TMPDIR: workspace.folder },
  });
  let output = '';
  child.stdout.on('data', (chunk: Buffer) => (output += chunk.toString()));
  child.stderr.on('data', (chunk: Buffer) => (transcript += chunk.toString()));
  child.stdin.end(input);
  return new Promise((resolve) => child.on('close', () => resolve(output)));
}

/**
 * The end of a token's claims and both ends of its signature, as a truncating log would print them. The beginning of
 * the claims is not secret.
 */
function tokenParts(jwt: string): readonly string[] {
  const [, claims = '', signature = ''] = jwt.split('.');
  return [claims.slice(-24), signature.slice(0, 24), signature.slice(-24)].filter((part) => part.length === 24);
}

test(
  'prints and writes no part of a token except its header, claims, and fingerprint',
  { timeout: 120_000 },
  async () => {
    const { fleet, keyFile, key } = testOrgs;
    const project = ['--project', fleet.project];
    const canary = signToken(key, { sub: 'canary' });
    const file = join(workspace.folder, 'the-token');
    writeFileSync(file, canary);
    const commands: readonly (readonly [name: string, argv: readonly string[]])[] = [
      ['verify', ['--private-key', keyFile]],
      ['verify', ['--token-command', `cat '${file}'`, '--json', '--debug']],
      ['verify', ['--token-command', `sh -c "cat '${file}'; cat '${file}' >&2; exit 3"`, '--org', 'dev', '--debug']],
      ['deploy', ['--verify', '--publish-timeout', '1m', '--org', 'dev', '--token-command', `cat '${file}'`]],
    ];
    for (const [name, argv] of commands) {
      const { stdout, stderr } = await runProcess(workspace, name, [...argv, ...project]);
      transcript += stdout + stderr;
    }
    const minted = (
      await runTokenCommand(
        ['mint', '--org', 'dev', '--channel', 'Web_Chat', '--subject', 'canary', '--private-key', keyFile],
        '',
      )
    ).trim();
    assert.equal(minted.split('.').length, 3, 'mint prints only the token to standard output');
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
      const { shown, document } = await runExplainCommand(workspace, fleet, input, { fromOrg: false });
      transcript += shown + document;
    }
    for (const input of inputs.slice(0, 2))
      await record(runTokenCommand(['explain', '--debug', '--org', 'dev'], input));
    for (const argv of [[canary], ['explain', canary], ['explain', '--channel', canary], ['explain', `--${canary}`]])
      await record(runTokenCommand(argv, ''));
    const secrets = [canary, minted, ...sentTokens].flatMap(tokenParts).concat('y'.repeat(24));
    const files = filesBelow(workspace.folder).filter((each) => each !== file);
    const everything = [Buffer.from(transcript), ...files.map((each) => readFileSync(each))];
    for (const secret of new Set(secrets)) {
      const found = everything.findIndex((bytes) => bytes.includes(secret));
      assert.equal(found, -1, `${found > 0 ? files[found - 1] : 'output'}: ${secret}`);
    }
    assert.ok(
      sentTokens.size >= 6 && transcript.includes('sha256:') && transcript.length > 10_000 && files.length > 20,
      'the searched content is not empty',
    );
  },
);
