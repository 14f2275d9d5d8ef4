import assert from 'node:assert/strict';
import { test } from 'node:test';
import { orgIdOf } from '../../local-org/index';
import { startFleet, writeEvents, type OrgSetup } from './fleet';
import { createWorkspace } from './workspace';

const workspace = createWorkspace();

/** Guests need no keys, so production and sandboxes can have the same source. */
const UNVERIFIED = { channels: ['Guest_Web_Chat'] };

const WRONG_ORGS: Readonly<Record<string, readonly [OrgSetup, RegExp]>> = {
  'another org ID than in its org file': [
    { config: { ...UNVERIFIED, orgId: orgIdOf('somebody-else') } },
    /belongs to org 00D\w{15}, but "orgId" in config\/orgs\/impostor.json is 00D\w{15}/,
  ],
  'production where the file says sandbox': [
    { kind: 'production', config: { ...UNVERIFIED, kind: 'sandbox' } },
    /is a production org, but "kind" in config\/orgs\/impostor.json is "sandbox"/,
  ],
  'a sandbox where the file says production': [
    { kind: 'sandbox', config: { ...UNVERIFIED, kind: 'production' } },
    /is a sandbox org, but "kind" in config\/orgs\/impostor.json is "production"/,
  ],
  'a sandbox where the file leaves the kind out, which counts as production': [
    { kind: 'sandbox', config: { ...UNVERIFIED, kind: undefined } },
    /is a sandbox org, but "kind" in config\/orgs\/impostor.json is "production"/,
  ],
};

for (const [what, [member, told]] of Object.entries(WRONG_ORGS)) {
  test(`an org is refused that is ${what}; its neighbours go on`, async () => {
    const fleet = await startFleet(workspace, { impostor: member, neighbour: { config: UNVERIFIED } });
    const planned = await fleet.plan();
    assert.deepEqual([planned.exit, planned.org('impostor').status], [4, 'unreachable']);
    assert.equal(planned.org('neighbour').status, 'planned');
    assert.equal((await fleet.status()).exit, 4);
    const deployed = await fleet.deployAccepted();
    const { error, changes } = deployed.org('impostor');
    assert.deepEqual([deployed.exit, error?.code, changes], [4, 'org-mismatch', []]);
    assert.match(error?.what ?? '', told);
    assert.deepEqual(writeEvents(fleet.org('impostor')), []);
    assert.equal(deployed.org('neighbour').status, 'changed');
  });
}

test('an org whose file leaves the kind out is deployed to when it is production', async () => {
  const fleet = await startFleet(workspace, {
    prod: { kind: 'production', config: { ...UNVERIFIED, kind: undefined } },
  });
  const { exit, org } = await fleet.deploy();
  assert.deepEqual([exit, org('prod').status, org('prod').kind], [0, 'changed', 'production']);
});

const MISSING_PERMISSION = { dev: { permissions: { CustomizeApplication: false }, config: UNVERIFIED } };

test('a login without Customize Application is told by plan, and deploy sends nothing to its org', async () => {
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

/** Without these an org does not show its channels, so there is nothing to plan from. */
const HIDDEN_PERMISSIONS = {
  ConfigureLiveMessage: 'Configure Messaging',
  ViewSetup: 'View Setup and Configuration',
} as const;

for (const [permission, name] of Object.entries(HIDDEN_PERMISSIONS)) {
  test(`a login without ${name} is told by plan and deploy, and nothing is sent to its org`, async () => {
    const fleet = await startFleet(workspace, { dev: { permissions: { [permission]: false }, config: UNVERIFIED } });
    for (const { exit, org } of [await fleet.plan(), await fleet.deployAccepted()]) {
      assert.deepEqual([exit, org('dev').status, org('dev').error?.code], [1, 'failed', 'missing-permission']);
      assert.match(org('dev').error?.what ?? '', new RegExp(`is missing permissions: ${name}`));
    }
    assert.deepEqual(writeEvents(fleet.org('dev')), []);
  });
}
