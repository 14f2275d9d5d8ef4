import assert from 'node:assert/strict';
import { symlinkSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { loadOrgFiles, toOrgId18, type LoadedOrgs } from '../../../lib/project';
import { listOrgFiles } from '../../../lib/project/orgs-folder';
import { withFolder } from './temp-folder';
import { orgText } from './org-text';

const loadFiles = (files: Readonly<Record<string, string>>): LoadedOrgs => withFolder(files, loadOrgFiles);
const ids = ['00D000000000001EAA', '00D000000000002EAA', '00D000000000003EAA'];

test('sorts orgs by wave, then by alias, which is the file name', () => {
  const { orgs, findings } = loadFiles({
    'config/orgs/aa.json': orgText({ orgId: ids[0], wave: 2 }),
    'config/orgs/b.json': orgText({ orgId: ids[1] }),
    'config/orgs/a.b.json': orgText({ orgId: ids[2] }),
    'config/orgs/README.md': 'no org',
    'config/other.json': '{',
  });
  assert.deepEqual(findings, []);
  assert.deepEqual(
    orgs.map(({ alias }) => alias),
    ['a.b', 'b', 'aa'],
  );
});

test('reports a duplicate org ID at the second file, with the name of the first', () => {
  const { findings } = loadFiles({ 'config/orgs/a.json': orgText(), 'config/orgs/b.json': orgText({ wave: 2 }) });
  const [finding, ...others] = findings;
  assert.deepEqual(others, []);
  assert.deepEqual(
    [finding?.rule, finding?.file, finding?.path, finding?.line],
    ['shared-org-id', 'config/orgs/b.json', 'orgId', 2],
  );
  assert.match(finding?.message ?? '', /config\/orgs\/a\.json/);
});

test('reads the other files and their problems despite an invalid file', () => {
  const { orgs, findings } = loadFiles({
    'config/orgs/a.json': '{',
    'config/orgs/b.json': orgText({ kind: 'x' }),
    'config/orgs/c.json': orgText(),
  });
  assert.deepEqual(
    orgs.map(({ alias }) => alias),
    ['c'],
  );
  assert.deepEqual([...new Set(findings.map(({ file }) => file))], ['config/orgs/a.json', 'config/orgs/b.json']);
});

test('reports how to write the first org file in a project without any', () => {
  for (const files of [{}, { 'config/orgs/README.md': '' }]) {
    const { orgs, findings } = loadFiles(files);
    assert.deepEqual([orgs, findings.map(({ rule, line }) => [rule, line])], [[], [['no-orgs', 0]]]);
    assert.match(findings[0]?.fix ?? '', /: npm run setup -- --org ORG$/);
    assert.deepEqual(withFolder(files, listOrgFiles), []);
  }
});

test('ignores a folder whose name ends in .json', () => {
  const { orgs } = loadFiles({ 'config/orgs/dev.json': orgText(), 'config/orgs/old.json/notes.txt': '' });
  assert.deepEqual(
    orgs.map(({ alias }) => alias),
    ['dev'],
  );
});

test('reads an org file through a link, and reports a link without a target', () => {
  const { orgs, findings } = withFolder({ 'shared/dev.json': orgText(), 'config/orgs/README.md': '' }, (project) => {
    symlinkSync('../../shared/dev.json', join(project, 'config/orgs/dev.json'));
    symlinkSync('../../shared/uat.json', join(project, 'config/orgs/uat.json'));
    return loadOrgFiles(project);
  });
  assert.deepEqual(
    [orgs.map(({ alias }) => alias), findings.map(({ rule, file }) => [rule, file])],
    [['dev'], [['unreadable-org-file', 'config/orgs/uat.json']]],
  );
});

test('the org files of this project have no findings, and listOrgFiles lists each', () => {
  const project = join(__dirname, '../../../..');
  const { orgs, findings } = loadOrgFiles(project);
  assert.deepEqual(findings, []);
  assert.equal(listOrgFiles(project).length, orgs.length);
});

const ORG_IDS: readonly (readonly [id: string, full: string | undefined])[] = [
  ['00D4fP53twgxYnv', '00D4fP53twgxYnvEBE'],
  ['00D4fP53twgxYnvEBE', '00D4fP53twgxYnvEBE'],
  ['00D000000000001', '00D000000000001EAA'],
  ['00DABCDEFGHIJKL', '00DABCDEFGHIJKL255'],
  ['00D4fP53twgxYnvEBF', undefined],
  ['00D4FP53TWGXYNVEBE', undefined],
  ['00D4fP53twgxYn', undefined],
  ['00D4fP53twgxYnvEBEE', undefined],
  ['00d4fP53twgxYnv', undefined],
  ['00D4fP53twgxYn-', undefined],
  ['', undefined],
];

for (const [id, full] of ORG_IDS) {
  test(`"${id}" is ${full ? `the org ID ${full}` : 'not an org ID'}`, () => {
    assert.equal(toOrgId18(id), full);
  });
}
