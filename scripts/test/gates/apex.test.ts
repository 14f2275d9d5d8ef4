/** Checks Apex without an org: types with apex-ls and rules with PMD. Seeded errors show that each check can fail. */
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

/** Fails in a pipeline if Java is missing. */
const assertJava = (): void => assert.equal(skipReason, undefined);

test('the Apex of member-site compiles and violates no rule', options, () => {
  assertJava();
  assert.deepEqual(compileApex(PROJECT), { exitCode: 0, output: '' });
  assert.deepEqual(checkApexRules(PROJECT), { exitCode: 0, output: '' });
});

test('reports missing Java, and detects a pipeline by the variable CI', () => {
  assert.match(
    missingJavaReason({ PATH: join(PROJECT, 'scripts') }) ?? '',
    /require Java 11 or later, but no Java is installed/,
  );
  const detected = [{}, { CI: '' }, { CI: 'false' }, { CI: 'true' }, { CI: '1' }].map(isCi);
  assert.deepEqual(detected, [false, false, false, true, true]);
});

test('without Java, the checks are skipped with a reason, and fail in a pipeline', () => {
  // Runs one test in a process without Java.
  const one = ['--test', '--test-reporter=tap', '--test-name-pattern', 'of member-site compiles', __filename];
  const run = (environment: object) =>
    spawnSync(process.execPath, ['-r', join(PROJECT, '.config/ts-node.cjs'), ...one], {
      env: { HOME: process.env['HOME'], PATH: join(PROJECT, 'scripts'), ...environment },
      encoding: 'utf8',
    });
  const [here, pipeline] = [run({}), run({ CI: 'true' })];
  assert.equal(here.status, 0, here.stdout);
  assert.match(here.stdout, /# SKIP The Apex checks require Java 11 or later, but no Java is installed/);
  assert.equal(pipeline.status, 1, pipeline.stdout);
});

const CLASSES = 'member-site/main/default/classes';
const META = `<?xml version="1.0" encoding="UTF-8"?>
<ApexClass xmlns="http://soap.sforce.com/2006/04/metadata">
    <apiVersion>67.0</apiVersion>
    <status>Active</status>
</ApexClass>
`;

/** Adds classes to the files of this project. */
const classFiles = (classes: Readonly<Record<string, string>>): ProjectFiles => ({
  ...Object.fromEntries(
    [
      'sfdx-project.json',
      ...listFiles(join(PROJECT, 'member-site'), '.cls', '.xml').map((path) => path.slice(PROJECT.length + 1)),
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

/** Classes that don't compile, with the line and text of the error. */
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
    method('PrivateMember', 'CustomerIdentityToken.LIFETIME_SECONDS.format();'),
    3,
    /Private @TestVisible/,
  ],
};

test('rejects Apex that does not compile, and reports the line of each error', options, async () => {
  assertJava();
  const classes = Object.fromEntries(Object.entries(INVALID_CLASSES).map(([name, [text]]) => [name, text]));
  const { exitCode, output } = await withProject(classFiles(classes), compileApex);
  assert.equal(exitCode, 4, output);
  const sections = output.split(/^(?=\S+\.cls$)/m);
  for (const [name, [, line, says]] of Object.entries(INVALID_CLASSES)) {
    const messages = sections.find((section) => section.includes(`/${name}.cls`)) ?? '';
    assert.match(messages, new RegExp(`line ${line} at .*${says.source}`), `${name} in\n${output}`);
  }
});

/** Classes that compile but violate a rule, with the name of the rule. Keys are split so that this file contains none. */
const UNSAFE_CLASSES: Readonly<Record<string, readonly [text: string, rule: string]>> = {
  NoSharing: ['public class NoSharing {}\n', 'RequireWithSharing'],
  WithoutSharing: ['public without sharing class WithoutSharing {}\n', 'RequireWithSharing'],
  InheritedSharing: ['public inherited sharing class InheritedSharing {}\n', 'RequireWithSharing'],
  LoggedToken: [method('LoggedToken', 'System.debug(LoggingLevel.INFO, CustomerIdentityToken.mint());'), 'NoLogging'],
  NamedKey: [
    "public with sharing class NamedKey {\n  public static final String API_KEY = 'abc';\n}\n",
    'NoSecretInCode',
  ],
  NamedBlob: [method('NamedBlob', "Blob signingKey = EncodingUtil.base64Decode('YWJj');"), 'NoSecretInCode'],
  AssignedKey: [method('AssignedKey', 'String secret;', "secret = 'a' + 'bc';"), 'NoSecretInCode'],
  PemKey: [method('PemKey', `String pem = '-----BEGIN ${'PRIVATE'} KEY-----';`), 'NoSecretInCode'],
  LongKey: [method('LongKey', `String long = '${'MIIEvQIB'.repeat(20)}';`), 'NoSecretInCode'],
  WholeToken: [
    method('WholeToken', `String jwt = '${['eyJhbGciOiJSUzI1NiJ9', 'eyJzdWIiOiJhIn0', 'c2ln'].join('.')}';`),
    'NoSecretInCode',
  ],
  KeyInApex: [
    method('KeyInApex', "Crypto.sign('RSA-SHA256', Blob.valueOf('a'), Blob.valueOf('b'));"),
    'SignWithCertificate',
  ],
  SubjectArgument: [callable('SubjectArgument', '@AuraEnabled', 'String subject'), 'NoSubjectArgument'],
  CachedToken: [callable('CachedToken', '@AuraEnabled(cacheable=true)', ''), 'NoSubjectArgument'],
  SystemQuery: [method('SystemQuery', 'List<Account> found = [SELECT Id FROM Account];'), 'ApexCRUDViolation'],
  Injection: [
    method('Injection', "Database.query('SELECT Id FROM User WHERE Name = ' + UserInfo.getName());"),
    'QueryInUserMode',
  ],
  Swallowed: [method('Swallowed', 'try { run(); } catch (Exception e) { }'), 'EmptyCatchBlock'],
};

function callable(name: string, annotation: string, parameter: string): string {
  return `public with sharing class ${name} {\n  ${annotation}\n  public static String mint(${parameter}) {\n    return null;\n  }\n}\n`;
}

test('rejects Apex that violates a rule, and reports the rule', options, async () => {
  assertJava();
  const classes = Object.fromEntries(Object.entries(UNSAFE_CLASSES).map(([name, [text]]) => [name, text]));
  const { exitCode, output } = await withProject(classFiles(classes), checkApexRules);
  assert.equal(exitCode, 4, output);
  for (const [name, [, rule]] of Object.entries(UNSAFE_CLASSES))
    assert.match(
      output,
      new RegExp(`/${name}\\.cls:\\d+:\\s${rule}:`),
      `${rule} is not reported for ${name} in\n${output}`,
    );
  assert.doesNotMatch(output, /CustomerIdentity\w+\.cls/, 'the classes of this project have no violations');
});
