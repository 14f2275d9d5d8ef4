import assert from 'node:assert/strict';
import { createRequire } from 'node:module';
import { after, before, test } from 'node:test';
import { unzipSync } from 'fflate';
import type { LocalOrg } from '../../local-org/index';
import { startLocalOrg } from '../../local-org/index';
import { Client, loginKey, logIn } from './client';
import { packageOf } from './package-zip';
import { assertTable, supportOf, type Support } from './support-table';
import { deploymentXml, PATHS, queueXml, routingXml, verifiedChannel } from './samples';

/*
 * The unmodified jsforce that the Salesforce CLI uses, with its documented methods
 * (https://jsforce.github.io/document/ and https://jsforce.github.io/jsforce/).
 */
const { Connection, OAuth2 } = createRequire(require.resolve('@salesforce/cli'))(
  '@jsforce/jsforce-node',
) as typeof import('@jsforce/jsforce-node');

const PERMISSION_SET =
  '<PermissionSet xmlns="http://soap.sforce.com/2006/04/metadata"><label>Chat Agent</label></PermissionSet>';

let org: LocalOrg;
let conn: InstanceType<typeof Connection>;
let channelId = '';
let assignee = { AssigneeId: '', PermissionSetId: '' };

before(async () => {
  org = await startLocalOrg({ alias: 'dev', kind: 'sandbox', port: 0, loginKey });
  const client = new Client(org, await logIn(org));
  await client.deploy({
    ...verifiedChannel,
    [PATHS.deployment]: deploymentXml(),
    'permissionsets/Agent.permissionset': PERMISSION_SET,
  });
  conn = new Connection({ loginUrl: org.url, instanceUrl: org.url, accessToken: client.accessToken, version: '67.0' });
  const idOf = async (soql: string): Promise<string> => String((await client.query(soql)).records[0]?.['Id']);
  channelId = await idOf('SELECT Id FROM MessagingChannel');
  assignee = {
    AssigneeId: await idOf('SELECT Id FROM User'),
    PermissionSetId: await idOf("SELECT Id FROM PermissionSet WHERE Name = 'Agent'"),
  };
});
after(() => org.close());

const DATA = '/services/data/v67.0';
const PSA = 'PermissionSetAssignment';
const channel = () => ({ Id: channelId, IsActive: true });
const queue = (fullName: string) => ({ fullName, name: 'A queue', doesSendEmailToMembers: false });

interface SaveResult {
  readonly id?: string | undefined;
  readonly success: boolean;
}

/** Creates an assignment with a method, and deletes it with another. */
async function assign(
  create: () => Promise<SaveResult | SaveResult[]>,
  destroy: (id: string) => Promise<SaveResult | SaveResult[]> = (id) => conn.destroy(PSA, id),
): Promise<boolean> {
  const created = [await create()].flat();
  const deleted = [await destroy(created[0]?.id ?? '')].flat();
  return created[0]?.success === true && deleted[0]?.success === true;
}

const succeeded = async (result: Promise<SaveResult | SaveResult[]>): Promise<boolean> =>
  [await result].flat().every(({ success }) => success);

/** A retrieved zip contains the file of a channel. */
async function hasChannel(zip: Promise<{ zipFile: string }>): Promise<boolean> {
  return Object.keys(unzipSync(Buffer.from((await zip).zipFile, 'base64'))).some((path) => path.includes('Web.mess'));
}

const retrieveRequest = {
  apiVersion: '67.0',
  unpackaged: { types: [{ name: 'MessagingChannel', members: ['Web'] }], version: '67.0' },
};
const zip = (checkOnly = false) =>
  conn.metadata.deploy(packageOf({ [PATHS.routing]: routingXml, [PATHS.queue]: queueXml }, '67.0'), {
    rollbackOnError: true,
    checkOnly,
  });

/** Reads an element of a component of a type that the types of jsforce don't contain. */
async function read(type: string, fullName: string, element: string, expected: string): Promise<boolean> {
  const component: unknown = await conn.metadata.read(type as 'Queue', fullName);
  return (component as Readonly<Record<string, unknown>>)[element] === expected;
}

