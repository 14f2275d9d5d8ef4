import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { cpSync, existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, mock, test } from 'node:test';
import { setTimeout as sleep } from 'node:timers/promises';
import { monitorFleet, monitorOptions, type MonitorOptions, type RunMonitorFlags } from '../../../lib/commands/monitor';
import { download } from '../../../lib/verification/endpoint';
import { writeXml } from '../../../lib/metadata';
import {
  EMPTY_ORG_SETTINGS,
  keyOf,
  mapOf,
  SOURCE_FOLDERS,
  type Component,
  type DesiredState,
  type OrgResult,
} from '../../../lib/model';
import { markdownText } from '../../../lib/report/markdown';
import { planFleet, type PlannedOrg } from '../../../lib/rollout';
import { exitCodeOf } from '../../../lib/rollout/org-result';
import { parseTraffic, startLocalOrg, type LocalOrg } from '../../../local-org/index';
import { testContext } from '../../commands/run-command';
import { PROJECT } from '../../gates/list-files';
import { loginKey } from '../../local-org/client';
import { queueXml, routingXml } from '../../local-org/samples';
import { authorization, chatDeployment, component, endpointKeyset, key, keyset } from '../explain/test-org';
import { createCertificate, DAY_MS, keyPair, NOW, publicJwk } from '../jwk/test-keys';
import { localOrgSf, type LocalOrgSf } from '../local-org-sf';

/*
 * A month with 12 orgs on a simulated clock. Each day has one run. A fault begins after the run of the day before, the next run has
 * to find it and nothing else, and it is repaired after that. Every run reads all orgs and counts their chats. Tokens are sent only to
 * the orgs with a fault, and once more after the repair, because that costs most of the time.
 */

const CHANNEL = 'messagingChannels/Web_Chat.messagingChannel';
const KEYSET = 'PublicKeyCertificateSet/Customer_Identity.PublicKeyCertificateSet';
const DEPLOYMENT = 'EmbeddedServiceConfig/Web_Chat.EmbeddedServiceConfig';
const TRUSTED = authorization({ authorizationType: 'PublicKeyCertificateSet' });
const VERIFIED_CHANNEL = component('MessagingChannel', 'Web_Chat', {
  embeddedConfig: { authMode: 'Auth', messagingAuthorizations: [TRUSTED], verifiedUserJwtExpirationTime: '60' },
  masterLabel: 'Web Chat',
  messagingChannelType: 'EmbeddedMessaging',
  sessionHandlerQueue: 'Customer_Chat',
  sessionHandlerType: 'Queue',
});
const ALIASES = Array.from({ length: 12 }, (_, index) => `org${index + 1}`);
/** The orgs whose keys are at an endpoint. */
const WITH_ENDPOINT = ['org3', 'org4', 'org11'];
const TRAFFIC = 'verified=4/h';
const KEY_DAYS = 37;

const project = mkdtempSync(join(tmpdir(), 'month-'));
const privateKey = join(project, 'private.pem');
const orgs = new Map<string, LocalOrg>();
const desired = new Map<string, DesiredState>();
/** Changes what was read or is read from an org, for facts that a local org doesn't have. */
const readings = { signerCertificate: new Map<string, string>(), tlsDays: new Map<string, number>() };
const endpoint = { delayMs: 0, keys: [] as object[] };
let server: Server;
let sf: LocalOrgSf;

const org = (alias: string): LocalOrg => orgs.get(alias) ?? assert.fail(alias);
const endpointUrl = (alias: string): string =>
  `http://127.0.0.1:${(server.address() as AddressInfo).port}/${alias}/jwks.json`;
const dayOf = (day: number): number => NOW.getTime() + day * DAY_MS;
const seedPath = ({ type, fullName }: Component): string =>
  `${SOURCE_FOLDERS[type].folder}/${fullName}.${SOURCE_FOLDERS[type].suffix}`;

