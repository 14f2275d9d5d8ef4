/**
 * Runs the Apex of member-site in JavaScript, because Apex itself runs only in an org: its own tests, and CustomerIdentityToken.mint
 * for an org with the settings of this project. apex-platform.ts emulates the platform classes.
 */
import assert from 'node:assert/strict';
import { generateKeyPairSync, sign } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { before, describe, test } from 'node:test';
import { runInThisContext } from 'node:vm';
import { jwtVerify } from 'jose';
import { createPlatform, type ApexOrg } from './apex-platform';
import { transpileApex, type TranspiledClass } from './apex-transpile';
import { parseApex } from './apex-tree';
import { listFiles, PROJECT } from './list-files';
import { readXml, type XmlElement } from './xml';

const DEFAULT = join(PROJECT, 'member-site/main/default');
const FORCE_APP = '../../../force-app/main/default';

const elements = ({ children }: XmlElement, name: string): readonly XmlElement[] =>
  children.filter((child) => child.name === name);
const textOf = (element: XmlElement, name: string): string => elements(element, name)[0]?.text.trim() ?? '';
const readMetadata = (path: string): XmlElement => readXml(readFileSync(join(DEFAULT, path), 'utf8'));

const labels = Object.fromEntries(
  elements(readMetadata('labels/CustomLabels.labels-meta.xml'), 'labels').map((label) => [
    textOf(label, 'fullName'),
    textOf(label, 'value'),
  ]),
);

/** The record Default of the project. */
const defaultSetting: Readonly<Record<string, string>> = Object.fromEntries([
  ['DeveloperName', 'Default'],
  ...elements(readMetadata('customMetadata/Customer_Identity_Setting.Default.md-meta.xml'), 'values').map((value) => [
    textOf(value, 'field'),
    textOf(value, 'value'),
  ]),
]) as Record<string, string>;

const { privateKey, publicKey } = generateKeyPairSync('rsa', { modulusLength: 2048 });

const ORG: ApexOrg = {
  orgId: '00DmHvh0OBfHYM7UYO',
  userType: 'CspLitePortal',
  user: { Id: '005000000000001AAA', Username: 'ada@example.com', FederationIdentifier: 'C-1001', Email: null },
  labels,
  settings: [defaultSetting],
  sign(algorithm, input, certificate) {
    assert.equal(certificate, 'Customer_Identity_2026_A');
    return sign(algorithm, input, privateKey);
  },
};

let classes: readonly TranspiledClass[] = [];
const files = listFiles(join(DEFAULT, 'classes'), '.cls');
before(async () => {
  classes = await Promise.all(files.map(async (file) => transpileApex(await parseApex(file))));
});

type Classes = Readonly<Record<string, Readonly<Record<string, (...args: readonly unknown[]) => unknown>>>>;

/** Loads all classes into an org. */
function loadClasses(org: ApexOrg): Classes {
  const scope = createPlatform(org);
  for (const { name, code } of classes) {
    const load = runInThisContext(`($) => ${code}`) as (scope: object) => unknown;
    scope[name] = load(scope);
  }
  return scope as Classes;
}

/** Calls mint in an org. Returns the message if it throws. */
function mint(org: Partial<ApexOrg> = {}): string {
  try {
    return loadClasses({ ...ORG, ...org })['CustomerIdentityToken']?.['mint']?.() as string;
  } catch (error) {
    return (error as Error).message;
  }
}

test('each test method of member-site passes', async (t) => {
  const names = classes.flatMap(({ name, tests }) => tests.map((method) => [name, method] as const));
  assert.ok(names.length >= 30, `${names.length} test methods`);
  for (const [name, method] of names)
    await t.test(`${name}.${method}`, () => void loadClasses(ORG)[name]?.[method]?.());
});

