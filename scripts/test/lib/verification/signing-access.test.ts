import assert from 'node:assert/strict';
import { before, describe, test } from 'node:test';
import { signerFingerprint, type Check, type OrgConfig } from '../../../lib/model';
import { readTrustAndSigners } from '../../../lib/org';
import { signingAccessChecks } from '../../../lib/verification/signing-access';
import { FakeSf } from '../fake-sf';
import { createCertificate, keyPair, publicJwk } from '../jwk/test-keys';
import { desiredState } from '../rollout/fleet-fixture';
import { edit, KEYS, TRUSTED_FILES } from '../rollout/trust-cases';
import { componentsIn } from '../rollout/trust-components';

const KEY_A = 'PublicKeyCertificate/Key_A.PublicKeyCertificate';
const SIGNS = 'public class Rogue { Blob s() { return Crypto.signWithCertificate(a, b, c); } }';

let jwk = '';
const certificates = new Map<string, string>();
before(async () => {
  jwk = JSON.stringify(await publicJwk());
  for (const name of ['first', 'second']) {
    const der = await createCertificate(keyPair(name));
    certificates.set(name, `-----BEGIN CERTIFICATE-----\n${der.toString('base64')}\n-----END CERTIFICATE-----\n`);
  }
});

const credential = (certificate: string, type = 'SigningCertificate'): string =>
  `<ExternalCredential><authenticationProtocol>Jwt</authenticationProtocol><externalCredentialParameters><certificate>${certificate}</certificate><parameterName>SigningCertificate</parameterName><parameterType>${type}</parameterType></externalCredentialParameters></ExternalCredential>`;

/** An org with the trusted key Key_A, and other files; `config` changes its org file. */
function orgWith(files: Readonly<Record<string, string>>, config: Partial<OrgConfig> = {}) {
  const sf = new FakeSf({ dev: { files: { ...TRUSTED_FILES, ...files }, active: ['Web'] } });
  const org = sf.org('dev');
  org.files.set(
    KEY_A,
    (org.files.get(KEY_A) ?? '').replace(/(?<=<jsonWebKey>)[^<]*/, () => jwk),
  );
  const desired = desiredState(sf, 'dev', [...componentsIn(Object.entries(TRUSTED_FILES)).values()]);
  const state = { ...desired, org: { ...desired.org, ...config } };
  const check = async (): Promise<Check | undefined> =>
    signingAccessChecks({ desired: state }, (await readTrustAndSigners(sf, state)).signing)[0];
  return { org, check };
}

const OWN_CERTIFICATE = 'certs/Own.crt';
const withCertificate = (files: Readonly<Record<string, string>>, config: Partial<OrgConfig> = {}) =>
  orgWith({ [OWN_CERTIFICATE]: certificates.get('first') ?? '', ...files }, config);