async function componentsOf(alias: string): Promise<readonly Component[]> {
  const validity = alias === 'org2' ? { notAfter: new Date(dayOf(KEY_DAYS) + DAY_MS / 2) } : {};
  const trusted = WITH_ENDPOINT.includes(alias)
    ? [endpointKeyset('Customer_Identity', endpointUrl(alias))]
    : [key('Web_2026', await publicJwk(keyPair(), validity)), keyset('Customer_Identity', ['Web_2026'])];
  return [...trusted, VERIFIED_CHANNEL, chatDeployment('Web_Chat')];
}

async function startOrg(alias: string): Promise<void> {
  const components = await componentsOf(alias);
  // A key that no keyset lists, until an intruder lists it.
  const intruder = key('Intruder', { ...(await publicJwk(keyPair('intruder'))), kid: 'intruder' });
  const started = await startLocalOrg({
    alias,
    kind: 'sandbox',
    port: 0,
    loginKey,
    traffic: parseTraffic(`${TRAFFIC},before=8d`),
    seed: [
      { path: 'queues/Customer_Chat.queue', content: queueXml.replace('<name>Chat', '<name>Customer_Chat') },
      { path: 'queueRoutingConfigs/Chat.queueRoutingConfig', content: routingXml },
      ...[...components, intruder].map((each) => ({
        path: seedPath(each),
        content: writeXml(each.root),
        ...(each.type === 'MessagingChannel' && { active: true }),
        ...(each.type === 'EmbeddedServiceConfig' && { published: true }),
      })),
    ],
  });
  orgs.set(alias, started);
  desired.set(alias, {
    org: {
      alias,
      file: `config/orgs/${alias}.json`,
      orgId: started.orgId,
      kind: 'sandbox',
      wave: 1,
      ...EMPTY_ORG_SETTINGS,
      channels: ['Web_Chat'],
    },
    components: mapOf(components),
    compromised: [],
  });
}

interface Fault {
  readonly name: string;
  readonly alias: string;
  /** The run that has to find it. */
  readonly day: number;
  readonly begin: () => void | Promise<void>;
  readonly end: () => void | Promise<void>;
  /** Each failed or inconclusive check of the org, as the history has it; or the status of an org that couldn't be read. */
  readonly expected: RegExp;
  readonly flags?: Partial<RunMonitorFlags>;
}

const edit = (alias: string, path: string, from: string, to: string): void =>
  org(alias).edit(path, (text) => {
    assert.ok(text.includes(from), `${path} contains ${from}`);
    return text.replace(from, to);
  });

/** A fault that an admin makes in Setup, and undoes. */
const edited = (path: string, from: string, to: string) => (alias: string) => ({
  alias,
  begin: () => edit(alias, path, from, to),
  end: () => edit(alias, path, to, from),
});

async function setActive(alias: string, active: boolean): Promise<void> {
  const client = sf.client(alias);
  const { records } = await client.query("SELECT Id FROM MessagingChannel WHERE DeveloperName = 'Web_Chat'");
  const path = `/services/data/v67.0/sobjects/MessagingChannel/${String(records[0]?.['Id'])}`;
  const headers = { 'content-type': 'application/json' };
  const { status } = await client.rest(path, { method: 'PATCH', headers, body: JSON.stringify({ IsActive: active }) });
  assert.equal(status, 204);
}

/** Replaces the certificate of the key in the org and in source. */
async function renewCertificate(alias: string): Promise<void> {
  const renewed = key('Web_2026', await publicJwk());
  org(alias).edit(seedPath(renewed), () => writeXml(renewed.root));
  const state = desired.get(alias) ?? assert.fail();
  desired.set(alias, { ...state, components: new Map([...state.components, [keyOf(renewed), renewed]]) });
}

const runFolder = join(project, '.runs/2026-10-11T00-00-00-000Z-abcdef');

function leaveRun(alias: string): void {
  const at = new Date().toISOString();
  const header = {
    command: 'deploy',
    from: 'project',
    orgs: [{ alias, orgId: org(alias).orgId, changes: ['a'], publish: [] }],
  };
  const lines = [
    { at, run: header },
    { at, org: alias, step: 'deploying', detail: 'Queue:Chat', known: [] },
  ];
  mkdirSync(runFolder, { recursive: true });
  writeFileSync(join(runFolder, 'journal.ndjson'), lines.map((line) => `${JSON.stringify(line)}\n`).join(''));
}

