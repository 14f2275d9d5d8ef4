import assert from 'node:assert/strict';
import { cpSync, existsSync, mkdirSync, mkdtempSync, readFileSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, test } from 'node:test';
import type { Context } from '../../../lib/cli';
import { EXIT, ToolError, type ExitCode } from '../../../lib/errors';
import { textAt } from '../../../lib/model';
import { loadProject } from '../../../lib/project';
import { generateKeyPair } from '../../../lib/jwk/key-pair';
import type { SetupFlags } from '../../../lib/setup/flags';
import { addComponent } from '../../../lib/setup/new-component';
import { setUpOrg, type SetupCli } from '../../../lib/setup/setup';
import { SAMPLE_ORG_IDS } from '../../../lib/setup/setup-files';
import { documentSchemas } from '../../commands/document-schemas';
import { PROJECT } from '../../gates/list-files';
import { DEV_ID, machine, NOW, readerOf, ROWS } from './fake-machine';

const folders: string[] = [];
after(() => folders.forEach((folder) => rmSync(folder, { recursive: true, force: true })));

/** A copy of the project as a user clones it, next to an empty folder for private keys. */
function cloneProject(): string {
  const folder = mkdtempSync(join(tmpdir(), 'setup-'));
  folders.push(folder);
  for (const part of ['config', 'force-app', 'member-site', 'sfdx-project.json', '.forceignore'])
    if (existsSync(join(PROJECT, part)))
      cpSync(join(PROJECT, part), join(folder, 'project', part), { recursive: true });
  return join(folder, 'project');
}

interface Run {
  readonly exit: ExitCode;
  readonly out: string;
  readonly questions: readonly string[];
  readonly planned: readonly (readonly string[])[];
}

interface Options {
  readonly answers?: readonly string[];
  readonly confirmed?: boolean;
  readonly sf?: Partial<SetupCli>;
}

/** With `answers`, the terminal is interactive. */
async function run(project: string, flags: Partial<Context<SetupFlags>['flags']>, options: Options = {}): Promise<Run> {
  const { answers, confirmed = true, sf } = options;
  const [questions, planned]: [string[], (readonly string[])[]] = [[], []];
  let out = '';
  const remaining = [...(answers ?? [])];
  const context = {
    flags: { org: [], json: false, project, ...flags },
    layout: { columns: 120, color: false },
    now: NOW,
    interactive: answers !== undefined,
    print: (text: string) => void (out += `${text}\n`),
    printJson: (text: string) => void documentSchemas.setup.parse(JSON.parse(text)),
    log: (text: string) => void (out += `${text}\n`),
    confirm: (question: string) => {
      questions.push(question);
      return Promise.resolve(confirmed);
    },
    ...(answers !== undefined && {
      ask: (question: string) => {
        questions.push(question);
        return Promise.resolve(remaining.shift() ?? '');
      },
    }),
  } as unknown as Context<SetupFlags>;
  if (flags.verb !== undefined) return { exit: await addComponent(context), out, questions, planned };
  const tools = {
    sf: { ...readerOf(), loginInBrowser: () => assert.fail('no login is expected'), ...sf } as SetupCli,
    machine,
    plan: (planContext: Context) => {
      planned.push(planContext.flags.org);
      return Promise.resolve(EXIT.changes);
    },
  };
  return { exit: await setUpOrg(context, tools), out, questions, planned };
}

const errorsOf = (project: string): readonly string[] =>
  loadProject(project, { orgs: [] }, NOW).findings.flatMap(({ severity, rule, message }) =>
    severity === 'error' ? [`${rule}: ${message}`] : [],
  );

const orgFile = (project: string, alias: string): Record<string, unknown> =>
  JSON.parse(readFileSync(join(project, `config/orgs/${alias}.json`), 'utf8')) as Record<string, unknown>;

/** Another org ID than those of the samples. */
const OWN_ORG = { 'FROM Organization': [{ ...ROWS['FROM Organization']?.[0], Id: '00D000000000062EAA' }] };
const ownOrg = readerOf(OWN_ORG);

