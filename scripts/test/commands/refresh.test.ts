import assert from 'node:assert/strict';
import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { before, describe, test } from 'node:test';
import { runRefresh, type RefreshFlags } from '../../lib/refresh';
import { orgIdOf, startLocalOrg, type LocalOrg, type SeedFile } from '../../local-org/index';
import { pairOf } from '../lib/jwk/keyring';
import { writesIn } from './fleet';
import { authorization, channel, deployment, key, keyset, queue, routing } from './import-orgs';
import { Findings } from './imported';
import { contextOf, run, type Heard } from './ran';
import { differing, heldBy } from './runs';
import { workplace } from './workplace';
import { contract, type OrgDocument } from './contract';

const place = workplace();
const found = new Findings(place);
const PROD = 'https://id.example.com';
const UAT = 'https://id.uat.example.com';
const KEYSET = 'PublicKeyCertificateSet/Identity.PublicKeyCertificateSet';
const OLD_ID = orgIdOf('uat');
const SETTING = `{
  "orgId": "${OLD_ID}",
  "kind":  "sandbox",
  "channels": ["Web_Chat"],
  "scrt2URL": "RUNTIME",
  "overrides": {
    "PublicKeyCertificateSet": {
      "Identity": { "jwtIssuer": "${UAT}", "publicKeyCertificateSetKeys": [{ "publicKeyCertificate": "Uat_Key" }] }
    }
  }
}
`;

/** What an org holds, whatever its white space: the seed has another one than what was deployed. */
const laidOut = (org: LocalOrg): ReturnType<typeof heldBy> =>
  Object.fromEntries(Object.entries(heldBy(org)).map(([name, text]) => [name, text.replace(/>\s+</g, '><')]));

/** What production has, and what a refresh copies: our channel, and a neighbour's that uses one of our keys. */
async function production(): Promise<readonly SeedFile[]> {
  return [
    ...[queue(), routing(), await key('Prod_A'), await key('Prod_B'), keyset('Identity', PROD, 'Prod_A', 'Prod_B')],
    ...[channel('Web_Chat', authorization('Identity')), deployment('Web_Chat', 'Web_Chat')],
  ];
}

/** What somebody else made in the sandbox, with a key of production in it. */
const neighbour = (): readonly SeedFile[] => [
  keyset('Partner', 'https://partner.example.com', 'Prod_B'),
  channel('Partner_Chat', authorization('Partner', 'Partner')),
];

async function refresh(
  project: string,
  setting: Partial<RefreshFlags> & { org?: readonly string[]; answer?: boolean } = {},
) {
  const heard: Heard = { shown: [], documents: [], progress: [], questions: [] };
  const { flags, ...context } = contextOf(project, { org: ['uat'] }, heard);
  const { answer, ...rest } = setting;
  const confirm = (question: string): Promise<boolean> => {
    heard.questions.push(question);
    return Promise.resolve(answer ?? false);
  };
  const told = { ...context, flags: { ...flags, verify: true, ...rest }, interactive: answer !== undefined, confirm };
  const exit = await runRefresh(told, place.hosts);
  assert.equal(heard.documents.length, 1, 'one document a command');
  const document = JSON.parse(heard.documents[0] ?? '') as {
    readonly findings: readonly { readonly rule: string; readonly component: string }[];
    readonly orgs: readonly OrgDocument[];
  };
  const { orgs, ...rest2 } = document;
  contract.deploy.parse({ ...rest2, orgs, command: 'deploy' });
  return { exit, ...document, org: orgs[0], shown: heard.shown.join('\n'), questions: heard.questions };
}