async function expiringCertificate(days: number): Promise<string> {
  const der = await createCertificate(keyPair(), { notAfter: new Date(Date.now() + days * DAY_MS) });
  return `-----BEGIN CERTIFICATE-----\n${der.toString('base64')}\n-----END CERTIFICATE-----\n`;
}

const ISSUER_ELEMENT = '<jwtIssuer>https://id.example.com</jwtIssuer>';
const FAULTS: readonly Fault[] = [
  {
    name: 'the issuer was changed',
    day: 2,
    expected: /^(configuration|acceptance|rejection|consistency): |trust$/,
    ...edited(KEYSET, ISSUER_ELEMENT, '<jwtIssuer>https://id.example.com/</jwtIssuer>')('org1'),
  },
  {
    name: 'a key expires',
    alias: 'org2',
    day: KEY_DAYS - 30,
    expected: /^certificate: key Web_2026$/,
    begin: () => undefined,
    end: () => renewCertificate('org2'),
  },
  {
    name: 'the endpoint is slow',
    alias: 'org3',
    day: 4,
    expected: /^endpoint: Web_Chat: Customer_Identity$/,
    begin: () => void (endpoint.delayMs = 2_100),
    end: () => void (endpoint.delayMs = 0),
  },
  {
    name: 'the TLS certificate expires',
    alias: 'org4',
    day: 5,
    expected: /^certificate: TLS certificate of 127/,
    begin: () => void readings.tlsDays.set('org4', 13),
    end: () => void readings.tlsDays.delete('org4'),
  },
  {
    name: 'the chat deployment was turned off',
    day: 8,
    expected: /^(configuration|acceptance|rejection|traffic): /,
    ...edited(DEPLOYMENT, '<isEnabled>true', '<isEnabled>false')('org5'),
  },
  {
    name: 'the share of unverified chats rises',
    alias: 'org6',
    day: 9,
    expected: /^traffic: Web_Chat: verified chats$/,
    begin: () => org('org6').setTraffic('verified=4/h,unverified=1/h'),
    end: () => org('org6').setTraffic(TRAFFIC),
  },
  {
    name: 'the channel is inactive',
    alias: 'org7',
    day: 11,
    expected: /^(configuration|acceptance|rejection|traffic): /,
    begin: () => setActive('org7', false),
    end: () => setActive('org7', true),
  },
  {
    name: "an intruder's key is trusted",
    day: 12,
    expected: /^configuration: (Web_Chat: in sync|trust)$|trust$/,
    ...edited(
      KEYSET,
      '<publicKeyCertificate>Web_2026</publicKeyCertificate>',
      '<publicKeyCertificate>Intruder</publicKeyCertificate></publicKeyCertificateSetKeys><publicKeyCertificateSetKeys><publicKeyCertificate>Web_2026</publicKeyCertificate>',
    )('org8'),
  },
  {
    name: 'a run is incomplete',
    alias: 'org9',
    day: 14,
    expected: /^runs: incomplete runs$/,
    begin: () => leaveRun('org9'),
    end: () => rmSync(runFolder, { recursive: true }),
  },
  {
    name: 'the certificate of the signer expires',
    alias: 'org10',
    day: 15,
    expected: /^certificate: Apex signer/,
    begin: async () => void readings.signerCertificate.set('org10', await expiringCertificate(20)),
    end: () => void readings.signerCertificate.delete('org10'),
  },
  {
    name: 'the endpoint lost the key',
    alias: 'org11',
    day: 17,
    expected: /^(configuration|endpoint|acceptance|rejection|consistency): /,
    begin: () => void (endpoint.keys = []),
    end: async () => void (endpoint.keys = [await publicJwk()]),
  },
  {
    name: 'another configuration was authorized',
    day: 18,
    expected: /^(configuration|acceptance|consistency): |trust$/,
    ...edited(
      CHANNEL,
      '<messagingAuthorizations>',
      '<messagingAuthorizations><authIdentifier>Other</authIdentifier><authorizationType>PublicKeyCertificateSet</authorizationType><enabled>true</enabled><publicKeyCertificateSetName>Customer_Identity</publicKeyCertificateSetName></messagingAuthorizations><messagingAuthorizations>',
    )('org12'),
  },
  {
    name: 'the token command fails',
    alias: 'org1',
    day: 20,
    expected: /^(acceptance|rejection|consistency): /,
    begin: () => undefined,
    end: () => undefined,
    flags: { tokenCommand: 'false' },
  },
  {
    name: 'the org is unreachable',
    alias: 'org2',
    day: 21,
    expected: /^unreachable$/,
    begin: () => org('org2').setFaults('query:503@1-'),
    end: () => org('org2').setFaults(''),
  },
  {
    name: 'no customer can start a chat',
    alias: 'org3',
    day: 23,
    expected: /^traffic: Web_Chat: verified chats$/,
    begin: () => org('org3').setTraffic('verified=0/h'),
    end: () => org('org3').setTraffic(TRAFFIC),
  },
  {
    name: 'the chat deployment is not published',
    alias: 'org6',
    day: 27,
    expected: /^(configuration|acceptance|rejection|traffic): /,
    begin: () => org('org6').setPublished('Web_Chat', false),
    end: () => org('org6').setPublished('Web_Chat', true),
  },
  {
    name: 'user verification was turned off',
    day: 25,
    expected: /^(configuration|acceptance|rejection|traffic): |trust$/,
    ...edited(CHANNEL, '<authMode>Auth', '<authMode>UnAuth')('org5'),
  },
];

