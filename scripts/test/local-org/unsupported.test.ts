import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { startLocalOrg, type LocalOrg } from '../../local-org/index';
import { Client, loginKey, logIn } from './client';

let org: LocalOrg;
let client: Client;
const lines: string[] = [];

before(async () => {
  org = await startLocalOrg({
    alias: 'dev',
    kind: 'sandbox',
    port: 0,
    loginKey,
    onUnsupported: (line) => lines.push(line),
  });
  client = new Client(org, await logIn(org));
});
after(() => org.close());

/** What a client can't tell from Salesforce: a supported request with its status, or one that names the local org. */
type Expected = 'unsupported' | number;

const DATA = '/services/data/v67.0';
const soql = (query: string, tooling = ''): string => `${DATA}/${tooling}query?q=${encodeURIComponent(query)}`;

const REQUESTS: readonly (readonly [request: string, expected: Expected])[] = [
  ['GET /services/data', 200],
  [`GET ${DATA}`, 200],
  [`GET ${DATA}/sobjects`, 200],
  [`GET ${DATA}/tooling/sobjects`, 200],
  [`GET ${DATA}/sobjects/MessagingChannel/describe`, 200],
  [`GET ${DATA}/sobjects/Account/describe`, 'unsupported'],
  [`GET ${DATA}/sobjects/Account/001000000000001AAA`, 'unsupported'],
  [`GET ${DATA}/sobjects/MessagingChannel/0Mj000000000001AAA`, 404],
  [`GET ${DATA}/sobjects/MessagingChannel`, 200],
  [`GET ${DATA}/tooling/sobjects/SourceMember/describe`, 404],
  [`POST ${DATA}/sobjects/MessagingChannel`, 'unsupported'],
  [`POST ${DATA}/sobjects/PermissionSetAssignment`, 400],
  [`POST ${DATA}/sobjects/User`, 'unsupported'],
  [`DELETE ${DATA}/sobjects/MessagingChannel/0Mj000000000001AAA`, 404],
  [`DELETE ${DATA}/sobjects/Account/001000000000001AAA`, 'unsupported'],
  [`PATCH ${DATA}/sobjects/Account/001000000000001AAA`, 'unsupported'],
  [`GET ${DATA}/limits`, 200],
  [`GET ${DATA}/limits/recordCount?sObjects=User`, 200],
  [`GET ${DATA}/recent`, 200],
  [`GET ${DATA}/search?q=FIND`, 'unsupported'],
  [`GET ${DATA}/parameterizedSearch?q=x`, 'unsupported'],
  [`GET ${DATA}/analytics/reports`, 'unsupported'],
  [`GET ${DATA}/actions/standard`, 'unsupported'],
  [`GET ${DATA}/process/rules`, 'unsupported'],
  [`GET ${DATA}/theme`, 'unsupported'],
  [`GET ${DATA}/tabs`, 'unsupported'],
  [`GET ${DATA}/chatter/users/me`, 'unsupported'],
  [`GET ${DATA}/connect/organization`, 'unsupported'],
  [`GET ${DATA}/connect/communities/templates`, 'unsupported'],
  [`GET ${DATA}/eventSchema/x`, 'unsupported'],
  [`GET ${DATA}/metadata/deployRequest/0Af000000000001AAA`, 400],
  [`POST ${DATA}/composite`, 'unsupported'],
  [`POST ${DATA}/composite/batch`, 'unsupported'],
  [`POST ${DATA}/composite/sobjects`, 400],
  [`GET ${DATA}/composite/sobjects/Account?ids=001000000000001AAA&fields=Id`, 'unsupported'],
  [`POST ${DATA}/composite/tree/MessagingChannel`, 'unsupported'],
  [`POST ${DATA}/jobs/ingest`, 'unsupported'],
  [`POST ${DATA}/jobs/query`, 'unsupported'],
  [`GET ${DATA}/tooling/executeAnonymous?anonymousBody=x`, 'unsupported'],
  [`GET ${DATA}/tooling/completions?type=apex`, 'unsupported'],
  [`POST ${DATA}/tooling/runTestsAsynchronous`, 'unsupported'],
  [`GET ${DATA}/support/knowledgeArticles`, 'unsupported'],
  [`GET ${soql('SELECT Id FROM MessagingChannel')}`, 200],
  [`GET ${soql('SELECT Id FROM Account')}`, 'unsupported'],
  [`GET ${soql('SELECT Nope FROM MessagingChannel')}`, 'unsupported'],
  [`GET ${soql('SELECT Owner.Name FROM MessagingChannel')}`, 'unsupported'],
  [`GET ${soql('SELECT TYPEOF Owner WHEN User THEN Id END FROM MessagingChannel')}`, 'unsupported'],
  [`GET ${soql('SELECT Id FROM MessagingChannel USING SCOPE mine')}`, 'unsupported'],
  [`GET ${soql('SELECT Id FROM MessagingChannel WITH SECURITY_ENFORCED')}`, 'unsupported'],
  [`GET ${soql('SELECT Id, (SELECT Id FROM Sessions) FROM MessagingChannel')}`, 'unsupported'],
  [`GET ${soql('SELEC Id FROM MessagingChannel')}`, 'unsupported'],
  [`GET ${soql('SELECT Id FROM SourceMember', 'tooling/')}`, 400],
  [`GET ${soql('SELECT Id FROM ScratchOrgInfo')}`, 400],
  [`GET ${DATA}/query`, 400],
  ['GET /services/apexrest/Customers', 'unsupported'],
  ['POST /services/Soap/u/67.0', 'unsupported'],
  ['POST /services/Soap/c/67.0', 'unsupported'],
  ['POST /services/Soap/s/67.0', 'unsupported'],
  ['GET /services/Soap/m/67.0', 'unsupported'],
  ['GET /services/oauth2/userinfo', 200],
  ['POST /services/oauth2/introspect', 'unsupported'],
  ['GET /id/00D000000000001AAA/005000000000001AAA', 200],
  ['GET /', 'unsupported'],
  ['GET /secur/frontdoor.jsp', 'unsupported'],
  ['GET /lightning/setup/SetupOneHome/home', 'unsupported'],
  ['POST /iamessage/api/v2/conversation/x/entries/y', 'unsupported'],
  ['GET /iamessage/v1/nothing', 'unsupported'],
  ['GET /eventrouter/v9/sse', 'unsupported'],
  ['GET /embeddedservice/v9/x', 'unsupported'],
  ['OPTIONS /services/data/v67.0/query', 'unsupported'],
  ['GET /services/data/v68.0/sobjects', 404],
  ['POST /services/Soap/m/68.0', 500],
];

