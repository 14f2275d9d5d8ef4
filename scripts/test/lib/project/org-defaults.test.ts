import assert from 'node:assert/strict';
import { cpSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import fc from 'fast-check';
import { isJsonObject, readJson } from '../../../lib/files';
import { loadOrgFiles, loadProject, toOrgId18, type LoadedOrgs } from '../../../lib/project';
import { effectiveValues } from '../../../lib/project/effective-values';
import { mergeDefaults, originated } from '../../../lib/project/org-defaults';
import { listOrgFiles } from '../../../lib/project/orgs-folder';
import { PROJECT } from '../../gates/list-files';
import { withFolder } from './temp-folder';

const ID = '00D4fP53twgxYnvEBE';
const DEFAULTS = 'config/orgs/_defaults.json';
const UAT = 'config/orgs/uat.json';
const text = (value: object): string => JSON.stringify(value, null, 2);
const load = (files: Readonly<Record<string, string>>): LoadedOrgs => withFolder(files, loadOrgFiles);

/** The values of an org file on top of the shared ones. */
const MERGES: readonly (readonly [claim: string, defaults: object, own: object, result: object])[] = [
  ['a value that only the shared file has applies', { kind: 'sandbox' }, {}, { kind: 'sandbox' }],
  ['a value of the org file replaces the shared one', { wave: 1 }, { wave: 2 }, { wave: 2 }],
  ['a list replaces the whole shared list', { sites: ['a', 'b'] }, { sites: ['c'] }, { sites: ['c'] }],
  ['an empty list replaces the shared list', { include: ['a'] }, { include: [] }, { include: [] }],
  ['null replaces an object', { memberSite: { key: 'K' } }, { memberSite: null }, { memberSite: null }],
  [
    'objects are merged at every depth, and null stays',
    { overrides: { Queue: { A: { name: 'A', email: 'x' }, B: { name: 'B' } } } },
    { overrides: { Queue: { A: { email: null } } } },
    { overrides: { Queue: { A: { name: 'A', email: null }, B: { name: 'B' } } } },
  ],
];

for (const [claim, defaults, own, result] of MERGES) {
  test(`in an org file on top of shared values, ${claim}`, () => {
    const [shared, ownValue] = [DEFAULTS, UAT].map((file, index) =>
      originated(file, readJson(text([defaults, own][index] ?? {}))),
    );
    const { value } = mergeDefaults(shared, ownValue ?? assert.fail());
    assert.deepEqual(JSON.parse(JSON.stringify(value)), result);
  });
}

test('each value has the line of the file that declares it, and no value has two origins', () => {
  const json = fc.letrec((tie) => ({
    value: fc.oneof({ maxDepth: 3 }, fc.integer(), fc.constant(null), fc.array(fc.integer()), tie('object')),
    object: fc.dictionary(fc.constantFrom('a', 'b', 'c', '__proto__'), tie('value')),
  })).object as fc.Arbitrary<object>;
  fc.assert(
    fc.property(json, json, (defaults, own) => {
      const files = [defaults, own].map((value) => text(value));
      const [shared, ownValue] = files.map((each, index) => originated([DEFAULTS, UAT][index] ?? '', readJson(each)));
      const merged = mergeDefaults(shared, ownValue ?? assert.fail());
      const lines = new Map([DEFAULTS, UAT].map((file, index) => [file, (files[index] ?? '').split('\n')]));
      for (const [path, { file, line }] of merged.origins) {
        const value = path === '' ? merged.value : path.split('.').reduce<unknown>(memberOf, merged.value);
        assert.notEqual(value, undefined, path);
        if (!isJsonObject(value) && !Array.isArray(value))
          assert.ok(lines.get(file)?.[line - 1]?.includes(JSON.stringify(value)), `${path} ${file}:${line}`);
      }
    }),
  );
});

const memberOf = (value: unknown, name: string): unknown =>
  Array.isArray(value) ? (value[Number(name)] as unknown) : isJsonObject(value) ? value[name] : undefined;

test('the file of shared values is no org, and completes every org file', () => {
  const files = {
    [DEFAULTS]: text({ kind: 'sandbox', channels: ['Web_Chat'] }),
    [UAT]: text({ orgId: ID, wave: 3 }),
  };
  const { orgs, findings } = load(files);
  assert.deepEqual(findings, []);
  assert.deepEqual(
    orgs.map(({ alias, kind, wave, channels }) => [alias, kind, wave, channels]),
    [['uat', 'sandbox', 3, ['Web_Chat']]],
  );
  assert.deepEqual(withFolder(files, listOrgFiles), ['uat.json']);
  assert.deepEqual(
    load({ [DEFAULTS]: '{}' }).findings.map(({ rule }) => rule),
    ['no-orgs'],
  );
});

test('one line of the shared values adds a channel to twelve orgs', () => {
  const aliases = Array.from({ length: 12 }, (_, index) => `org${index + 1}`);
  const orgFiles = Object.fromEntries(
    aliases.map((alias, index) => [
      `config/orgs/${alias}.json`,
      text({ orgId: toOrgId18(`00D${String(index + 1).padStart(12, '0')}`), kind: 'sandbox' }),
    ]),
  );
  const channelsWith = (...channels: readonly string[]): readonly (readonly string[])[] =>
    load({ ...orgFiles, [DEFAULTS]: `{\n"channels": ${JSON.stringify(channels)}\n}` }).orgs.map((org) => org.channels);
  assert.deepEqual(channelsWith('A'), Array(12).fill(['A']));
  assert.deepEqual(channelsWith('A', 'B'), Array(12).fill(['A', 'B']));
});

const INVALID: readonly (readonly [defaults: string, rule: string, line: number, said: RegExp])[] = [
  ['{\n"kind": }', 'ill-formed-json', 2, /isn't valid JSON/],
  ['{\n"kind": "x" }', 'bad-org-file', 2, /kind is invalid/],
  [
    `{\n\n"orgId": "${ID}" }`,
    'unknown-field',
    3,
    /_defaults\.json can't contain "orgId", because each org has its own/,
  ],
  ['{\n"scrt2URL": "https://a.example" }', 'unknown-field', 2, /can't contain "scrt2URL"/],
  ['{\n"chanels": [] }', 'unknown-field', 2, /no field "chanels"/],
  ['{\n"overrides": {\n"Queue": { "A": {\n"nam": "x" } } } }', 'bad-override', 4, /no element "nam"/],
];

for (const [defaults, rule, line, said] of INVALID) {
  test(`reports ${rule} of the shared values once, at its line: ${said.source}`, () => {
    const own = { channels: ['A'], kind: 'sandbox' };
    const { orgs, findings } = load({
      [DEFAULTS]: defaults,
      [UAT]: text({ orgId: ID, ...own }),
      'config/orgs/dev.json': text({ orgId: '00D000000000001EAA', ...own }),
    });
    assert.deepEqual(orgs, []);
    assert.deepEqual(
      findings.map((finding) => [finding.rule, finding.file, finding.line]),
      [[rule, DEFAULTS, line]],
    );
    assert.match(findings[0]?.message ?? '', said);
  });
}

const projectWith = (files: Readonly<Record<string, string>>, use: (folder: string) => void): void =>
  withFolder(files, (folder) => {
    cpSync(join(PROJECT, 'force-app'), join(folder, 'force-app'), { recursive: true });
    cpSync(join(PROJECT, 'sfdx-project.json'), join(folder, 'sfdx-project.json'));
    cpSync(join(PROJECT, 'member-site'), join(folder, 'member-site'), { recursive: true });
    use(folder);
  });

test('a problem of a shared value is reported once, in the shared file, and only for orgs that have it', () => {
  const files = {
    [DEFAULTS]:
      '{\n"kind": "sandbox",\n"channels": ["Web_Chat",\n"Shop"],\n"overrides": { "Queue": {\n"Nope": {} } }\n}',
    [UAT]: text({ orgId: ID }),
    'config/orgs/dev.json': text({ orgId: '00D000000000001EAA' }),
    'config/orgs/own.json': text({ orgId: '00D000000000002EAA', channels: ['Web_Chat'], wave: 2 }),
  };
  const at = (folder: string, orgs: readonly string[]): readonly unknown[] =>
    loadProject(folder, { orgs }, new Date('2026-11-22'))
      .findings.filter(({ file }) => file === DEFAULTS)
      .map(({ rule, line, component }) => [rule, line, component]);
  projectWith(files, (folder) => {
    const shop = ['unknown-component', 4, 'MessagingChannel:Shop'];
    const override = ['unused-override', 6, 'Queue:Nope'];
    const all = at(folder, []);
    assert.deepEqual(all[0], shop);
    assert.equal(all.filter((each) => JSON.stringify(each) === JSON.stringify(shop)).length, 1);
    assert.deepEqual(at(folder, ['own']), [override]);
  });
});

test('a shared override of a component that only some orgs receive is no error', () => {
  const files = {
    [DEFAULTS]: text({ kind: 'sandbox', overrides: { Queue: { Customer_Chat_UAT: { name: 'Chat' } } } }),
    [UAT]: text({ orgId: ID, channels: ['Web_Chat'] }),
  };
  projectWith(files, (folder) => {
    const { findings } = loadProject(folder, { orgs: [] }, new Date('2026-11-22'));
    assert.deepEqual(
      findings.filter(({ rule }) => rule === 'unused-override'),
      [],
    );
  });
});

test('the effective values of an org name the file and the line of each value', () => {
  const files = {
    [DEFAULTS]:
      '{\n"kind": "sandbox",\n"channels": ["A",\n"B"],\n"overrides": { "Queue": { "Q": {\n"name": "x" } } }\n}',
    [UAT]: `{\n"orgId": "${ID}",\n"overrides": { "Queue": { "Q": {\n"email": null } } }\n}`,
  };
  const values = withFolder(files, (folder) => effectiveValues(folder, UAT));
  assert.deepEqual(
    values.map(({ path, value, file, line }) => [path, value, `${file}:${line}`]),
    [
      ['kind', 'sandbox', `${DEFAULTS}:2`],
      ['channels', ['A', 'B'], `${DEFAULTS}:3`],
      ['overrides.Queue.Q.name', 'x', `${DEFAULTS}:6`],
      ['overrides.Queue.Q.email', null, `${UAT}:4`],
      ['orgId', ID, `${UAT}:2`],
    ],
  );
});
