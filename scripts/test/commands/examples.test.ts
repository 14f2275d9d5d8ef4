/** Runs every example of --help as it is printed. */
import assert from 'node:assert/strict';
import { X509Certificate } from 'node:crypto';
import { chmodSync, cpSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createServer, type Server } from 'node:https';
import type { AddressInfo } from 'node:net';
import { delimiter, dirname, join } from 'node:path';
import { after, before, test } from 'node:test';
import { getCACertificates, setDefaultCACertificates } from 'node:tls';
import { orgIdOf, startLocalOrg } from '../../local-org/index';
import { loadSeed } from '../../local-org/orgs';
import { keyXml, KEY_FILE, KID, VALID_NOW } from '../commands-verify/test-orgs';
import { allHelp, examplesIn } from '../lib/command-help';
import { parseArguments } from '../lib/command-definitions';
import { issueCertificate, serverIdentity } from '../lib/http/test-certificates';
import { startProxy, type TestProxy } from '../lib/http/test-proxy';
import { createCertificate, keyPair, publicJwk } from '../lib/jwk/test-keys';
import { parseDocument } from './document-schemas';
import { ExampleShell, type ExampleResult } from './example-shell';
import { startFleet, type Fleet } from './fleet';
import { createWorkspace } from './workspace';

/** Not shared: the examples replace logins, and run in a process with its own environment. */
const workspace = createWorkspace();

/** The folder of one example: a copy of the project, next to the files outside of git. */
interface Desk {
  readonly project: string;
  /** Runs another command. */
  readonly run: (line: string) => Promise<ExampleResult>;
}

interface Example {
  /** Default: 0. */
  readonly exit?: number;
  /** Makes the names in the example true. */
  readonly prepare?: (desk: Desk) => unknown;
}

/** Runs other commands before the example. */
const following =
  (...lines: readonly string[]) =>
  async ({ run }: Desk): Promise<void> => {
    for (const line of lines) {
      const { exit, text } = await run(line);
      assert.ok(exit === 0 || exit === 2, `${line}\n${text}`);
    }
  };

const KEYSET = 'force-app/main/default/PublicKeyCertificateSet/Customer_Identity.PublicKeyCertificateSet-meta.xml';
const MINT = 'npm run -s token -- mint --org uat --channel Web_Chat --subject C-1001 --private-key ../uat.pem';
const withToken = following(`${MINT} > token.txt`);
const NEW_KEY = 'npm run keys -- new Chat_2027 --private-key ../chat.pem';
const STAGE = 'npm run keys -- rotate stage Customer_Identity --new-key Chat_2027';

/** A run that can be rolled back. */
async function deployLabel(desk: Desk): Promise<void> {
  changeLabel(desk);
  await inSync(desk);
}

/** Earlier examples deploy other copies of the project. */
const inSync = following('npm run deploy -- --all --accept disruptive');

/** A change that no customer notices. */
function changeLabel({ project }: Pick<Desk, 'project'>): void {
  edit(project, KEYSET, /<masterLabel>.*</, `<masterLabel>Label ${++changes}<`);
}
let changes = 0;

/** The project before its first setup. */
const withoutOrgs = ({ project }: Desk): void => rmSync(join(project, 'config/orgs'), { recursive: true });

/** A refreshed sandbox has another org ID than its org file. */
const refreshed = ({ project }: Desk): void =>
  edit(project, 'config/orgs/uat.json', orgIdOf('uat'), orgIdOf('uat before'));

/** Serves the keys of the keyset and a new key at the endpoint of the identity provider. */
async function serveNewKey(desk: Desk): Promise<void> {
  await following(NEW_KEY, 'npm run -s keys -- jwks Customer_Identity --key Chat_2027 > jwks.json')(desk);
  jwks = readFileSync(join(desk.project, 'jwks.json'), 'utf8');
}

