import assert from 'node:assert/strict';
import { test } from 'node:test';
import { withLeaf, type Component, type DesiredState, type LiveState } from '../../../lib/model';
import type { ReportStep } from '../../../lib/org';
import { applyPlan, DEFAULT_TIMEOUTS, planOrg, readOrg, waitUntilIdle, type ReadPlan } from '../../../lib/org';
import { withoutDeployedAgent } from '../../../local-org/jobs/agent-routing';
import type { FakeOrg, FakeSf } from '../fake-sf';
import { readComponent } from '../rules/org-components';
import { onVirtualTime } from '../virtual-time';
import {
  addJob,
  API_VERSION,
  channel,
  chatDeployment,
  desiredState,
  fakeDev,
  queue,
  stepRecorder,
} from './org-samples';

const ID = '0Af000000000000001';
const QUEUE = queue('Chat', 'Chat');
const SITE: readonly Component[] = [QUEUE, channel('Web', 'Chat'), chatDeployment('Web_Site', 'Web')];
const TWO_SITES = [...SITE, channel('App', 'Chat'), chatDeployment('App_Site', 'App')];

/** Reads and plans the fake org as a rollout does under the lock. */
async function readPlanOf(sf: FakeSf, desired: DesiredState): Promise<ReadPlan> {
  const { knownJobIds } = await waitUntilIdle(sf, 'dev', 0, () => undefined);
  return { desired, plan: planOrg(desired, await readOrg(sf, desired, API_VERSION)), knownJobIds };
}

const applyRead = (sf: FakeSf, read: ReadPlan, reportStep: ReportStep): Promise<LiveState> =>
  applyPlan(sf, read, {
    apiVersion: API_VERSION,
    reportStep,
    timeouts: DEFAULT_TIMEOUTS,
    replan: () => readPlanOf(sf, read.desired),
  });

/** Plans and applies the desired state of a fake org. `setUp` runs between both. */
async function apply(desired: DesiredState, setUp: (org: FakeOrg) => void = () => undefined, listsJobs = true) {
  const { sf, org } = fakeDev();
  org.listsJobs = listsJobs;
  const read = await readPlanOf(sf, desired);
  org.calls.length = 0;
  setUp(org);
  const { steps, reportStep } = stepRecorder();
  const run = () => applyRead(sf, read, reportStep).catch((thrown: unknown) => thrown);
  const { result } = await onVirtualTime<unknown>(run);
  return { sf, org, steps, result, error: result as { code: string; what: string; why: string; fix: string } };
}

test('deploys, activates, publishes and reads back, in this order', async () => {
  const { org, steps, result } = await apply(desiredState(...SITE));
  assert.deepEqual(steps, [
    'deploying Queue:Chat, MessagingChannel:Web, EmbeddedServiceConfig:Web_Site',
    `submitted ${ID}`,
    `deployed ${ID}`,
    'activating Web',
    'publishing Web_Site',
    'published',
    'reading back',
  ]);
  assert.deepEqual([[...org.active], org.published], [['Web'], ['Web_Site']]);
  const live = result as { channels: ReadonlyMap<string, object>; components: ReadonlyMap<string, object> };
  assert.deepEqual([...live.channels], [['Web', { id: 'id-of-Web', active: true }]]);
  assert.deepEqual([...live.components.keys()].sort(), [
    'EmbeddedServiceConfig:Web_Site',
    'MessagingChannel:Web',
    'Queue:Chat',
  ]);
});

test('sends nothing but the retrieve and queries if there is nothing to change', async () => {
  const { org, steps, error } = await apply(desiredState());
  assert.deepEqual(steps, ['reading back']);
  assert.deepEqual([...new Set(org.calls.map(({ method }) => method))].sort(), ['query', 'retrieve']);
  assert.equal(error.code, undefined);
});

test('throws readback-mismatch with the settings that differ after the deploy', async () => {
  const { error } = await apply(desiredState(QUEUE), (org) =>
    org.intercept('deploy', async (proceed) => {
      const id = await proceed();
      org.files.set('queues/Chat.queue', '<Queue><name>Other</name></Queue>');
      return id;
    }),
  );
  assert.deepEqual(
    [error.code, error.what, error.why],
    [
      'readback-mismatch',
      'The deploy to "dev" succeeded, but the org doesn\'t match what was deployed.',
      'Settings that differ: Queue:Chat name.',
    ],
  );
});

