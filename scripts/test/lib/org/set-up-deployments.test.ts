import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { asToolError } from '../../../lib/errors';
import { mapOf, textAt, type Component, type DesiredState } from '../../../lib/model';
import {
  applyPlan,
  DEFAULT_TIMEOUTS,
  findConflicts,
  planOrg,
  readOrg,
  recoverDeploy,
  transitionFor,
  waitUntilIdle,
  type ReadPlan,
} from '../../../lib/org';
import type { FakeOrg, FakeOrgSetup, FakeSf } from '../fake-sf';
import { readComponent } from '../rules/org-components';
import { onVirtualTime } from '../virtual-time';
import { API_VERSION, channel, desiredState, fakeDev, ORG, queue, stepRecorder } from './org-samples';

const PATH = 'EmbeddedServiceConfig/Site.EmbeddedServiceConfig';

/** A chat deployment of type Web, as source declares it or with the values of an org. */
const webDeployment = (label: string, orgValues = ''): Component =>
  readComponent(
    'EmbeddedServiceConfig',
    'Site',
    `<EmbeddedServiceConfig>${orgValues}<deploymentType>Web</deploymentType><embeddedServiceMessagingChannel><messagingChannel>Web</messagingChannel></embeddedServiceMessagingChannel><masterLabel>${label}</masterLabel></EmbeddedServiceConfig>`,
  );

const origin = (name: string, pattern: string): Component =>
  readComponent(
    'CorsWhitelistOrigin',
    name,
    `<CorsWhitelistOrigin><urlPattern>${pattern}</urlPattern></CorsWhitelistOrigin>`,
  );

const CHAT = [queue('Chat', 'Chat'), channel('Web', 'Chat')];
const DESIRED = desiredState(...CHAT, webDeployment('Shop'));
/** The files of an org that has everything, with a chat deployment of its own values. */
const LIVE_FILES = {
  'queues/Chat.queue': '<Queue><name>Chat</name></Queue>',
  'messagingChannels/Web.messagingChannel':
    '<MessagingChannel><masterLabel>Web</masterLabel><sessionHandlerQueue>Chat</sessionHandlerQueue></MessagingChannel>',
  [PATH]:
    '<EmbeddedServiceConfig><branding>Own</branding><clientVersion>WebV2</clientVersion><deploymentType>Web</deploymentType><embeddedServiceMessagingChannel><messagingChannel>Web</messagingChannel></embeddedServiceMessagingChannel><masterLabel>Old</masterLabel><site>ESW_Own</site></EmbeddedServiceConfig>',
};

async function readPlanOf(sf: FakeSf, desired: DesiredState): Promise<ReadPlan> {
  const { knownJobIds } = await waitUntilIdle(sf, 'dev', 0, () => undefined);
  return { desired, plan: planOrg(desired, await readOrg(sf, desired, API_VERSION)), knownJobIds };
}

/** Applies the desired state to a fake org. `setUp` runs between the plan and the apply. */
async function apply(
  desired: DesiredState,
  { setUp = () => undefined, ...setup }: FakeOrgSetup & { readonly setUp?: (org: FakeOrg) => void } = {},
) {
  const { sf, org } = fakeDev(setup);
  const read = await readPlanOf(sf, desired);
  org.calls.length = 0;
  setUp(org);
  const { steps, reportStep } = stepRecorder();
  const context = { apiVersion: API_VERSION, reportStep, timeouts: DEFAULT_TIMEOUTS };
  const run = () =>
    applyPlan(sf, read, { ...context, replan: () => readPlanOf(sf, desired) }).then(() => undefined, asToolError);
  const { result: error } = await onVirtualTime(run);
  return { sf, org, steps, error };
}

const deploymentsIn = (org: FakeOrg): readonly string[] =>
  [...org.files.keys()].filter((path) => path.startsWith('EmbeddedServiceConfig/'));

const fieldOf = (org: FakeOrg, name: string): string | undefined =>
  textAt(readComponent('EmbeddedServiceConfig', 'Site', org.files.get(PATH) ?? '').root, name);

