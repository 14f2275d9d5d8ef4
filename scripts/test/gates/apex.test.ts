/** Apex is type-checked by apex-ls and held to rules by PMD, without an org; each is seen to fail on planted errors. */
import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { compileApex, isCi, checkApexRules, missingJavaReason } from './java';
import { withProject, type ProjectFiles } from './seeded-project';
import { listFiles, PROJECT } from './list-files';

const skipReason = missingJavaReason();
const options = skipReason !== undefined && !isCi() ? { skip: skipReason } : {};

/** In a pipeline a missing Java fails the gate. */
const assertJava = (): void => assert.equal(skipReason, undefined);

test('the Apex of force-app compiles, and keeps the rules', options, () => {
  assertJava();
  assert.deepEqual(compileApex(PROJECT), { exitCode: 0, output: '' });
  assert.deepEqual(checkApexRules(PROJECT), { exitCode: 0, output: '' });
});

test('where Java is missing it is said why, and a pipeline is told by CI', () => {
  assert.match(
    missingJavaReason({ PATH: join(PROJECT, 'scripts') }) ?? '',
    /needs Java 11 or newer, and there is none/,
  );
  const told = [{}, { CI: '' }, { CI: 'false' }, { CI: 'true' }, { CI: '1' }].map(isCi);
  assert.deepEqual(told, [false, false, false, true, true]);
});

