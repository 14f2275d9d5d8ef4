import assert from 'node:assert/strict';
import { cpSync, mkdirSync, mkdtempSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { before, test } from 'node:test';
import { runImport } from '../../../lib/import';
import { listRuns } from '../../../lib/plan';
import { readCompromisedKeys } from '../../../lib/rotation';
import { temporaryFolder } from '../../commands-keys/test-project';
import { runKeysCommand, type KeysResult } from '../../commands-keys/run-keys-command';
import { key, keyset } from '../../commands/import-orgs';
import {
  runInProcess,
  testContext,
  type CommandName,
  type CommandResult,
  type RunOptions,
} from '../../commands/run-command';
import { createCertificate, keyPair } from '../jwk/test-keys';
import { FakeSf, type FakeOrg } from '../fake-sf';
import { fakeWorkers } from '../fake-workers';
import { keyFixture } from './key-fixture';

const parent = temporaryFolder();
const LATER = new Date('2099-01-01');
const OLD = 'PublicKeyCertificate/Old.PublicKeyCertificate';
const KEYSET = 'PublicKeyCertificateSet/Identity.PublicKeyCertificateSet';
const REASON = /the key pair of Old, which the rotation of Identity marked as compromised on\s+\d{4}-\d\d-\d\d/;

/** A project after its key `Old` was retired as compromised and deleted, and its orgs. */
interface Aftermath {
  readonly folder: string;
  readonly sf: FakeSf;
  /** The folders of the runs that retired and deleted the key. */
  readonly runs: { readonly retire: string; readonly delete: string };
}

/** The state of the first test project, which each test copies. */
let finished: Aftermath;
let savedPlan: string;

before(async () => {
  const { folder, sf } = await keyFixture(parent, { one: 1, two: 2 });
  const source = join(folder, `force-app/main/default/${KEYSET}-meta.xml`);
  const original = readFileSync(source, 'utf8');
  writeFileSync(source, original.replace('<masterLabel>Identity', '<masterLabel>Customers'));
  const planFile = join(folder, 'before.json');
  assert.equal((await command({ folder, sf }, 'plan', { out: planFile })).exit, 2);
  writeFileSync(source, original);
  const retired = await rotate({ folder, sf }, 'retire', { compromised: true });
  assert.equal(retired.exit, 0, retired.shown);
  for (const [step, flags] of [
    ['stage', { newKey: 'New' }],
    ['switch', { confirm: true }],
    ['delete', {}],
  ] as const) {
    const { exit, shown } = await rotate({ folder, sf }, step, flags);
    assert.equal(exit, 0, shown);
  }
  savedPlan = readFileSync(planFile, 'utf8');
  const runs = listRuns(join(folder, '.runs')).map(([name]) => name);
  const [first = '', last = ''] = [runs.at(-1), runs[0]];
  finished = { folder, sf, runs: { retire: first, delete: last } };
});

/** A copy of the project and its orgs. */
function copyOf({ folder, sf, runs }: Aftermath): Aftermath {
  const copy = mkdtempSync(join(parent, 'copy-'));
  cpSync(folder, copy, { recursive: true });
  const setup = ({ orgId, files, active }: FakeOrg) => ({
    orgId,
    files: Object.fromEntries(files),
    active: [...active],
  });
  return {
    folder: copy,
    sf: new FakeSf(Object.fromEntries([...sf.orgs].map(([alias, org]) => [alias, setup(org)]))),
    runs,
  };
}

type Project = Pick<Aftermath, 'folder' | 'sf'>;

const command = ({ folder, sf }: Project, name: CommandName, options: RunOptions = {}): Promise<CommandResult> =>
  runInProcess(name, folder, fakeWorkers(sf), { accept: ['disruptive'], ...options });

const keys = ({ folder, sf }: Project, flags: Parameters<typeof runKeysCommand>[1]): Promise<KeysResult> =>
  runKeysCommand(folder, flags, fakeWorkers(sf));

const rotate = (project: Project, step: string, flags: object = {}): Promise<KeysResult> =>
  keys(project, { verb: 'rotate', step, name: 'Identity', accept: ['disruptive'], ...flags });

/** Whether an org has the key pair of `Old` as an active key that a keyset lists. */
function trustsOld({ files }: FakeOrg): boolean {
  const { n = '' } = keyPair('Old').publicKey.export({ format: 'jwk' });
  const standard = Buffer.from(n, 'base64url').toString('base64');
  return [...files].some(([path, text]) => {
    if (!path.startsWith('PublicKeyCertificate/') || !text.includes('<isActive>true')) return false;
    if (!text.includes(n) && !text.includes(standard)) return false;
    const name = /\/(\w+)\./.exec(path)?.[1] ?? '';
    return [...files].some(
      ([set, listed]) => set.startsWith('PublicKeyCertificateSet/') && listed.includes(`>${name}<`),
    );
  });
}

const trusting = ({ sf }: Project): readonly string[] =>
  [...sf.orgs.values()].filter(trustsOld).map(({ alias }) => alias);

/** The key pair of `Old` under another name, with other members. */
async function disguised(name: string, more: object = {}, notAfter = LATER): Promise<readonly [string, string]> {
  const { path, content } = await key('Old', { kid: `${name}-kid`, ...more }, notAfter);
  return [path.replace('/Old.', `/${name}.`), content.replace('<masterLabel>Old', `<masterLabel>${name}`)];
}

/** Lists a key in the live keyset, as an admin could. */
function addToOrg(org: FakeOrg, [path, content]: readonly [string, string], set = KEYSET): void {
  const name = /\/(\w+)\./.exec(path)?.[1] ?? '';
  const item = `<publicKeyCertificateSetKeys><publicKeyCertificate>${name}</publicKeyCertificate></publicKeyCertificateSetKeys>`;
  org.files.set(path, content);
  org.files.set(
    set,
    (org.files.get(set) ?? '').replace('</PublicKeyCertificateSet>', `${item}</PublicKeyCertificateSet>`),
  );
}

test('remembers a compromised key in the source by its thumbprint, before anything is sent', async () => {
  const { folder, sf } = await keyFixture(parent, { one: 1 });
  sf.org('one').intercept('deploy', () => {
    assert.equal(readCompromisedKeys(folder).length, 1);
    return Promise.reject(sf.org('one').cliError('deploy', 'rejected'));
  });
  await rotate({ folder, sf }, 'retire', { compromised: true });
  const [remembered] = readCompromisedKeys(folder);
  assert.deepEqual([remembered?.name, remembered?.keyset], ['Old', 'Identity']);
  const text = readFileSync(join(folder, 'config/compromised-keys.json'), 'utf8');
  assert.doesNotMatch(text, new RegExp(keyPair('Old').publicKey.export({ format: 'jwk' }).n ?? ''));
});

test('remembers nothing if the retirement is not accepted', async () => {
  const { folder, sf } = await keyFixture(parent, { one: 1 });
  assert.equal((await rotate({ folder, sf }, 'retire', { compromised: true, accept: [] })).code, 'not-accepted');
  assert.deepEqual(readCompromisedKeys(folder), []);
});

test('rolls the deletion back to an inactive key, and never the retirement', async () => {
  const project = copyOf(finished);
  const first = await command(project, 'rollback', { run: project.runs.delete });
  assert.deepEqual([first.exit, trusting(project)], [0, []], first.shown);
  for (const ignoreConflicts of [false, true]) {
    const second = await command(project, 'rollback', { run: project.runs.retire, ignoreConflicts });
    assert.deepEqual([second.exit, second.org('one').error?.code, trusting(project)], [1, 'compromised-key', []]);
    assert.match(second.org('one').error?.why ?? '', REASON);
    assert.equal(
      second.org('one').error?.fix,
      "Deploy the desired state, which doesn't trust the key: npm run deploy -- --org one",
    );
  }
  const deployed = await command(project, 'deploy', { org: ['one'], all: false });
  assert.equal(deployed.exit, 0, deployed.shown);
});

test('does not apply a saved plan that restores the key, and applies one that has nothing to do with it', async () => {
  const project = copyOf(finished);
  const plan = join(project.folder, 'before.json');
  writeFileSync(plan, savedPlan);
  for (const org of project.sf.orgs.values()) {
    org.files.set(KEYSET, (org.files.get(KEYSET) ?? '').replace('>New<', '>Old<'));
    org.files.set(OLD, (await key('Old', {}, LATER)).content);
  }
  const { exit, org } = await command(project, 'deploy', { plan });
  assert.deepEqual([exit, org('one').error?.code, org('two').status], [1, 'compromised-key', 'skipped']);
});

/** Ways in which an admin can let an org trust the key pair again. */
const LIVE_DISGUISES: Readonly<Record<string, () => Promise<readonly [string, string]>>> = {
  'its old name': async () => [OLD, (await key('Old', {}, LATER)).content],
  'another name and kid': () => disguised('Other'),
  'a renewed certificate': () => disguised('Renewed', {}, new Date('2098-06-01')),
  'numbers in base64': () => {
    const { n = '' } = keyPair('Old').publicKey.export({ format: 'jwk' });
    return disguised('Standard', { n: Buffer.from(n, 'base64url').toString('base64') });
  },
  'a number with a leading zero': () => {
    const { n = '' } = keyPair('Old').publicKey.export({ format: 'jwk' });
    return disguised('Zero', {
      n: Buffer.concat([Buffer.alloc(1), Buffer.from(n, 'base64url')]).toString('base64url'),
    });
  },
  'a certificate next to the numbers of another key': () =>
    disguised('Mixed', keyPair('Innocent').publicKey.export({ format: 'jwk' })),
};

for (const [name, disguise] of Object.entries(LIVE_DISGUISES)) {
  test(`reports an org that trusts the key pair under ${name}, and revokes it`, async () => {
    const project = copyOf(finished);
    const added = await disguise();
    addToOrg(project.sf.org('one'), added);
    for (const each of ['plan', 'status', 'deploy'] as const) {
      const { exit, shown, document } = await command(project, each, { dryRun: true });
      assert.equal(exit, 2, `${each}: ${shown}`);
      assert.ok(
        document.findings.some(({ rule, message }) => rule === 'compromised-key' && REASON.test(message)),
        each,
      );
    }
    const { exit, org, shown } = await command(project, 'deploy');
    assert.deepEqual([exit, org('one').status, org('two').status], [0, 'changed', 'unchanged'], shown);
    assert.match(project.sf.org('one').files.get(added[0]) ?? '', /<isActive>false/);
    assert.equal((await command(project, 'plan')).exit, 0);
    const [[revocation = ''] = []] = listRuns(join(project.folder, '.runs'));
    const back = await command(project, 'rollback', { run: revocation });
    assert.deepEqual([back.exit, back.org('one').error?.code], [1, 'compromised-key']);
  });
}

test('takes a key with an expired certificate out of every keyset, because no deploy may contain it', async () => {
  const project = copyOf(finished);
  const org = project.sf.org('one');
  const other = keyset('Unmanaged', 'https://elsewhere.example.com');
  org.files.set(other.path, other.content);
  const expired = await disguised('Expired', {}, new Date('2026-10-02'));
  addToOrg(org, expired);
  addToOrg(org, expired, other.path);
  assert.ok(trustsOld(org));
  const { exit, shown } = await command(project, 'deploy');
  assert.deepEqual([exit, trustsOld(org)], [0, false], shown);
  assert.doesNotMatch(org.detailsOf('deploy').at(-1) ?? '', /Expired/);
});

test('the deploy needs consent to revoke a compromised key, and status names the org', async () => {
  const project = copyOf(finished);
  addToOrg(project.sf.org('two'), await disguised('Other'));
  const { exit, org } = await command(project, 'deploy', { accept: [] });
  assert.deepEqual([exit, org('two').error?.code], [1, 'not-accepted']);
  assert.ok(trustsOld(project.sf.org('two')));
});

test('reports a source key with the key pair, whatever its name, before any org is contacted', async () => {
  const project = copyOf(finished);
  const [path, content] = await disguised('Again');
  const folder = join(project.folder, 'force-app/main/default');
  writeFileSync(join(folder, `${path}-meta.xml`), content);
  writeFileSync(
    join(folder, `${KEYSET}-meta.xml`),
    keyset('Identity', 'https://id.example.com', 'New', 'Again').content,
  );
  const { exit, document } = await command(project, 'deploy');
  assert.equal(exit, 3);
  const finding = document.findings.find(({ rule }) => rule === 'compromised-key');
  assert.match(finding?.message ?? '', REASON);
  assert.equal(project.sf.org('one').calls.length, 0);
  writeFileSync(join(folder, `${path}-meta.xml`), content.replace('<isActive>true', '<isActive>false'));
  assert.equal((await command(project, 'deploy')).exit, 0);
  const staged = await rotate(project, 'stage', { newKey: 'Again', oldKey: 'New' });
  assert.deepEqual([staged.code, trusting(project)], ['invalid-rotation', []]);
  assert.match(staged.shown, REASON);
});

test('does not import the key pair as a certificate, a JWK or a JWKS document, under any name', async () => {
  const project = copyOf(finished);
  const { n, e } = keyPair('Old').publicKey.export({ format: 'jwk' });
  const der = await createCertificate(keyPair('Old'), { notAfter: LATER });
  const pem = `-----BEGIN CERTIFICATE-----\n${der.toString('base64').replace(/(.{64})/g, '$1\n')}\n-----END CERTIFICATE-----\n`;
  const jwk = { kty: 'RSA', alg: 'RS256', use: 'sig', kid: 'fresh', n, e, x5c: [der.toString('base64')] };
  const layouts = { 'a.cer': der, 'line.crt': pem.replaceAll('\n', ' '), 'escaped.crt': pem.replaceAll('\n', '\\n') };
  const jsons = { 'a.json': JSON.stringify(jwk), 'jwks.json': JSON.stringify({ keys: [jwk] }) };
  const inputs = { 'a.crt': pem, ...layouts, ...jsons, 'map.json': JSON.stringify({ fresh: pem }) };
  for (const [name, text] of Object.entries(inputs)) {
    const file = join(project.folder, name);
    writeFileSync(file, text);
    const selected = name === 'map.json' ? { kid: 'fresh' } : {};
    const { exit, shown } = await keys(project, { verb: 'import', name: 'Imported', from: file, ...selected });
    assert.equal(exit, 3, name);
    assert.match(shown, REASON, name);
  }
});

test('does not import an org with the key as trusted, and plans its revocation', async () => {
  const project = copyOf(finished);
  addToOrg(project.sf.org('one'), await disguised('Legacy'));
  const empty = mkdtempSync(join(parent, 'empty-'));
  mkdirSync(join(empty, 'force-app'));
  cpSync(join(project.folder, 'sfdx-project.json'), join(empty, 'sfdx-project.json'));
  cpSync(join(project.folder, 'config/compromised-keys.json'), join(empty, 'config/compromised-keys.json'));
  const output = { shown: [], documents: [] as string[], progress: [], questions: [] };
  const { flags, ...context } = testContext(empty, { org: ['one'] }, output);
  await runImport({ ...context, flags: { ...flags, origins: false, write: true } }, fakeWorkers(project.sf));
  const document = JSON.parse(output.documents[0] ?? '') as {
    findings: readonly { rule: string }[];
    files: readonly { path: string }[];
    orgs: readonly { changes: readonly { component: string; path: string }[] }[];
  };
  assert.ok(document.findings.some(({ rule }) => rule === 'compromised-key'));
  assert.ok(document.files.every(({ path }) => !path.includes('Legacy')));
  assert.deepEqual(
    document.orgs[0]?.changes.map(({ component, path }) => [component, path]),
    [['PublicKeyCertificate:Legacy', 'isActive']],
  );
});

test('publishes no JWKS document with the key', async () => {
  const project = copyOf(finished);
  const [path, content] = await disguised('Again');
  writeFileSync(join(project.folder, `force-app/main/default/${path}-meta.xml`), content);
  const { exit, shown } = await keys(project, { verb: 'jwks', name: 'Identity', key: ['New', 'Again'] });
  assert.equal(exit, 3);
  assert.match(shown, REASON);
});

test('contacts no org while the list of compromised keys cannot be read', async () => {
  const project = copyOf(finished);
  writeFileSync(join(project.folder, 'config/compromised-keys.json'), '<<<<<<< HEAD\n');
  for (const [name, options] of [
    ['deploy', {}],
    ['plan', {}],
    ['rollback', { run: project.runs.retire }],
  ] as const)
    await assert.rejects(command(project, name, options), { code: 'unreadable-file', exit: 3 });
  assert.equal(project.sf.org('one').calls.length, 0);
});

test('retires a new key that turns out to be compromised, and keeps the old one', async () => {
  const { folder, sf } = await keyFixture(parent, { one: 1 });
  const project = { folder, sf };
  assert.equal((await rotate(project, 'stage', { newKey: 'New' })).exit, 0);
  const { exit, shown } = await rotate(project, 'retire', { compromised: true, oldKey: 'New' });
  assert.equal(exit, 0, shown);
  assert.match(sf.org('one').files.get('PublicKeyCertificate/New.PublicKeyCertificate') ?? '', /<isActive>false/);
  assert.match(sf.org('one').files.get(OLD) ?? '', /<isActive>true/);
  assert.deepEqual(
    readCompromisedKeys(folder).map(({ name }) => name),
    ['New'],
  );
  for (const [step, flags] of [
    ['stage', {}],
    ['switch', { confirm: true }],
    ['delete', {}],
  ] as const)
    assert.equal((await rotate(project, step, flags)).exit, 0, step);
  assert.equal((await command(project, 'plan')).exit, 0);
});

test('retires a compromised key that two keysets list in both at once', async () => {
  const { folder, sf } = await keyFixture(parent, { one: 1 });
  const second = keyset('Second', 'https://second.example.com', 'Old');
  writeFileSync(join(folder, `force-app/main/default/${second.path}-meta.xml`), second.content);
  sf.org('one').files.set(second.path, second.content);
  assert.equal((await rotate({ folder, sf }, 'retire', {})).code, 'invalid-rotation');
  const { exit, shown } = await rotate({ folder, sf }, 'retire', { compromised: true });
  assert.deepEqual([exit, trusting({ sf, folder })], [0, []], shown);
});
