import assert from 'node:assert/strict';
import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { before, describe, test } from 'node:test';
import { runPostRefresh, type PostRefreshFlags } from '../../lib/commands/post-refresh';
import { orgIdOf, startLocalOrg, type LocalOrg, type LocalOrgOptions, type SeedFile } from '../../local-org/index';
import { keyPair } from '../lib/jwk/test-keys';
import { writeEvents } from './fleet';
import { authorization, channel, deployment, key, keyset, queue, routing } from './import-orgs';
import { ImportFixture } from './run-import';
import { testContext, runInProcess, type CapturedOutput } from './run-command';
import { changedNames, orgState } from './run-helpers';
import { shareWorkspace } from './workspace';
import { documentSchemas, type OrgDocument } from './document-schemas';

const workspace = shareWorkspace();
const fixture = new ImportFixture(workspace);
const PRODUCTION_ISSUER = 'https://id.example.com';
const UAT_ISSUER = 'https://id.uat.example.com';
const KEYSET = 'PublicKeyCertificateSet/Identity.PublicKeyCertificateSet';
const OLD_ID = orgIdOf('uat');
const SIGNER_SETTING = `{
  "orgId": "${OLD_ID}",
  "kind":  "sandbox",
  "channels": ["Web_Chat"],
  "scrt2URL": "RUNTIME",
  "overrides": {
    "PublicKeyCertificateSet": {
      "Identity": { "jwtIssuer": "${UAT_ISSUER}", "publicKeyCertificateSetKeys": [{ "publicKeyCertificate": "Uat_Key" }] }
    }
  }
}
`;

/** Org state without white space between elements, which differs between the seed and deployed files. */
const relevantState = (org: LocalOrg): ReturnType<typeof orgState> =>
  Object.fromEntries(Object.entries(orgState(org)).map(([name, text]) => [name, text.replace(/>\s+</g, '><')]));

/** The components of production, which a refresh copies to the sandbox. */
async function productionSeed(): Promise<readonly SeedFile[]> {
  return [
    ...[
      queue(),
      routing(),
      await key('Prod_A'),
      await key('Prod_B'),
      keyset('Identity', PRODUCTION_ISSUER, 'Prod_A', 'Prod_B'),
    ],
    ...[channel('Web_Chat', authorization('Identity')), deployment('Web_Chat', 'Web_Chat')],
  ];
}

/** Components of another team in the sandbox that use a production key. */
const relatedSeed = (): readonly SeedFile[] => [
  keyset('Partner', 'https://partner.example.com', 'Prod_B'),
  channel('Partner_Chat', authorization('Partner', 'Partner')),
];

async function runRefreshCommand(
  project: string,
  setting: Partial<PostRefreshFlags> & { org?: readonly string[]; answer?: boolean } = {},
) {
  const output: CapturedOutput = { shown: [], documents: [], progress: [], questions: [] };
  const { flags, ...context } = testContext(project, { org: ['uat'] }, output);
  const { answer, ...rest } = setting;
  const confirm = (question: string): Promise<boolean> => {
    output.questions.push(question);
    return Promise.resolve(answer ?? false);
  };
  const commandContext = {
    ...context,
    flags: { ...flags, verify: true, ...rest },
    interactive: answer !== undefined,
    confirm,
  };
  const exit = await runPostRefresh(commandContext, workspace.workers);
  assert.equal(output.documents.length, 1, 'one document a command');
  const document = JSON.parse(output.documents[0] ?? '') as {
    readonly findings: readonly { readonly rule: string; readonly component: string }[];
    readonly orgs: readonly OrgDocument[];
  };
  const { orgs, ...rest2 } = document;
  documentSchemas.deploy.parse({ ...rest2, orgs, command: 'deploy' });
  return { exit, ...document, org: orgs[0], shown: output.shown.join('\n'), questions: output.questions };
}

