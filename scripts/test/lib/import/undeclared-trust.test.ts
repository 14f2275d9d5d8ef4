import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { acceptedTrustOf } from '../../../lib/import/accepted-trust';
import { undeclaredTrustFindings } from '../../../lib/import/import-findings';
import { thumbprintsOf } from '../../../lib/jwk';
import { UNREVIEWED_REASON, type AcceptedTrust } from '../../../lib/model';
import { FakeSf } from '../fake-sf';
import { desiredState, planAll } from '../rollout/fleet-fixture';
import {
  edit,
  endpointXml,
  keyXml,
  ROGUE,
  TRUSTED_FILES,
  TRUST_TAMPERINGS,
  UNMANAGED_FILES,
  type Tampering,
} from '../rollout/trust-cases';
import { componentsIn } from '../rollout/trust-components';

const NOW = new Date('2026-10-01T12:00:00Z');
const thumbprints = (name: string): readonly string[] =>
  [...componentsIn([[ROGUE, keyXml(name)]]).values()].flatMap(thumbprintsOf);
const tampering = (name: string): Tampering => TRUST_TAMPERINGS.find((each) => each.name === name) ?? assert.fail(name);

/** The plan of an org whose trust source declares, after a change in the org, and with accepted trust. */
async function planAfter(apply: Tampering['apply'], alsoTrusted: readonly AcceptedTrust[] = []) {
  const sf = new FakeSf({
    dev: { files: { ...TRUSTED_FILES, ...UNMANAGED_FILES }, active: ['Web', 'Mobile', 'App', 'Guest'] },
  });
  const desired = desiredState(sf, 'dev', [...componentsIn(Object.entries(TRUSTED_FILES)).values()]);
  apply(sf.org('dev'));
  const [planned] = await planAll(sf, { ...desired, org: { ...desired.org, alsoTrusted } });
  return { live: planned?.live ?? assert.fail('no read'), desired, plan: planned?.plan ?? assert.fail('no plan') };
}

async function entriesAfter(apply: Tampering['apply'], rejected: readonly string[] = []) {
  const { desired, live } = await planAfter(apply);
  const reasons = rejected.map((place) => [place, { rule: 'x', message: 'x', fix: 'x' }] as const);
  return acceptedTrustOf(desired, live.components, new Map(reasons), NOW);
}

describe('an import of an org with other trust', () => {
  const until = '2026-12-30';
  const cases: readonly (readonly [string, Omit<AcceptedTrust, 'reason'>])[] = [
    ['a key is added to a keyset', { component: 'PublicKeyCertificate:Rogue', keys: thumbprints('rogue') }],
    [
      'a configuration with another keyset is added',
      { component: 'MessagingChannel:Web', keys: thumbprints('rogue'), issuers: ['https://rogue.example.com'] },
    ],
    [
      'a configuration for the own keyset is added under another name',
      { component: 'MessagingChannel:Web', keys: thumbprints('a'), issuers: ['https://id.example.com'] },
    ],
    [
      'an unmanaged channel uses the Configuration Name with another keyset',
      {
        component: 'MessagingChannel:Partner',
        keys: thumbprints('partner'),
        issuers: ['https://partner.example.com'],
      },
    ],
  ];
  for (const [name, entry] of cases)
    test(`accepts its keys for 90 days without a reviewed reason, so that the plan is empty: ${name}`, async () => {
      const { apply } = tampering(name);
      const entries = await entriesAfter(apply);
      assert.deepEqual(entries, [{ ...entry, reason: UNREVIEWED_REASON, until }]);
      const { plan } = await planAfter(apply, entries);
      assert.deepEqual([plan.changes, plan.undeclaredTrust], [[], []]);
    });

  test('accepts an endpoint by its URL', async () => {
    const entries = await entriesAfter((org) => {
      org.files.set(
        'PublicKeyCertificateSet/Partner_Keys.PublicKeyCertificateSet',
        endpointXml('https://partner.example.com'),
      );
      edit(org, 'messagingChannels/Partner.messagingChannel', ['>Partner<', '>Customer<']);
    });
    assert.deepEqual(
      entries.map(({ component, keys }) => [component, keys]),
      [['MessagingChannel:Partner', ['https://partner.example.com/jwks']]],
    );
  });

  test('accepts nothing that the import rejects, and no auth provider', async () => {
    const { apply } = tampering('a configuration with another keyset is added');
    for (const place of ['PublicKeyCertificate:Rogue', 'PublicKeyCertificateSet:Rogue_Keys', 'MessagingChannel:Web x'])
      assert.deepEqual(await entriesAfter(apply, [place]), [], place);
    assert.deepEqual(await entriesAfter(tampering('a configuration with an auth provider is added').apply), []);
  });

  test('reports trust that it does not accept', async () => {
    const { plan } = await planAfter(tampering('a configuration with an auth provider is added').apply);
    const [found] = undeclaredTrustFindings(plan);
    assert.match(found?.message ?? '', /^In the org dev: .*so the next deploy revokes it\.$/);
    const clean = await planAfter(() => undefined);
    assert.deepEqual([undeclaredTrustFindings(clean.plan), await entriesAfter(() => undefined)], [[], []]);
  });
});
