import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { removeAt } from '../../../lib/metadata';
import { keyOf, type Check } from '../../../lib/model';
import { verifyOrg } from '../../../lib/verification/verify-org';
import { emulatedOrg, guestChannel, threeChannels, type EmulatedOrg } from './emulated-org';
import { NOW } from '../jwk/test-keys';
import { verifyOptions } from './fake-org';

const CHANNEL = 'messagingChannels/Guest_Chat.messagingChannel';

const READ_TIMES = { readFrom: NOW.toISOString(), readTo: NOW.toISOString() };

const guestChecks = async (org: EmulatedOrg): Promise<readonly Check[]> =>
  (await verifyOrg(org, await verifyOptions())).checks.filter(({ channel }) => channel === 'Guest_Chat');

const states = (checks: readonly Check[]): Readonly<Record<string, string>> =>
  Object.fromEntries(checks.map(({ name, state }) => [name, state ?? '']));

const detailOf = (checks: readonly Check[], name: string): string =>
  checks.find((check) => check.name === name)?.detail ?? assert.fail(name);

describe('an unverified channel', () => {
  test('passes if unverified users can chat, with its lifetime, and verified users are rejected', async (t) => {
    const org = await emulatedOrg(t, await threeChannels());
    const checks = await guestChecks(org);
    assert.deepEqual(states(checks), {
      'in sync': 'passed',
      reachable: 'passed',
      published: 'passed',
      queue: 'passed',
      'unverified user accepted': 'passed',
      'token lifetime': 'passed',
      revoked: 'passed',
      'verified user': 'passed',
    });
    assert.equal(detailOf(checks, 'token lifetime'), '90 minutes, as configured');
    assert.match(detailOf(checks, 'verified user'), /^Rejected\. .* 400: "Set the auth mode to true\."\.$/);
    const granted = org.local.log.filter(({ kind, detail }) => kind === 'exchange' && detail['granted'] === true);
    assert.equal(org.local.log.filter(({ kind }) => kind === 'revoke').length, granted.length);
  });

  test('fails at the lifetime that the org gives instead of the configured one', async (t) => {
    const org = await emulatedOrg(t, await threeChannels());
    org.local.edit(CHANNEL, (xml) => xml.replace('>90<', '>120<'));
    const checks = await guestChecks(org);
    assert.equal(detailOf(checks, 'token lifetime'), 'The access token expires after 120 minutes instead of 90.');
    assert.deepEqual(
      [states(checks)['token lifetime'], states(checks)['unverified user accepted']],
      ['failed', 'passed'],
    );
  });

  test('fails if the org rejects unverified users', async (t) => {
    const org = await emulatedOrg(t, await threeChannels());
    org.local.edit(CHANNEL, (xml) => xml.replace('>UnAuth<', '>Auth<'));
    const checks = await guestChecks(org);
    assert.deepEqual(states(checks)['unverified user accepted'], 'failed');
    assert.match(detailOf(checks, 'unverified user accepted'), /400: "Set the auth mode to false\."/);
    assert.equal(states(checks)['token lifetime'], 'inconclusive');
  });

  test('names the inactive channel, and is inconclusive about lifetimes', async (t) => {
    const org = await emulatedOrg(t, await threeChannels());
    const channels = new Map([...org.live.channels, ['Guest_Chat', { id: 'x', active: false }] as const]);
    const checks = await guestChecks({ ...org, live: { ...org.live, channels } });
    assert.match(detailOf(checks, 'reachable'), /^channel: The channel Guest_Chat isn't active\./);
  });

  test('of an org without verified channels needs no token', async (t) => {
    const guests = (await threeChannels()).filter(({ fullName }) => fullName === 'Guest_Chat');
    const org = await emulatedOrg(t, guests);
    const { checks, scope } = await verifyOrg(org, await verifyOptions({ privateKeys: [] }));
    assert.ok(checks.every(({ ok }) => ok));
    assert.deepEqual(scope, {
      verifiedChannels: 0,
      unverifiedChannels: 1,
      inactiveChannels: 0,
      chatDeployments: 1,
      ...READ_TIMES,
    });
  });

  test('without a declared lifetime has 360 minutes', async (t) => {
    const guest = guestChannel('Guest_Chat');
    const withoutLifetime = { ...guest, root: removeAt(guest.root, 'embeddedConfig.anonymousUserJwtExpirationTime') };
    const components = (await threeChannels()).map((each) => (keyOf(each) === keyOf(guest) ? withoutLifetime : each));
    const checks = await guestChecks(await emulatedOrg(t, components));
    assert.equal(detailOf(checks, 'token lifetime'), '360 minutes, as configured');
  });
});

test('a channel that its org file declares inactive gets no token, and is counted separately', async (t) => {
  const org = await emulatedOrg(t, await threeChannels());
  const desired = { ...org.desired, org: { ...org.desired.org, inactive: ['Mobile_Chat'] } };
  const inactive = new Map([...org.live.channels, ['Mobile_Chat', { id: 'x', active: false }] as const]);
  const changed = { ...org, desired, live: { ...org.live, channels: inactive } };
  const { checks, scope } = await verifyOrg(changed, await verifyOptions());
  assert.deepEqual(
    checks.filter(({ channel }) => channel === 'Mobile_Chat').map(({ name, state }) => [name, state]),
    [['inactive', 'passed']],
  );
  assert.deepEqual(scope, {
    verifiedChannels: 1,
    unverifiedChannels: 1,
    inactiveChannels: 1,
    chatDeployments: 2,
    ...READ_TIMES,
  });
});