test('sets up a missing Web chat deployment after the deploy, then deploys its settings and publishes it', async () => {
  const guests = webDeployment('Shop', '<areGuestUsersAllowed>true</areGuestUsersAllowed>');
  const { org, steps, error } = await apply(desiredState(...CHAT, guests));
  assert.equal(error, undefined);
  assert.deepEqual(
    steps.map((step) => step.replace(/0Af0+/, '')),
    [
      ...['deploying Queue:Chat, MessagingChannel:Web', 'submitted 1', 'deployed 1'],
      ...['creating Site', 'created Site', 'deploying EmbeddedServiceConfig:Site', 'submitted 2', 'deployed 2'],
      ...['activating Web', 'publishing Site', 'published', 'reading back'],
    ],
  );
  assert.deepEqual(org.published, ['Site']);
  assert.deepEqual(
    ['masterLabel', 'site', 'clientVersion'].map((name) => fieldOf(org, name)),
    ['Shop', 'ESW_2', 'WebV2'],
  );
});

test('sends the record ID of the channel, and the host of the first origin without a wildcard', async () => {
  const request = async (...origins: readonly Component[]): Promise<unknown> =>
    JSON.parse(
      (await apply(desiredState(...CHAT, webDeployment('Shop'), ...origins))).org.detailsOf(
        'createChatDeployment',
      )[0] ?? '',
    );
  const common = { name: 'Site', masterLabel: 'Shop', clientVersion: 'WebV2', messagingChannelId: 'id-of-Web' };
  assert.deepEqual(await request(), common);
  const origins = [origin('All', 'https://*.example.com'), origin('Shop', 'https://shop.example.com:8443')];
  assert.deepEqual(await request(...origins), { ...common, hostDomain: 'shop.example.com' });
});

