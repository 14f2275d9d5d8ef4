import assert from 'node:assert/strict';
import { test } from 'node:test';
import { UNREVIEWED_REASON } from '../../../lib/model';
import { parseOrgFile, withCurrentTrust } from '../../../lib/project';
import { acceptedTrustFindings } from '../../../lib/project/accepted-trust';

const KEY = 'NzbLsXh8uDCcd-6MNwXF4W_7noWXFZAfHkxZsRGC9Xs';
const URL = 'https://id.example.com/jwks';

const orgFile = (alsoTrusted: unknown) =>
  parseOrgFile(
    'config/orgs/dev.json',
    JSON.stringify({ orgId: '00D4fP53twgxYnvEBE', channels: ['Web_Chat'], alsoTrusted }, null, 1),
  );

test('accepted trust ends after its last day in UTC', () => {
  const entry = { component: 'PublicKeyCertificate:Legacy', keys: [KEY], reason: 'A migration.', until: '2027-06-30' };
  const { org } = orgFile([entry, { component: 'MessagingChannel:Partner', keys: [URL], reason: 'Another team.' }]);
  assert.ok(org);
  const acceptedAt = (time: string): readonly string[] =>
    withCurrentTrust(org, new Date(time)).alsoTrusted.map(({ component }) => component);
  assert.deepEqual(acceptedAt('2027-06-30T23:59:59.999Z'), ['PublicKeyCertificate:Legacy', 'MessagingChannel:Partner']);
  assert.deepEqual(acceptedAt('2027-07-01T00:00:00.000Z'), ['MessagingChannel:Partner']);
  assert.deepEqual(acceptedTrustFindings(org, new Date('2027-06-30T23:59:59Z')), []);
  const [finding, ...others] = acceptedTrustFindings(org, new Date('2027-07-01T00:00:00Z'));
  assert.deepEqual(
    [finding?.rule, finding?.severity, finding?.component, finding?.line, others],
    ['also-trusted-ended', 'warning', 'PublicKeyCertificate:Legacy', 7, []],
  );
});

test('accepted trust has a warning until the reason that an import writes is replaced', () => {
  const entry = { component: 'PublicKeyCertificate:Legacy', keys: [KEY], until: '2027-06-30' };
  const rulesFor = (reason: string, now = '2027-06-01'): readonly string[] => {
    const { org } = orgFile([{ ...entry, reason }]);
    return acceptedTrustFindings(org ?? assert.fail(), new Date(now)).map(({ rule }) => rule);
  };
  assert.deepEqual(rulesFor(UNREVIEWED_REASON), ['also-trusted-unreviewed']);
  assert.deepEqual(rulesFor(UNREVIEWED_REASON, '2027-07-01'), ['also-trusted-ended']);
  assert.deepEqual(rulesFor('The old login service signs with it.'), []);
});

test('rejects an entry without a reason or keys, with an impossible date, or of another type', () => {
  const valid = { component: 'PublicKeyCertificateSet:Legacy', keys: [KEY, URL], reason: 'A migration.' };
  assert.deepEqual(orgFile([valid]).findings, []);
  const invalid = [
    { component: valid.component, keys: valid.keys },
    { component: valid.component, reason: valid.reason },
    { ...valid, keys: [] },
    { ...valid, keys: ['Legacy'] },
    { ...valid, keys: ['http://id.example.com/jwks'] },
    { ...valid, reason: ' ' },
    { ...valid, until: '2027-02-30' },
    { ...valid, until: '30.06.2027' },
    { ...valid, component: 'Queue:Chat' },
    { ...valid, component: 'Legacy' },
    { ...valid, untill: '2027-06-30' },
  ];
  for (const entry of invalid) assert.ok(orgFile([entry]).findings.length > 0, JSON.stringify(entry));
});