test('a gate that cannot run is skipped with the reason, and fails in a pipeline', () => {
  // Only the one test, in a process that finds no Java.
  const one = ['--test', '--test-reporter=tap', '--test-name-pattern', 'of force-app compiles', __filename];
  const run = (environment: object) =>
    spawnSync(process.execPath, ['-r', join(PROJECT, '.config/ts-node.cjs'), ...one], {
      env: { HOME: process.env['HOME'], PATH: join(PROJECT, 'scripts'), ...environment },
      encoding: 'utf8',
    });
  const [here, pipeline] = [run({}), run({ CI: 'true' })];
  assert.equal(here.status, 0, here.stdout);
  assert.match(here.stdout, /# SKIP checking Apex needs Java 11 or newer, and there is none/);
  assert.equal(pipeline.status, 1, pipeline.stdout);
});

const CLASSES = 'force-app/main/default/classes';
const META = `<?xml version="1.0" encoding="UTF-8"?>
<ApexClass xmlns="http://soap.sforce.com/2006/04/metadata">
    <apiVersion>67.0</apiVersion>
    <status>Active</status>
</ApexClass>
`;

/** Our own project with other classes beside its own. */
const classFiles = (classes: Readonly<Record<string, string>>): ProjectFiles => ({
  ...Object.fromEntries(
    [
      'sfdx-project.json',
      ...listFiles(join(PROJECT, 'force-app'), '.cls', '.xml').map((path) => path.slice(PROJECT.length + 1)),
    ].map((path) => [path, readFileSync(join(PROJECT, path), 'utf8')]),
  ),
  ...Object.fromEntries(
    Object.entries(classes).flatMap(([name, text]) => [
      [`${CLASSES}/${name}.cls`, text],
      [`${CLASSES}/${name}.cls-meta.xml`, META],
    ]),
  ),
});

const method = (name: string, ...lines: readonly string[]): string =>
  [`public with sharing class ${name} {`, '  public static void run() {', ...lines, '  }', '}', ''].join('\n');

/** Classes that do not compile, each with the line and the words that refuse it. */
const INVALID_CLASSES: Readonly<Record<string, readonly [text: string, line: number, says: RegExp]>> = {
  Syntax: [method('Syntax', 'String s = ;'), 3, /mismatched input/],
  UnknownMethod: [method('UnknownMethod', 'CustomerIdentityToken.mintFor();'), 3, /mintFor/],
  UnknownPlatformMethod: [method('UnknownPlatformMethod', 'Crypto.signWithCert();'), 3, /signWithCert/],
  WrongType: [method('WrongType', "Blob b = 'text';"), 3, /String.*Blob|Blob.*String/],
  WrongArgument: [method('WrongArgument', 'Base64Url.encode(1);'), 3, /encode/],
  UnknownClass: [method('UnknownClass', 'new CustomerIdentityGone();'), 3, /CustomerIdentityGone/],
  UnknownField: [method('UnknownField', 'Customer_Identity_Setting__mdt s; String i = s.Gone__c;'), 3, /Gone__c/],
  UnknownLabel: [method('UnknownLabel', 'String s = System.Label.Gone;'), 3, /Gone/],
  PrivateMember: [
    method('PrivateMember', 'CustomerIdentityToken.LIFE_IN_SECONDS.format();'),
    3,
    /Private @TestVisible/,
  ],
};

test('Apex that does not compile is refused, each error in its line', options, async () => {
  assertJava();
  const classes = Object.fromEntries(Object.entries(INVALID_CLASSES).map(([name, [text]]) => [name, text]));
  const { exitCode, output } = await withProject(classFiles(classes), compileApex);
  assert.equal(exitCode, 4, output);
  const sections = output.split(/^(?=\S+\.cls$)/m);
  for (const [name, [, line, says]] of Object.entries(INVALID_CLASSES)) {
    const told = sections.find((section) => section.includes(`/${name}.cls`)) ?? '';
    assert.match(told, new RegExp(`line ${line} at .*${says.source}`), `${name} in\n${output}`);
  }
});

/** Classes that compile and must not be: each with the rule that refuses it. Whole keys are made up of pieces here. */
const UNSAFE_CLASSES: Readonly<Record<string, readonly [text: string, rule: string]>> = {
  NoSharing: ['public class NoSharing {}\n', 'SharingIsStated'],
  WithoutSharing: ['public without sharing class WithoutSharing {}\n', 'SharingIsStated'],
  InheritedSharing: ['public inherited sharing class InheritedSharing {}\n', 'SharingIsStated'],
  LoggedToken: [
    method('LoggedToken', 'System.debug(LoggingLevel.INFO, CustomerIdentityToken.mint());'),
    'NothingIsLogged',
  ],
  NamedKey: ["public with sharing class NamedKey {\n  public static final String API_KEY = 'abc';\n}\n", 'NoKeyInCode'],
  NamedBlob: [method('NamedBlob', "Blob signingKey = EncodingUtil.base64Decode('YWJj');"), 'NoKeyInCode'],
  AssignedKey: [method('AssignedKey', 'String secret;', "secret = 'a' + 'bc';"), 'NoKeyInCode'],
  PemKey: [method('PemKey', `String pem = '-----BEGIN ${'PRIVATE'} KEY-----';`), 'NoKeyInCode'],
  LongKey: [method('LongKey', `String long = '${'MIIEvQIB'.repeat(20)}';`), 'NoKeyInCode'],
  WholeToken: [
    method('WholeToken', `String jwt = '${['eyJhbGciOiJSUzI1NiJ9', 'eyJzdWIiOiJhIn0', 'c2ln'].join('.')}';`),
    'NoKeyInCode',
  ],
  KeyInApex: [
    method('KeyInApex', "Crypto.sign('RSA-SHA256', Blob.valueOf('a'), Blob.valueOf('b'));"),
    'KeyStaysInTheOrg',
  ],
  SubjectArgument: [callable('SubjectArgument', '@AuraEnabled', 'String subject'), 'NobodyIsNamed'],
  CachedToken: [callable('CachedToken', '@AuraEnabled(cacheable=true)', ''), 'NobodyIsNamed'],
  SystemQuery: [method('SystemQuery', 'List<Account> found = [SELECT Id FROM Account];'), 'ApexCRUDViolation'],
  Injection: [
    method('Injection', "Database.query('SELECT Id FROM User WHERE Name = ' + UserInfo.getName());"),
    'QueriesAreTheMembers',
  ],
  Swallowed: [method('Swallowed', 'try { run(); } catch (Exception e) { }'), 'EmptyCatchBlock'],
};

function callable(name: string, annotation: string, parameter: string): string {
  return `public with sharing class ${name} {\n  ${annotation}\n  public static String mint(${parameter}) {\n    return null;\n  }\n}\n`;
}

test('Apex that compiles but must not be is refused, each by its rule', options, async () => {
  assertJava();
  const classes = Object.fromEntries(Object.entries(UNSAFE_CLASSES).map(([name, [text]]) => [name, text]));
  const { exitCode, output } = await withProject(classFiles(classes), checkApexRules);
  assert.equal(exitCode, 4, output);
  for (const [name, [, rule]] of Object.entries(UNSAFE_CLASSES))
    assert.match(output, new RegExp(`/${name}\\.cls:\\d+:\\s${rule}:`), `${rule} is not said of ${name} in\n${output}`);
  assert.doesNotMatch(output, /CustomerIdentity\w+\.cls/, 'the classes beside them are sound');
});