const FLAGS: Partial<RunMonitorFlags> = {
  since: '24h',
  maxDrop: '5',
  within: 30,
  tokenBudget: '9999/1m',
  allowLoopback: true,
};

/** Replaces what a local org can't have. */
function adjusted(planned: PlannedOrg): PlannedOrg {
  const signerCertificate = readings.signerCertificate.get(planned.desired.org.alias);
  return planned.live && signerCertificate !== undefined
    ? { ...planned, live: { ...planned.live, signerCertificate } }
    : planned;
}

const readEndpoint: MonitorOptions['readEndpoint'] = async (url) => {
  const response = await download(url, { allowLoopback: true });
  const days = readings.tlsDays.get(url.split('/')[3] ?? '') ?? 60;
  return { ...response, tls: { protocol: 'TLSv1.3', expiresAt: new Date(Date.now() + days * DAY_MS) } };
};

/** Each call costs two processes, so only the first days keep the issue. */
const DAYS_WITH_ISSUE = 8;

/** Does what the workflow does with the result of a run, with the stand-in for the GitHub CLI. */
function updateIssue(day: number, results: readonly OrgResult[]): void {
  const exitCode = exitCodeOf(results);
  const document = { command: 'monitor', exitCode, findings: [], orgs: results };
  writeFileSync(join(project, 'monitor.md'), markdownText({ document, at: new Date() }));
  const github = {
    GITHUB_REPOSITORY: 'acme/chat',
    GITHUB_SERVER_URL: 'https://github.example',
    GITHUB_RUN_ID: `${day}`,
  };
  const env = { PATH: `${project}:${process.env['PATH'] ?? ''}`, GH_TOKEN: 'x', CODE: `${exitCode}`, ...github };
  const script = join(PROJECT, '.github/scripts/issue.sh');
  const argv = [script, 'monitor', 'User verification needs attention', 'monitor.md'];
  const { status, stderr } = spawnSync('bash', argv, { cwd: project, env });
  // A problem that customers notice also fails the job.
  assert.equal(status, exitCode === 0 || exitCode === 2 ? 0 : 1, stderr.toString());
}

function openIssues(): number {
  const file = join(project, 'state.json');
  if (!existsSync(file)) return 0;
  const { issues } = JSON.parse(readFileSync(file, 'utf8')) as {
    readonly issues: readonly { readonly open: boolean }[];
  };
  return issues.filter(({ open }) => open).length;
}

