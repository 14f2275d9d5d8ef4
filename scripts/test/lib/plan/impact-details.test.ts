import assert from 'node:assert/strict';
import { mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';
import { diffOrg } from '../../../lib/plan';
import { assessImpact } from '../../../lib/plan/impact';
import { readPlanFile, snapshotPath } from '../../../lib/plan/plan-file';
import { snapshotWriter } from '../../../lib/plan/save-snapshot';
import {
  EMPTY_ORG_SETTINGS,
  type Change,
  type ComponentKey,
  type OrgConfig,
  type Plan,
  type Transition,
} from '../../../lib/model';
import { LIVE, applyEdits, liveState } from './live-org';

/** The impact of one difference between the usual org and one with other contents. */
function impactOf(
  key: ComponentKey,
  path: string,
  [from, to]: readonly [string | null, string | null],
  contents: Readonly<Record<string, string>> = {},
): Change {
  const [live, target] = [liveState({}, true).components, liveState(contents, true).components];
  const context = { live, target, activeChannels: new Set(['Web']) };
  return assessImpact({ component: key, action: 'update', path, from, to }, context);
}

for (const [member, changed] of Object.entries({ kty: 'EC', n: 'other', e: 'AAEAAQ', kid: '2027', alg: 'RS512' })) {
  test(`a replaced key whose ${member} differs is disruptive`, () => {
    const jwk: Readonly<Record<string, string>> = { kty: 'RSA', kid: '2026-A', n: '0123456789abcdefghij', e: 'AQAB' };
    const content = applyEdits(LIVE['PublicKeyCertificate:Key_A'] ?? '', [
      [JSON.stringify(jwk), JSON.stringify({ ...jwk, [member]: changed })],
    ]);
    const contents = { 'PublicKeyCertificate:Key_A': content };
    const { impact } = impactOf('PublicKeyCertificate:Key_A', 'jsonWebKey', ['a', 'b'], contents);
    assert.equal(impact, 'disruptive');
  });
}

test('an added key is compared with the other active keys of the keyset after the deploy', () => {
  const item = (key: string): string =>
    `<publicKeyCertificateSetKeys><publicKeyCertificate>${key}</publicKeyCertificate></publicKeyCertificateSetKeys>`;
  const keyset = LIVE['PublicKeyCertificateSet:Keys'] ?? '';
  const effectWith = (edited: string): string =>
    impactOf('PublicKeyCertificateSet:Keys', 'publicKeyCertificateSetKeys[Key_B]', [null, 'Key_B'], {
      'PublicKeyCertificateSet:Keys': edited,
    }).effect;
  assert.doesNotMatch(effectWith(applyEdits(keyset, [[item('Key_A'), item('Key_B')]])), /other keys/);
  assert.match(effectWith(applyEdits(keyset, [[item('Key_A'), item('Key_A') + item('Key_B')]])), /other keys/);
});

test('an added key counts as active if the same deploy activates it', () => {
  const inactive = applyEdits(LIVE['PublicKeyCertificate:Key_B'] ?? '', [['>true<', '>false<']]);
  const keyset = applyEdits(LIVE['PublicKeyCertificateSet:Keys'] ?? '', [['>Key_A<', '>Key_B<']]);
  const target = liveState({ 'PublicKeyCertificateSet:Keys': keyset }, true).components;
  const { changes } = diffOrg(liveState({ 'PublicKeyCertificate:Key_B': inactive }, true), target);
  const added = changes.find(({ path }) => path === 'publicKeyCertificateSetKeys[Key_B]');
  assert.equal(added?.impact, 'visible');
});

test('a removed expiration means the default: 60 minutes for verified users, 360 for unverified users', () => {
  const verified = impactOf('MessagingChannel:Web', 'embeddedConfig.verifiedUserJwtExpirationTime', ['120', null]);
  assert.match(verified.effect, /\b60 minutes instead of 120/);
  const unverified = impactOf('MessagingChannel:Web', 'embeddedConfig.anonymousUserJwtExpirationTime', ['120', null], {
    'MessagingChannel:Web': applyEdits(LIVE['MessagingChannel:Web'] ?? '', [['>Auth<', '>UnAuth<']]),
  });
  assert.match(unverified.effect, /\b360 minutes instead of 120/);
});

test('a snapshot keeps the first and last state of a resumed run, replaces an earlier plan, and needs a change', (t) => {
  const run = mkdtempSync(join(tmpdir(), 'snapshot-'));
  t.after(() => rmSync(run, { recursive: true }));
  const org: OrgConfig = {
    alias: 'dev',
    orgId: '00D000000000001EAA',
    kind: 'sandbox',
    wave: 1,
    file: 'config/orgs/dev.json',
    ...EMPTY_ORG_SETTINGS,
  };
  const plan: Plan = {
    org,
    facts: liveState({}, true).facts,
    changes: [],
    undeclaredTrust: [],
    toDeploy: new Map(),
    toDelete: [],
    deactivate: [],
    activate: [],
    publish: [],
  };
  const transition = (from: boolean | undefined, to: boolean | undefined): Transition => ({
    from: { components: new Map(), channels: new Map(from === undefined ? [] : [['Web', from]]), partial: false },
    to: { components: new Map(), channels: new Map(to === undefined ? [] : [['Web', to]]), partial: true },
    publish: [],
  });
  const startProcess = () => snapshotWriter(run, '67.0', new Date('2026-11-27T10:00:00Z'));
  const write = startProcess();
  write(plan, transition(undefined, undefined));
  assert.deepEqual(readdirSync(run), []);
  write(plan, transition(true, true));
  write(plan, transition(false, true));
  startProcess()(plan, transition(true, false));
  const [saved] = readPlanFile(snapshotPath(run, 'dev'), 'snapshot').orgs;
  assert.deepEqual(
    [saved?.transition.from.channels.get('Web'), saved?.transition.to.channels.get('Web')],
    [false, false],
  );
});