const OPERATIONS: readonly (readonly [operation: string, expected: Expected])[] = [
  ['createMetadata', 200],
  ['renameMetadata', 'unsupported'],
  ['deleteMetadata', 'unsupported'],
  ['describeValueType', 'unsupported'],
  ['nothingMetadata', 500],
];

/** Expects a supported response, or one that names the local org in its body, its header, and on its terminal. */
async function assertTruthful(response: Response, expected: Expected, before: number): Promise<void> {
  const text = await response.text();
  const isMarked = response.headers.get('x-local-org') === 'unsupported';
  const said = [isMarked, /not supported by the local org/.test(text), lines.length > before];
  if (expected !== 'unsupported') assert.equal(response.status, expected, text);
  else assert.ok(response.status >= 400, text);
  const isExpected = expected === 'unsupported';
  assert.deepEqual(said, [isExpected, isExpected, isExpected], text);
}

for (const [request, expected] of REQUESTS)
  test(`${request} is ${expected === 'unsupported' ? 'unsupported, and says so' : `answered with ${expected}`}`, async () => {
    const [method = '', path = ''] = [request.slice(0, request.indexOf(' ')), request.slice(request.indexOf(' ') + 1)];
    const { length } = lines;
    await assertTruthful(
      await client.rest(path, { method, ...(method === 'POST' && { body: '{}' }) }),
      expected,
      length,
    );
  });

for (const [operation, expected] of OPERATIONS)
  test(`the operation ${operation} is ${expected === 'unsupported' ? 'unsupported, and says so' : 'unknown'}`, async () => {
    const session = `<h:SessionHeader><h:sessionId>${client.accessToken}</h:sessionId></h:SessionHeader>`;
    const body =
      '<e:Envelope xmlns:e="http://schemas.xmlsoap.org/soap/envelope/" xmlns:h="http://soap.sforce.com/2006/04/metadata">' +
      `<e:Header>${session}</e:Header><e:Body><h:${operation}/></e:Body></e:Envelope>`;
    const { length } = lines;
    const response = await fetch(`${org.url}/services/Soap/m/67.0`, { method: 'POST', body });
    await assertTruthful(response, expected, length);
  });

test('asks for a session before it says that a path of the data API is unsupported', async () => {
  const statusOf = async (path: string): Promise<number> => (await fetch(org.url + path)).status;
  assert.deepEqual(
    [await statusOf(`${DATA}/search`), await statusOf('/iamessage/v1/nothing'), await statusOf('/nothing')],
    [401, 404, 404],
  );
});

test('names the query or the SOAP operation that is unsupported', async () => {
  const body =
    '<e:Envelope xmlns:e="http://schemas.xmlsoap.org/soap/envelope/" xmlns="http://soap.sforce.com/2006/04/metadata"><e:Header>' +
    `<SessionHeader><sessionId>${client.accessToken}</sessionId></SessionHeader></e:Header><e:Body><listMetadata>` +
    '<queries><type>Scontrol</type></queries></listMetadata></e:Body></e:Envelope>';
  await fetch(`${org.url}/services/Soap/m/67.0`, { method: 'POST', body });
  assert.equal(
    lines.at(-1),
    'dev: POST /services/Soap/m/67.0 (listMetadata Scontrol) is not supported by the local org (status 500).',
  );
  await client.rest(soql('SELECT  Id FROM Account'));
  assert.match(lines.at(-1) ?? '', /query \(SELECT Id FROM Account\) is not supported/);
});

test('says that Apex was neither compiled nor tested', async () => {
  const meta = '<ApexClass xmlns="http://soap.sforce.com/2006/04/metadata"><apiVersion>67.0</apiVersion></ApexClass>';
  const files = { 'classes/Broken.cls': 'no Apex', 'classes/Broken.cls-meta.xml': meta };
  const { id, status } = await client.deploy(files, { testLevel: 'RunLocalTests' });
  assert.equal(status, 'Succeeded');
  assert.equal(
    lines.at(-1),
    `dev: deploy ${id}: The Apex wasn't compiled, and no Apex test ran. Apex is not supported by the local org.`,
  );
});
