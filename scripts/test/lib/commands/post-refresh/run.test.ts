import assert from 'node:assert/strict';
import { mkdirSync, mkdtempSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { before, test } from 'node:test';
import { readJwk } from '../../../../lib/jwk';
import { restoreSandbox } from '../../../../lib/commands/post-refresh/run';
import { orgIdOf, type SeedFile } from '../../../../local-org/index';
import { temporaryFolder } from '../../../commands-keys/test-project';
import { authorization, channel, deployment, key, keyset, queue, routing } from '../../../commands/import-orgs';
import { testContext, type CapturedOutput } from '../../../commands/run-command';
import type { OrgDocument } from '../../../commands/document-schemas';
import { keyPair } from '../../jwk/test-keys';
import { FakeSf } from '../../fake-sf';

const parent = temporaryFolder();
const OLD_ID = orgIdOf('uat');
const NEW_ID = orgIdOf('uat, refreshed');
const KEYSET = 'PublicKeyCertificateSet/Identity.PublicKeyCertificateSet';
const OVERRIDES = {
  PublicKeyCertificateSet: {
    Identity: {
      jwtIssuer: 'https://id.uat.example.com',
      publicKeyCertificateSetKeys: [{ publicKeyCertificate: 'Uat_Key' }],
    },
  },
};

let production: readonly SeedFile[];
let uatKey: SeedFile;
before(async () => {
  const expiry = new Date('2099-01-01');
  uatKey = await key('Uat_Key', {}, expiry);
  production = [
    ...[queue(), routing(), await key('Prod_A', {}, expiry), await key('Prod_B', {}, expiry)],
    keyset('Identity', 'https://id.example.com', 'Prod_A', 'Prod_B'),
    ...[channel('Web_Chat', authorization('Identity')), deployment('Web_Chat', 'Web_Chat')],
  ];
});

interface Sandbox {
  readonly project: string;
  readonly sf: FakeSf;
  readonly run: (accept: readonly string[]) => Promise<{ exit: number; org: OrgDocument; shown: string }>;
  readonly orgFile: () => string;
}

/** A project with a production org, and its sandbox that was just refreshed: it contains what production contains. */
function refreshedSandbox(): Sandbox {
  const project = mkdtempSync(join(parent, 'project-'));
  const write = (path: string, content: string): void => {
    mkdirSync(dirname(join(project, path)), { recursive: true });
    writeFileSync(join(project, path), content);
  };
  for (const { path, content } of [...production, uatKey]) write(`force-app/main/default/${path}-meta.xml`, content);
  write('sfdx-project.json', '{"packageDirectories":[{"path":"force-app","default":true}],"sourceApiVersion":"67.0"}');
  const channels = ['Web_Chat'];
  write('config/orgs/real.json', JSON.stringify({ orgId: orgIdOf('real'), kind: 'production', wave: 2, channels }));
  write('config/orgs/uat.json', JSON.stringify({ orgId: OLD_ID, kind: 'sandbox', channels, overrides: OVERRIDES }));
  const files = Object.fromEntries(production.map(({ path, content }) => [path, content]));
  const sf = new FakeSf({ uat: { orgId: NEW_ID, files, active: channels } });
  const run = async (accept: readonly string[]) => {
    const output: CapturedOutput = { shown: [], documents: [], progress: [], questions: [] };
    const { flags, ...context } = testContext(project, { org: ['uat'], accept }, output);
    const exit = await restoreSandbox({ ...context, flags: { ...flags, verify: false } }, () => sf);
    const { orgs } = JSON.parse(output.documents[0] ?? '') as { orgs: readonly OrgDocument[] };
    return { exit, org: orgs[0] ?? assert.fail(output.shown.join('\n')), shown: output.shown.join('\n') };
  };
  return { project, sf, run, orgFile: () => readFileSync(join(project, 'config/orgs/uat.json'), 'utf8') };
}

test("deploys the sandbox's own key before it removes what it inherited from production", async () => {
  const { sf, run, orgFile } = refreshedSandbox();
  const { exit, org } = await run(['new-org-id']);
  assert.deepEqual([exit, org.status, org.deployIds.length], [0, 'changed', 2]);
  const [first = '', second = ''] = sf.org('uat').detailsOf('deploy');
  assert.match(first, /Uat_Key/);
  assert.doesNotMatch(first, /destructiveChanges/);
  assert.match(second, /destructiveChangesPost\.xml/);
  const files = sf.org('uat').files;
  assert.deepEqual(
    [...files.keys()].filter((path) => path.startsWith('PublicKeyCertificate/')),
    [uatKey.path],
  );
  assert.doesNotMatch(files.get(KEYSET) ?? '', /Prod_/);
  assert.match(files.get(KEYSET) ?? '', /id\.uat\.example\.com/);
  assert.equal(orgFile().includes(NEW_ID) && !orgFile().includes(OLD_ID), true);
  assert.ok(sf.org('uat').published.includes('Web_Chat'));
});

test('changes neither the org nor its org file without confirmation', async () => {
  const { sf, run, orgFile } = refreshedSandbox();
  const before = orgFile();
  const { exit, org } = await run([]);
  assert.deepEqual([exit, org.status, org.error?.code, orgFile()], [1, 'skipped', 'not-accepted', before]);
  assert.deepEqual([sf.org('uat').detailsOf('deploy'), sf.org('uat').published], [[], []]);
});

test('is unchanged when it runs again', async () => {
  const { sf, run } = refreshedSandbox();
  await run(['new-org-id']);
  const jobs = sf.org('uat').jobs.length;
  const { exit, org } = await run([]);
  assert.deepEqual([exit, org.status, sf.org('uat').jobs.length], [0, 'unchanged', jobs]);
});

test('fails if the org still trusts what production trusts', async () => {
  const complete = refreshedSandbox();
  await complete.run(['new-org-id']);
  const reads = complete.sf.org('uat').detailsOf('retrieve').length;
  const { sf, run } = refreshedSandbox();
  const org = sf.org('uat');
  for (let read = 1; read < reads; read++) org.intercept('retrieve', (proceed) => proceed());
  org.intercept('retrieve', (proceed) => {
    const path = 'PublicKeyCertificate/Prod_A.PublicKeyCertificate';
    org.files.set(path, production.find((file) => file.path === path)?.content ?? '');
    return proceed();
  });
  const result = await run(['new-org-id']);
  assert.deepEqual([result.exit, result.org.status, result.org.error?.code], [1, 'failed', 'readback-mismatch']);
  assert.match(result.org.checks.at(-1)?.detail ?? '', /still there: PublicKeyCertificate:Prod_A/);
});

test('does not remove anything if the first deploy fails', async () => {
  const { sf, run } = refreshedSandbox();
  sf.org('uat').rejectDeploy('The keyset is invalid.');
  const { exit, org } = await run(['new-org-id']);
  assert.deepEqual([exit, org.status, org.error?.code, sf.org('uat').jobs.length], [1, 'failed', 'deploy-failed', 1]);
  assert.ok(sf.org('uat').files.has('PublicKeyCertificate/Prod_A.PublicKeyCertificate'));
});

test('fails if the org becomes unreachable between its two deploys', async () => {
  const { sf, run } = refreshedSandbox();
  const org = sf.org('uat');
  org.intercept('deploy', (proceed) => {
    // The first deploy is read back, and then the second one is planned.
    org.intercept('retrieve', (read) => read());
    org.fail('retrieve', 'unreachable');
    return proceed();
  });
  const result = await run(['new-org-id']);
  assert.deepEqual([result.exit, result.org.status, result.org.error?.code], [1, 'failed', 'org-unreachable']);
  assert.deepEqual([result.org.deployIds.length, org.jobs.length], [1, 1]);
});

test('publishes when it runs again after it was interrupted before publishing', async () => {
  const { sf, run } = refreshedSandbox();
  const org = sf.org('uat');
  org.fail('publish', 'rejected');
  const failed = await run(['new-org-id']);
  assert.deepEqual([failed.exit, failed.org.status], [1, 'failed']);
  const published = org.published.length;
  const again = await run(['new-org-id']);
  assert.deepEqual([again.exit, org.published.slice(published)], [0, ['Web_Chat']]);
  assert.equal((await run([])).org.status, 'unchanged');
});

test('does not restore a key that a rotation marked as compromised, and revokes it', async () => {
  const { project, sf, run } = refreshedSandbox();
  const { n = '', e = '' } = keyPair('Uat_Key').publicKey.export({ format: 'jwk' });
  const { key: facts } = readJwk(JSON.stringify({ kty: 'RSA', n, e }), new Date());
  const leaked = { thumbprint: facts?.thumbprint, name: 'Leaked', kid: 'k', keyset: 'Identity' };
  const compromised = { keys: [{ ...leaked, markedAt: '2026-10-01T00:00:00.000Z' }] };
  writeFileSync(join(project, 'config/compromised-keys.json'), JSON.stringify(compromised));
  await assert.rejects(run(['new-org-id']), /which the rotation of Identity marked as compromised on 2026-10-01/);
  assert.equal(sf.org('uat').calls.length, 0);
  const newKey = await key('Uat_New', {}, new Date('2099-01-01'));
  const source = (path: string): string => join(project, `force-app/main/default/${path}-meta.xml`);
  writeFileSync(source(newKey.path), newKey.content);
  writeFileSync(source(uatKey.path), uatKey.content.replace('<isActive>true', '<isActive>false'));
  const listed = '{"publicKeyCertificate":"Uat_Key"}';
  const orgFile = readFileSync(join(project, 'config/orgs/uat.json'), 'utf8');
  const edited = orgFile.replace(listed, `${listed},${listed.replace('Uat_Key', 'Uat_New')}`);
  writeFileSync(join(project, 'config/orgs/uat.json'), edited);
  sf.org('uat').files.set(uatKey.path, uatKey.content);
  sf.org('uat').files.set(KEYSET, keyset('Identity', 'https://id.example.com', 'Prod_A', 'Prod_B', 'Uat_Key').content);
  const { exit, shown } = await run(['new-org-id']);
  assert.equal(exit, 0, shown);
  assert.match(sf.org('uat').files.get(uatKey.path) ?? '', /<isActive>false/);
});
