import assert from 'node:assert/strict';
import { join } from 'node:path';
import { test } from 'node:test';
import { EMPTY_ORG_SETTINGS, recordText, SIGNER_RECORD, type MemberSite, type OrgConfig } from '../../../lib/model';
import { composeOrg, readSource } from '../../../lib/project';
import { withFolder } from './temp-folder';

type ComposeResult = ReturnType<typeof composeOrg>;
type Files = Readonly<Record<string, string>>;

const SOURCE = readSource(join(__dirname, '../../../..'));
const KEY = 'Customer_Identity_2026_A';

const composeWith = (memberSite: MemberSite, org: Partial<OrgConfig> = {}): ComposeResult => {
  const identity = {
    alias: 'uat',
    file: 'config/orgs/uat.json',
    orgId: '00D000000000001EAA',
    kind: 'sandbox',
    wave: 1,
  } as const;
  const config = { ...EMPTY_ORG_SETTINGS, ...identity, channels: ['Web_Chat'], memberSite, ...org };
  return composeOrg(SOURCE.components, config, [], new Map(), SOURCE.memberSite);
};

const messagesOf = ({ findings }: ComposeResult): readonly string[] =>
  findings.map(({ rule, path, message }) => `${rule} ${path}: ${message}`);

test('an org without "memberSite" receives none of its components', () => {
  const org = { ...EMPTY_ORG_SETTINGS, alias: 'uat', file: 'uat.json', orgId: '', kind: 'sandbox', wave: 1 } as const;
  const { desired } = composeOrg(
    SOURCE.components,
    { ...org, channels: ['Web_Chat'] },
    [],
    new Map(),
    SOURCE.memberSite,
  );
  assert.deepEqual(
    [...desired.components.keys()].filter((key) => SOURCE.memberSite.has(key)),
    [],
  );
});

test('an org with "memberSite" receives every component of the package, each type once or more', () => {
  const { desired, findings } = composeWith({ key: KEY, certificate: 'Signing' });
  assert.deepEqual(findings, []);
  assert.deepEqual(
    [...SOURCE.memberSite.keys()].filter((key) => !desired.components.has(key)),
    [],
  );
  const types = new Set([...SOURCE.memberSite.values()].map(({ type }) => type));
  for (const type of [
    'ApexClass',
    'LightningComponentBundle',
    'StaticResource',
    'CustomLabel',
    'CustomObject',
    'CustomField',
    'CustomMetadata',
    'PermissionSet',
  ] as const)
    assert.ok(types.has(type), type);
});

test('the signer record has the issuer, kid, and algorithm of the keyset and key of the org', () => {
  const record =
    composeWith({ key: KEY, certificate: 'Signing' }).desired.components.get(SIGNER_RECORD) ?? assert.fail();
  const fields = ['Org_Id__c', 'Issuer__c', 'Key_Id__c', 'Algorithm__c', 'Certificate__c', 'Subject_Field__c'];
  assert.deepEqual(
    fields.map((field) => recordText(record, field)),
    ['00D000000000001EAA', 'https://id.example.com', 'sample-2026-a', 'RS256', 'Signing', 'FederationIdentifier'],
  );
  const own = composeWith({ key: KEY, certificate: 'Signing', subjectField: 'Shop_Id__c' });
  assert.equal(
    recordText(own.desired.components.get(SIGNER_RECORD) ?? assert.fail(), 'Subject_Field__c'),
    'Shop_Id__c',
  );
});

test('suggests the key of the keyset with a similar name', () => {
  for (const key of [KEY.toLowerCase(), KEY.slice(0, -1)]) {
    const [finding] = composeWith({ key, certificate: 'S' }).findings;
    assert.ok(finding?.fix.startsWith(`Did you mean "${KEY}"? Otherwise: Add the key`), finding?.fix);
  }
  assert.doesNotMatch(composeWith({ key: 'Gone', certificate: 'S' }).findings[0]?.fix ?? '', /Did you mean/);
});