const ANSWERS = (project: string): Partial<Context<SetupFlags>['flags']> => ({
  org: ['mysandbox'],
  issuer: 'https://id.acme.test',
  privateKey: join(project, '../chat.pem'),
  channel: ['Web_Chat'],
  site: ['https://Shop.acme.test/'],
  yes: true,
});

test('sets up the first sandbox from flags: org file, key, and keyset are valid, and the samples are gone', async () => {
  const project = cloneProject();
  const { exit, planned, questions } = await run(project, ANSWERS(project), { sf: ownOrg });
  assert.deepEqual([exit, planned, questions], [EXIT.done, [['mysandbox']], []]);
  assert.deepEqual(orgFile(project, 'mysandbox'), {
    $schema: '../org.schema.json',
    orgId: '00D000000000062EAA',
    kind: 'sandbox',
    channels: ['Web_Chat'],
    sites: ['https://shop.acme.test'],
    overrides: {
      PublicKeyCertificateSet: {
        Customer_Identity: {
          jwtIssuer: 'https://id.acme.test',
          publicKeyCertificateSetKeys: [{ publicKeyCertificate: 'Chat_mysandbox' }],
        },
      },
    },
  });
  assert.deepEqual(errorsOf(project), []);
  assert.deepEqual(readdirSync(join(project, 'config/orgs')), ['mysandbox.json']);
  assert.deepEqual(
    readdirSync(join(project, 'force-app/main/default/PublicKeyCertificate')).map((name) => name.split('.')[0]),
    ['Chat_mysandbox'],
  );
  assert.match(readFileSync(join(project, '../chat.pem'), 'utf8'), /BEGIN PRIVATE KEY/);
});

test('a second setup uses what the first one wrote, and changes nothing', async () => {
  const project = cloneProject();
  await run(project, ANSWERS(project), { sf: ownOrg });
  const before = readFileSync(join(project, 'config/orgs/mysandbox.json'), 'utf8');
  const { exit, out, planned } = await run(project, { org: ['mysandbox'] }, { sf: ownOrg });
  assert.deepEqual([exit, planned], [EXIT.done, [['mysandbox']]]);
  assert.match(out, /\nNothing to write\.\n/);
  assert.equal(readFileSync(join(project, 'config/orgs/mysandbox.json'), 'utf8'), before);
  assert.deepEqual(errorsOf(project), []);
});

test('a setup of a second org keeps the first one', async () => {
  const project = cloneProject();
  await run(project, ANSWERS(project), { sf: ownOrg });
  const second = { 'FROM Organization': [{ ...ROWS['FROM Organization']?.[0], Id: '00D000000000063EAA' }] };
  const keyset = readFileSync(
    join(project, 'force-app/main/default/PublicKeyCertificateSet/Customer_Identity.PublicKeyCertificateSet-meta.xml'),
    'utf8',
  );
  const flags = {
    ...ANSWERS(project),
    org: ['qa'],
    issuer: 'https://id.qa.test',
    privateKey: join(project, '../qa.pem'),
  };
  const { exit } = await run(project, flags, { sf: readerOf(second) });
  assert.equal(exit, EXIT.done);
  assert.deepEqual(readdirSync(join(project, 'config/orgs')).sort(), ['mysandbox.json', 'qa.json']);
  assert.equal(
    readFileSync(
      join(
        project,
        'force-app/main/default/PublicKeyCertificateSet/Customer_Identity.PublicKeyCertificateSet-meta.xml',
      ),
      'utf8',
    ),
    keyset,
  );
  assert.deepEqual(errorsOf(project), []);
});

test('asks for what is missing on a terminal, and shows each file before it is written', async () => {
  const project = cloneProject();
  const answers = ['mysandbox', '1', join(project, '../own.pem'), 'https://id.acme.test', '', '-'];
  const { exit, questions, out } = await run(project, {}, { answers, sf: ownOrg });
  assert.equal(exit, EXIT.done);
  assert.deepEqual(
    questions.map((question) => question.split(/[ ,:]/)[0]),
    ['Alias', 'Public', 'New', 'Issuer', 'Channels', 'Origins', 'Write'],
  );
  assert.ok(out.indexOf('config/orgs/mysandbox.json (new)') < out.indexOf('Wrote'));
  assert.deepEqual(orgFile(project, 'mysandbox')['channels'], ['Mobile_Chat', 'Web_Chat']);
  assert.deepEqual(errorsOf(project), []);
});

