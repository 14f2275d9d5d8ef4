import assert from 'node:assert/strict';
import { test } from 'node:test';
import { ToolError } from '../../../lib/errors';
import { channelConnections } from '../../../lib/client-kit/channel-connection';
import { allowlistEntries } from '../../../lib/client-kit/allowlist';
import { readOrgFacts, type OrgReader } from '../../../lib/client-kit/org-facts';
import { desiredState, readComponent } from '../rules/org-components';
import { xml } from '../rules/valid-project';

const channel = readComponent(
  'MessagingChannel',
  'Web',
  xml('MessagingChannel', '<embeddedConfig><authMode>Auth</authMode></embeddedConfig>'),
);
const deployment = readComponent(
  'EmbeddedServiceConfig',
  'Web_Api',
  xml(
    'EmbeddedServiceConfig',
    '<deploymentType>API</deploymentType><embeddedServiceMessagingChannel><messagingChannel>Web</messagingChannel></embeddedServiceMessagingChannel>',
  ),
);
const ORG = desiredState(channel, deployment);

type QueryResults = Readonly<Record<string, readonly object[]>>;

/** A CLI that returns rows by the object of the query. The org rejects a query for any other object. */
const fakeReader = (answers: QueryResults, url = 'https://shop.my.salesforce.com'): OrgReader => ({
  loginOf: () => Promise.resolve({ username: 'admin@dev.example', instanceUrl: url }),
  query: (_alias, soql) => {
    if (soql.endsWith('FROM Organization')) return Promise.resolve([{ Id: ORG.org.orgId }]);
    const name = soql.includes('SELECT Metadata')
      ? `Metadata of ${/'(\w+)'/.exec(soql)?.[1]}`
      : /FROM (\w+)/.exec(soql)?.[1];
    const rows = answers[name ?? ''];
    if (rows) return Promise.resolve(rows as never);
    return Promise.reject(
      new ToolError('retrieve-failed', { what: 'A query failed.', why: `No ${name}.`, fix: 'Ask again.' }),
    );
  },
});

const site = (id: string, domain: string, path: string | null) => ({
  SiteId: id,
  PathPrefix: path,
  Domain: { Domain: domain },
});
const channelOf = (name: string) => [{ Metadata: { embeddedServiceMessagingChannel: { messagingChannel: name } } }];
const SITE_ID = '0DM000000000001AAA';

const ALL_RESULTS: QueryResults = {
  EmbeddedServiceConfig: [
    { DeveloperName: 'Web_Api', DeploymentType: 'API', SiteId: null },
    { DeveloperName: 'Web_Site', DeploymentType: 'Web', SiteId: SITE_ID },
    { DeveloperName: 'Elsewhere', DeploymentType: 'Web', SiteId: null },
  ],
  'Metadata of Web_Api': channelOf('Web'),
  'Metadata of Web_Site': channelOf('Web'),
  'Metadata of Elsewhere': channelOf('Other'),
  DomainSite: [site(SITE_ID, 'chat.example.com', '/ESWWeb1'), site(SITE_ID, 'shop.my.site.com', '/ESWWeb1')],
};

const firstConnection = async (asks: OrgReader) =>
  channelConnections(ORG, await readOrgFacts(asks, ORG))[0] ?? assert.fail();

test('finds a chat deployment that only the org has, with the URL of its site', async () => {
  const { deployments, runtime, orgId } = await firstConnection(fakeReader(ALL_RESULTS));
  assert.deepEqual(deployments, [
    { name: 'Web_Api', type: 'API' },
    { name: 'Web_Site', type: 'Web', site: 'https://shop.my.site.com/ESWWeb1' },
  ]);
  assert.equal(runtime, 'https://shop.my.salesforce-scrt.com');
  assert.equal(orgId, '00D000000000001');
});

test('knows the sites of a local org, and no site of a custom domain', async () => {
  const siteOn = async (domain: string) => {
    const rows = { ...ALL_RESULTS, DomainSite: [site(SITE_ID, domain, 'ESWWeb1')] };
    return (await firstConnection(fakeReader(rows))).deployments[1]?.site;
  };
  assert.equal(await siteOn('127.0.0.1:8701'), 'http://127.0.0.1:8701/ESWWeb1');
  for (const domain of ['chat.example.com', '127.0.0.1.example.com:80', 'my.site.com.example.com'])
    assert.equal(await siteOn(domain), undefined, domain);
});

test('reads the other facts without access to the sites', async () => {
  const { DomainSite: _, ...rest } = ALL_RESULTS;
  assert.deepEqual((await firstConnection(fakeReader(rest))).deployments[1], { name: 'Web_Site', type: 'Web' });
});

test('the status of an origin names source, the org, or both', async () => {
  const origin = (name: string, url: string) =>
    readComponent('CorsWhitelistOrigin', name, xml('CorsWhitelistOrigin', `<urlPattern>${url}</urlPattern>`));
  const org = desiredState(
    channel,
    origin('Both', 'https://both.example.com'),
    origin('New', 'https://new.example.com'),
  );
  const rows = ['https://both.example.com', 'https://old.example.com'].map((UrlPattern) => ({ UrlPattern }));
  const statuses = async (answers: QueryResults) => {
    const [connection] = channelConnections(org, await readOrgFacts(fakeReader(answers), org));
    return allowlistEntries(connection ?? assert.fail(), []).flatMap(({ place, value, status }) =>
      place.includes('CORS') ? [`${value}: ${status}`] : [],
    );
  };
  assert.deepEqual(await statuses({ ...ALL_RESULTS, CorsWhitelistEntry: rows }), [
    'https://both.example.com: in source: CorsWhitelistOrigin:Both, in the org',
    'https://new.example.com: in source: CorsWhitelistOrigin:New, not yet in the org: npm run deploy -- --org dev',
    'https://old.example.com: in the org, not in source',
  ]);
  assert.deepEqual(await statuses(ALL_RESULTS), [
    'https://both.example.com: in source: CorsWhitelistOrigin:Both',
    'https://new.example.com: in source: CorsWhitelistOrigin:New',
  ]);
});

test('reports the reason, without an error, for an unreachable org or one without a login', async () => {
  const refusing = fakeReader({});
  assert.match((await readOrgFacts(refusing, ORG)).unreadReason ?? '', /A query failed\. No EmbeddedServiceConfig\./);
  assert.deepEqual((await firstConnection(refusing)).deployments, [{ name: 'Web_Api', type: 'API' }]);
  const missing = new ToolError('login-missing', { what: 'There is no login "dev".', why: 'None.', fix: 'Log in.' });
  const nobody: OrgReader = { ...refusing, loginOf: () => Promise.reject(missing) };
  assert.match((await readOrgFacts(nobody, ORG)).unreadReason ?? '', /no login "dev"/);
  assert.equal((await firstConnection(nobody)).runtime, undefined);
});

test('reads nothing from another org than the one in the org file', async () => {
  const other = { ...ORG, org: { ...ORG.org, orgId: '00D000000000009EAA' } };
  const facts = await readOrgFacts(fakeReader(ALL_RESULTS), other);
  assert.match(facts.unreadReason ?? '', /The login "dev" belongs to org/);
  assert.deepEqual([facts.runtime, [...facts.deployments]], [undefined, []]);
});

test('prefers the SCRT2 URL of the org file to that of the login', async () => {
  const stated = { ...ORG, org: { ...ORG.org, scrt2URL: 'https://stated.example.com' } };
  const [first] = channelConnections(stated, await readOrgFacts(fakeReader(ALL_RESULTS), stated));
  assert.equal(first?.runtime, 'https://stated.example.com');
});
