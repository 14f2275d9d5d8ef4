import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import {
  EMPTY_ORG_SETTINGS,
  leaf,
  mapOf,
  parent,
  signerFingerprint,
  undeclaredSigners,
  type Component,
  type OrgConfig,
  type SignerKey,
} from '../../../lib/model';

const ORG: OrgConfig = {
  ...EMPTY_ORG_SETTINGS,
  alias: 'dev',
  file: 'config/orgs/dev.json',
  orgId: '00D000000000001EAA',
  kind: 'sandbox',
  wave: 1,
};

const apexClass = (fullName: string, code: string): Component => ({
  type: 'ApexClass',
  fullName,
  root: parent('ApexClass', [parent('files', [leaf('path', `${fullName}.cls`), leaf('content', code)])]),
});

/** A signer behind an interface, the class that uses it, and code that doesn't sign. */
const DECLARED = mapOf([
  apexClass('Signer', 'public interface Signer { Blob sign(Blob input); }'),
  apexClass(
    'CertificateSigner',
    'public class CertificateSigner implements Signer { Blob s() { return Crypto.signWithCertificate(a, b, c); } }',
  ),
  apexClass('Token', 'public class Token extends Exception { Signer signer = new CertificateSigner(); }'),
  apexClass('Base64', 'public class Base64 { }'),
]);

const found = (code: string, component: SignerKey = 'ApexClass:Rogue', org: Partial<OrgConfig> = {}): boolean =>
  undeclaredSigners({ org: { ...ORG, ...org }, components: DECLARED }, { signers: [{ component, text: code }] })
    .length > 0;

const SIGNS = 'class Rogue {\n  Blob s() { return Crypto.signWithCertificate(a, b, c); }\n}';

describe('undeclared Apex that can sign', () => {
  const signing: Readonly<Record<string, string>> = {
    'the call': SIGNS,
    'another case and whitespace': 'class R { Object o = SYSTEM.CRYPTO\n .  SIGNWITHCERTIFICATE(a, b, c); }',
    'a comment in the call': 'class R { Object o = Crypto/* */./**/signWithCertificate(a, b, c); }',
    'a call after a line comment that ends with CR':
      'class R { // x\rObject o = Crypto.signWithCertificate(a, b, c); }',
    'a call between strings with comment marks':
      "class R { String s = '/*'; Object o = Crypto.signWithCertificate(a, b, c); String t = '*/'; }",
    'a call after an escaped quote':
      "class R { String s = '\\'/*'; Object o = Crypto.signWithCertificate(a, b, c); String t = '*/'; }",
    'a call after a multiline string with a quote':
      "class R { String s = '''it's /*'''; Object o = Crypto.signWithCertificate(a, b, c); /* */ }",
    'a call with a comment after a multiline string':
      "class R { String s = '''it's /*'''; Object o = Crypto/**/. // x\nsignWithCertificate(a, b, c); /* */ }",
    'Auth.JWS': 'class R { Auth . jws j = new auth.JWS(a, b); }',
    'a declared class that signs': 'class R { Object o = new certificatesigner(a); }',
    'a declared class that uses it': 'class R { Object o = new Token(); }',
    'the interface of a declared class that signs':
      "class R { Signer s = (Signer) JSON.deserialize('{}', Type.forName('Certificate' + 'Signer')); }",
  };
  for (const [name, code] of Object.entries(signing)) test(`is found: ${name}`, () => assert.ok(found(code)));

  const harmless: Readonly<Record<string, string>> = {
    'a line comment': 'class R { // Crypto.signWithCertificate\n }',
    'a block comment': 'class R { /* new CertificateSigner() */ }',
    'a digest and a signature with another key':
      'class R { Object o = Crypto.sign(a, b, key); Object p = Crypto.generateDigest(a, b); }',
    'a declared class that does not sign, and an exception':
      'class R extends Exception { Object o = Base64.encode(); }',
    'a name that contains another': 'class R { Object o = new MyToken(); }',
  };
  for (const [name, code] of Object.entries(harmless)) test(`is not reported: ${name}`, () => assert.ok(!found(code)));

  test('is found in a trigger, and under the name of a declared class with a namespace', () => {
    assert.ok(found(SIGNS, 'ApexTrigger:Rogue'));
    assert.ok(found(SIGNS, 'ApexClass:ns__Token'));
  });

  test('is not a declared class in another case: its content is compared with source', () => {
    assert.ok(!found(SIGNS, 'ApexClass:token'));
  });

  test('is accepted with its fingerprint, until it changes, and its callers are found', () => {
    const entry = { component: 'ApexClass:Rogue', keys: [signerFingerprint(SIGNS)], reason: 'Old signer.' } as const;
    const alsoTrusted = [entry];
    assert.ok(!found(SIGNS, 'ApexClass:Rogue', { alsoTrusted }));
    assert.ok(!found(SIGNS.replaceAll('\n', '\r\n'), 'ApexClass:Rogue', { alsoTrusted }));
    assert.ok(found(`${SIGNS} `, 'ApexClass:Rogue', { alsoTrusted }));
    const caller = { component: 'ApexClass:Caller', text: 'class Caller { Object o = new Rogue(); }' } as const;
    const signers = [{ component: 'ApexClass:Rogue', text: SIGNS }, caller] as const;
    const org = { ...ORG, alsoTrusted };
    assert.deepEqual(undeclaredSigners({ org, components: DECLARED }, { signers }), [caller]);
  });
});

test('a credential that signs with the certificate is found unless it is accepted', () => {
  assert.ok(found('<ExternalCredential/>', 'ExternalCredential:Rogue'));
  const entry = { component: 'ExternalCredential:Rogue', keys: [signerFingerprint('<a/>')], reason: 'ERP.' } as const;
  assert.ok(!found('<a/>', 'ExternalCredential:Rogue', { alsoTrusted: [entry] }));
});