test('reports a key that verifies no token of the org', () => {
  const reasons: Readonly<Record<string, readonly [ComposeResult, RegExp]>> = {
    'not in the keyset': [
      composeWith({ key: 'Customer_Identity_UAT', certificate: 'S' }),
      /isn't in the keyset Customer_Identity/,
    ],
    'no such key': [composeWith({ key: 'Gone', certificate: 'S' }), /Gone isn't in the keyset/],
    'no verified channel': [
      composeWith({ key: KEY, certificate: 'S' }, { channels: ['Guest_Web_Chat'] }),
      /no channel of the org verifies tokens/,
    ],
  };
  for (const [name, [result, message]] of Object.entries(reasons)) {
    const [text = '', ...others] = messagesOf(result);
    assert.match(text, /^signer-key memberSite\.key: /, name);
    assert.match(text, message, name);
    assert.deepEqual(others, [], name);
    assert.equal(result.desired.components.has(SIGNER_RECORD), false, name);
  }
});

test('reports a project without the package', () => {
  const org = { ...EMPTY_ORG_SETTINGS, alias: 'uat', file: 'uat.json', orgId: '', kind: 'sandbox', wave: 1 } as const;
  const memberSite = { key: KEY, certificate: 'S' };
  const result = composeOrg(SOURCE.components, { ...org, channels: ['Web_Chat'], memberSite }, []);
  assert.match(messagesOf(result)[0] ?? '', /^member-site-missing memberSite: /);
});

const APP = 'member-site/main/default';
const PROJECT: Files = {
  'sfdx-project.json': '{"packageDirectories":[{"path":"member-site"}],"sourceApiVersion":"67.0"}',
};

const INVALID: Readonly<Record<string, readonly [Files, string]>> = {
  'XML that is cut off': [
    { [`${APP}/classes/A.cls-meta.xml`]: '<ApexClass>', [`${APP}/classes/A.cls`]: '' },
    `ill-formed-xml ${APP}/classes/A.cls-meta.xml`,
  ],
  'another root element': [
    { [`${APP}/classes/A.cls-meta.xml`]: '<ApexPage/>', [`${APP}/classes/A.cls`]: '' },
    `wrong-root ${APP}/classes/A.cls-meta.xml`,
  ],
  'a class without its content': [
    { [`${APP}/classes/A.cls-meta.xml`]: '<ApexClass/>' },
    `missing-content ${APP}/classes/A.cls-meta.xml`,
  ],
};

for (const [name, [files, finding]] of Object.entries(INVALID)) {
  test(`reports ${name}`, () => {
    const { findings, memberSite } = withFolder({ ...PROJECT, ...files }, readSource);
    assert.deepEqual(
      findings.map(({ rule, file }) => `${rule} ${file}`),
      [finding],
    );
    assert.equal(memberSite.size, 0);
  });
}

test('applies .forceignore and replacements to every file of the member site', () => {
  const replacements = [{ glob: '**/*', stringToReplace: 'LIFETIME', replaceWithFile: 'minutes.txt' }];
  const { memberSite, findings } = withFolder(
    {
      'sfdx-project.json': JSON.stringify({
        packageDirectories: [{ path: 'member-site' }],
        sourceApiVersion: '67.0',
        replacements,
      }),
      '.forceignore': '**/Old*',
      'minutes.txt': '300',
      [`${APP}/classes/Old.cls-meta.xml`]: '<broken',
      [`${APP}/classes/A.cls-meta.xml`]: '<ApexClass/>',
      [`${APP}/classes/A.cls`]: 'class A { Long lifetime = LIFETIME; }',
    },
    readSource,
  );
  assert.deepEqual(
    [[...memberSite.keys()], findings.filter(({ severity }) => severity === 'error')],
    [['ApexClass:A'], []],
  );
  const [files] = memberSite.get('ApexClass:A')?.root.children ?? [];
  assert.equal(files?.children[1]?.text, 'class A { Long lifetime = 300; }');
});

test('reads the files of a bundle without tests and files of editors', () => {
  const bundle = `${APP}/lwc/chat`;
  const { memberSite } = withFolder(
    {
      ...PROJECT,
      [`${bundle}/chat.js-meta.xml`]: '<LightningComponentBundle/>',
      [`${bundle}/chat.js`]: 'one',
      [`${bundle}/parts/two.js`]: 'two',
      [`${bundle}/__tests__/chat.test.js`]: 'no',
      [`${bundle}/jsconfig.json`]: '{}',
      [`${bundle}/.eslintrc.json`]: '{}',
    },
    readSource,
  );
  const files = memberSite.get('LightningComponentBundle:chat')?.root.children ?? [];
  assert.deepEqual(
    files.map(({ children }) => children[0]?.text),
    ['chat.js', 'parts/two.js'],
  );
});

test('names the LWR sites of the project, which is a note, and only for an org with a member site', () => {
  const path = 'force-app/main/default/digitalExperienceConfigs/Shop1.digitalExperienceConfig-meta.xml';
  const files: Files = {
    'sfdx-project.json': '{"packageDirectories":[{"path":"force-app","default":true}],"sourceApiVersion":"67.0"}',
    [path]:
      '<DigitalExperienceConfig xmlns="http://soap.sforce.com/2006/04/metadata"><label>Shop</label></DigitalExperienceConfig>',
  };
  const { undeployed } = withFolder(files, (folder) => readSource(folder));
  const identity = {
    alias: 'uat',
    file: 'uat.json',
    orgId: '',
    kind: 'sandbox',
    wave: 1,
    channels: ['Web_Chat'],
  } as const;
  const findingsFor = (own: Partial<OrgConfig>) =>
    composeOrg(SOURCE.components, { ...EMPTY_ORG_SETTINGS, ...identity, ...own }, [], undeployed, SOURCE.memberSite)
      .findings;
  const [finding, ...others] = findingsFor({ memberSite: { key: KEY, certificate: 'S' } });
  assert.deepEqual([finding?.rule, finding?.severity, others], ['member-site-template', 'note', []]);
  assert.ok(finding?.message.startsWith(`The project contains LWR sites: Shop1 (${path}).`), finding?.message);
  assert.deepEqual(findingsFor({}), []);
});
