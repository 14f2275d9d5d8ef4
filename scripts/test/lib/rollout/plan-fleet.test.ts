import assert from 'node:assert/strict';
import { test } from 'node:test';
import { mapOf, type Component, type ComponentType, type DesiredState } from '../../../lib/model';
import { ToolError } from '../../../lib/errors';
import { planFleet, type PlanOptions } from '../../../lib/rollout';
import { FakeSf } from '../fake-sf';
import { API_VERSION, desiredState, ORG, queue } from '../org/org-samples';
import { readComponent } from '../rules/org-components';

const CHAT = queue('Chat', 'Chat');
const FILES = { 'queues/Chat.queue': '<Queue><name>Chat</name></Queue>' };
const ALIASES = ['a', 'b', 'c', 'd'];

function fleetOf(setups: ConstructorParameters<typeof FakeSf>[0]) {
  const sf = new FakeSf(setups);
  const desired = Object.keys(setups).map((alias): DesiredState => {
    const { orgId } = sf.org(alias);
    return { ...desiredState(CHAT), org: { ...ORG, alias, orgId } };
  });
  const plan = (options: Partial<PlanOptions> = {}) =>
    planFleet(sf, desired, { apiVersion: API_VERSION, onResult: () => undefined, ...options });
  return { sf, desired, plan };
}

test('plans each org and reports each result; one failure does not affect the others', async () => {
  const { sf, plan } = fleetOf({ a: {}, b: {}, c: { files: FILES } });
  sf.org('b').fail('query', 'unreachable');
  const results: string[] = [];
  const fleet = await plan({ onResult: ({ alias, status }) => results.push(`${alias} ${status}`) });
  assert.deepEqual(
    fleet.map(({ result }) => result.status),
    ['planned', 'unreachable', 'unchanged'],
  );
  assert.deepEqual(results.sort(), ['a planned', 'b unreachable', 'c unchanged']);
});

for (const [concurrency, expected] of [
  [undefined, 4],
  [1, 1],
  [2, 2],
] as const)
  test(`reads ${expected} of 4 orgs at a time with the concurrency ${String(concurrency)}`, async () => {
    const { plan } = fleetOf(Object.fromEntries(ALIASES.map((alias) => [alias, {}])));
    let [reading, most] = [0, 0];
    const beforeRead = async (): Promise<void> => {
      most = Math.max(most, ++reading);
      await new Promise((resolve) => setImmediate(resolve));
      reading--;
    };
    const fleet = await plan({ concurrency, beforeRead });
    assert.deepEqual(
      fleet.map(({ desired }) => desired.org.alias),
      ALIASES,
    );
    assert.equal(most, expected);
  });

test('plans no org without orgs', async () => {
  assert.deepEqual(await fleetOf({}).plan(), []);
});

test('an error of beforeRead becomes the result of the org, and the org is not read', async () => {
  const { sf, plan } = fleetOf({ a: {} });
  const [planned] = await plan({ beforeRead: () => Promise.reject(new Error('before')) });
  assert.deepEqual([planned?.result.status, planned?.plan], ['failed', undefined]);
  assert.deepEqual(sf.org('a').detailsOf('retrieve'), []);
});

test('rejects an org with another ID than its org file declares', async () => {
  const { sf, desired } = fleetOf({ a: {} });
  const other = desired.map((each) => ({ ...each, org: { ...each.org, orgId: '00D000000000009EAA' } }));
  const [planned] = await planFleet(sf, other, { apiVersion: API_VERSION, onResult: () => undefined });
  assert.deepEqual([planned?.result.status, planned?.result.error?.code], ['unreachable', 'org-mismatch']);
});

