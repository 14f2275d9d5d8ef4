import assert from 'node:assert/strict';
import dns from 'node:dns';
import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { after, before, describe, mock, test } from 'node:test';
import { loadSeed } from '../../local-org/orgs';
import { HARMLESS_CHANGES, TRUST_TAMPERINGS, type Tampering } from '../lib/rollout/trust-cases';
import { channelXml, queueXml, routingXml } from '../local-org/samples';
import { startFleet, type Fleet } from './fleet';
import type { CommandResult } from './run-command';
import { createCells, runSf, seedOf, tamperWithSf, writeSource, type TrustCell } from './tampered-org';
import { shareWorkspace } from './workspace';

const workspace = shareWorkspace();
const PARTNER = 'messagingChannels/Partner_Chat.messagingChannel';
/** The endpoint of the keyset of the seed's channels. */
const LEGACY_ENDPOINT = 'https://accounts.example.com/keys';

test('revokes the Configuration Name of an unmanaged channel with another keyset, unless the org file accepts it', async () => {
  const accepted = {
    component: 'MessagingChannel:Partner_Chat',
    keys: [LEGACY_ENDPOINT],
    reason: 'Another team verifies partners.',
  };
  const fleet = await startFleet(workspace, {
    dev: { seed: loadSeed('production'), config: { channels: ['Web_Chat'], alsoTrusted: [accepted] } },
  });
  const org = fleet.org('dev');
  const unmanagedFile = (): string | undefined => org.files().get(PARTNER);
  const before = unmanagedFile();
  assert.ok(before);
  assert.equal((await fleet.deployAccepted()).exit, 0);
  assert.equal(unmanagedFile(), before);
  const { orgId, kind } = org;
  fleet.configure('dev', { orgId, kind, channels: ['Web_Chat'] });
  const planned = await fleet.plan();
  assert.deepEqual(
    [planned.exit, planned.org('dev').changes.map(({ component, path, to }) => [component, path, to])],
    [2, [['MessagingChannel:Partner_Chat', 'embeddedConfig.messagingAuthorizations[Customer].enabled', 'false']]],
  );
  assert.match(
    planned.shown.replace(/\s+/g, ' '),
    /are accepted on Partner_Chat for any customer of Configuration Name Customer/,
  );
  assert.equal((await fleet.deployAccepted()).exit, 0);
  assert.equal(unmanagedFile(), before.replace('<enabled>true<', '<enabled>false<'));
  assert.equal((await fleet.plan()).exit, 0);
});

