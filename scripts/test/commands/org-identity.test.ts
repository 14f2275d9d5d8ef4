import assert from 'node:assert/strict';
import { test } from 'node:test';
import { orgIdOf, startLocalOrg, type LocalOrg } from '../../local-org/index';
import { findChildren, startProcess, waitUntil } from './command-process';
import { documentSchemas } from './document-schemas';
import { startFleet, writeEvents, type OrgSetup } from './fleet';
import { createWorkspace } from './workspace';
import { repointAlias } from './wrong-login';

const workspace = createWorkspace();

/** An unverified channel needs no keys, so production and sandboxes can have the same source. */
const UNVERIFIED = { channels: ['Guest_Web_Chat'] };

const WRONG_ORGS: Readonly<Record<string, readonly [OrgSetup, RegExp]>> = {
  'another org ID than in its org file': [
    { config: { ...UNVERIFIED, orgId: orgIdOf('somebody-else') } },
    /belongs to org 00D\w{15}, but "orgId" in config\/orgs\/impostor.json is 00D\w{15}/,
  ],
  'a production org with kind sandbox in its org file': [
    { kind: 'production', config: { ...UNVERIFIED, kind: 'sandbox' } },
    /is a production org, but "kind" in config\/orgs\/impostor.json is "sandbox"/,
  ],
  'a sandbox with kind production in its org file': [
    { kind: 'sandbox', config: { ...UNVERIFIED, kind: 'production' } },
    /is a sandbox org, but "kind" in config\/orgs\/impostor.json is "production"/,
  ],
  'a sandbox without a kind in its org file, which means production': [
    { kind: 'sandbox', config: { ...UNVERIFIED, kind: undefined } },
    /is a sandbox org, but "kind" in config\/orgs\/impostor.json is "production"/,
  ],
};

for (const [what, [member, pattern]] of Object.entries(WRONG_ORGS)) {
  test(`rejects ${what} and deploys the other orgs`, async () => {
    const fleet = await startFleet(workspace, { impostor: member, neighbour: { config: UNVERIFIED } });
    const planned = await fleet.plan();
    assert.deepEqual([planned.exit, planned.org('impostor').status], [4, 'unreachable']);
    assert.equal(planned.org('neighbour').status, 'planned');
    assert.equal((await fleet.status()).exit, 4);
    const deployed = await fleet.deployAccepted();
    const { error, changes } = deployed.org('impostor');
    assert.deepEqual([deployed.exit, error?.code, changes], [4, 'org-mismatch', []]);
    assert.match(error?.what ?? '', pattern);
    assert.deepEqual(writeEvents(fleet.org('impostor')), []);
    assert.equal(deployed.org('neighbour').status, 'changed');
  });
}

/** How often a command has read the channels of an org. It reads them last, while Salesforce prepares the metadata. */
const channelReads = ({ log }: LocalOrg): number =>
  log.filter(({ detail }) => /FROM MessagingChannel WHERE MessageType/.test(String(detail['query']))).length;

test(
  'deploys to the planned org if its alias gets another login and the CLI restarts before the submission',
  { skip: process.platform !== 'linux' && 'needs /proc to find the CLI process' },
  async () => {
    const fleet = await startFleet(workspace, {
      // The org holds the request until the login is replaced.
      pinned: { faults: 'retrieve.submit:timeout=600s@2', config: UNVERIFIED },
    });
    const [planned, loginKey] = [fleet.org('pinned'), workspace.loginKey];
    const other = await startLocalOrg({ alias: 'other', kind: 'production', port: 0, loginKey });
    workspace.onCleanup(() => other.close());
    await workspace.logIn(other);
    const otherEvents = other.log.length;
    const flags = ['--org', 'pinned', '--accept', 'disruptive', '--project', fleet.project, '--json'];
    const { child, ended } = startProcess(workspace, 'deploy', flags);
    await waitUntil(
      'the org is read again under its lock',
      () => channelReads(planned) === 2 && planned.log.some(({ kind }) => kind === 'fault'),
    );
    repointAlias(workspace, 'pinned', other);
    const cli = findChildren(child);
    cli.forEach((id) => process.kill(id, 'SIGKILL'));
    const { exit, stdout, stderr } = await ended;
    const { status, deployIds } = documentSchemas.deploy.parse(JSON.parse(stdout)).orgs[0] ?? assert.fail(stderr);
    assert.deepEqual([exit, status, deployIds.length, cli.length], [0, 'changed', 1, 1], stderr);
    assert.deepEqual(other.log.slice(otherEvents), []);
  },
);

test('deploys to a production org without a kind in its org file', async () => {
  const fleet = await startFleet(workspace, {
    prod: { kind: 'production', config: { ...UNVERIFIED, kind: undefined } },
  });
  const { exit, org } = await fleet.deploy();
  assert.deepEqual([exit, org('prod').status, org('prod').kind], [0, 'changed', 'production']);
});

const MISSING_PERMISSION = { dev: { permissions: { CustomizeApplication: false }, config: UNVERIFIED } };

test('reports a login without Customize Application in plan and deploys nothing with it', async () => {
  const fleet = await startFleet(workspace, MISSING_PERMISSION);
  const planned = await fleet.plan();
  const check = planned.org('dev').checks.find((each) => each.name === 'permissions');
  assert.deepEqual([planned.exit, check?.ok, check?.detail], [2, false, 'missing: Customize Application']);
  assert.match(planned.shown, /Check "permissions" failed: missing: Customize Application/);
  const { exit, org } = await fleet.deployAccepted();
  assert.deepEqual([exit, org('dev').error?.code], [1, 'missing-permission']);
  assert.match(org('dev').error?.what ?? '', /is missing permissions: Customize Application/);
  assert.deepEqual([writeEvents(fleet.org('dev')), org('dev').deployIds], [[], []]);
});

/** Without these permissions an org doesn't return its channels, so there is nothing to plan from. */
const HIDDEN_PERMISSIONS = {
  ConfigureLiveMessage: 'Configure Messaging',
  ViewSetup: 'View Setup and Configuration',
} as const;

for (const [permission, name] of Object.entries(HIDDEN_PERMISSIONS)) {
  test(`rejects a login without ${name} in plan and deploy and writes nothing`, async () => {
    const fleet = await startFleet(workspace, { dev: { permissions: { [permission]: false }, config: UNVERIFIED } });
    for (const { exit, org } of [await fleet.plan(), await fleet.deployAccepted()]) {
      assert.deepEqual([exit, org('dev').status, org('dev').error?.code], [1, 'failed', 'missing-permission']);
      assert.match(org('dev').error?.what ?? '', new RegExp(`is missing permissions: ${name}`));
    }
    assert.deepEqual(writeEvents(fleet.org('dev')), []);
  });
}