test('rejects an org without a component that its org file lists under "existing"', async () => {
  const { sf, desired } = fleetOf({ a: {} });
  const existing = (...keys: string[]) => desired.map((each) => ({ ...each, org: { ...each.org, existing: keys } }));
  const errorOf = async (...keys: string[]) =>
    (await planFleet(sf, existing(...keys), { apiVersion: API_VERSION, onResult: () => undefined }))[0]?.result.error;
  assert.deepEqual(
    [(await errorOf('Flow:A'))?.code, (await errorOf('Flow:A'))?.what],
    ['missing-in-org', 'Flow:A doesn\'t exist in "a". Nothing was deployed to it.'],
  );
  assert.match((await errorOf('Flow:A', 'Flow:B'))?.what ?? '', /^Flow:A, Flow:B don't exist/);
});

test('suggests the similar name that the org has for a component under "existing", and names a misspelling as a cause', async () => {
  const { sf, desired } = fleetOf({ a: { files: FILES } });
  const errorOf = async (existing: readonly string[]) => {
    const orgs = desired.map((each) => ({ ...each, components: new Map(), org: { ...each.org, existing } }));
    return (await planFleet(sf, orgs, { apiVersion: API_VERSION, onResult: () => undefined }))[0]?.result.error;
  };
  const queue = await errorOf(['Queue:Chatt']);
  assert.equal(queue?.what, 'Queue:Chatt doesn\'t exist in "a". Did you mean Queue:Chat? Nothing was deployed to it.');
  assert.match(queue?.fix ?? '', /^If a name is misspelled, correct it in "existing"\. Otherwise create it in the org/);
  assert.doesNotMatch((await errorOf(['Flow:Chatt']))?.what ?? '', /Did you mean/, 'flows are not read');
  assert.doesNotMatch((await errorOf(['Queue:Unlike']))?.what ?? '', /Did you mean/, 'no name is similar');
});

test('rejects a transition whose start differs from the live state, unless conflicts are ignored', async () => {
  const { sf, desired } = fleetOf({ a: { files: FILES } });
  const state = (label: string, partial: boolean) => ({
    components: new Map([['Queue:Chat', queue('Chat', label)] as const]),
    channels: new Map(),
    partial,
  });
  const plan = async (from: string, to: string, ignoreConflicts = false, partial = true) => {
    const transition = { from: state(from, false), to: state(to, partial), publish: [], ignoreConflicts };
    const target = desired.map((each) => ({ ...each, transition }));
    return (await planFleet(sf, target, { apiVersion: API_VERSION, onResult: () => undefined }))[0]?.result;
  };
  assert.equal((await plan('Chat', 'Talk'))?.status, 'planned');
  assert.equal((await plan('Old', 'Chat'))?.status, 'unchanged');
  const stale = await plan('Old', 'New');
  assert.deepEqual(
    [stale?.status, stale?.error?.code, stale?.error?.why],
    ['failed', 'plan-stale', 'Queue:Chat name: Old -> Chat'],
  );
  assert.match(stale?.error?.fix ?? '', /npm run plan -- --out FILE/);
  assert.match((await plan('Old', 'New', false, false))?.error?.fix ?? '', /--ignore-conflicts/);
  assert.equal((await plan('Old', 'New', true))?.status, 'planned');
});

const xml = (type: ComponentType, body: string): string => `<${type}>${body}</${type}>`;
const component = (type: ComponentType, fullName: string, body: string): Component =>
  readComponent(type, fullName, xml(type, body));

const chat = (config: string, more = ''): string =>
  `${more}<embeddedConfig>${config}</embeddedConfig><masterLabel>Web</masterLabel><messagingChannelType>EmbeddedMessaging</messagingChannelType><sessionHandlerQueue>Chat</sessionHandlerQueue><sessionHandlerType>Queue</sessionHandlerType>`;
const authorization = (name = 'Customer'): string =>
  `<messagingAuthorizations><authIdentifier>${name}</authIdentifier><authorizationType>PublicKeyCertificateSet</authorizationType><enabled>true</enabled><publicKeyCertificateSetName>Identity</publicKeyCertificateSetName></messagingAuthorizations>`;
const VERIFIED = chat(
  `<authMode>Auth</authMode>${authorization()}<verifiedUserJwtExpirationTime>60</verifiedUserJwtExpirationTime>`,
);
const SESSION_BASED = '<isSynchronousChatEnabled>true</isSynchronousChatEnabled>';
const ENDPOINT = '<jwksEndPoint>https://id.example.com/keys</jwksEndPoint>';
const keysetText = (rest: string): string =>
  `<jwtIssuer>https://id.example.com</jwtIssuer><masterLabel>Identity</masterLabel>${rest}`;

/** Plans one org with `live` files and `declared` components. */
async function planOne(
  live: Readonly<Record<string, string>>,
  declared: readonly Component[],
  existing: readonly string[] = [],
) {
  const sf = new FakeSf({ a: { files: live } });
  const org = { ...ORG, alias: 'a', orgId: sf.org('a').orgId, existing };
  const desired = { org, components: mapOf(declared), compromised: [] };
  const [planned] = await planFleet(sf, [desired], { apiVersion: API_VERSION, onResult: () => undefined });
  return { sf, status: planned?.result.status, error: planned?.result.error };
}

/** What the org has, what the source declares, and the rule that the merged component violates; undefined for none. */
const merges: readonly (readonly [string, ComponentType, string, string, string | undefined])[] = [
  [
    'Session-Based Chat that is on in the org, with user verification',
    'MessagingChannel',
    chat('<authMode>UnAuth</authMode>', SESSION_BASED),
    VERIFIED,
    'session-based-chat',
  ],
  [
    'Session-Based Chat as 1',
    'MessagingChannel',
    chat('<authMode>UnAuth</authMode>', SESSION_BASED.replace('true', '1')),
    VERIFIED,
    'session-based-chat',
  ],
  [
    'Session-Based Chat that the source turns off',
    'MessagingChannel',
    chat('<authMode>UnAuth</authMode>', SESSION_BASED),
    `${SESSION_BASED.replace('true', 'false')}${VERIFIED}`,
    undefined,
  ],
  [
    'Session-Based Chat that is off',
    'MessagingChannel',
    chat('<authMode>UnAuth</authMode>', SESSION_BASED.replace('true', 'false')),
    VERIFIED,
    undefined,
  ],
  [
    'Session-Based Chat that the source turns on for a channel with user verification in the org',
    'MessagingChannel',
    VERIFIED,
    `${SESSION_BASED}<masterLabel>Web</masterLabel><messagingChannelType>EmbeddedMessaging</messagingChannelType>`,
    'session-based-chat',
  ],
  ['both settings in the org already', 'MessagingChannel', `${SESSION_BASED}${VERIFIED}`, VERIFIED, undefined],
  [
    'an undeclared configuration with a bad name, which the plan revokes',
    'MessagingChannel',
    chat(`<authMode>UnAuth</authMode>${authorization('9 lives')}`),
    VERIFIED,
    undefined,
  ],
  [
    'undeclared configurations of a channel that the source turns off',
    'MessagingChannel',
    VERIFIED,
    chat('<authMode>UnAuth</authMode>'),
    undefined,
  ],
  [
    'an endpoint of a keyset that the source changes to uploaded keys, which the plan removes',
    'PublicKeyCertificateSet',
    keysetText(`${ENDPOINT}<type>JWKS_URL</type>`),
    keysetText(
      '<publicKeyCertificateSetKeys><publicKeyCertificate>A</publicKeyCertificate></publicKeyCertificateSetKeys><type>JWKS</type>',
    ),
    undefined,
  ],
];

const FOLDERS = {
  MessagingChannel: 'messagingChannels/Web.messagingChannel',
  PublicKeyCertificateSet: 'PublicKeyCertificateSet/Web.PublicKeyCertificateSet',
};

for (const [name, type, live, declared, rule] of merges)
  test(`${rule === undefined ? 'plans' : 'rejects'} ${name}`, async () => {
    const { status, error } = await planOne({ [FOLDERS[type as keyof typeof FOLDERS]]: xml(type, live) }, [
      component(type, 'Web', declared),
    ]);
    assert.deepEqual([error?.code, status === 'failed'], [rule && 'conflicting-setting', rule !== undefined]);
    if (rule !== undefined) assert.ok(error?.why.includes(`(rule ${rule})`), error?.why);
  });

const deployment = (body: string): Component =>
  component('EmbeddedServiceConfig', 'Site', `<deploymentType>API</deploymentType>${body}`);
const response = (name: string): string =>
  `<automatedResponses><autoResponseContentType>MessageDefinition</autoResponseContentType><messageDefinitionName>${name}</messageDefinitionName><type>InitialResponse</type></automatedResponses>`;
const custom = (name: string, more = ''): Component =>
  deployment(
    `<embeddedServiceCustomComponents>${more}<customComponent>${name}</customComponent><customComponentType>MIAW_Header</customComponentType></embeddedServiceCustomComponents>`,
  );
const routingConfig = (body: string): Component =>
  component('QueueRoutingConfig', 'Chat', `<label>Chat</label>${body}`);

/** A component with a reference, the key of what it names, and the file of the org that provides it. */
const references: readonly (readonly [Component, string, string])[] = [
  [
    component('MessagingChannel', 'Web', chat('<authMode>UnAuth</authMode>', response('Hello'))),
    'ConversationMessageDefinition:Hello',
    'conversationMessageDefinitions/Hello.conversationMessageDefinition',
  ],
  [
    component(
      'MessagingChannel',
      'Web',
      chat('<authMode>UnAuth</authMode>', '<sessionHandlerAsa>Helper</sessionHandlerAsa>'),
    ),
    'Bot:Helper',
    'bots/Helper.bot',
  ],
  [custom('chatHeader'), 'LightningComponentBundle:chatHeader', 'lwc/chatHeader.js'],
  [custom('c:chatHeader'), 'LightningComponentBundle:chatHeader', 'lwc/chatHeader.js'],
  [
    custom('chatHeader', '<componentBundleType>AuraDefinitionBundle</componentBundleType>'),
    'AuraDefinitionBundle:chatHeader',
    'aura/chatHeader.cmp',
  ],
  [
    deployment('<embeddedServiceFlows><flow>Survey</flow><flowType>LA_Survey</flowType></embeddedServiceFlows>'),
    'Flow:Survey',
    'flows/Survey.flow',
  ],
  [routingConfig('<skills><skill>Returns</skill></skills>'), 'Skill:Returns', 'skills/Returns.skill'],
  [routingConfig('<queueOverflowAssignee>Spill</queueOverflowAssignee>'), 'Queue:Spill', 'queues/Spill.queue'],
  [
    component(
      'MessagingChannel',
      'Web',
      chat('<authMode>UnAuth</authMode>', '<sessionHandlerFlow>Route</sessionHandlerFlow>'),
    ),
    'Flow:Route',
    'flows/Route.flow',
  ],
];

for (const [declared, key, path] of references)
  test(`rejects ${declared.type} if the org lacks ${key}`, async () => {
    const { error } = await planOne({}, [declared]);
    assert.equal(error?.code, 'missing-in-org');
    assert.ok(error.what.startsWith(`${key} doesn't exist in "a"`), error.what);
    assert.match(error.fix, new RegExp(`sf project deploy start --metadata ${key} --target-org a`));
    assert.equal((await planOne({ [path]: '<x/>' }, [declared])).status, 'planned', 'the org has it');
  });

test('plans a component that names a type that the API version does not have', async () => {
  const sf = new FakeSf({ a: {} });
  const org = { ...ORG, alias: 'a', orgId: sf.org('a').orgId };
  const unknown = new ToolError('retrieve-failed', {
    what: '',
    why: "Entity type 'ConversationMessageDefinition' is unknown",
    fix: '',
  });
  sf.org('a').intercept('retrieve', () => Promise.reject(unknown), /<name>ConversationMessageDefinition</);
  const declared = component('MessagingChannel', 'Web', chat('<authMode>UnAuth</authMode>', response('Hello')));
  const desired = {
    org,
    components: mapOf([declared, routingConfig('<skills><skill>Returns</skill></skills>')]),
    compromised: [],
  };
  const [planned] = await planFleet(sf, [desired], { apiVersion: API_VERSION, onResult: () => undefined });
  assert.match(planned?.result.error?.what ?? '', /^Skill:Returns doesn't exist/, 'the other type is looked up');
});

test('looks an overflow user up by the username, and not by an ID', async () => {
  const assignee = (user: string): Component => routingConfig(`<userOverflowAssignee>${user}</userOverflowAssignee>`);
  const { error } = await planOne({}, [assignee("o'neil@shop.example")]);
  assert.match(error?.what ?? '', /^User:o'neil@shop\.example doesn't exist/);
  assert.doesNotMatch(error?.fix ?? '', /sf project deploy/);
  assert.equal((await planOne({}, [assignee('0055g00000abcdeAAA')])).status, 'planned');
  const sf = new FakeSf({ a: {} });
  sf.org('a').users = ['desk@shop.example'];
  const org = { ...ORG, alias: 'a', orgId: sf.org('a').orgId };
  const desired = { org, components: mapOf([assignee('desk@shop.example')]), compromised: [] };
  const [planned] = await planFleet(sf, [desired], { apiVersion: API_VERSION, onResult: () => undefined });
  assert.equal(planned?.result.status, 'planned');
  assert.ok(
    sf
      .org('a')
      .detailsOf('query')
      .some((soql) => soql.includes("Username IN ('desk@shop.example')")),
  );
});

const hours = (name: string): Component =>
  deployment(
    `<embeddedServiceMessagingChannel><businessHours>${name}</businessHours><messagingChannel>Web</messagingChannel></embeddedServiceMessagingChannel>`,
  );

test('looks business hours up by their name, whatever its spaces and case', async () => {
  assert.match(
    (await planOne({}, [hours('Night_Shift')])).error?.what ?? '',
    /^BusinessHours:Night_Shift doesn't exist in "a"\. Nothing/,
  );
  assert.match(
    (await planOne({}, [hours('Defualt')])).error?.what ?? '',
    /^BusinessHours:Defualt doesn't exist in "a"\. Did you mean BusinessHours:Default\? Nothing/,
  );
  assert.equal((await planOne({}, [hours('default')])).status, 'planned');
});

test('does not look up what the same deploy contains, what the org file lists, record IDs, and what the org names already', async () => {
  const overflow = routingConfig('<queueOverflowAssignee>Spill</queueOverflowAssignee>');
  const id = routingConfig('<queueOverflowAssignee>00G5g000001abcdEAA</queueOverflowAssignee>');
  const live = {
    'queueRoutingConfigs/Chat.queueRoutingConfig': xml(
      'QueueRoutingConfig',
      '<label>Old</label><queueOverflowAssignee>Spill</queueOverflowAssignee>',
    ),
  };
  assert.equal((await planOne({}, [overflow, queue('Spill', 'Spill')])).status, 'planned');
  assert.equal((await planOne({}, [id])).status, 'planned');
  const known = await planOne(live, [overflow]);
  assert.deepEqual([known.status, known.sf.org('a').detailsOf('retrieve').length], ['planned', 1]);
  const listed = await planOne({ 'flows/Survey.flow': '<Flow/>' }, [references[5]?.[0] ?? overflow], ['Flow:Survey']);
  assert.deepEqual([listed.status, listed.sf.org('a').detailsOf('retrieve').length], ['planned', 1]);
});