describe('CustomerIdentityToken.mint', () => {
  test('creates a token that jose verifies, with the settings of the project', async () => {
    const { payload, protectedHeader } = await jwtVerify(mint(), publicKey, { issuer: 'https://id.example.com' });
    assert.deepEqual(protectedHeader, { alg: 'RS256', kid: 'sample-2026-a', typ: 'JWT' });
    const { iat = 0, exp = 0, jti = '', ...others } = payload;
    assert.deepEqual(others, { iss: 'https://id.example.com', sub: 'C-1001' });
    assert.equal(exp - iat, 300);
    assert.ok(Math.abs(iat - Date.now() / 1000) < 60);
    assert.match(jti, /^[\da-f-]{36}$/);
  });

  test('signs with RS512 if the setting has it', async () => {
    const settings = [{ ...defaultSetting, Algorithm__c: 'RS512' }];
    const { protectedHeader } = await jwtVerify(mint({ settings }), publicKey);
    assert.equal(protectedHeader.alg, 'RS512');
  });

  for (const [condition, Org_Id__c, issuer] of [
    ["this org's 18-character ID", '00DmHvh0OBfHYM7UYO', 'https://own.example.com'],
    ["this org's 15-character ID", '00DmHvh0OBfHYM7', 'https://own.example.com'],
    ['the ID of another org', '00D4fP53twgxYnvEBE', 'https://id.example.com'],
    ["this org's ID in another case", '00DMhVH0obFhym7uyo', 'https://id.example.com'],
  ] as const) {
    test(`uses the issuer ${issuer} if another record has ${condition}`, async () => {
      const own = { ...defaultSetting, DeveloperName: 'Own', Org_Id__c, Issuer__c: 'https://own.example.com' };
      for (const settings of [
        [own, defaultSetting],
        [defaultSetting, own],
      ]) {
        const { payload } = await jwtVerify(mint({ settings }), publicKey);
        assert.equal(payload.iss, issuer);
      }
    });
  }

  for (const [condition, org, message] of [
    ['a guest user', { userType: 'Guest' }, "Guest users don't have an identity to send. Log in first."],
    [
      'a user without a value in the subject field',
      { settings: [{ ...defaultSetting, Subject_Field__c: 'Email' }] },
      'Your user record is missing Email, which chat requires. Ask your administrator to add it.',
    ],
    [
      'a user without access to the subject field',
      { settings: [{ ...defaultSetting, Subject_Field__c: 'Hidden__c' }] },
      'User has no field "Hidden__c" that you can read. Correct Subject Field in the Customer Identity Setting, or grant ' +
        'access to the field.',
    ],
    [
      'an org without a setting',
      { settings: [] },
      'The Customer Identity Setting "Default" doesn\'t exist. Create it in Setup, under Custom Metadata Types.',
    ],
    [
      'an org without the certificate',
      { settings: [{ ...defaultSetting, Certificate__c: 'Other' }] },
      'The certificate "Other" can\'t sign. Create it in Setup, under Certificate and Key Management, or correct its ' +
        'unique name in the Customer Identity Setting.',
    ],
  ] as const) {
    test(`explains the error for ${condition}`, () => assert.equal(mint(org), message));
  }
});

describe('the settings of the project', () => {
  test('sign with the algorithm of the JSON web key that has their kid', () => {
    const keys = listFiles(join(DEFAULT, FORCE_APP, 'PublicKeyCertificate'), '.PublicKeyCertificate-meta.xml').map(
      (file) => JSON.parse(textOf(readXml(readFileSync(file, 'utf8')), 'jsonWebKey')) as Record<string, unknown>,
    );
    const key = keys.find(({ kid }) => kid === defaultSetting['Key_Id__c']);
    assert.equal(key?.['alg'], defaultSetting['Algorithm__c']);
    assert.equal(key?.['alg'], 'RS256');
  });

  test('use the issuer of the keyset with that key', () => {
    const keyset = readMetadata(
      `${FORCE_APP}/PublicKeyCertificateSet/Customer_Identity.PublicKeyCertificateSet-meta.xml`,
    );
    assert.equal(textOf(keyset, 'jwtIssuer'), defaultSetting['Issuer__c']);
  });

  test('give site members access to the class that creates tokens, and to no other', () => {
    const set = readMetadata('permissionsets/Customer_Identity_Token.permissionset-meta.xml');
    const access = elements(set, 'classAccesses').map((each) => [textOf(each, 'apexClass'), textOf(each, 'enabled')]);
    assert.deepEqual(access, [['CustomerIdentityToken', 'true']]);
    assert.deepEqual(
      set.children.map(({ name }) => name).filter((name) => /Permissions$/.test(name)),
      [],
    );
  });
});