describe('a sandbox that was refreshed from production', () => {
  let project = '';
  const file = (): string => readFileSync(join(project, 'config/orgs/uat.json'), 'utf8');

  before(async () => {
    await found.start('real', { kind: 'production', seed: await production() });
    project = found.project();
    assert.equal((await found.import(project, ['real'], { write: true })).exit, 0);
    const uatKey = await key('Uat_Key');
    const path = 'force-app/main/default/PublicKeyCertificate/Uat_Key.PublicKeyCertificate-meta.xml';
    writeFileSync(join(project, path), uatKey.content);
    writeFileSync(
      join(place.folder, 'uat.key'),
      pairOf('Uat_Key').privateKey.export({ type: 'pkcs8', format: 'pem' }),
      { mode: 0o600 },
    );
  });

  async function uat(seed: readonly SeedFile[], orgId = orgIdOf('uat, refreshed')): Promise<LocalOrg> {
    const org = await startLocalOrg({ alias: 'uat', kind: 'sandbox', port: 0, loginKey: place.loginKey, orgId, seed });
    place.atEnd(() => org.close());
    await place.logIn(org);
    writeFileSync(join(project, 'config/orgs/uat.json'), SETTING.replace('RUNTIME', org.url));
    return org;
  }

  test('plan, status and deploy refuse it and name the command', async () => {
    const org = await uat(await production());
    for (const command of ['plan', 'status', 'deploy'] as const) {
      const { exit, document } = await run(command, project, place.hosts, { org: ['uat'], accept: ['disruptive'] });
      const [told] = document.orgs;
      assert.deepEqual([exit, told?.error?.code], [4, 'org-identity']);
      assert.match(told?.error?.fix ?? '', /npm run refresh -- --org uat/);
    }
    assert.deepEqual(writesIn(org), []);
  });

  test('without consent nothing is written, to the org or to its file; what was found is told', async () => {
    const org = await uat(await production());
    const held = [file(), Object.fromEntries(org.files())];
    for (const setting of [{}, { answer: false }]) {
      const { exit, org: told, shown } = await refresh(project, setting);
      assert.deepEqual([exit, told?.outcome, told?.error?.code], [1, 'skipped', 'not-accepted']);
      assert.match(shown.replace(/\s+/g, ' '), new RegExp(`${OLD_ID} is ${org.orgId} now`));
      assert.match(shown, /From production, and deleted: PublicKeyCertificate:Prod_A/);
    }
    assert.deepEqual([file(), Object.fromEntries(org.files())], held);
  });

  test('with consent it is itself again: new id, own key and issuer, nothing of production, published, proven', async () => {
    const org = await uat(await production());
    const {
      exit,
      org: told,
      shown,
    } = await refresh(project, { accept: ['new-org'], privateKey: join(place.folder, 'uat.key') });
    assert.equal(exit, 0, shown);
    assert.equal(told?.outcome, 'changed');
    assert.equal(told?.deployIds.length, 2);
    assert.equal(file(), SETTING.replace(OLD_ID, org.orgId).replace('RUNTIME', org.url), 'only the id differs');
    const files = Object.fromEntries(org.files());
    assert.equal(JSON.stringify(files).includes('Prod_'), false);
    assert.equal(JSON.stringify(files).includes(`>${PROD}<`), false);
    assert.equal(org.log.filter(({ kind }) => kind === 'publish').length >= 1, true);
    assert.ok(
      told?.checks.some(({ part, state }) => part === 'acceptance' && state === 'ok'),
      JSON.stringify(told?.checks),
    );
    assert.equal((await run('plan', project, place.hosts, { org: ['uat'] })).exit, 0);
    const again = await refresh(project, { accept: ['new-org'], verify: false });
    assert.deepEqual([again.exit, again.org?.outcome], [0, 'unchanged']);
  });

  test('is one run, and a rollback of it brings back every key that was taken out of a keyset', async () => {
    const org = await uat(await production());
    const runs = (): readonly string[] => readdirSync(join(project, '.runs'));
    const [start, before] = [laidOut(org), runs()];
    assert.equal((await refresh(project, { accept: ['new-org'], verify: false })).exit, 0);
    assert.doesNotMatch(org.files().get(KEYSET) ?? '', /Prod_/);
    const made = runs().filter((name) => !before.includes(name));
    assert.equal(made.length, 1, made.join(', '));
    const back = await run('rollback', project, place.hosts, { run: made[0] ?? '', accept: ['disruptive'] });
    assert.deepEqual([back.exit, back.org('uat').outcome], [0, 'changed'], back.org('uat').error?.why);
    assert.match(org.files().get(KEYSET) ?? '', /Prod_A<[^]*Prod_B</);
    assert.deepEqual(differing(laidOut(org), start), []);
  });

  test("a neighbour's use of production's key is left alone and told", async () => {
    const org = await uat([...(await production()), ...neighbour()]);
    const held = org.files().get('PublicKeyCertificateSet/Partner.PublicKeyCertificateSet');
    const { exit, findings } = await refresh(project, { accept: ['new-org'], verify: false });
    assert.equal(exit, 0);
    assert.deepEqual(
      findings.filter(({ rule }) => rule === 'production-trust').map(({ component }) => component),
      ['PublicKeyCertificate:Prod_B'],
    );
    assert.equal(org.files().get('PublicKeyCertificateSet/Partner.PublicKeyCertificateSet'), held);
    assert.equal(org.files().has('PublicKeyCertificate/Prod_B.PublicKeyCertificate'), true);
    assert.equal(org.files().has('PublicKeyCertificate/Prod_A.PublicKeyCertificate'), false);
  });

  test('with the id that is pinned, plan warns of the trust and refresh takes it out', async () => {
    await uat(await production(), OLD_ID);
    const { document } = await run('plan', project, place.hosts, { org: ['uat'] });
    const rules = document.findings.filter(({ rule }) => rule === 'production-trust').map(({ component }) => component);
    assert.deepEqual(rules.sort(), [
      'PublicKeyCertificate:Prod_A',
      'PublicKeyCertificate:Prod_B',
      'PublicKeyCertificateSet:Identity',
    ]);
    const { exit, org } = await refresh(project, { accept: ['new-org'], verify: false });
    assert.deepEqual([exit, org?.outcome], [0, 'changed']);
    const after = await run('plan', project, place.hosts, { org: ['uat'] });
    assert.deepEqual([after.exit, after.document.findings.filter(({ rule }) => rule === 'production-trust')], [0, []]);
  });

  test("production, another kind and another file's org are refused", async () => {
    await uat([], orgIdOf('real'));
    await assert.rejects(refresh(project, { accept: ['new-org'] }), {
      code: 'org-identity',
      what: /which config\/orgs\/real\.json pins/,
    });
    await assert.rejects(refresh(project, { org: ['real'] }), {
      code: 'bad-flag',
      what: /Production is never refreshed/,
    });
    await assert.rejects(refresh(project, { org: [] }), { code: 'bad-flag' });
    const org = await startLocalOrg({ alias: 'uat', kind: 'production', port: 0, loginKey: place.loginKey });
    place.atEnd(() => org.close());
    await place.logIn(org);
    await assert.rejects(refresh(project, { accept: ['new-org'] }), {
      code: 'org-identity',
      what: /Production is never refreshed/,
    });
    assert.deepEqual(writesIn(org), []);
  });
});