describe('trust that is added with the plain sf CLI, one tampering for each copy of the trusted components', () => {
  const isVerifying = ({ consequence, name }: Tampering) => consequence && name !== 'user verification is turned off';
  let tampered: readonly TrustCell[] = [];
  let harmless: readonly TrustCell[] = [];
  let fleet: Fleet;
  let seeded: ReadonlyMap<string, string>;
  const verify = () => fleet.run('verify', { tokenBudget: '9999/1s' });
  const trustCheckOf = ({ org }: CommandResult) => org('dev').checks.find(({ name }) => name === 'trust');
  /** The names of the tamperings whose channels don't trust exactly what source declares. */
  const unrevoked = () => {
    const files = fleet.org('dev').files();
    const isRevoked = (cell: TrustCell) => cell.declaredGrants(files).join() === cell.declaredGrants(seeded).join();
    return tampered.filter((cell) => !isRevoked(cell)).map(({ tampering }) => tampering.name);
  };

  before(async () => {
    mock.method(dns, 'lookup', failLookup);
    const cells = await createCells([...TRUST_TAMPERINGS, ...HARMLESS_CHANGES]);
    [tampered, harmless] = [cells.slice(0, TRUST_TAMPERINGS.length), cells.slice(TRUST_TAMPERINGS.length)];
    const config = {
      channels: cells.flatMap((cell) => cell.channels),
      existing: ['Queue:Customer_Chat'],
      retired: ['MessagingChannel:Retired_Chat'],
    };
    fleet = await startFleet(workspace, { dev: { seed: [...SEED, ...seedOf(cells)], config } });
    writeSource(fleet.project, cells);
    seeded = fleet.org('dev').files();
    assert.equal((await fleet.plan()).exit, 0);
    await tamperWithSf(workspace, 'dev', cells);
    const record = ['--sobject', 'MessagingChannel', '--where', "DeveloperName='Retired_Chat'"];
    await runSf(workspace, 'data:update:record', ...record, '--values', 'IsActive=true', '--target-org', 'dev');
    assert.deepEqual(
      unrevoked(),
      TRUST_TAMPERINGS.filter(isVerifying).map(({ name }) => name),
    );
  });
  after(() => mock.restoreAll());

  test('is detected and described by plan, status, and verify, and no harmless change is', async () => {
    const results = [await fleet.plan(), await fleet.status(), await verify()];
    assert.deepEqual(
      results.map(({ exit }) => exit),
      [2, 2, 1],
    );
    const changes = results[0]?.org('dev').changes ?? [];
    for (const cell of tampered) {
      const { name, consequence } = cell.tampering;
      assert.ok(
        changes.some(({ component }) => cell.own(component) !== undefined),
        name,
      );
      for (const result of consequence ? results : []) {
        const sentences = (trustCheckOf(result)?.detail ?? '').split(/(?<=\.) (?=[A-Z])/);
        const own = sentences.flatMap((text) => cell.own(text) ?? []);
        assert.ok(
          own.some((text) => consequence?.test(text)),
          `${name}: ${own.join('\n')}`,
        );
        const shown = result.shown.replace(/\s+/g, ' ');
        assert.ok(
          sentences.every((text) => shown.includes(text)),
          name,
        );
      }
    }
    assert.ok(
      changes.some(({ component, path }) => `${component} ${path}` === 'MessagingChannel:Retired_Chat isActive'),
    );
    assert.match(results[0]?.shown ?? '', /- JSON Web Key Rogue_c00 from Keys_c00 \[disruptive\]/);
    const reported = JSON.stringify([changes, results.map(trustCheckOf)]);
    assert.deepEqual(
      harmless.filter((cell) => cell.own(reported) !== undefined).map(({ tampering }) => tampering.name),
      [],
    );
  });

  test('is revoked by a deploy, and not restored by a rollback', async () => {
    const org = fleet.org('dev');
    const harmlessFiles = () =>
      [...org.files()].filter(([path]) => harmless.some((cell) => cell.own(path) !== undefined));
    const kept = harmlessFiles();
    assert.equal((await fleet.deployAccepted()).exit, 0);
    assert.deepEqual(unrevoked(), []);
    assert.deepEqual(harmlessFiles(), kept);
    assert.match(org.files().get('PublicKeyCertificate/Rogue_c00.PublicKeyCertificate') ?? '', /<isActive>false</);
    assert.equal((await fleet.plan()).exit, 0);
    assert.equal(trustCheckOf(await verify())?.state, 'passed');
    const [run = assert.fail()] = readdirSync(join(fleet.project, '.runs'));
    const rollback = await fleet.run('rollback', { run, accept: ['disruptive'] });
    assert.equal(rollback.exit, 0);
    assert.match(rollback.shown.replace(/\s+/g, ' '), /doesn't restore undeclared trust: .* Tokens/);
    assert.deepEqual(unrevoked(), []);
  });
});

/** The queue of all channels, and a channel that the org file retires. */
const SEED = [
  { path: 'queueRoutingConfigs/Chat.queueRoutingConfig', content: routingXml },
  { path: 'queues/Customer_Chat.queue', content: queueXml },
  {
    path: 'messagingChannels/Retired_Chat.messagingChannel',
    content: channelXml('<authMode>UnAuth</authMode>').replace('>Chat<', '>Customer_Chat<'),
  },
];

/** Resolves no host of the tests, so that verification reads no endpoint outside this machine. */
const { lookup } = dns;
function failLookup(
  name: string,
  options: dns.LookupAllOptions,
  done: (error: Error | null, addresses: dns.LookupAddress[]) => void,
): void {
  if (name.endsWith('.example.com')) done(new Error(`${name} has no address.`), []);
  else lookup(name, options, done);
}
