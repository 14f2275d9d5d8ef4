import assert from 'node:assert/strict';
import { test } from 'node:test';
import { startTestOrg, type Client } from './client';
import { channelXml, deploymentXml, PATHS, verifiedChannel } from './samples';

const SOBJECTS = '/services/data/v67.0/sobjects';

async function readChannel(client: Client): Promise<{ Id: string; IsActive: boolean }> {
  const { records } = await client.query("SELECT Id, IsActive FROM MessagingChannel WHERE DeveloperName = 'Web'");
  return records[0] as never;
}

const patch = (client: Client, path: string, body: unknown) =>
  client.rest(SOBJECTS + path, { method: 'PATCH', body: typeof body === 'string' ? body : JSON.stringify(body) });

test('a new channel is inactive until it is activated, and a deploy keeps it active', async (t) => {
  const client = await startTestOrg(t);
  await client.deploy(verifiedChannel);
  const { Id, IsActive } = await readChannel(client);
  assert.equal(IsActive, false);
  assert.equal((await patch(client, `/MessagingChannel/${Id}`, { IsActive: true })).status, 204);
  await client.deploy(verifiedChannel);
  const again = await readChannel(client);
  assert.deepEqual([again.Id, again.IsActive], [Id, true]);
  assert.ok(client.org.log.some(({ kind }) => kind === 'update'));
});

for (const [what, path, body, status, code] of [
  ['an unknown record', '/MessagingChannel/0Mj000000000000AAA', { IsActive: true }, 404, 'NOT_FOUND'],
  ['an unknown object', '/PublicKeyCertificate/0Mj000000000000AAA', {}, 404, 'NOT_FOUND'],
  ['an unknown field', '/MessagingChannel/ID', { Nope: 1 }, 400, 'INVALID_FIELD'],
  [
    'a field that is not for writing',
    '/MessagingChannel/ID',
    { ChannelAddressIdentifier: 'x' },
    400,
    'INVALID_FIELD_FOR_INSERT_UPDATE',
  ],
  ['a text for a boolean', '/MessagingChannel/ID', { IsActive: 'true' }, 400, 'JSON_PARSER_ERROR'],
  ['no JSON', '/MessagingChannel/ID', '{', 400, 'JSON_PARSER_ERROR'],
] as const) {
  test(`rejects an update of ${what}`, async (t) => {
    const client = await startTestOrg(t);
    await client.deploy(verifiedChannel);
    const { Id } = await readChannel(client);
    const response = await patch(client, path.replace('ID', Id), body);
    assert.equal(response.status, status);
    assert.equal(((await response.json()) as { errorCode: string }[])[0]?.errorCode, code);
  });
}

test('returns all or some fields of a record by ID', async (t) => {
  const client = await startTestOrg(t);
  await client.deploy(verifiedChannel);
  const { Id } = await readChannel(client);
  const whole = (await (await client.rest(`${SOBJECTS}/MessagingChannel/${Id}`)).json()) as Record<string, unknown>;
  assert.equal(whole['MasterLabel'], 'Web Chat');
  assert.match(
    String(whole['ChannelAddressIdentifier']),
    /^[\da-f]{8}-[\da-f]{4}-4[\da-f]{3}-[89ab][\da-f]{3}-[\da-f]{12}$/,
  );
  const some = await client.rest(`${SOBJECTS}/MessagingChannel/${Id.slice(0, 15)}?fields=DeveloperName`);
  assert.equal(((await some.json()) as Record<string, unknown>)['DeveloperName'], 'Web');
  assert.equal((await client.rest(`${SOBJECTS}/MessagingChannel/${Id}?fields=Nope`)).status, 400);
});