test('names the deploy job of somebody else that changed the org after the deploy', async () => {
  const { error } = await apply(desiredState(QUEUE), (org) =>
    org.intercept('deploy', async (proceed) => {
      const id = await proceed();
      org.files.set('queues/Chat.queue', '<Queue><name>Other</name></Queue>');
      addJob(org, ['Queue:Chat'], { createdAt: Date.now() + 5_000 });
      return id;
    }),
  );
  assert.deepEqual(
    [error.code, error.what, error.why],
    [
      'concurrent-deploy',
      'The deploy to "dev" succeeded, and then deploy job 0Af000000000000002 by Admin changed the org.',
      'Settings that differ: Queue:Chat name.',
    ],
  );
});

test('throws readback-mismatch if a channel is inactive after the deploy', async () => {
  const { error } = await apply(desiredState(...SITE), (org) => org.intercept('setActive', () => Promise.resolve()));
  assert.deepEqual(
    [error.code, error.why],
    ['readback-mismatch', 'Settings that differ: MessagingChannel:Web isActive.'],
  );
});

test('fails if the org cannot be read back', async () => {
  const { org, error } = await apply(desiredState(...SITE), (each) => each.fail('retrieve', 'unreachable'));
  assert.equal(error.code, 'org-unreachable');
  assert.deepEqual(org.published, ['Web_Site']);
});

test('does not activate or publish after a rejected deploy', async () => {
  const { org, error } = await apply(desiredState(...SITE), (each) => each.rejectDeploy('Label is required'));
  assert.equal(error.code, 'deploy-failed');
  assert.doesNotMatch(error.fix, /publishes/);
  assert.deepEqual([[...org.active], org.published, org.detailsOf('setActive')], [[], [], []]);
});

test('tells that a resumed run publishes if activation fails', async () => {
  const { org, error } = await apply(desiredState(...SITE), (each) => each.fail('setActive', 'rejected'));
  assert.equal(error.code, 'activate-failed');
  assert.match(error.fix, /Resume the run\. The resumed run also publishes Web_Site/);
  assert.deepEqual(org.published, []);
});

test('tells that a resumed run publishes if the result of the deploy is unknown', async () => {
  const { error } = await apply(desiredState(...SITE), (org) => org.fail('deploy', 'connectionLost'), false);
  assert.equal(error.code, 'deploy-unknown');
  assert.match(error.fix, /The resumed run also publishes Web_Site/);
  assert.equal(error.fix.split('Resume the run.').length, 2);
});

test('waits for all activations before it fails', async () => {
  let slowEnded = false;
  const { org, error } = await apply(desiredState(...TWO_SITES), (each) => {
    each.fail('setActive', 'rejected');
    each.intercept('setActive', async (proceed) => {
      await new Promise((resolve) => setTimeout(resolve, 5_000));
      slowEnded = true;
      return proceed();
    });
  });
  assert.deepEqual([error.code, slowEnded, org.active.size], ['activate-failed', true, 1]);
});

test('waits for all publications before it fails', async () => {
  const { org, error } = await apply(desiredState(...TWO_SITES), (each) => {
    each.fail('publish', 'rejected');
    each.intercept('publish', async (proceed) => {
      await new Promise((resolve) => setTimeout(resolve, 5_000));
      return proceed();
    });
  });
  assert.deepEqual([error.code, org.published], ['publish-failed', ['App_Site']]);
});

test('activates no channel if the org does not list one of them', async () => {
  const { org, error } = await apply(desiredState(...TWO_SITES), (each) => {
    const rows = [{ Id: 'id-of-Web', DeveloperName: 'Web' }];
    each.intercept('query', () => Promise.resolve(rows), /FROM MessagingChannel/);
  });
  assert.deepEqual([error.code, error.what], ['readback-mismatch', 'MessagingChannel App isn\'t listed in "dev".']);
  assert.deepEqual([org.detailsOf('setActive'), org.published], [[], []]);
});

test('publishes no chat deployment if the org does not list one of them', async () => {
  const { org, error } = await apply(desiredState(...TWO_SITES), (each) => {
    const rows = [{ Id: 'id-of-Web_Site', DeveloperName: 'Web_Site' }];
    each.intercept('query', () => Promise.resolve(rows), /FROM EmbeddedServiceConfig/);
  });
  assert.match(error.what, /EmbeddedServiceConfig App_Site/);
  assert.deepEqual(org.published, []);
});

test('rejects another org at the same login when it is read back', async () => {
  const { org, error } = await apply(desiredState(...SITE), (each) =>
    each.intercept('publish', async (proceed) => {
      await proceed();
      each.orgId = '00D000000000009EAA';
    }),
  );
  assert.deepEqual([error.code, org.published], ['org-mismatch', ['Web_Site']]);
  assert.match(error.what, /belongs to org 00D000000000009EAA/);
});

