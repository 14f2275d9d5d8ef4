import assert from 'node:assert/strict';
import { test } from 'node:test';
import { mapOf, type Component, type DesiredState, type Plan } from '../../../lib/model';
import type { ToolError } from '../../../lib/errors';
import { planOrg } from '../../../lib/org';
import { readComponent } from '../rules/org-components';
import { channel, chatDeployment, desiredState, keysOf, ORG, queue } from './org-samples';

const FACTS = { orgId: ORG.orgId, kind: ORG.kind, name: '', missingPermissions: [] };
const CHAT = queue('Chat', 'Chat');
const WEB = channel('Web', 'Chat');
const SITE = chatDeployment('Site', 'Web');

function plan(desired: DesiredState, live: readonly Component[], active: readonly string[] = []): Plan {
  const channels = new Map(active.map((name) => [name, { id: name, active: true }]));
  return planOrg(desired, { facts: FACTS, components: mapOf(live), channels, missing: [] });
}

test('rejects a component whose name differs only in case from one in the org', () => {
  assert.throws(() => plan(desiredState(CHAT), [queue('chat', 'Chat')]), {
    code: 'name-case',
    what: 'The source declares Queue:Chat, but the org has Queue:chat.',
    fix: 'Rename the file in the source to chat.',
  });
});

test('accepts a name in another case if the org also has the declared name', () => {
  assert.deepEqual(plan(desiredState(CHAT), [queue('chat', 'Chat'), CHAT]).changes, []);
});

test('uses an origin and a Trusted URL under the name that the org has their URL under', () => {
  const origin = (name: string, url: string): Component =>
    readComponent(
      'CorsWhitelistOrigin',
      name,
      `<CorsWhitelistOrigin><urlPattern>${url}</urlPattern></CorsWhitelistOrigin>`,
    );
  const trusted = (name: string, active: string): Component =>
    readComponent(
      'CspTrustedSite',
      name,
      `<CspTrustedSite><endpointUrl>https://shop.example.com</endpointUrl><isActive>${active}</isActive></CspTrustedSite>`,
    );
  const desired = desiredState(origin('Site', 'https://shop.example.com'), trusted('Site', 'true'));
  const live = [origin('By_Hand', 'https://shop.example.com'), trusted('Old', 'false')];
  const { changes } = plan(desired, live);
  assert.deepEqual(
    changes.map(({ component, path, to }) => [component, path, to]),
    [['CspTrustedSite:Old', 'isActive', 'true']],
  );
  assert.deepEqual(plan(desired, [origin('Site', 'https://other.example.com')]).changes.length, 2);
});

test('plans nothing if the declared settings equal the live ones, and an update otherwise', () => {
  assert.deepEqual(plan(desiredState(CHAT), [CHAT]).changes, []);
  const { changes, toDeploy } = plan(desiredState(queue('Chat', 'Talk')), [CHAT]);
  assert.deepEqual(
    changes.map(({ path, from, to }) => [path, from, to]),
    [['name', 'Chat', 'Talk']],
  );
  assert.deepEqual(keysOf(toDeploy.values()), ['Queue:Chat']);
});

test('activates a channel that is inactive, unless the org file declares it as inactive', () => {
  assert.deepEqual(plan(desiredState(CHAT, WEB), [CHAT, WEB]).activate, ['Web']);
  assert.deepEqual(plan(desiredState(CHAT, WEB), [CHAT, WEB], ['Web']).activate, []);
  const inactive = { ...desiredState(CHAT, WEB), org: { ...ORG, inactive: ['Web'] } };
  assert.deepEqual(plan(inactive, [CHAT, WEB]).activate, []);
});

const typed = (type: string, rest = ''): Component =>
  readComponent(
    'EmbeddedServiceConfig',
    'Site',
    `<EmbeddedServiceConfig>${type && `<deploymentType>${type}</deploymentType>`}<masterLabel>Site</masterLabel>${rest}</EmbeddedServiceConfig>`,
  );

test('rejects a change of the type of a chat deployment to Web, because it would have no site', () => {
  for (const type of ['Mobile', 'API', '']) {
    const declared = desiredState(typed('Web', '<site>ESW_Of_Another_Org</site>'));
    const saved = {
      ...declared,
      transition: { to: { components: mapOf([typed('Web')]), channels: new Map(), partial: true }, publish: [] },
    } as unknown as DesiredState;
    for (const desired of [declared, saved])
      assert.throws(
        () => plan(desired, [typed(type)]),
        (error: ToolError) => {
          assert.equal(error.code, 'conflicting-setting');
          assert.match(error.what, /chat deployment Site in "dev" can't be changed to Web\. Nothing was deployed/);
          assert.match(error.why, type ? new RegExp(`with the type ${type} and without a site`) : /without a type/);
          assert.match(error.fix, /another name in the source, or delete it in the org/);
          return true;
        },
      );
  }
});

test('plans a chat deployment of type Web that is new, or that has its site, or whose type changes to another one', () => {
  const cases = [[], [typed('Web')], [typed('Mobile', '<site>ESW_Own</site>')]];
  for (const live of cases) assert.ok(plan(desiredState(typed('Web')), live));
  assert.equal(plan(desiredState(typed('Mobile')), [typed('Web')]).changes.length, 1);
});

test('publishes a chat deployment if it changes', () => {
  const desired = desiredState(CHAT, WEB, SITE);
  assert.deepEqual(plan(desired, [CHAT, WEB], ['Web']).publish, ['Site']);
  assert.deepEqual(plan(desired, [CHAT, WEB, SITE], ['Web']).publish, []);
});

test('publishes a chat deployment if its channel changes or is activated', () => {
  const desired = desiredState(CHAT, channel('Web', 'Chat', 'New'), SITE);
  assert.deepEqual(plan(desired, [CHAT, WEB, SITE], ['Web']).publish, ['Site']);
  assert.deepEqual(plan(desiredState(CHAT, WEB, SITE), [CHAT, WEB, SITE]).publish, ['Site']);
});

test('does not publish a chat deployment if another channel or only a queue changes', () => {
  const desired = desiredState(queue('Chat', 'New'), WEB, SITE, channel('App', 'Chat', 'New'));
  assert.deepEqual(plan(desired, [CHAT, WEB, SITE, channel('App', 'Chat')], ['Web', 'App']).publish, []);
});
