import assert from 'node:assert/strict';
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { editProject } from '../../../lib/keys/rotation-edits';
import { readKeyProject } from '../../../lib/keys/keyset';
import { temporaryFolder, createProject, writeFixture } from '../../commands-keys/test-project';
import { sampleRotation } from '../rotation/fake-backend';
import type { TargetState, Rotation } from '../../../lib/rotation';

const folder = temporaryFolder();
const UAT = 'config/orgs/uat.json';
const KEYSET = 'force-app/main/default/PublicKeyCertificateSet/Customer_Identity.PublicKeyCertificateSet-meta.xml';
const key = (name: string): string =>
  `force-app/main/default/PublicKeyCertificate/${name}.PublicKeyCertificate-meta.xml`;

const rotationFrom = (retiring: string, next: string): Rotation =>
  sampleRotation({
    keyset: 'Customer_Identity',
    oldKey: { name: retiring, kid: 'a', thumbprint: 'a' },
    newKey: { name: next, kid: 'b', thumbprint: 'b' },
  });

/** What a step writes in a copy of this project. */
function editsOf(
  rotation: Rotation,
  aim: TargetState,
  unlist = false,
  project = createProject(folder),
): ReadonlyMap<string, string | null> {
  return editProject(readKeyProject(project), rotation, aim, unlist, (file) =>
    readFileSync(join(project, file), 'utf8'),
  ).files;
}

test('the new key is listed where the old one is, in the source or in the file of one org, and nowhere else', () => {
  const [a, uat] = [
    editsOf(rotationFrom('Customer_Identity_2026_A', 'Customer_Identity_UAT'), 'staged'),
    editsOf(rotationFrom('Customer_Identity_UAT', 'Customer_Identity_2026_A'), 'staged'),
  ];
  assert.deepEqual([...a.keys()], [KEYSET]);
  assert.deepEqual([...uat.keys()], [UAT]);
  const text = uat.get(UAT) ?? '';
  const { overrides } = JSON.parse(text) as {
    overrides: { PublicKeyCertificateSet: { Customer_Identity: { publicKeyCertificateSetKeys: unknown } } };
  };
  assert.deepEqual(overrides.PublicKeyCertificateSet.Customer_Identity.publicKeyCertificateSetKeys, [
    { publicKeyCertificate: 'Customer_Identity_UAT' },
    { publicKeyCertificate: 'Customer_Identity_2026_A' },
  ]);
});

test('a new key is listed in the shared values if the old one is', () => {
  const project = createProject(folder);
  const shared = {
    overrides: { PublicKeyCertificateSet: { Customer_Identity: { publicKeyCertificateSetKeys: [] as object[] } } },
  };
  const list = shared.overrides.PublicKeyCertificateSet.Customer_Identity.publicKeyCertificateSetKeys;
  list.push({ publicKeyCertificate: 'Customer_Identity_2026_B' });
  const file = 'config/orgs/_defaults.json';
  writeFileSync(join(project, file), JSON.stringify(shared));
  const rotation = rotationFrom('Customer_Identity_2026_B', 'Customer_Identity_2026_A');
  const edits = editsOf(rotation, 'staged', false, project);
  assert.match(
    (edits.get(file) ?? '').replace(/\s/g, ''),
    /2026_B"},{"publicKeyCertificate":"Customer_Identity_2026_A"}/,
  );
});

test('a keyset file keeps everything but the line that is added', () => {
  const project = createProject(folder);
  const before = readFileSync(join(project, KEYSET), 'utf8').split('\n');
  const after = (
    editsOf(rotationFrom('Customer_Identity_2026_A', 'Customer_Identity_UAT'), 'staged', false, project).get(KEYSET) ??
    ''
  ).split('\n');
  const added = after.slice(after.findIndex((line) => line.includes('2026_B')) + 2).slice(0, 3);
  assert.match(added.join(''), /<publicKeyCertificateSetKeys>.*Customer_Identity_UAT.*<\/publicKeyCertificateSetKeys>/);
  assert.deepEqual(after.join('\n').replace(`${added.join('\n')}\n`, ''), before.join('\n'));
});

test('an org file keeps its formatting beside what changes', () => {
  const project = createProject(folder);
  const before = readFileSync(join(project, UAT), 'utf8');
  const after =
    editsOf(rotationFrom('Customer_Identity_UAT', 'Customer_Identity_2026_A'), 'staged', false, project).get(UAT) ?? '';
  const untouched = before.split('\n').filter((line) => !line.includes('publicKeyCertificateSetKeys'));
  assert.ok(untouched.every((line) => after.split('\n').includes(line)));
});

test('retiring switches the old key off, deleting removes it and its place in the list', () => {
  const rotation = rotationFrom('Customer_Identity_2026_A', 'Customer_Identity_2026_B');
  const retired = editsOf(rotation, 'retired');
  assert.deepEqual([...retired.keys()], [key('Customer_Identity_2026_A')]);
  assert.match(retired.get(key('Customer_Identity_2026_A')) ?? '', /<isActive>false<\/isActive>/);
  const deleted = editsOf(rotation, 'deleted');
  assert.equal(deleted.get(key('Customer_Identity_2026_A')), null);
  assert.doesNotMatch(deleted.get(KEYSET) ?? '', /2026_A/);
});

test('a key that can no longer be deployed leaves the list when it is retired', () => {
  const files = editsOf(rotationFrom('Customer_Identity_2026_A', 'Customer_Identity_2026_B'), 'retired', true);
  assert.deepEqual([...files.keys()].sort(), [key('Customer_Identity_2026_A'), KEYSET].sort());
});

test('an org that states of its own that the old key is active does not keep it so', () => {
  const project = createProject(folder);
  const file = join(project, 'config/orgs/dev.json');
  const own = { PublicKeyCertificate: { Customer_Identity_2026_A: { isActive: true } } };
  const config = JSON.parse(readFileSync(file, 'utf8')) as { overrides: object };
  writeFixture(
    project,
    'config/orgs/dev.json',
    JSON.stringify({ ...config, overrides: { ...config.overrides, ...own } }, null, 2),
  );
  const files = editsOf(
    rotationFrom('Customer_Identity_2026_A', 'Customer_Identity_2026_B'),
    'retired',
    false,
    project,
  );
  assert.match(files.get('config/orgs/dev.json') ?? '', /"isActive": false/);
});

test('a step that is done already edits nothing', () => {
  const rotation = rotationFrom('Customer_Identity_2026_A', 'Customer_Identity_2026_B');
  assert.deepEqual([...editsOf(rotation, 'staged').keys()], []);
  const project = createProject(folder);
  editsOf(rotation, 'deleted', false, project).forEach(
    (text, file) => text !== null && writeFixture(project, file, text),
  );
  editsOf(rotation, 'retired', false, project).forEach(
    (text, file) => text !== null && writeFixture(project, file, text),
  );
  assert.deepEqual([...editsOf(rotation, 'retired', false, project).keys()], []);
});
