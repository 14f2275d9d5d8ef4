/** Checks that each gate fails on seeded errors with the file name, and passes without them. */
import assert from 'node:assert/strict';
import { join } from 'node:path';
import { test } from 'node:test';
import {
  fileCycles,
  folderCycles,
  importProblems,
  type Rules,
  terminalProblems,
  sideEffectProblems,
} from './architecture';
import { crossCheckProblems } from './cross-check';
import { runEslint, runOxlint, type ProjectFiles, withProject, runPrettier, type ToolResult } from './seeded-project';
import { formatProblems } from './problem';
import { assertionProblems } from './assertions';
import { functionSizes, nameProblems, quantile } from './sizes';
import { parseSources } from './sources';
import { metadataProblems } from './wsdl-check';
import { WsdlTypes } from './wsdl-types';

const DEFAULT = 'member-site/main/default';
const SCRIPT = 'scripts/planted.ts';
const CLASS = `${DEFAULT}/classes/Planted.cls`;
const COMPONENT = `${DEFAULT}/lwc/planted/planted.js`;
const TEMPLATE = `${DEFAULT}/lwc/planted/planted.html`;

const VALID_FILES: ProjectFiles = {
  [SCRIPT]: 'export const name = (first: string): string => first;\n',
  [CLASS]: 'public with sharing class Planted {\n  @AuraEnabled\n  public static void call() {\n  }\n}\n',
  [COMPONENT]: "import { LightningElement } from 'lwc';\n\nexport default class Planted extends LightningElement {}\n",
  [TEMPLATE]: '<template>\n  <p lwc:if={shown}>text</p>\n</template>\n',
};

const INVALID_SCRIPT = `
export function stop(it: any): void {
  console.log(it);
  process.exit(1);
}
Promise.resolve(1);
export const count: number = 'one';
`;

const INVALID_COMPONENT = `
import { LightningElement, api } from 'lwc';
export default class Planted extends LightningElement {
  @api name;
  connectedCallback() {
    this.name = 1;
    console.log(missing);
  }
}
`;

interface GateCase {
  readonly gate: (folder: string) => ToolResult;
  readonly files: ProjectFiles;
  readonly messages: readonly string[];
}

const GATES: Readonly<Record<string, GateCase>> = {
  'prettier rejects unformatted files of each language and malformed Apex': {
    gate: runPrettier,
    files: {
      [SCRIPT]: 'export const name = "double quotes"\n',
      [CLASS]: 'public with sharing class Planted {\n  public void broken( {\n  }\n}\n',
      [TEMPLATE]: '<template><p lwc:if={shown} >text</p></template>\n',
      'config/planted.json': '{"a":1}\n',
    },
    messages: [SCRIPT, `${CLASS}: Error: Missing ')' at '{'.`, TEMPLATE, 'config/planted.json'],
  },
  'oxlint rejects forbidden APIs and syntax, and wrong types, in scripts': {
    gate: runOxlint,
    files: { [SCRIPT]: INVALID_SCRIPT },
    messages: [SCRIPT, 'no-explicit-any', 'no-console', 'no-restricted-properties', 'no-floating-promises', 'TS2322'],
  },
  'eslint rejects forbidden APIs and syntax in components': {
    gate: runEslint,
    files: { [COMPONENT]: INVALID_COMPONENT },
    messages: [COMPONENT, 'no-api-reassignments', 'no-console', 'no-undef'],
  },
};

for (const [title, { gate, files, messages }] of Object.entries(GATES)) {
  test(title, async () => {
    const rejected = await withProject({ ...VALID_FILES, ...files }, gate);
    assert.notEqual(rejected.exitCode, 0);
    for (const message of messages)
      assert.ok(rejected.output.includes(message), `${message} is not in\n${rejected.output}`);
    const accepted = await withProject(VALID_FILES, gate);
    assert.equal(accepted.exitCode, 0, accepted.output);
  });
}

const metadata = (type: string, ...lines: readonly string[]): string =>
  [`<${type} xmlns="http://soap.sforce.com/2006/04/metadata" xmlns:xsi="x">`, ...lines, `</${type}>`].join('\n');

const keyset = (...lines: readonly string[]): string => metadata('PublicKeyCertificateSet', ...lines);
const LABEL = '<masterLabel>Planted</masterLabel>';
const TYPE = '<type>JWKS</type>';