describe('never creates a second chat deployment', () => {
  const cases: Readonly<Record<string, (org: FakeOrg) => void>> = {
    'if the response is lost': (org) => org.loseAnswer('createChatDeployment'),
    'if the connection is lost after the request': (org) => org.loseAnswer('createChatDeployment', 'connectionLost'),
    'if it exists by then': (org) => void org.files.set(PATH, LIVE_FILES[PATH] ?? ''),
    'if the first request is rejected as busy': (org) => org.fail('createChatDeployment', 'busy'),
    'if the first lookup after a lost response fails': (org) =>
      org.intercept('createChatDeployment', async (proceed) => {
        await proceed();
        org.fail('query', 'connectionLost');
        throw org.cliError('createChatDeployment', 'noAnswer');
      }),
  };
  for (const [what, setUp] of Object.entries(cases))
    test(what, async () => {
      const { org, error } = await apply(DESIRED, { setUp });
      assert.equal(error, undefined);
      assert.deepEqual(deploymentsIn(org), [PATH]);
      assert.deepEqual([fieldOf(org, 'masterLabel'), org.published], ['Shop', ['Site']]);
    });

  test('and reports an unknown result if a request without a response created nothing', async () => {
    const { org, steps, error } = await apply(DESIRED, {
      setUp: (each) => each.fail('createChatDeployment', 'noAnswer'),
    });
    assert.equal(error?.code, 'deploy-unknown');
    assert.match(error?.fix ?? '', /Resume the run\. .*doesn't create a second one/);
    assert.deepEqual([org.detailsOf('createChatDeployment').length, deploymentsIn(org)], [1, []]);
    assert.ok(!steps.includes('not created Site') && steps.some((step) => step.startsWith('looking up')));
  });

  test('when a run is resumed while the org still works on the request', async () => {
    const { sf, org } = fakeDev({ files: LIVE_FILES });
    org.files.delete(PATH);
    const { steps, reportStep } = stepRecorder();
    const pending = { components: [], knownJobIds: null, at: new Date(), creates: 'Site', settled: false };
    org.intercept('query', (proceed) => {
      org.files.set(PATH, LIVE_FILES[PATH] ?? '');
      return proceed().then(() => []);
    });
    await onVirtualTime(() => recoverDeploy(sf, 'dev', pending, reportStep));
    assert.deepEqual(steps, ['created Site']);
  });
});

test('reports a rejected request with the reason of Salesforce, and can be repeated', async () => {
  const { steps, error } = await apply(DESIRED, {
    setUp: (org) =>
      org.intercept('createChatDeployment', () => {
        const thrown = org.cliError('createChatDeployment', 'rejected');
        return Promise.reject(Object.assign(thrown, { cause: { name: 'SetupRejected', message: 'No.' } }));
      }),
  });
  assert.equal(error?.code, 'deploy-failed');
  assert.ok(steps.includes('not created Site'));
});

describe('the site and the branding of the org', () => {
  const declared = webDeployment('Old', '<branding>Other</branding><site>ESW_Other</site>');

  test('are never changed, and never copied to another org', async () => {
    const { sf } = fakeDev({ files: LIVE_FILES, active: ['Web'] });
    assert.deepEqual((await readPlanOf(sf, desiredState(...CHAT, declared))).plan.changes, []);
    const { org } = await apply(desiredState(...CHAT, declared));
    assert.deepEqual([fieldOf(org, 'site'), fieldOf(org, 'branding')], ['ESW_2', 'Branding_2']);
  });

  test('stay when other settings change', async () => {
    const { org, steps } = await apply(DESIRED, { files: LIVE_FILES, active: ['Web'] });
    assert.deepEqual(
      ['masterLabel', 'site', 'branding'].map((name) => fieldOf(org, name)),
      ['Shop', 'ESW_Own', 'Own'],
    );
    assert.ok(!steps.some((step) => step.startsWith('updating')));
  });
});

describe('a missing chat deployment whose declared site the org has', () => {
  const declared = webDeployment('Shop', '<branding>Other</branding><site>ESW_Shop</site>');
  const files = { 'sites/ESW_Shop.site': '<CustomSite/>' };

  test('is created by a deploy with that site, and without the branding of another org', async () => {
    const { org, error } = await apply(desiredState(...CHAT, declared), { files });
    assert.equal(error, undefined);
    assert.deepEqual([org.detailsOf('createChatDeployment'), org.published], [[], ['Site']]);
    assert.deepEqual([fieldOf(org, 'site'), fieldOf(org, 'branding')], ['ESW_Shop', undefined]);
  });

  test('is set up with the Connect API if the org rejects the deploy', async () => {
    const { org, error } = await apply(desiredState(...CHAT, declared), {
      files,
      setUp: (each) =>
        each.intercept(
          'deploy',
          async (proceed) => {
            each.rejectDeploy('No.', 'EmbeddedServiceConfig', 'Site');
            return proceed();
          },
          /EmbeddedServiceConfig/,
        ),
    });
    assert.equal(error, undefined);
    assert.equal(org.detailsOf('createChatDeployment').length, 1);
    assert.equal(fieldOf(org, 'masterLabel'), 'Shop');
  });
});

describe('an org that rejects an update because of the immutable site', () => {
  const reject = (problem: string) => (org: FakeOrg) => org.rejectDeploy(problem, 'EmbeddedServiceConfig', 'Site');

  test('gets the rest as a deploy, and the chat deployment with all its fields', async () => {
    const desired = desiredState(queue('Chat', 'New'), channel('Web', 'Chat'), webDeployment('Shop'));
    const { org, steps, error } = await apply(desired, {
      files: LIVE_FILES,
      active: ['Web'],
      setUp: reject('site: this field is immutable'),
    });
    assert.equal(error, undefined);
    assert.deepEqual(
      steps.filter((step) => /^(deploying|updating)/.test(step)),
      ['deploying Queue:Chat, EmbeddedServiceConfig:Site', 'deploying Queue:Chat', 'updating Site'],
    );
    assert.deepEqual(JSON.parse(org.detailsOf('updateChatDeployment')[0] ?? ''), {
      branding: 'Own',
      clientVersion: 'WebV2',
      deploymentType: 'Web',
      masterLabel: 'Shop',
      site: 'ESW_Own',
      embeddedServiceMessagingChannel: { messagingChannel: 'Web' },
    });
  });

  test('gets no request of the Tooling API for another problem', async () => {
    const { org, error } = await apply(DESIRED, {
      files: LIVE_FILES,
      active: ['Web'],
      setUp: reject('masterLabel: too long'),
    });
    assert.deepEqual([error?.code, org.detailsOf('updateChatDeployment')], ['deploy-failed', []]);
  });
});

test('resumes a saved plan after the chat deployment was set up without its settings', async () => {
  const { sf, org } = fakeDev();
  const { plan } = await readPlanOf(sf, DESIRED);
  const transition = transitionFor(plan, await readOrg(sf, DESIRED, API_VERSION), [...DESIRED.components.keys()]);
  for (const [path, text] of Object.entries(LIVE_FILES)) org.files.set(path, text);
  const saved: DesiredState = { org: ORG, compromised: [], components: mapOf(DESIRED.components.values()), transition };
  const live = await readOrg(sf, saved, API_VERSION);
  assert.deepEqual(findConflicts(transition, live), []);
  const [deployment] = [...planOrg(saved, live).toDeploy.values()];
  assert.deepEqual(
    ['masterLabel', 'site', 'clientVersion'].map((name) => deployment && textAt(deployment.root, name)),
    ['Shop', 'ESW_Own', 'WebV2'],
  );
});