test('describes objects, but not SourceMember and keysets', async (t) => {
  const client = await startTestOrg(t);
  assert.equal((await client.rest(`${SOBJECTS}/MessagingChannel/describe`)).status, 200);
  assert.equal((await client.rest(`${SOBJECTS}/PublicKeyCertificateSet/describe`)).status, 404);
  assert.equal((await client.rest('/services/data/v67.0/tooling/sobjects/SourceMember/describe')).status, 404);
});

test('publishes a chat deployment from API 67.0, repeatedly', async (t) => {
  const client = await startTestOrg(t);
  await client.deploy({ ...verifiedChannel, [PATHS.deployment]: deploymentXml() });
  const { records } = await client.query('SELECT Id FROM EmbeddedServiceConfig', true);
  const path = `/connect/embeddedservice/embeddedserviceconfig/publish/${String(records[0]?.['Id'])}`;
  for (const version of ['67.0', '67.0']) {
    const response = await client.rest(`/services/data/v${version}${path}`, { method: 'POST', body: '{}' });
    assert.equal(response.status, 201);
    assert.deepEqual(await response.json(), { isSuccess: true });
  }
  assert.equal(client.org.log.filter(({ kind }) => kind === 'publish').length, 2);
  for (const wrong of [
    `/services/data/v66.0${path}`,
    `/services/data/v67.0${path.replace(/\w{18}$/, '0ES000000000000AAA')}`,
  ]) {
    const response = await client.rest(wrong, { method: 'POST', body: '{}' });
    assert.deepEqual(
      [response.status, ((await response.json()) as { errorCode: string }[])[0]?.errorCode],
      [404, 'NOT_FOUND'],
    );
  }
});

const AGENT =
  '<sessionHandlerAsa>Helper</sessionHandlerAsa><sessionHandlerQueue>Chat</sessionHandlerQueue><sessionHandlerType>AgentforceServiceAgent</sessionHandlerType>';
const toAgent = (text: string): string =>
  text
    .replace(/\s*<sessionHandlerQueue>[^<]*<\/sessionHandlerQueue>/, '')
    .replace(/<sessionHandlerType>[^<]*<\/sessionHandlerType>/, AGENT);

for (const agentRouting of ['dropped', 'bound'] as const)
  test(`a deploy leaves the agent of a channel ${agentRouting}, and a PATCH sets it`, async (t) => {
    const client = await startTestOrg(t, { agentRouting });
    const bot = {
      'bots/Helper.bot': '<Bot xmlns="http://soap.sforce.com/2006/04/metadata"><label>Helper</label></Bot>',
    };
    const channel = toAgent(channelXml());
    await client.deploy({ ...verifiedChannel, ...bot, [PATHS.channel]: channel });
    const read = async (object: string, fields: string) =>
      (await client.query(`SELECT ${fields} FROM ${object}`)).records[0] as Readonly<Record<string, string | null>>;
    const agentId = (await read('BotDefinition', 'Id'))['Id'] ?? '';
    const queueId = (await read('Group', 'Id'))['Id'] ?? '';
    const handler = async () => {
      const record = await read('MessagingChannel', 'Id, SessionHandlerId, FallbackQueueId');
      return [record['SessionHandlerId'], record['FallbackQueueId']];
    };
    const storedAgent = () => /<sessionHandlerAsa>(\w+)</.exec(client.org.files().get(PATHS.channel) ?? '')?.[1];
    const isBound = agentRouting === 'bound';
    assert.deepEqual(
      [...(await handler()), storedAgent()],
      isBound ? [agentId, queueId, 'Helper'] : [null, null, undefined],
    );
    const { Id } = await readChannel(client);
    const wrong = await patch(client, `/MessagingChannel/${Id}`, { SessionHandlerId: queueId });
    assert.match(await wrong.text(), /Only active Agentforce Service Agents are supported/);
    const values = { SessionHandlerId: agentId, FallbackQueueId: queueId };
    assert.equal((await patch(client, `/MessagingChannel/${Id}`, values)).status, 204);
    await client.deploy({ [PATHS.channel]: channel });
    assert.deepEqual([...(await handler()), storedAgent()], [agentId, queueId, 'Helper']);
  });

