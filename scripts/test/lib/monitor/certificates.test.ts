import assert from 'node:assert/strict';
import { before, describe, test } from 'node:test';
import { EMPTY_ORG_SETTINGS, mapOf, type Component, type OrgConfig } from '../../../lib/model';
import { certificateChecks, expirationsOf, type EndpointReading } from '../../../lib/monitor/certificates';
import { endpointKeyset, JWKS_URL, key, keyset } from '../explain/test-org';
import { createCertificate, DAY_MS, keyPair, NOW, publicJwk } from '../jwk/test-keys';

const ORG: OrgConfig = {
  ...EMPTY_ORG_SETTINGS,
  alias: 'uat',
  file: 'config/orgs/uat.json',
  orgId: '00D000000000001EAA',
  kind: 'sandbox',
  wave: 1,
  memberSite: { key: 'Site', certificate: 'Member_Site' },
};

let uploaded: Component;
before(async () => (uploaded = key('Web_2026', await publicJwk())));

const expirations = (components: readonly Component[], responses: ReadonlyMap<string, EndpointReading> = new Map()) =>
  expirationsOf({ org: ORG }, { components: mapOf(components) }, responses, NOW);

describe('expirations', () => {
  test('contain each active key of a keyset once', () => {
    const all = expirations([uploaded, keyset('A', ['Web_2026']), keyset('B', ['Web_2026'])]);
    assert.deepEqual(
      all.map(({ kind, name }) => [kind, name]),
      [['key', 'Web_2026']],
    );
  });

  test('leave out inactive keys and keys of no keyset', async () => {
    const inactive = key('Old', await publicJwk(keyPair('old')), 'false');
    assert.deepEqual(expirations([inactive, keyset('A', ['Old']), uploaded]), []);
  });

  test('contain the keys and the TLS certificate of an endpoint', async () => {
    const tls = { protocol: 'TLSv1.3', expiresAt: new Date(NOW.getTime() + 5 * DAY_MS) };
    const body = Buffer.from(JSON.stringify({ keys: [await publicJwk()] }));
    const all = expirations([endpointKeyset('A')], new Map([[JWKS_URL, { body, tls }]]));
    assert.deepEqual(
      all.map(({ kind, name }) => [kind, name]),
      [
        ['endpoint key', `key-1 at ${JWKS_URL}`],
        ['TLS', 'id.example.com'],
      ],
    );
    assert.equal(all.at(-1)?.daysLeft, 5);
  });

  test('contain the certificate with which Apex signs', async () => {
    const der = await createCertificate(keyPair());
    const signerCertificate = `-----BEGIN CERTIFICATE-----\n${der.toString('base64')}\n-----END CERTIFICATE-----\n`;
    const [signer] = expirationsOf({ org: ORG }, { components: new Map(), signerCertificate }, new Map(), NOW);
    assert.deepEqual([signer?.kind, signer?.name], ['signer', 'Member_Site']);
  });
});

describe('the check of a certificate', () => {
  for (const [kind, daysLeft, state] of [
    ['key', 31, 'passed'],
    ['key', 30, 'failed'],
    ['key', -1, 'failed'],
    ['signer', 30, 'failed'],
    // Renewed 30 days before its end as a rule.
    ['TLS', 30, 'passed'],
    ['TLS', 14, 'failed'],
    ['endpoint key', 10, 'inconclusive'],
  ] as const)
    test(`is ${state} for ${kind} with ${daysLeft} days left`, () => {
      const expiresAt = new Date(NOW.getTime() + daysLeft * DAY_MS).toISOString();
      const [check] = certificateChecks([{ kind, name: 'X', expiresAt, daysLeft }], 30);
      assert.equal(check?.state, state);
      assert.match(check?.detail ?? '', daysLeft < 0 ? /^It expired on / : /^It expires on .* \(in \d+ days\)/);
    });
});