test('creates a channel of its own after a question, with a queue of the source', async () => {
  const project = cloneProject();
  const answers = [
    '1',
    join(project, '../own.pem'),
    'https://id.example.com',
    'Acme_Support,Web_Chat',
    'Gone',
    'Customer_Chat_UAT',
    '-',
  ];
  const { exit, out, questions } = await run(project, { org: ['mine'] }, { answers });
  assert.equal(exit, EXIT.done);
  assert.ok(questions.includes('Source has no channel Acme_Support. Create it in source, with a Web chat deployment?'));
  assert.ok(
    questions.includes(
      'Queue that receives the conversations; a deploy creates those in source (Customer_Chat, Customer_Chat_UAT, Service_Chat): [Customer_Chat]',
    ),
  );
  const { findings, orgs } = loadProject(project, { orgs: ['mine'] }, NOW);
  assert.deepEqual(
    findings.filter(({ severity }) => severity === 'error'),
    [],
  );
  const [mine] = orgs;
  assert.deepEqual(mine?.org.channels, ['Acme_Support', 'Web_Chat']);
  assert.equal(
    textAt(mine.components.get('MessagingChannel:Acme_Support')?.root ?? assert.fail(), 'sessionHandlerQueue'),
    'Customer_Chat_UAT',
  );
  assert.ok(mine.components.has('EmbeddedServiceConfig:Acme_Support'));
  assert.match(
    out,
    /Next: npm run deploy -- --org mine, then npm run verify -- --org mine --private-key \S+own\.pem$/m,
  );
});

test('creates no channel from a flag or without a confirmation', async () => {
  const project = cloneProject();
  const flags = {
    org: ['mine'],
    issuer: 'https://id.example.com',
    privateKey: join(project, '../own.pem'),
    site: ['-'],
  };
  const unknown = { code: 'unknown-component', fix: /npm run setup -- channel Acme_Support/ };
  await assert.rejects(run(project, { ...flags, channel: ['Acme_Support'], yes: true }, { answers: [] }), unknown);
  await assert.rejects(run(project, flags, { answers: ['Acme_Support'], confirmed: false }), unknown);
  assert.ok(!existsSync(join(project, 'config/orgs/mine.json')));
});

test('sets up an org of a project without source, with a channel and a queue of any name', async () => {
  const project = mkdtempSync(join(tmpdir(), 'setup-'));
  folders.push(project);
  const root = join(project, 'new');
  mkdirSync(join(root, 'force-app'), { recursive: true });
  const sfdx = { packageDirectories: [{ path: 'force-app', default: true }], sourceApiVersion: '67.0' };
  writeFileSync(join(root, 'sfdx-project.json'), JSON.stringify(sfdx));
  const flags = { org: ['mine'], privateKey: join(project, 'own.pem'), issuer: 'https://id.example.com', site: ['-'] };
  await assert.rejects(run(root, { ...flags, channel: ['Chat'], yes: true }), { why: 'It has no channel.' });
  const { exit } = await run(root, flags, { answers: ['Chat', 'no queue', 'Support'] });
  assert.equal(exit, EXIT.done);
  const { findings } = loadProject(root, { orgs: ['mine'] }, NOW);
  const errors = findings.filter(({ severity }) => severity === 'error').map(({ message }) => message);
  assert.equal(errors.length, 1);
  assert.match(errors[0] ?? '', /Queue:Support is referenced here/);
});

test('asks again after a wrong answer, and ends after the third one', async () => {
  const project = cloneProject();
  const flags = {
    org: ['mine'],
    privateKey: join(project, '../own.pem'),
    channel: ['Web_Chat'],
    site: ['-'],
    yes: true,
  };
  const second = await run(project, flags, { answers: [' https://id.example.com', 'https://id.example.com'] });
  assert.equal(second.questions.filter((question) => question.startsWith('Issuer')).length, 2);
  assert.match(second.out, /^The issuer has whitespace around it\. Salesforce compares it byte for byte\.$/m);
  const asked: Promise<Run> = run(project, { ...flags, org: ['other'] }, { answers: ['a ', 'b ', 'c ', 'd'] });
  await assert.rejects(asked, /whitespace/);
});

