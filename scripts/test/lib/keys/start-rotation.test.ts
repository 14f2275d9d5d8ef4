import assert from 'node:assert/strict';
import { mkdirSync, rmSync, writeFileSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { readKeyProject } from '../../../lib/keys/keyset';
import { orgKeyTrust, servedKeyTrust } from '../../../lib/keys/key-trust';
import { rotationForStep } from '../../../lib/keys/start-rotation';
import { blockingFindings, isUndeployable, lockoutWarnings, otherKeysets } from '../../../lib/keys/step-checks';
import { needsConsent } from '../../../lib/keys/step-target';
import { editProject } from '../../../lib/keys/rotation-edits';
import type { RotateFlags } from '../../../lib/keys/flags';
import { writeRotation, type Rotation } from '../../../lib/rotation';
import type { Change } from '../../../lib/model';
import { temporaryFolder } from '../../commands-keys/test-project';
import { key, keyset } from '../../commands/import-orgs';
import { keyFixture, servedKey } from './key-fixture';

const parent = temporaryFolder();
const NOW = new Date('2026-10-01T12:00:00Z');
const SOURCE = 'force-app/main/default';

const flagsFor = (flags: Partial<RotateFlags> = {}): RotateFlags => ({
  verb: 'rotate',
  name: 'Identity',
  step: 'stage',
  newKey: 'New',
  confirm: false,
  compromised: false,
  accept: [],
  allowLoopback: false,
  ...flags,
});

const newProject = () => keyFixture(parent, { one: 1 });
const start = (folder: string, flags?: Partial<RotateFlags>): Rotation =>
  rotationForStep(readKeyProject(folder), flagsFor(flags), NOW);

function writeSource(folder: string, { path, content }: { readonly path: string; readonly content: string }): void {
  writeFileSync(join(folder, SOURCE, `${path}-meta.xml`), content);
}

test('starts with the only other active key of the keyset, and the default waits', async () => {
  const { folder, rotation } = await newProject();
  const started = start(folder);
  assert.deepEqual([started.oldKey, started.newKey], [rotation.oldKey, rotation.newKey]);
  assert.deepEqual(
    [started.delivery, started.cacheHours, started.tokenLifetimeMinutes, started.compromised, started.targets],
    ['uploaded', 72, 60, false, {}],
  );
  assert.deepEqual(start(folder, { cacheHours: 0, tokenLifetime: 90 }).cacheHours, 0);
  assert.deepEqual(start(folder, { tokenLifetime: 90 }).tokenLifetimeMinutes, 90);
  assert.deepEqual(start(folder, { tokenLifetime: 5 }).tokenLifetimeMinutes, 60, 'a session can last longer');
});

test('rejects a new key that is the old key, or has its kid or its numbers', async () => {
  const { folder, rotation } = await newProject();
  assert.throws(() => start(folder, { newKey: 'Old', oldKey: 'Old' }), { code: 'invalid-rotation' });
  writeSource(folder, await key('Same_Kid', { kid: rotation.oldKey.kid }));
  assert.throws(() => start(folder, { newKey: 'Same_Kid', oldKey: 'Old' }), { code: 'invalid-rotation' });
  const old = readFileSync(join(folder, SOURCE, 'PublicKeyCertificate/Old.PublicKeyCertificate-meta.xml'), 'utf8');
  const copy = old.replace(`"kid": "${rotation.oldKey.kid}"`, '"kid": "another"');
  assert.notEqual(copy, old);
  writeSource(folder, { path: 'PublicKeyCertificate/Same_Numbers.PublicKeyCertificate', content: copy });
  assert.throws(() => start(folder, { newKey: 'Same_Numbers', oldKey: 'Old' }), { code: 'invalid-rotation' });
});

test('asks which key to replace where the keyset lists several active keys', async () => {
  const { folder } = await newProject();
  writeSource(folder, await key('Third'));
  writeSource(folder, keyset('Identity', 'https://id.example.com', 'Old', 'Third'));
  assert.throws(() => start(folder), { code: 'invalid-rotation', why: /Old, Third/ });
  assert.equal(start(folder, { oldKey: 'Third' }).oldKey.name, 'Third');
});

test('continues a running rotation, and rejects flags that would make it another one', async () => {
  const { folder, rotation } = await newProject();
  writeRotation(folder, rotation, new Date());
  assert.deepEqual(start(folder, { step: 'check' }), rotation);
  assert.throws(() => start(folder, { oldKey: 'New' }), { code: 'invalid-rotation' });
  assert.throws(() => start(folder, { newKey: 'Third' }), { code: 'invalid-rotation' });
  assert.equal(start(folder, { cacheHours: 1 }).cacheHours, 1);
  for (const step of ['stage', 'retire'] as const) {
    assert.equal(start(folder, { step, tokenLifetime: 90 }).tokenLifetimeMinutes, 90, step);
    assert.equal(start(folder, { step, tokenLifetime: 5 }).tokenLifetimeMinutes, 60, 'a session can last longer');
  }
  assert.equal(start(folder, { step: 'retire', compromised: true }).compromised, true);
  assert.equal(start(folder, { step: 'stage', compromised: true }).compromised, false);
});

test('starts without a new key only for a compromised key, and never with another step', async () => {
  const { folder } = await newProject();
  const compromised = start(folder, {
    step: 'retire',
    compromised: true,
    newKey: undefined,
  } as unknown as Partial<RotateFlags>);
  assert.deepEqual([compromised.compromised, compromised.newKey, compromised.oldKey.name], [true, undefined, 'Old']);
  for (const step of ['check', 'switch', 'retire', 'delete'] as const)
    assert.throws(() => start(folder, { step }), { code: 'invalid-rotation' }, step);
});

test('an expired new key blocks staging, and an expired old key does not', async () => {
  const { folder, rotation } = await newProject();
  const errorsFor = (): readonly string[] => {
    const project = readKeyProject(folder);
    const edited = editProject(project, rotation, 'staged', false, (file) => readFileSync(join(folder, file), 'utf8'));
    return blockingFindings(project, edited, rotation, NOW).map(({ component }) => component);
  };
  assert.deepEqual(errorsFor(), []);
  writeSource(folder, await key('Old', {}, new Date('2026-09-30')));
  assert.deepEqual(errorsFor(), []);
  assert.equal(isUndeployable(readKeyProject(folder), rotation, NOW), true);
  writeSource(folder, await key('New', {}, new Date('2026-09-30')));
  assert.ok(errorsFor().includes('PublicKeyCertificate:New'));
});

test('a key that signs tokens of site members in Apex can be retired only after the member site has another key', async () => {
  const { folder, rotation } = await newProject();
  const orgFile = join(folder, 'config/orgs/one.json');
  const org = JSON.parse(readFileSync(orgFile, 'utf8')) as object;
  const record =
    '<CustomMetadata xmlns="http://soap.sforce.com/2006/04/metadata"><label>Default</label></CustomMetadata>';
  mkdirSync(join(folder, 'member-site'));
  writeFileSync(join(folder, 'member-site/Customer_Identity_Setting.Default.md-meta.xml'), record);
  const packageDirectories = [{ path: 'force-app' }, { path: 'member-site' }];
  writeFileSync(join(folder, 'sfdx-project.json'), JSON.stringify({ packageDirectories, sourceApiVersion: '67.0' }));
  const rulesFor = (key: string, compromised = false): readonly string[] => {
    writeFileSync(orgFile, JSON.stringify({ ...org, memberSite: { key, certificate: 'Signing' } }));
    const project = readKeyProject(folder);
    const step = { ...rotation, compromised };
    const edited = editProject(project, step, 'retired', true, (file) => readFileSync(join(folder, file), 'utf8'));
    return blockingFindings(project, edited, step, NOW).map(({ rule }) => rule);
  };
  assert.ok(rulesFor('Old').includes('signer-key'));
  assert.ok(!rulesFor('New').includes('signer-key'));
  assert.ok(!rulesFor('Old', true).includes('signer-key'), 'a compromised key is retired at once');
});

test('finds the other keysets that list the old key', async () => {
  const { folder, rotation } = await newProject();
  assert.deepEqual(otherKeysets(readKeyProject(folder), rotation), []);
  writeSource(folder, keyset('Partner', 'https://partner.example.com', 'Old'));
  assert.deepEqual(otherKeysets(readKeyProject(folder), rotation), ['Partner']);
});

test('warns whom the retirement of a compromised key locks out, and counts only keys that exist and are active', async () => {
  const { folder, rotation } = await newProject();
  const warning = (): string => lockoutWarnings(readKeyProject(folder).orgs, rotation)[0] ?? '';
  assert.match(warning(), /^one: .* locked out of Web\. No other key of the keyset is active/);
  writeSource(folder, keyset('Identity', 'https://id.example.com', 'Old', 'New'));
  assert.match(warning(), /Tokens of New are still accepted\.$/);
  rmSync(join(folder, SOURCE, 'PublicKeyCertificate/New.PublicKeyCertificate-meta.xml'));
  assert.match(warning(), /No other key of the keyset is active/);
});

test('an org trusts a key that its keyset lists, that is active, and that is the very same key', async () => {
  const { folder, rotation } = await newProject();
  const trust = (): unknown => {
    const { components } = readKeyProject(folder).source;
    return orgKeyTrust(components, rotation);
  };
  const newKey = await key('New', {}, new Date('2099-01-01'));
  assert.deepEqual(trust(), { newKeyTrusted: false, oldKeyStatus: 'trusted' }, 'the keyset does not list the new key');
  writeSource(folder, keyset('Identity', 'https://id.example.com', 'New'));
  assert.deepEqual(trust(), { newKeyTrusted: true, oldKeyStatus: 'rejected' });
  writeSource(folder, { ...newKey, content: newKey.content.replace('<isActive>true', '<isActive>false') });
  assert.deepEqual(trust(), { newKeyTrusted: false, oldKeyStatus: 'rejected' });
  const other = await key('Other', { kid: rotation.newKey?.kid });
  writeSource(folder, { path: newKey.path, content: other.content });
  assert.deepEqual(trust(), { newKeyTrusted: false, oldKeyStatus: 'rejected' }, 'another key has the name and the kid');
  rmSync(join(folder, SOURCE, 'PublicKeyCertificate/Old.PublicKeyCertificate-meta.xml'));
  assert.deepEqual(trust(), { newKeyTrusted: false, oldKeyStatus: 'missing' });
});

test('an endpoint trusts the old key as long as it serves its kid, whatever the numbers are', async () => {
  const { rotation } = await newProject();
  const { oldKey, newKey } = rotation;
  const trust = (...served: readonly (readonly [string, string])[]): unknown =>
    servedKeyTrust(
      served.map(([kid, thumbprint]) => servedKey(kid, thumbprint)),
      rotation,
    );
  const newEntry = [newKey?.kid ?? '', newKey?.thumbprint ?? ''] as const;
  assert.deepEqual(trust([oldKey.kid, oldKey.thumbprint]), { newKeyTrusted: false, oldKeyStatus: 'trusted' });
  assert.deepEqual(trust([oldKey.kid, 'other'], newEntry), { newKeyTrusted: true, oldKeyStatus: 'trusted' });
  assert.deepEqual(trust(newEntry), { newKeyTrusted: true, oldKeyStatus: 'missing' });
  assert.deepEqual(trust([newEntry[0], 'other']), { newKeyTrusted: false, oldKeyStatus: 'missing' });
});

test('only changes beyond the end of the old key need consent, unless the key is compromised', async () => {
  const { rotation } = await newProject();
  const change = (component: Change['component'], path: string, impact: Change['impact'] = 'disruptive'): Change => ({
    component,
    path,
    action: 'update',
    from: 'a',
    to: 'b',
    impact,
    effect: '',
  });
  const step = { rotation, targetState: 'retired', removeFromKeyset: false } as const;
  const endOfKey = change('PublicKeyCertificate:Old', 'isActive');
  const endInKeyset = change('PublicKeyCertificateSet:Identity', 'publicKeyCertificateSetKeys[Old]');
  const compromised = { ...step, rotation: { ...rotation, compromised: true } };
  for (const each of [endOfKey, endInKeyset]) {
    assert.equal(needsConsent(step, each), false);
    assert.equal(needsConsent(compromised, each), true);
    assert.equal(needsConsent({ ...compromised, targetState: 'deleted' }, each), false);
  }
  assert.equal(needsConsent(step, change('PublicKeyCertificate:Old', 'jsonWebKey')), true);
  assert.equal(needsConsent(step, change('PublicKeyCertificateSet:Identity', 'jwtIssuer')), true);
  assert.equal(needsConsent(step, change('PublicKeyCertificateSet:Identity', 'jwtIssuer', 'visible')), false);
  assert.equal(needsConsent(step, change('PublicKeyCertificate:New', 'isActive')), true);
});