/** The results of plan and status, as the jobs of a pipeline write them. */
async function writeResults(desk: Desk): Promise<void> {
  const { project, run } = desk;
  changeLabel(desk);
  mkdirSync(join(project, 'outcomes'));
  for (const org of ['dev', 'uat']) await run(`npm run -s plan -- --org ${org} --json > ${org}.json`);
  cpSync(join(project, 'dev.json'), join(project, 'outcomes/dev.json'));
}

/** Examples with another exit code, or with names that must exist. All others run in a copy of the project as it is. */
const EXAMPLES: Readonly<Record<string, Example>> = {
  'npm run setup -- --org mysandbox': { prepare: withoutOrgs },
  'npm run setup -- --org mysandbox --issuer https://id.example.com --private-key ../chat.pem --channel Web_Chat --site https://shop.example.com --yes':
    { prepare: withoutOrgs },
  'npm run setup -- --org mysandbox --provider https://login.example.com': { prepare: withoutOrgs },
  'npm run setup -- keyset Partner --issuer https://id.partner.example.com --key Partner_Key': {
    prepare: following('npm run keys -- new Partner_Key --private-key ../partner.pem'),
  },
  'npm run plan': { exit: 2, prepare: changeLabel },
  'npm run plan -- --org uat --out plan.json': { exit: 2, prepare: changeLabel },
  'npm run deploy -- --org uat --dry-run': { exit: 2, prepare: changeLabel },
  'npm run deploy -- --all --accept disruptive': { prepare: changeLabel },
  'npm run deploy -- --plan plan.json --all': {
    prepare: async (desk) => {
      changeLabel(desk);
      await following('npm run plan -- --org uat --out plan.json')(desk);
    },
  },
  'npm run rollback -- --run <id> --dry-run': { exit: 2, prepare: deployLabel },
  'npm run rollback -- --run <id> --org uat': { prepare: deployLabel },
  'npm run keys -- jwks Customer_Identity --key A --key B --out jwks.json': {
    prepare: following('npm run keys -- new A --private-key ../a.pem', 'npm run keys -- new B --private-key ../b.pem'),
  },
  'npm run keys -- check-endpoint Customer_Identity_Endpoint --key Chat_2027': { prepare: serveNewKey },
  [STAGE]: { prepare: following(NEW_KEY) },
  'npm run keys -- rotate retire Customer_Identity --dry-run': {
    exit: 2,
    prepare: following(NEW_KEY, STAGE, 'npm run keys -- rotate switch Customer_Identity --confirm'),
  },
  'npm run post-refresh -- --org uat --dry-run': { exit: 2, prepare: refreshed },
  'npm run post-refresh -- --org uat --private-key ../uat.pem': { prepare: refreshed },
  'npm run post-refresh -- --org uat --accept new-org-id': { prepare: refreshed },
  'npm run monitor -- --token-command "./issue-test-token"': { prepare: inSync },
  'npm run status': { prepare: inSync },
  'npm run -s token -- explain --org uat < token.txt': { prepare: withToken },
  'npm run -s token -- explain < token.txt': { prepare: withToken },
  'npm run -s token -- explain --org uat --from-org < token.txt': { prepare: withToken },
  'npm run report -- --from outcomes --html report.html': { exit: 2, prepare: writeResults },
  'npm run report -- --from dev.json --from uat.json --markdown report.md': { exit: 2, prepare: writeResults },
};

/** The examples that don't run here, and why. */
const NOT_RUN: Readonly<Record<string, string>> = {
  'npm start': 'start.test.ts runs it in a process of its own.',
  'npm run generate':
    'It writes the files of this project, which other tests read. Other tests compare them with what it writes.',
  'npm run generate -- --debug': 'It does the same.',
  'npm run screenshots': 'It writes the images of this project. screenshots.test.ts takes them.',
  'npm run screenshots -- --debug': 'It does the same.',
  'npm run bench': 'It takes several minutes. scale.test.ts runs its parts.',
  'npm run bench -- --scale': 'It takes several minutes.',
};