test('deactivates no channel if the login belongs to another org', async () => {
  const { sf, org } = fakeDev({ active: ['Web'] });
  const read = await readPlanOf(sf, desiredState());
  org.orgId = '00D000000000009EAA';
  const applying = applyRead(sf, { ...read, plan: { ...read.plan, deactivate: ['Web'] } }, () => undefined);
  await assert.rejects(applying, { code: 'org-mismatch' });
  assert.deepEqual([...org.active], ['Web']);
});

test('deactivates channels before it deploys', async () => {
  const { sf, org } = fakeDev();
  const desired = desiredState(...SITE);
  await applyRead(sf, await readPlanOf(sf, desired), () => undefined);
  const { org: config, components } = desired;
  const empty = { components: new Map(), channels: new Map(), partial: false };
  const to = {
    ...empty,
    components: new Map([['Queue:Chat', queue('Chat', 'Talk')] as const]),
    channels: new Map([['Web', false]]),
  };
  const off = { org: config, components, compromised: [], transition: { from: empty, to, publish: [] } };
  const { steps, reportStep } = stepRecorder();
  await applyRead(sf, await readPlanOf(sf, off), reportStep);
  assert.deepEqual(steps, [
    'deactivating Web',
    'deploying Queue:Chat',
    'submitted 0Af000000000000002',
    'deployed 0Af000000000000002',
    'reading back',
  ]);
  assert.deepEqual([...org.active], []);
});

const AGENT_CHANNEL = readComponent(
  'MessagingChannel',
  'Web',
  '<MessagingChannel><masterLabel>Web</masterLabel><sessionHandlerAsa>Helper</sessionHandlerAsa><sessionHandlerQueue>Chat</sessionHandlerQueue><sessionHandlerType>AgentforceServiceAgent</sessionHandlerType></MessagingChannel>',
);
const BOT = 'bots/Helper.bot';

/** What an org does with the agent of a deployed channel, and what the deploy then sets: the channel, the agent, and the queue. */
const agentOrgs: readonly (readonly [string, (org: FakeOrg) => void, readonly string[]])[] = [
  ['drops the agent', (org) => (org.store = (text, before) => withoutDeployedAgent(before, text)), ['Web Helper Chat']],
  [
    'drops only the fallback queue',
    (org) => org.handlers.set('Web', { SessionHandlerId: 'id-of-Helper', FallbackQueueId: null }),
    ['Web Helper Chat'],
  ],
  [
    'routes to another agent',
    (org) => org.handlers.set('Web', { SessionHandlerId: 'id-of-Other', FallbackQueueId: 'id-of-Chat' }),
    ['Web Helper Chat'],
  ],
  [
    'binds the agent',
    (org) => org.handlers.set('Web', { SessionHandlerId: 'id-of-Helper', FallbackQueueId: 'id-of-Chat' }),
    [],
  ],
];

for (const [name, setUp, expected] of agentOrgs)
  test(`sets the agent and its fallback queue ${expected.length === 0 ? 'not again ' : ''}in an org that ${name}`, async () => {
    const { org, steps, error } = await apply(desiredState(QUEUE, AGENT_CHANNEL), (each) => {
      each.files.set(BOT, '<Bot/>');
      setUp(each);
    });
    assert.equal(error.code, undefined, error.why);
    assert.deepEqual(org.detailsOf('setSessionHandler'), expected);
    assert.match(org.files.get('messagingChannels/Web.messagingChannel') ?? '', /<sessionHandlerAsa>Helper</);
    const routing = steps.indexOf('routing Web to Helper');
    assert.deepEqual([routing >= 0, routing < steps.indexOf('activating Web')], [expected.length > 0, true]);
  });

test('activates and publishes nothing if the agent is not set', async () => {
  const { org, error } = await apply(desiredState(QUEUE, AGENT_CHANNEL, chatDeployment('Site', 'Web')), (each) => {
    each.files.set(BOT, '<Bot/>');
    each.fail('setSessionHandler', 'rejected');
  });
  assert.deepEqual([error.code, [...org.active], org.published], ['routing-failed', [], []]);
  assert.match(error.fix, /also publishes Site/);
});

test('quotes the name of an agent in a query', async () => {
  const odd = { ...AGENT_CHANNEL, root: withLeaf(AGENT_CHANNEL.root, 'sessionHandlerAsa', "O'Helper\\") };
  const { org } = await apply(desiredState(QUEUE, odd));
  const [query] = org.detailsOf('query').filter((each) => each.includes('FROM BotDefinition'));
  assert.match(query ?? '', /IN \('O\\'Helper\\\\'\)$/);
});

test('names an agent that the org does not list', async () => {
  const { error } = await apply(desiredState(QUEUE, AGENT_CHANNEL));
  assert.deepEqual([error.code, /^Helper isn't listed in "dev"/.test(error.what)], ['routing-failed', true]);
});