/** Each call returns whether its result is right. */
const CALLS: Readonly<Record<string, () => Promise<unknown>>> = {
  'Connection: identity': async () => (await conn.identity()).username === org.username,
  'Connection: request': async () =>
    (await conn.request<{ totalSize: number }>(`${DATA}/query?q=SELECT+Id+FROM+User`)).totalSize === 1,
  'Connection: requestGet': async () => typeof (await conn.requestGet(`${DATA}/limits`)) === 'object',
  'Connection: requestPost': () => assign(() => conn.requestPost<SaveResult>(`${DATA}/sobjects/${PSA}`, assignee)),
  'Connection: requestPatch': async () => {
    await conn.requestPatch(`${DATA}/sobjects/MessagingChannel/${channelId}`, { IsActive: true });
    return true;
  },
  'Connection: requestDelete': () =>
    assign(
      () => conn.create(PSA, assignee),
      async (id) => {
        await conn.requestDelete(`${DATA}/sobjects/${PSA}/${id}`);
        return { success: true };
      },
    ),
  'Connection: requestPut': () => conn.requestPut(`${DATA}/jobs/ingest/1/batches`, {}),
  'Connection: query': async () => (await conn.query('SELECT Id FROM MessagingChannel')).records[0]?.Id === channelId,
  'Connection: queryMore': async () => conn.queryMore(`${DATA}/query/01g000000000001AAA-2000`),
  'Connection: search': () => conn.search('FIND {x}'),
  'Connection: create': () => assign(() => conn.create(PSA, assignee)),
  'Connection: create (list)': () => assign(() => conn.create(PSA, [assignee])),
  'Connection: retrieve': async () => (await conn.retrieve('MessagingChannel', channelId)).DeveloperName === 'Web',
  'Connection: retrieve (list)': async () =>
    (await conn.retrieve('MessagingChannel', [channelId]))[0]?.DeveloperName === 'Web',
  'Connection: update': () => succeeded(conn.update('MessagingChannel', channel())),
  'Connection: update (list)': () => succeeded(conn.update('MessagingChannel', [channel()])),
  'Connection: upsert': () =>
    conn.upsert('MessagingChannel', { DeveloperName: 'Web', IsActive: true }, 'DeveloperName'),
  'Connection: destroy': () => assign(() => conn.create(PSA, assignee)),
  'Connection: destroy (list)': () =>
    assign(
      () => conn.create(PSA, assignee),
      (id) => conn.destroy(PSA, [id]),
    ),
  'Connection: describe': async () =>
    (await conn.describe('MessagingChannel')).fields.some(
      ({ name, updateable }: { name: string; updateable: boolean }) => name === 'IsActive' && updateable,
    ),
  'Connection: describeGlobal': async () =>
    (await conn.describeGlobal()).sobjects.some(({ name }: { name: string }) => name === 'MessagingChannel'),
  'Connection: limits': async () => ((await conn.limits())['DailyApiRequests']?.Max ?? 0) > 0,
  'Connection: recent': async () => Array.isArray(await conn.recent()),
  'Connection: updated': () => conn.updated('MessagingChannel', '2026-01-01T00:00:00Z', '2026-01-02T00:00:00Z'),
  'Connection: deleted': () => conn.deleted('MessagingChannel', '2026-01-01T00:00:00Z', '2026-01-02T00:00:00Z'),
  'Connection: tabs': () => conn.tabs(),
  'Connection: theme': () => conn.theme(),
  'Connection: quickActions': () => conn.quickActions(),
  'Connection: loginBySoap': () => new Connection({ loginUrl: org.url }).loginBySoap(org.username, 'x'),
  'Connection: logout': async () => {
    const other = new Connection({
      loginUrl: org.url,
      instanceUrl: org.url,
      accessToken: await logIn(org),
      version: '67.0',
    });
    await other.logoutByOAuth2();
    return true;
  },
  'OAuth2: refreshToken': async () =>
    typeof ((await oauth2().refreshToken(org.refreshToken)) as { access_token: unknown }).access_token === 'string',
  'OAuth2: revokeToken': async () => {
    await oauth2().revokeToken(await logIn(org));
    return true;
  },
  'SObject: find': async () =>
    (await conn.sobject('MessagingChannel').find({ DeveloperName: 'Web' }, ['Id', 'IsActive']))[0]?.Id === channelId,
  'SObject: find (all fields)': async () =>
    (await conn.sobject('MessagingChannel').find({}))[0]?.['DeveloperName'] === 'Web',
  'SObject: findOne': async () =>
    (await conn.sobject('MessagingChannel').findOne({ DeveloperName: { $like: 'W%' } }, ['Id']))?.Id === channelId,
  'SObject: select': async () => (await conn.sobject('MessagingChannel').select('Id').limit(1)).length === 1,
  'SObject: count': async () => (await conn.sobject('MessagingChannel').count()) === 1,
  'SObject: record.retrieve': async () =>
    (await conn.sobject('MessagingChannel').record(channelId).retrieve()).Id === channelId,
  'SObject: describe': async () => (await conn.sobject('Profile').describe()).name === 'Profile',
  'SObject: recent': async () => Array.isArray(await conn.sobject('MessagingChannel').recent()),
  'SObject: update': () => succeeded(conn.sobject('MessagingChannel').update(channel())),
  'SObject: layouts': () => conn.sobject('MessagingChannel').layouts(),
  'SObject: compactLayouts': () => conn.sobject('MessagingChannel').compactLayouts(),
  'SObject: approvalLayouts': () => conn.sobject('MessagingChannel').approvalLayouts(),
  'SObject: listviews': () => conn.sobject('MessagingChannel').listviews(),
  'SObject: quickActions': () => conn.sobject('MessagingChannel').quickActions(),
  'Query: explain': () => conn.query('SELECT Id FROM User').explain(),
  'Query: stream, sort, skip': async () =>
    (await conn.sobject('User').find({}, ['Id']).sort('Username').skip(0).limit(5)).length === 1,
  'Query: scanAll': async () => (await conn.query('SELECT Id FROM User').execute({ scanAll: true })).totalSize === 1,
  'Metadata: list': async () => (await conn.metadata.list([{ type: 'MessagingChannel' }], '67.0')).length === 1,
  'Metadata: describe': async () => (await conn.metadata.describe('67.0')).metadataObjects.length > 50,
  'Metadata: read': () => read('MessagingChannel', 'Web', 'masterLabel', 'Web Chat'),
  'Metadata: read (list)': async () => (await conn.metadata.read('Queue', ['Chat']))[0]?.fullName === 'Chat',
  'Metadata: create': () => succeeded(conn.metadata.create('Queue', queue('One'))),
  'Metadata: create (list)': () => succeeded(conn.metadata.create('Queue', [queue('Two'), queue('Three')])),
  'Metadata: update': () => succeeded(conn.metadata.update('Queue', { ...queue('One'), name: 'Renamed' })),
  'Metadata: upsert': async () => (await conn.metadata.upsert('Queue', queue('Four'))).created === true,
  'Metadata: rename': () => succeeded(conn.metadata.rename('Queue', 'Four', 'Five')),
  'Metadata: delete': () => succeeded(conn.metadata.delete('Queue', ['One', 'Two', 'Three', 'Five'])),
  'Metadata: create (fields of an object)': () =>
    conn.metadata.create('CustomField', { fullName: 'Account.X__c', type: 'Text', label: 'X', length: 10 }),
  'Metadata: deploy, checkDeployStatus': async () => (await zip().complete(true)).success,
  'Metadata: deployRecentValidation': async () => {
    const { id } = await zip(true).complete(true);
    return typeof (await conn.metadata.deployRecentValidation({ id, rest: false })) === 'string';
  },
  'Metadata: cancelDeploy': async () => {
    const { id } = await zip();
    await assert.rejects(conn.metadata._invoke('cancelDeploy', { id }), /already completed/);
    return true;
  },
  'Metadata: deployRest': async () =>
    typeof (await conn.metadata.deployRest(packageOf({ [PATHS.routing]: routingXml }, '67.0'), {})).id === 'string',
  'Metadata: retrieve, checkRetrieveStatus': () =>
    hasChannel(conn.metadata.retrieve(retrieveRequest as never).complete()),
  'Tooling: query': async () => (await conn.tooling.query('SELECT Id FROM EmbeddedServiceConfig')).totalSize === 1,
  'Tooling: sobject': async () =>
    (await conn.tooling.sobject('EmbeddedServiceConfig').find({ DeveloperName: 'Web' }, ['Id'])).length === 1,
  'Tooling: describe': async () => (await conn.tooling.describe('EmbeddedServiceConfig')).fields.length > 5,
  'Tooling: describeGlobal': async () => (await conn.tooling.describeGlobal()).sobjects.length > 5,
  'Tooling: executeAnonymous': () => conn.tooling.executeAnonymous('x();'),
  'Tooling: runTestsAsynchronous': () => conn.tooling.runTestsAsynchronous({ tests: [] }),
  'Tooling: runTestsSynchronous': () => conn.tooling.runTestsSynchronous({ tests: [] }),
  'Tooling: completions': () => conn.tooling.completions('apex'),
  'Apex REST: get': () => conn.apex.get('/Chat'),
  'Apex REST: post': () => conn.apex.post('/Chat', {}),
  'Bulk API: load': () => conn.bulk.createJob('MessagingChannel', 'update').open(),
  'Bulk API 2.0: query': () => conn.bulk2.query('SELECT Id FROM User'),
  'Bulk API 2.0: job': () => conn.bulk2.createJob({ object: 'MessagingChannel', operation: 'update' }).open(),
  'Chatter: resource': async () => conn.chatter.resource('/users/me').retrieve(),
  'Analytics: reports': () => conn.analytics.reports(),
  'Analytics: dashboards': () => conn.analytics.dashboards(),
  'SOAP API: getUserInfo': () => conn.soap.getUserInfo(),
  'SOAP API: getServerTimestamp': () => conn.soap.getServerTimestamp(),
  'SOAP API: describeTabs': () => conn.soap.describeTabs(),
  'Streaming: handshake': async () => conn.request({ method: 'POST', url: '/cometd/67.0', body: '[]' }),
};

