import assert from 'node:assert/strict';
import { test } from 'node:test';
import { loadProject, type Project } from '../../../lib/project';
import { orgText } from './org-text';
import { withFolder } from './temp-folder';

const FILES = {
  'sfdx-project.json': '{ "packageDirectories": [{ "path": "force-app" }], "sourceApiVersion": "66.0" }',
  'config/orgs/dev.json': orgText({ orgId: '00D000000000001EAA', kind: 'sandbox', wave: 1 }),
  'config/orgs/uat.json': orgText({ orgId: '00D000000000002EAA', kind: 'sandbox', wave: 2 }),
  'config/orgs/prod.json': orgText({ orgId: '00D000000000003EAA', kind: 'production', wave: 3 }),
};

type OrgSelection = Parameters<typeof loadProject>[1];

const load = (selection: OrgSelection, files: Readonly<Record<string, string>> = {}): Project =>
  withFolder({ ...FILES, ...files }, (folder) => loadProject(folder, selection, new Date('2026-10-01T12:00:00Z')));

const aliases = (orgs: Project['orgs']): readonly string[] => orgs.map(({ org }) => org.alias);

test('selects orgs by alias and wave, and all orgs by default', () => {
  assert.deepEqual(aliases(load({ orgs: [] }).orgs), ['dev', 'uat', 'prod']);
  assert.deepEqual(aliases(load({ orgs: ['prod', 'dev'] }).orgs), ['dev', 'prod']);
  assert.deepEqual(aliases(load({ orgs: [], wave: 2 }).orgs), ['uat']);
  assert.deepEqual(aliases(load({ orgs: ['dev', 'uat'], wave: 2 }).orgs), ['uat']);
});

test('returns the production orgs and the API version for any selection', () => {
  const { production, apiVersion } = load({ orgs: ['dev'] });
  assert.deepEqual([aliases(production), apiVersion], [['prod'], '66.0']);
});

test('rejects an unknown org and a selection without orgs', () => {
  assert.throws(() => load({ orgs: ['dev', 'qa'] }), {
    code: 'unknown-org',
    exit: 3,
    what: 'Org "qa" has no org file. No org was contacted.',
    why: 'config/orgs has files for: dev, uat, prod.',
  });
  assert.throws(() => load({ orgs: ['dev'], wave: 2 }), {
    code: 'invalid-flag',
    exit: 3,
    why: 'None of dev is in wave 2.',
  });
  assert.throws(() => load({ orgs: [], wave: 9 }), { why: 'No org in config/orgs is in wave 9.' });
});

test('an invalid org file is a finding, and an org that it may describe is not rejected as unknown', () => {
  const invalid = { 'config/orgs/qa.json': '{' };
  const { orgs, findings } = load({ orgs: ['qa'] }, invalid);
  assert.deepEqual([aliases(orgs), findings.some(({ file }) => file === 'config/orgs/qa.json')], [[], true]);
});

test('leaves out the findings in the files of orgs that are not selected', () => {
  const unknownChannel = orgText({ orgId: '00D000000000002EAA', kind: 'sandbox', wave: 2, channels: ['Nowhere'] });
  const files = (selection: OrgSelection): readonly string[] =>
    load(selection, { 'config/orgs/uat.json': unknownChannel }).findings.map(({ file }) => file);
  assert.ok(files({ orgs: ['uat'] }).includes('config/orgs/uat.json'));
  assert.ok(!files({ orgs: ['dev'] }).includes('config/orgs/uat.json'));
});