const PERMISSION_SET =
  '<PermissionSet xmlns="http://soap.sforce.com/2006/04/metadata"><label>Chat Agent</label></PermissionSet>';

test('assigns a permission set once, and keeps the assignment until it is deleted', async (t) => {
  const client = await startTestOrg(t);
  await client.deploy({ 'permissionsets/Chat_Agent.permissionset': PERMISSION_SET });
  const idOf = async (soql: string) => String((await client.query(soql)).records[0]?.['Id']);
  const AssigneeId = await idOf('SELECT Id FROM User');
  const PermissionSetId = await idOf("SELECT Id FROM PermissionSet WHERE Name = 'Chat_Agent'");
  const create = (values: object) =>
    client.rest(`${SOBJECTS}/PermissionSetAssignment`, { method: 'POST', body: JSON.stringify(values) });
  const created = await create({ AssigneeId, PermissionSetId });
  assert.equal(created.status, 201);
  const { id } = (await created.json()) as { id: string };
  const again = (await (await create({ AssigneeId, PermissionSetId })).json()) as { errorCode: string }[];
  assert.equal(again[0]?.errorCode, 'DUPLICATE_VALUE');
  for (const values of [{ AssigneeId }, { AssigneeId: PermissionSetId, PermissionSetId }])
    assert.equal((await create(values)).status, 400);
  const assigned = 'SELECT PermissionSet.Name FROM PermissionSetAssignment';
  assert.deepEqual(
    (await client.query(assigned)).records.map(({ PermissionSet: set }) => (set as { Name: string }).Name),
    ['Chat_Agent'],
  );
  const deleted = await client.rest(`${SOBJECTS}/PermissionSetAssignment/${id}`, { method: 'DELETE' });
  assert.equal(deleted.status, 204);
  assert.equal((await client.query(assigned)).totalSize, 0);
});

test('reads, updates, and deletes several records in one request', async (t) => {
  const client = await startTestOrg(t);
  await client.deploy(verifiedChannel);
  const { Id } = await readChannel(client);
  const collection = '/services/data/v67.0/composite/sobjects';
  const send = async (method: string, path: string, body?: object) =>
    (await (await client.rest(collection + path, { method, ...(body && { body: JSON.stringify(body) }) })).json()) as {
      success?: boolean;
      IsActive?: boolean;
      errors?: { statusCode: string }[];
    }[];
  const channel = (id: string) => ({ id, attributes: { type: 'MessagingChannel' }, IsActive: true });
  const [updated, unknown] = await send('PATCH', '', { records: [channel(Id), channel('0Mj000000000001AAA')] });
  assert.deepEqual([updated?.success, unknown?.success, unknown?.errors?.[0]?.statusCode], [true, false, 'NOT_FOUND']);
  const found = await send('POST', '/MessagingChannel', { ids: [Id, '0Mj000000000001AAA'], fields: ['IsActive'] });
  assert.deepEqual([found[0]?.IsActive, found[1]], [true, null]);
  assert.equal((await send('DELETE', '?ids=0Mj000000000001AAA'))[0]?.success, false);
});

for (const [method, path, body] of [
  ['POST', '/MessagingChannel', {}],
  ['POST', '/MessagingChannel', { ids: 'x', fields: ['Id'] }],
  ['POST', '/MessagingChannel', { ids: [1], fields: ['Id'] }],
  ['POST', '', { records: [1] }],
  ['PATCH', '', {}],
] as const)
  test(`rejects ${method} composite/sobjects${path} with ${JSON.stringify(body)}`, async (t) => {
    const client = await startTestOrg(t);
    const init = { method, body: JSON.stringify(body) };
    const response = await client.rest(`/services/data/v67.0/composite/sobjects${path}`, init);
    assert.equal(response.status, 400, await response.text());
  });