/** These repoint the aliases of the orgs to orgs of their own. */
const LAST = /^(start|local-org)$/;

const ISSUER = 'https://login.example.com';

let fleet: Fleet;
let shell: ExampleShell | undefined;
let server: Server;
let proxy: TestProxy;
let jwks = '';
let certificate = '';
const authorities = getCACertificates('default');

/** An identity provider and every other host, behind a proxy: nothing leaves this machine. */
async function startProvider(): Promise<void> {
  const root = await issueCertificate({ subject: 'Test root' });
  const hosts = ['login.example.com', 'id.example.com'];
  const leaf = await issueCertificate({ subject: 'login.example.com', hosts, issuer: root });
  setDefaultCACertificates([...authorities, root.certificate.toString('pem')]);
  const discovery = { issuer: ISSUER, jwks_uri: `${ISSUER}/.well-known/jwks.json` };
  server = createServer(await serverIdentity(leaf), ({ url = '' }, response) => {
    const text = url.endsWith('openid-configuration') ? JSON.stringify(discovery) : url.includes('jwks') ? jwks : '';
    response.writeHead(text === '' ? 404 : 200, { 'content-type': 'application/json' }).end(text);
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  proxy = await startProxy();
  proxy.tunnelTo = (server.address() as AddressInfo).port;
}

/** One key in all orgs keeps the examples simple. */
const ACCEPTED = { rule: 'shared-key', reason: 'These orgs are local.' };
const SECOND_KEY =
  /\s*<publicKeyCertificateSetKeys>\s*<[^>]*>Customer_Identity_2026_B<[^]*?<\/publicKeyCertificateSetKeys>/;

/** Starts the orgs, and deploys a key whose private key is next to the project. */
async function startOrgs(): Promise<void> {
  fleet = await startFleet(workspace, {
    dev: { config: { wave: 1 } },
    uat: { config: { wave: 2 } },
    prod: { kind: 'production', config: { wave: 3, accept: [ACCEPTED] } },
  });
  const org = await startLocalOrg({
    ...{ alias: 'mysandbox', kind: 'sandbox', port: 0, loginKey: workspace.loginKey, seed: loadSeed('production') },
  });
  workspace.onCleanup(() => org.close());
  await workspace.logIn(org);
  const jwk = { ...(await publicJwk(keyPair('stand'), VALID_NOW)), kid: KID };
  writeFileSync(join(fleet.project, `force-app/main/default/${KEY_FILE}-meta.xml`), keyXml(jwk));
  jwks = JSON.stringify({ keys: [{ ...(await publicJwk(keyPair('provider'), VALID_NOW)), kid: 'k1' }] });
  certificate = new X509Certificate(await createCertificate(keyPair('certificate'), VALID_NOW)).toString();
  fleet.rewrite(KEYSET, SECOND_KEY, '');
  await deployFleet();
}

async function deployFleet(): Promise<void> {
  const { exit, shown } = await fleet.deployAccepted();
  assert.equal(exit, 0, shown);
}

const privatePem = (): string => keyPair('stand').privateKey.export({ type: 'pkcs8', format: 'pem' }).toString();

/** A program that prints an identity token. */
const tokenProgram = (): string => `#!${process.execPath}
const encode = (value) => Buffer.from(JSON.stringify(value)).toString('base64url');
const now = Math.floor(Date.now() / 1000);
const text = [{ alg: 'RS256', typ: 'JWT', kid: '${KID}' }, { iss: 'https://id.example.com', sub: 'C-1001', iat: now, exp: now + 300 }].map(encode).join('.');
console.log(text + '.' + require('node:crypto').sign('sha256', text, ${JSON.stringify(privatePem())}).toString('base64url'));
`;

/** A vault that prints the private key, and accepts another one. */
const vaultProgram = (): string => `#!/bin/sh
if [ "$1" = write ]; then cat > /dev/null; else cat <<'END'
${privatePem()}END
fi
`;

before(async () => {
  await startProvider();
  await startOrgs();
  const bin = join(workspace.folder, 'bin');
  writeProgram(join(bin, 'vault'), vaultProgram());
  const logins = ['dev', 'uat', 'prod'].map((alias) => {
    const { username, clientId, url } = fleet.org(alias);
    return { alias, username, clientId, instanceUrl: url };
  });
  shell = new ExampleShell(workspace.workers, {
    HTTPS_PROXY: proxy.url,
    NO_PROXY: '127.0.0.1',
    PATH: `${bin}${delimiter}${process.env['PATH'] ?? ''}`,
    RUNNER_TEMP: workspace.folder,
    SF_LOGINS: JSON.stringify(logins),
    SF_JWT_KEY: readFileSync(workspace.loginKeyFile, 'utf8'),
  });
});

const openShell = (): ExampleShell => shell ?? assert.fail('the shell is not open');

after(() => {
  shell?.end();
  setDefaultCACertificates(authorities);
  proxy.close();
  server.closeAllConnections();
  server.close();
});

function writeProgram(file: string, text: string): void {
  mkdirSync(dirname(file), { recursive: true });
  writeFileSync(file, text);
  chmodSync(file, 0o755);
}

function edit(project: string, path: string, from: string | RegExp, to: string): void {
  const text = readFileSync(join(project, path), 'utf8');
  const edited = text.replace(from, to);
  assert.notEqual(edited, text, `${path} doesn't contain ${String(from)}`);
  writeFileSync(join(project, path), edited);
}

/** A new copy of the project, with the files that examples name. */
function openDesk(): Desk {
  const folder = mkdtempSync(join(workspace.folder, 'desk-'));
  const project = join(folder, 'project');
  cpSync(fleet.project, project, { recursive: true });
  for (const file of ['uat.pem', 'project/dev.pem']) writeFileSync(join(folder, file), privatePem(), { mode: 0o600 });
  writeFileSync(join(project, 'chat.crt'), certificate);
  writeFileSync(join(project, 'shop.html'), '<!doctype html><title>Shop</title>');
  mkdirSync(join(project, 'artifacts/runs'), { recursive: true });
  writeProgram(join(project, 'issue-test-token'), tokenProgram());
  const latestRun = (): string => readdirSync(join(project, '.runs')).sort().at(-1) ?? '';
  return { project, run: (line) => openShell().run(project, line.replace('<id>', latestRun())) };
}

test('every example of --help runs as it is printed', async (t) => {
  const examples = (await allHelp()).flatMap((help) => examplesIn(help).map((line) => [help.name, line] as const));
  const order = ([name]: readonly [string, string]): number => Number(LAST.test(name));
  const lines = [...new Set(examples.toSorted((one, other) => order(one) - order(other)).map(([, line]) => line))];
  const unknown = [...Object.keys(EXAMPLES), ...Object.keys(NOT_RUN)].filter((line) => !lines.includes(line));
  assert.deepEqual(unknown, [], 'the tables name only examples of --help');
  assert.ok(lines.length > 80, `${lines.length} examples`);
  for (const line of lines.filter((each) => NOT_RUN[each] === undefined))
    await t.test(line, async () => {
      const { exit = 0, prepare } = EXAMPLES[line] ?? {};
      const desk = openDesk();
      await prepare?.(desk);
      const result = await desk.run(line);
      assert.equal(result.exit, exit, result.text);
      result.documents.forEach(parseDocument);
    });
});

test('the parser accepts the examples that only run elsewhere', () => {
  for (const line of Object.keys(NOT_RUN)) parseArguments(...splitExample(line));
});

function splitExample(line: string): [string, readonly string[]] {
  const [, name = '', rest = ''] = /^npm (?:run )?([\w-]+)(?: -- (.*))?$/.exec(line) ?? [];
  return [name, rest === '' ? [] : rest.split(' ')];
}