/** A metadata file, and the expected problem after the file name. */
const INVALID_METADATA: readonly (readonly [text: string, expected: string])[] = [
  [keyset(LABEL, TYPE), ''],
  [keyset(LABEL, TYPE, '<typ>x</typ>'), '4: <PublicKeyCertificateSet> has no element <typ>'],
  [keyset(TYPE), '1: <PublicKeyCertificateSet> lacks <masterLabel>, which is required'],
  [keyset(LABEL, '<type>Jwks</type>'), '3: <type> is "Jwks" and not one of JWKS, JWKS_URL'],
  [keyset(LABEL, TYPE, TYPE), '4: <type> stands here twice'],
  [keyset(LABEL, TYPE, 'text'), '1: <PublicKeyCertificateSet> holds text instead of elements'],
  [keyset('<masterLabel><b/></masterLabel>', TYPE), '2: <masterLabel> holds elements instead of a value'],
  [metadata('PublicKeyCertificate', LABEL, '<isActive>yes</isActive>'), '3: <isActive> is "yes" and not a boolean'],
  [
    metadata('ApexClass', '<apiVersion>newest</apiVersion>', '<status>Active</status>'),
    '2: <apiVersion> is "newest" and not a number',
  ],
  [
    metadata('CustomMetadata', '<values><field>A__c</field><value xsi:type="xsd:int">one</value></values>'),
    '2: <value> is "one" and not a number',
  ],
  [
    metadata('CustomMetadata', '<values><field>A__c</field><value xsi:type="text">one</value></values>'),
    '2: <value> has the xsi:type "text" and not one of xsd:string, xsd:date, xsd:dateTime, xsd:picklist, xsd:double, xsd:int, xsd:boolean',
  ],
  [metadata('Nothing'), '1: <Nothing> is no metadata type'],
  [
    '<ApexPage><apiVersion>67.0</apiVersion><label>A</label></ApexPage>',
    '1: <ApexPage> is not in the namespace http://soap.sforce.com/2006/04/metadata',
  ],
  [keyset(LABEL, '<type>'), '3: not well-formed: Opening and ending tag mismatch: "type" != "PublicKeyCertificateSet"'],
  ['', '1: not well-formed: missing root element'],
];

test('rejects metadata that violates the WSDL and reports the line', () => {
  const types = WsdlTypes.installed();
  for (const [text, expected] of INVALID_METADATA) {
    assert.equal(formatProblems(metadataProblems('planted.xml', text, types)), expected && `planted.xml:${expected}`);
  }
});

const config = (target: string, property: string): string =>
  metadata(
    'LightningComponentBundle',
    `<targets><target>${target}</target></targets>`,
    `<targetConfigs><targetConfig targets="lightning__Tab"><property name="${property}"/></targetConfig></targetConfigs>`,
  );

const component = (method: string, label: string): string =>
  [
    "import { LightningElement, api } from 'lwc';",
    `import call from '@salesforce/apex/Planted.${method}';`,
    `import text from '@salesforce/label/c.${label}';`,
    'export default class Planted extends LightningElement { @api shown = [call, text]; }',
  ].join('\n');

const callable = (label: string): string =>
  `public class Planted { @AuraEnabled public static String call() { return System.Label.${label}; }\nvoid inner() {} }`;

const access = (name: string): string =>
  metadata('PermissionSet', `<classAccesses><apexClass>${name}</apexClass></classAccesses>`);

const FIELD = `${DEFAULT}/objects/Planted__mdt/fields/Needed__c.field-meta.xml`;
const RECORD = `${DEFAULT}/customMetadata/Planted.Default.md-meta.xml`;

const record = (field: string): string => metadata('CustomMetadata', `<values><field>${field}</field></values>`);

const VALID_PROJECT: ProjectFiles = {
  [FIELD]: metadata('CustomField', '<required>true</required>'),
  [RECORD]: record('Needed__c'),
  [`${DEFAULT}/labels/CustomLabels.labels-meta.xml`]: metadata(
    'CustomLabels',
    '<labels><fullName>Here</fullName></labels>',
  ),
  [`${DEFAULT}/permissionsets/Planted.permissionset-meta.xml`]: access('Planted'),
  [CLASS]: callable('Here'),
  [COMPONENT]: component('call', 'Here'),
  [`${COMPONENT}-meta.xml`]: config('lightning__Tab', 'shown'),
};

/** Files that replace those of the valid project, and the expected problem of the cross-check. */
const BROKEN_REFERENCES: readonly (readonly [planted: ProjectFiles, expected: string])[] = [
  [{}, ''],
  [{ [COMPONENT]: component('inner', 'Here') }, 'planted.js:2: Planted.inner is no static @AuraEnabled method'],
  [{ [COMPONENT]: component('Call', 'Here') }, 'planted.js:2: Planted.Call is no static @AuraEnabled method'],
  [{ [COMPONENT]: component('call', 'Gone') }, 'planted.js:3: there is no custom label Gone'],
  [{ [CLASS]: callable('Gone') }, 'Planted.cls:1: there is no custom label Gone'],
  [
    { [`${COMPONENT}-meta.xml`]: config('lightning__Tab', 'hidden') },
    'planted.js-meta.xml:3: the component has no @api hidden',
  ],
  [
    { [`${COMPONENT}-meta.xml`]: config('lightning__Tabs', 'shown') },
    'planted.js-meta.xml:2: there is no target lightning__Tabs',
  ],
  [
    { [`${DEFAULT}/permissionsets/Planted.permissionset-meta.xml`]: access('Gone') },
    'Planted.permissionset-meta.xml:2: there is no class Gone',
  ],
  [{ [RECORD]: record('Other__c') }, 'Planted.Default.md-meta.xml:2: Planted__mdt has no field Other__c'],
  [{ [RECORD]: record('Other__c') }, 'Planted.Default.md-meta.xml:1: Needed__c is required and not stated'],
];