describe('an org with the certificate of a trusted key', () => {
  const signers: Readonly<Record<string, readonly [path: string, text: string]>> = {
    'ApexClass:Rogue': ['classes/Rogue.cls', SIGNS],
    'ApexTrigger:Rogue': ['triggers/Rogue.trigger', `trigger Rogue on Case (before insert) { ${SIGNS} }`],
    'ExternalCredential:Rogue': ['externalCredentials/Rogue.externalCredential', credential('own')],
    'NamedCredential:Rogue': [
      'namedCredentials/Rogue.namedCredential',
      '<NamedCredential><jwtSigningCertificate>Own</jwtSigningCertificate></NamedCredential>',
    ],
  };
  for (const [component, [path, text]] of Object.entries(signers))
    test(`fails with ${component}, says what to accept, and passes once it is accepted`, async () => {
      const check = await withCertificate({ [path]: text }).check();
      assert.equal(check?.state, 'failed');
      assert.ok(
        check.detail.startsWith(`${component} can sign tokens for any customer with the certificate Own, and the org`),
        check.detail,
      );
      const [, entry = ''] = /config\/orgs\/dev\.json: (\{.*\})\.$/.exec(check.detail) ?? [];
      const accepted = JSON.parse(entry) as OrgConfig['alsoTrusted'][number];
      assert.equal(accepted.keys[0], signerFingerprint(text));
      assert.equal((await withCertificate({ [path]: text }, { alsoTrusted: [accepted] }).check())?.state, 'passed');
    });

  test('fails with a credential that names the certificate with a namespace, in another case', async () => {
    const text = credential('x').replace('<certificate>x</certificate>', '<parameterValue>ns__OWN</parameterValue>');
    const check = await withCertificate({ 'externalCredentials/Rogue.externalCredential': text }).check();
    assert.equal(check?.state, 'failed');
  });

  test('passes with Apex that does not sign, and credentials that use it or another certificate otherwise', async () => {
    const check = await withCertificate({
      'classes/Plain.cls': 'public class Plain { }',
      'externalCredentials/Other.externalCredential': credential('Other'),
      'externalCredentials/Tls.externalCredential': credential('Own', 'AuthHeader'),
      'namedCredentials/Tls.namedCredential': '<NamedCredential><certificate>Own</certificate></NamedCredential>',
    }).check();
    assert.deepEqual(
      [check?.state, check?.detail],
      ['passed', 'only declared code signs with the certificate Own (1 Apex component read)'],
    );
  });

  test('is inconclusive with the Apex of a package, and passes once the package is accepted', async () => {
    const files = { 'classes/ns__One.cls': SIGNS, 'classes/ns__Two.cls': SIGNS };
    const check = await withCertificate(files).check();
    assert.equal(check?.state, 'inconclusive');
    assert.match(check.detail, /^The Apex of InstalledPackage:ns can't be read/);
    const entry = { component: 'InstalledPackage:ns', keys: [signerFingerprint('ns')], reason: 'ERP.' } as const;
    assert.equal((await withCertificate(files, { alsoTrusted: [entry] }).check())?.state, 'passed');
  });

  test('is inconclusive if a query does not return a class that the org has', async () => {
    const files = {
      'classes/Signer.cls': 'public class Signer { }',
      'classes/Signer.cls-meta.xml': '<ApexClass><apiVersion>67.0</apiVersion></ApexClass>',
    };
    const { org, check } = withCertificate(files, { existing: ['ApexClass:Signer'] });
    org.intercept('query', () => Promise.resolve([]), /FROM ApexClass/);
    const result = await check();
    assert.deepEqual([result?.state, /doesn't return Signer,/.test(result?.detail ?? '')], ['inconclusive', true]);
  });

  test('is inconclusive if the Apex or the certificates cannot be read', async () => {
    for (const [method, detail] of [
      ['query', /FROM ApexTrigger/],
      ['retrieve', /Certificate/],
    ] as const) {
      const { org, check } = withCertificate({});
      org.intercept(method, () => Promise.reject(new Error('No access.')), detail);
      assert.equal((await check())?.state, 'inconclusive', method);
    }
  });
});

test('an org without the certificate of a trusted key has no check, and its Apex is not read', async () => {
  const { org, check } = orgWith({ [OWN_CERTIFICATE]: certificates.get('second') ?? '', 'classes/Rogue.cls': SIGNS });
  assert.equal(await check(), undefined);
  edit(org, KEY_A, ['<isActive>true<', '<isActive>false<']);
  org.files.set(OWN_CERTIFICATE, certificates.get('first') ?? '');
  assert.equal(await check(), undefined, 'an inactive key');
  assert.ok(org.files.has(KEYS) && org.detailsOf('query').length === 0);
});

test('the certificate of the member site counts, whatever its key is', async () => {
  const config = { memberSite: { key: 'Key_A', certificate: 'Own' } };
  const files = { [OWN_CERTIFICATE]: certificates.get('second') ?? '', 'classes/Rogue.cls': SIGNS };
  assert.equal((await orgWith(files, config).check())?.state, 'failed');
  const copy = {
    'certs/Copy.crt': certificates.get('second') ?? '',
    'certs/Other.crt': certificates.get('first') ?? '',
  };
  const check = await orgWith({ ...files, ...copy }, config).check();
  assert.match(check?.detail ?? '', /with the certificates Copy, Other, and Own, and the org/);
});

test('a certificate with a chain counts if any certificate of the chain has a trusted key', async () => {
  const chain = `${certificates.get('second') ?? ''}${certificates.get('first') ?? ''}`;
  assert.equal((await orgWith({ 'certs/Chain.crt': chain, 'classes/Rogue.cls': SIGNS }).check())?.state, 'failed');
});