describe('sandbox that was refreshed from production', () => {
  let project = '';
  const file = (): string => readFileSync(join(project, 'config/orgs/uat.json'), 'utf8');

  before(async () => {
    await fixture.start('real', { kind: 'production', seed: await productionSeed() });
    project = fixture.project();
    assert.equal((await fixture.import(project, ['real'], { write: true })).exit, 0);
    const uatKey = await key('Uat_Key');
    const path = 'force-app/main/default/PublicKeyCertificate/Uat_Key.PublicKeyCertificate-meta.xml';
    writeFileSync(join(project, path), uatKey.content);
    writeFileSync(
      join(workspace.folder, 'uat.key'),
      keyPair('Uat_Key').privateKey.export({ type: 'pkcs8', format: 'pem' }),
      { mode: 0o600 },
    );
  });

  async function uat(
    seed: readonly SeedFile[],
    orgId = orgIdOf('uat, refreshed'),
    chatApi: LocalOrgOptions['chatApi'] = {},
  ): Promise<LocalOrg> {
    const org = await startLocalOrg({
      alias: 'uat',
      kind: 'sandbox',
      port: 0,
      loginKey: workspace.loginKey,
      orgId,
      seed,
      chatApi,
    });
    workspace.onCleanup(() => org.close());
    await workspace.logIn(org);
    writeFileSync(join(project, 'config/orgs/uat.json'), SIGNER_SETTING.replace('RUNTIME', org.url));
    return org;
  }

  test('is rejected by plan, status, and deploy, which name the post-refresh command', async () => {
    const org = await uat(await productionSeed());
    for (const command of ['plan', 'status', 'deploy'] as const) {
      const { exit, document } = await runInProcess(command, project, workspace.workers, {
        org: ['uat'],
        accept: ['disruptive'],
      });
      const [result] = document.orgs;
      assert.deepEqual([exit, result?.error?.code], [4, 'org-mismatch']);
      assert.match(result?.error?.fix ?? '', /npm run post-refresh -- --org uat/);
    }
    assert.deepEqual(writeEvents(org), []);
  });

  test('stays unchanged without a confirmation, and the planned changes are shown', async () => {
    const org = await uat(await productionSeed());
    const before = [file(), Object.fromEntries(org.files())];
    for (const setting of [{}, { answer: false }]) {
      const { exit, org: result, shown } = await runRefreshCommand(project, setting);
      assert.deepEqual([exit, result?.status, result?.error?.code], [1, 'skipped', 'not-accepted']);
      assert.match(shown.replace(/\s+/g, ' '), new RegExp(`${OLD_ID} to ${org.orgId}`));
      assert.match(shown, /Inherited from production, will be deleted: PublicKeyCertificate:Prod_A/);
    }
    assert.deepEqual([file(), Object.fromEntries(org.files())], before);
  });

  test('gets its org ID, key, and issuer after a confirmation, loses production trust, and is published and verified', async () => {
    const org = await uat(await productionSeed());
    const {
      exit,
      org: result,
      shown,
    } = await runRefreshCommand(project, { accept: ['new-org-id'], privateKey: join(workspace.folder, 'uat.key') });
    assert.equal(exit, 0, shown);
    assert.equal(result?.status, 'changed');
    assert.equal(result?.deployIds.length, 2);
    assert.equal(file(), SIGNER_SETTING.replace(OLD_ID, org.orgId).replace('RUNTIME', org.url), 'only the id differs');
    const files = Object.fromEntries(org.files());
    assert.equal(JSON.stringify(files).includes('Prod_'), false);
    assert.equal(JSON.stringify(files).includes(`>${PRODUCTION_ISSUER}<`), false);
    assert.equal(org.log.filter(({ kind }) => kind === 'publish').length >= 1, true);
    assert.ok(
      result?.checks.some(({ part, state }) => part === 'acceptance' && state === 'passed'),
      JSON.stringify(result?.checks),
    );
    assert.match(shown, /^VERIFIED: uat \(1 verified channel, 1 chat deployment\)\.$/m);
    assert.equal((await runInProcess('plan', project, workspace.workers, { org: ['uat'] })).exit, 0);
    const again = await runRefreshCommand(project, { accept: ['new-org-id'], verify: false });
    assert.deepEqual([again.exit, again.org?.status], [0, 'unchanged']);
    assert.doesNotMatch(again.shown, /VERIFIED|NOT CHECKED/);
  });

  test('that accepts forged tokens fails with the verdict of its verification, also when it runs again unchanged', async () => {
    await uat(await productionSeed(), undefined, { accept: ['alg-none'] });
    const flags = { accept: ['new-org-id'], privateKey: join(workspace.folder, 'uat.key') };
    for (const attempt of ['first', 'again']) {
      const { exit, org, shown } = await runRefreshCommand(project, flags);
      assert.deepEqual([exit, org?.status, org?.error?.code], [1, 'failed', 'verify-failed'], `${attempt}: ${shown}`);
      assert.match(shown, /^FAILED: uat \(1 verified channel, 1 chat deployment\)\.$/m);
    }
    const preview = await runRefreshCommand(project, { ...flags, dryRun: true });
    assert.deepEqual([preview.exit, preview.org?.status], [0, 'unchanged']);
    assert.doesNotMatch(preview.shown, /FAILED|NOT CHECKED/);
  });

  test('is not contacted with a private key that belongs to none of its keys', async () => {
    const org = await uat(await productionSeed());
    const foreign = join(workspace.folder, 'foreign.key');
    writeFileSync(foreign, keyPair('foreign').privateKey.export({ type: 'pkcs8', format: 'pem' }), { mode: 0o600 });
    const start = org.log.length;
    await assert.rejects(runRefreshCommand(project, { accept: ['new-org-id'], privateKey: foreign }), {
      code: 'invalid-flag',
      exit: 3,
      what: /doesn't belong to a key of "uat"\. No org was contacted\./,
    });
    assert.equal(org.log.length, start);
  });

  test('is restored in one run whose rollback adds the deleted keys to the keyset again', async () => {
    const org = await uat(await productionSeed());
    const runs = (): readonly string[] => readdirSync(join(project, '.runs'));
    const [start, before] = [relevantState(org), runs()];
    assert.equal((await runRefreshCommand(project, { accept: ['new-org-id'], verify: false })).exit, 0);
    assert.doesNotMatch(org.files().get(KEYSET) ?? '', /Prod_/);
    const made = runs().filter((name) => !before.includes(name));
    assert.equal(made.length, 1, made.join(', '));
    const back = await runInProcess('rollback', project, workspace.workers, {
      run: made[0] ?? '',
      accept: ['disruptive', 'undeclared-trust'],
    });
    assert.deepEqual([back.exit, back.org('uat').status], [0, 'changed'], back.org('uat').error?.why);
    assert.match(org.files().get(KEYSET) ?? '', /Prod_A<[^]*Prod_B</);
    assert.deepEqual(changedNames(relevantState(org), start), []);
  });

  test('keeps a keyset of another team with a production key, and the key is reported', async () => {
    const org = await uat([...(await productionSeed()), ...relatedSeed()]);
    const before = org.files().get('PublicKeyCertificateSet/Partner.PublicKeyCertificateSet');
    const { exit, findings } = await runRefreshCommand(project, { accept: ['new-org-id'], verify: false });
    assert.equal(exit, 0);
    assert.deepEqual(
      findings.filter(({ rule }) => rule === 'production-trust').map(({ component }) => component),
      ['PublicKeyCertificate:Prod_B'],
    );
    assert.equal(org.files().get('PublicKeyCertificateSet/Partner.PublicKeyCertificateSet'), before);
    assert.equal(org.files().has('PublicKeyCertificate/Prod_B.PublicKeyCertificate'), true);
    assert.equal(org.files().has('PublicKeyCertificate/Prod_A.PublicKeyCertificate'), false);
  });

  test('is reported by plan and repaired by post-refresh when its org ID is the one in the org file', async () => {
    await uat(await productionSeed(), OLD_ID);
    const { document } = await runInProcess('plan', project, workspace.workers, { org: ['uat'] });
    const rules = document.findings.filter(({ rule }) => rule === 'production-trust').map(({ component }) => component);
    assert.deepEqual(rules.sort(), [
      'PublicKeyCertificate:Prod_A',
      'PublicKeyCertificate:Prod_B',
      'PublicKeyCertificateSet:Identity',
    ]);
    const { exit, org } = await runRefreshCommand(project, { accept: ['new-org-id'], verify: false });
    assert.deepEqual([exit, org?.status], [0, 'changed']);
    const after = await runInProcess('plan', project, workspace.workers, { org: ['uat'] });
    assert.deepEqual([after.exit, after.document.findings.filter(({ rule }) => rule === 'production-trust')], [0, []]);
  });

  test('is rejected when it is a production org or the org of another org file', async () => {
    await uat([], orgIdOf('real'));
    await assert.rejects(runRefreshCommand(project, { accept: ['new-org-id'] }), {
      code: 'org-mismatch',
      what: /which is the orgId in config\/orgs\/real\.json/,
    });
    await assert.rejects(runRefreshCommand(project, { org: ['real'] }), {
      code: 'invalid-flag',
      what: /Production can't be refreshed/,
    });
    await assert.rejects(runRefreshCommand(project, { org: [] }), { code: 'invalid-flag' });
    const org = await startLocalOrg({ alias: 'uat', kind: 'production', port: 0, loginKey: workspace.loginKey });
    workspace.onCleanup(() => org.close());
    await workspace.logIn(org);
    await assert.rejects(runRefreshCommand(project, { accept: ['new-org-id'] }), {
      code: 'org-mismatch',
      what: /Production can't be refreshed/,
    });
    assert.deepEqual(writeEvents(org), []);
  });
});