test('rejects a reference to a missing component in the cross-check', async () => {
  for (const [planted, expected] of BROKEN_REFERENCES) {
    const problems = await withProject({ ...VALID_PROJECT, ...planted }, async (folder) =>
      formatProblems(await crossCheckProblems(join(folder, DEFAULT))),
    );
    assert.ok(expected === '' ? problems === '' : problems.includes(expected), `${problems}\nwithout\n${expected}`);
  }
});

const RULES: Rules = { model: [], errors: [], cli: ['errors'], org: ['model', 'cli'] };

const scripts = (texts: ProjectFiles): ReturnType<typeof parseSources> => parseSources(new Map(Object.entries(texts)));

/** A script that violates an import rule, and the expected problem. */
const FORBIDDEN_IMPORTS: readonly (readonly [path: string, text: string, expected: string])[] = [
  ['lib/org/a.ts', "import type { A } from '../model';", ''],
  ['check.ts', "import { run } from './local-org/run';\nimport { cli } from './lib/cli';", ''],
  ['lib/model/a.ts', "import type { A } from '../errors';", 'lib/model/a.ts:1: model may not import errors'],
  ['lib/model/a.ts', "\nexport * from '../org';", 'lib/model/a.ts:2: model may not import org'],
  ['lib/model/a.ts', "const a = import('../org');", 'lib/model/a.ts:1: model may not import org'],
  ['lib/model/a.ts', "const a = require('../org');", 'lib/model/a.ts:1: model may not import org'],
  ['lib/model/a.ts', "type A = import('../org').A;", 'lib/model/a.ts:1: model may not import org'],
  ['lib/org/a.ts', "import { a } from '../../check';", 'lib/org/a.ts:1: lib may not import check'],
  ['lib/org/a.ts', "import { a } from '../../local-org';", 'lib/org/a.ts:1: lib may not import local-org'],
  ['local-org/a.ts', "import { a } from '../lib/model';", 'local-org/a.ts:1: local-org may not import lib/model'],
  ['check.ts', "import { a } from './test/a';", 'check.ts:1: commands may not import test/a'],
  ['lib/other/a.ts', '', 'lib/other/a.ts:1: belongs to no module of the table'],
];

test('rejects each kind of forbidden import', () => {
  for (const [path, text, expected] of FORBIDDEN_IMPORTS)
    assert.equal(formatProblems(importProblems(scripts({ [path]: text }), RULES)), expected);
});

test('finds import cycles of files and folders', () => {
  const ring = scripts({
    'lib/a/index.ts': "export * from './one';",
    'lib/a/one.ts': "import '../b';",
    'lib/b/index.ts': "import type { X } from '../c/deep';",
    'lib/c/deep.ts': "import '../a';",
  });
  assert.deepEqual(folderCycles(ring), ['lib/a -> lib/b -> lib/c -> lib/a']);
  assert.equal(fileCycles(ring).length, 1);
  assert.deepEqual(folderCycles(scripts({ 'lib/a/index.ts': "import '../b';", 'lib/b/index.ts': '' })), []);
});

test('rejects side effects and terminal access outside the allowed modules and exceptions', () => {
  const text = "import { readFileSync } from 'node:fs';\nconsole.log(await fetch('x'));\nprocess.exitCode = 1;";
  const planted = scripts({ 'lib/model/a.ts': text });
  const sideEffects = 'lib/model/a.ts:1: may not use node:fs\nlib/model/a.ts:2: may not use fetch';
  assert.equal(formatProblems(sideEffectProblems(planted, [], {})), sideEffects);
  assert.equal(formatProblems(sideEffectProblems(planted, ['model'], {})), '');
  assert.equal(
    formatProblems(sideEffectProblems(planted, [], { 'lib/model/a.ts node:fs': 'why', 'lib/model/a.ts fetch': 'why' })),
    '',
  );
  const terminal = 'lib/model/a.ts:2: may not use console.log\nlib/model/a.ts:3: may not use process.exitCode';
  assert.equal(formatProblems(terminalProblems(planted, [], {})), terminal);
  assert.equal(formatProblems(terminalProblems(planted, [], { 'lib/model/a.ts': 'why' })), '');
});

test('measures long functions and finds vague module names', () => {
  const long = `function long() {\n${'  call();\n'.repeat(198)}}\n`;
  const planted = scripts({ 'lib/utils/a.ts': long });
  assert.equal(quantile(functionSizes(planted), 0.95), 200);
  assert.equal(formatProblems(nameProblems(planted)), 'lib/utils/a.ts:1: a module is a noun it owns');
});

test('finds checks in tests that may never happen', () => {
  const lost = [
    'let text = "";',
    'text += await read();',
    'try { call(); } catch (error) { assert.ok(error); }',
    'call().catch((error) => assert.match(error.message, /x/));',
    'text += read();',
    'try { call(); } catch { stop(); }',
    'call().catch(() => undefined);',
  ];
  assert.deepEqual(
    assertionProblems(scripts({ 'test/a.test.ts': lost.join('\n') })).map(({ line }) => line),
    [2, 3, 4],
  );
});