/** One run of the monitor. Tokens are sent to the orgs in `verified`. */
async function run(verified: ReadonlySet<string>, flags: Partial<RunMonitorFlags> = { privateKey }) {
  const output = { shown: [], documents: [], progress: [], questions: [] };
  const base = testContext(project, {}, output);
  const context = { ...base, flags: { ...base.flags, ...FLAGS, ...flags } as typeof base.flags & RunMonitorFlags };
  const options = monitorOptions(context);
  const fleet = await planFleet(sf, [...desired.values()], { apiVersion: '67.0', onResult: () => undefined });
  const verifier: MonitorOptions['verifier'] = (cli, planned, outcome) =>
    verified.has(outcome.alias) ? options.verifier(cli, planned, outcome) : Promise.resolve(outcome);
  return monitorFleet(context, sf, fleet.map(adjusted), { ...options, verifier, readEndpoint });
}

before(async () => {
  mock.timers.enable({ apis: ['Date'], now: NOW });
  cpSync(join(PROJECT, 'scripts/test/pipeline/gh'), join(project, 'gh'));
  writeFileSync(privateKey, keyPair().privateKey.export({ type: 'pkcs8', format: 'pem' }), { mode: 0o600 });
  endpoint.keys = [await publicJwk()];
  server = createServer((request, response) => {
    const isSlow = request.url?.startsWith('/org3/') === true;
    const keys = request.url?.startsWith('/org11/') === true ? endpoint.keys : [];
    void sleep(isSlow ? endpoint.delayMs : 0).then(async () => {
      const served = request.url?.startsWith('/org11/') === true ? keys : [await publicJwk()];
      response.writeHead(200, { 'content-type': 'application/json' }).end(JSON.stringify({ keys: served }));
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  for (const alias of ALIASES) await startOrg(alias);
  sf = await localOrgSf([...orgs.values()]);
});
after(async () => {
  mock.timers.reset();
  await Promise.all([...orgs.values()].map((each) => each.close()));
  server.close();
  rmSync(project, { recursive: true, force: true });
});

test('in a month with 12 orgs, each run finds the fault of its day and reports nothing else', async () => {
  let repaired: string | undefined;
  const codes: number[] = [];
  for (let day = 1; day <= 30; day++) {
    const fault = FAULTS.find((each) => each.day === day);
    await fault?.begin();
    mock.timers.setTime(dayOf(day));
    const verified = new Set([...(fault ? [fault.alias] : []), ...(repaired === undefined ? [] : [repaired])]);
    const monitored = await run(day === 1 ? new Set(ALIASES) : verified, fault?.flags);
    for (const { entry, result } of monitored) {
      const found = result.status === 'unreachable' ? ['unreachable'] : [...entry.failed, ...entry.inconclusive];
      const where = `day ${day}, ${entry.alias}: ${found.join('; ')} ${result.error?.why ?? ''} ${result.changes.map(({ component, path }) => `${component} ${path}`).join()}`;
      if (entry.alias !== fault?.alias) assert.deepEqual([entry.status, found], ['unchanged', []], where);
      else assert.ok(found.length > 0 && found.every((each) => fault.expected.test(each)), `${fault.name}: ${where}`);
    }
    const results = monitored.map(({ result }) => result);
    codes.push(exitCodeOf(results));
    if (day <= DAYS_WITH_ISSUE && (codes.at(-1) !== 0 || (codes.at(-2) ?? 0) !== 0)) updateIssue(day, results);
    if (day <= DAYS_WITH_ISSUE) assert.equal(openIssues(), fault ? 1 : 0, `open issues on day ${day}`);
    await fault?.end();
    repaired = fault?.alias;
  }
  const days = codes.flatMap((code, index) => (code === 0 ? [] : [index + 1]));
  assert.deepEqual(
    days,
    FAULTS.map(({ day }) => day).sort((one, other) => one - other),
  );
});