const oauth2 = () => new OAuth2({ loginUrl: org.url, clientId: org.clientId });
const results = new Map<string, Support>();

for (const [call, send] of Object.entries(CALLS))
  test(`jsforce ${call} works, or the local org says that it doesn't support it`, async () => {
    const right = await send().then((value) => [value], supportOf);
    results.set(call, Array.isArray(right) ? 'works' : right);
    assert.deepEqual(right, Array.isArray(right) ? [true] : 'not supported');
  });

test('README.md lists the methods of jsforce that work, and those that are not supported', () =>
  assertTable('jsforce', results));

test('accepts up to 10 components in a call', async () => {
  const many = Array.from({ length: 11 }, (_, index) => queue(`Queue${index}`));
  const tooMany = /EXCEEDED_ID_LIMIT.*cannot submit more than 10 records/;
  await assert.rejects(conn.metadata.create('Queue', many), tooMany);
  await assert.rejects(
    conn.metadata.read(
      'Queue',
      many.map(({ fullName }) => fullName),
    ),
    tooMany,
  );
});

for (const [what, call, statusCode, message] of [
  ['a component that exists', () => conn.metadata.create('Queue', queue('Chat')), 'DUPLICATE_DEVELOPER_NAME', /in use/],
  [
    'an update of a missing component',
    () => conn.metadata.update('Queue', queue('Nope')),
    'INVALID_CROSS_REFERENCE_KEY',
    /^In field: fullName - no Queue named Nope found$/,
  ],
  [
    'a deletion of a missing component',
    () => conn.metadata.delete('Queue', 'Nope'),
    'INVALID_CROSS_REFERENCE_KEY',
    /no Queue named Nope found/,
  ],
  [
    'a deletion of a component in use',
    () => conn.metadata.delete('PublicKeyCertificateSet', 'Keys'),
    'FIELD_INTEGRITY_EXCEPTION',
    /referenced elsewhere/,
  ],
  [
    'a component without a name',
    () => conn.metadata.create('Queue', queue('')),
    'REQUIRED_FIELD_MISSING',
    /\[fullName\]/,
  ],
  [
    'a component that breaks a rule',
    () => conn.metadata.create('CorsWhitelistOrigin', { fullName: 'Bad', urlPattern: 'ftp://x' }),
    'FIELD_INTEGRITY_EXCEPTION',
    /./,
  ],
] as const)
  test(`reports ${what} in the result`, async () => {
    const { success, errors }: { success: boolean; errors?: unknown } = await call();
    const [error] = [errors].flat() as { statusCode: string; message: string }[];
    assert.deepEqual([success, error?.statusCode], [false, statusCode]);
    assert.match(error?.message ?? '', message);
  });

test('saves each component of a call on its own', async () => {
  await conn.metadata.create('Queue', queue('Only'));
  const [missing, deleted] = await conn.metadata.delete('Queue', ['Nope', 'Only']);
  assert.deepEqual([missing?.success, deleted?.success], [false, true]);
  assert.equal([...org.files().keys()].includes('queues/Only.queue'), false);
});