test('imports a certificate, and stops before it writes anything if it is no certificate', async () => {
  const project = cloneProject();
  const pair = await generateKeyPair({ bits: 2048, alg: 'RS256' });
  const file = join(project, '../service.crt');
  writeFileSync(file, await pair.certificate('CN=service', NOW, 365));
  const { privateKey: _, ...flags } = ANSWERS(project);
  assert.equal((await run(project, { ...flags, certificate: file }, { sf: ownOrg })).exit, EXIT.done);
  assert.deepEqual(errorsOf(project), []);
  const other = cloneProject();
  writeFileSync(join(other, '../service.crt'), 'hello');
  await assert.rejects(
    run(other, { ...flags, certificate: join(other, '../service.crt') }, { sf: ownOrg }),
    /can't be used as a key/,
  );
  assert.ok(!existsSync(join(other, 'config/orgs/mysandbox.json')));
});

test('writes nothing without a confirmation, without access, or with a wrong answer', async () => {
  const project = cloneProject();
  const files = (): readonly string[] => readdirSync(project, { recursive: true }).map(String).sort();
  const before = files();
  const { yes: _, ...unconfirmed } = ANSWERS(project);
  assert.equal((await run(project, unconfirmed, { sf: ownOrg })).exit, EXIT.changes);
  assert.equal((await run(project, unconfirmed, { answers: [], confirmed: false, sf: ownOrg })).exit, EXIT.changes);
  const unreachable = new ToolError('org-unreachable', { what: 'No.', why: 'No.', fix: 'Wait.' });
  assert.equal(
    (await run(project, ANSWERS(project), { sf: readerOf({ 'FROM Organization': unreachable }) })).exit,
    EXIT.unreachable,
  );
  const wrong: readonly (readonly [Partial<Context<SetupFlags>['flags']>, RegExp])[] = [
    [{ channel: ['Web_Chta'] }, /Source has no channel Web_Chta/],
    [{ site: ['http://shop.acme.test'] }, /isn't the origin of a site/],
    [{ issuer: ' https://id.acme.test' }, /whitespace/],
    [{ org: ['../x'] }, /isn't a valid alias/],
    [{ provider: 'https://id.acme.test' }, /exclude each other/],
    [{ privateKey: join(project, 'chat.pem/x') }, /./],
  ];
  for (const [flags, message] of wrong)
    await assert.rejects(run(project, { ...ANSWERS(project), ...flags }, { sf: ownOrg }), message);
  assert.deepEqual(files(), before);
});

test('logs in with the browser after a question, and only on a terminal', async () => {
  const project = cloneProject();
  const missing = new ToolError('login-missing', { what: 'No login.', why: 'No.', fix: 'Log in.' });
  const logins: string[] = [];
  const sf = (): Partial<SetupCli> => {
    let isLoggedIn = false;
    return {
      ...ownOrg,
      loginOf: (alias) => (isLoggedIn ? ownOrg.loginOf(alias) : Promise.reject(missing)),
      loginInBrowser: (alias, url) => {
        isLoggedIn = true;
        logins.push(`${alias} ${url}`);
        return Promise.resolve();
      },
    };
  };
  await assert.rejects(run(project, ANSWERS(project), { sf: sf() }), /No login/);
  await assert.rejects(run(project, ANSWERS(project), { sf: sf(), answers: [], confirmed: false }), /No login/);
  assert.equal((await run(project, ANSWERS(project), { sf: sf(), answers: [] })).exit, EXIT.done);
  assert.deepEqual(logins, ['mysandbox https://test.salesforce.com']);
});

test('adds a keyset and channels that check accepts, and never overwrites a file', async () => {
  const project = cloneProject();
  const endpoint = 'https://id.partner.test/jwks';
  const keyset = { verb: 'keyset', name: 'Partner', issuer: 'https://id.partner.test', endpoint, yes: true } as const;
  assert.equal((await run(project, keyset)).exit, EXIT.done);
  const channel = { verb: 'channel', keyset: 'Partner', queue: 'Customer_Chat', yes: true, type: 'Web' } as const;
  assert.equal((await run(project, { ...channel, name: 'Partner_Web' })).exit, EXIT.done);
  assert.equal((await run(project, { ...channel, name: 'Partner_App', type: 'Mobile' })).exit, EXIT.done);
  const { keyset: _, ...unverified } = channel;
  assert.equal(
    (await run(project, { ...unverified, name: 'Guest_Api', unverified: true, type: 'API' })).exit,
    EXIT.done,
  );
  const file = join(project, 'config/orgs/dev.json');
  writeFileSync(
    file,
    readFileSync(file, 'utf8').replace('"channels": [', '"channels": ["Partner_Web", "Partner_App", "Guest_Api", '),
  );
  assert.deepEqual(errorsOf(project), []);
  await assert.rejects(run(project, keyset), /already exists/);
  await assert.rejects(
    run(project, { ...channel, name: 'X', keyset: 'Nope' }),
    /Source has no PublicKeyCertificateSet Nope/,
  );
  await assert.rejects(run(project, { ...channel, name: '../x' }), /developer name/);
  assert.equal((await run(project, { ...channel, name: 'Unwritten', yes: false })).exit, EXIT.changes);
});

test('a new component is written only from valid names, URLs, and flags that belong together', async () => {
  const project = cloneProject();
  const endpoint = 'https://id.partner.test/jwks';
  const keyset = { verb: 'keyset', name: 'Partner', issuer: 'https://id.partner.test', endpoint, yes: true } as const;
  const channel = {
    verb: 'channel',
    name: 'X',
    keyset: 'Customer_Identity',
    queue: 'Customer_Chat',
    yes: true,
  } as const;
  const rejected: readonly (readonly [flags: Partial<Context<SetupFlags>['flags']>, message: RegExp])[] = [
    [{ ...keyset, issuer: SECRET }, /The issuer contains a secret/],
    [{ ...keyset, issuer: 'https://id\u0001.partner.test' }, /control character/],
    [{ ...keyset, issuer: ' https://id.partner.test' }, /whitespace/],
    [{ ...keyset, endpoint: 'ftp://id.partner.test' }, /HTTPS/],
    [{ ...keyset, endpoint: 'no URL' }, /not a URL/],
    [{ ...keyset, endpoint: 'https://user:pass@id.partner.test/jwks' }, /user name or a password/],
    [{ ...keyset, key: 'Customer_Identity_2026' }, /--endpoint and --key exclude each other/],
    [{ ...keyset, site: ['https://shop.test'] }, /setup keyset doesn't use --site/],
    [{ ...keyset, name: 'a b' }, /name of the keyset isn't a valid developer name: "a b"/],
    [{ ...keyset, name: 'customer_identity' }, /Customer_Identity\S+ already exists/],
    [{ ...channel, queue: '../../x' }, /Source has no Queue \.\.\/\.\.\/x\./],
    [{ ...channel, name: 'web_chat' }, /Web_Chat\S+ already exists/],
    [{ ...channel, privateKey: 'x.pem' }, /setup channel doesn't use --private-key/],
    [{ ...channel, org: ['dev'] }, /setup channel doesn't use --org/],
  ];
  for (const [flags, message] of rejected) await assert.rejects(run(project, flags), message);
  const answered = { org: ['mysandbox'], provider: 'https://id.acme.test', issuer: 'https://id.acme.test' };
  const afterContact = { message: /--provider excludes --issuer/, exit: 1 };
  await assert.rejects(run(project, answered, { sf: ownOrg }), afterContact);
  assert.deepEqual(errorsOf(project), []);
});

/** A JWT. */
const SECRET = ['eyJhbGciOiJSUzI1NiJ9', 'eyJzdWIiOiJhIiwiaXNzIjoiYiJ9', 'c2lnbmF0dXJl'].join('.');

test('the sample org IDs are those of the org files of this project', () => {
  const ids = ['dev', 'uat', 'prod'].map((alias) => orgFile(PROJECT, alias)['orgId']);
  assert.deepEqual([...SAMPLE_ORG_IDS].sort(), ids.sort());
  assert.ok(SAMPLE_ORG_IDS.has(DEV_ID));
});
