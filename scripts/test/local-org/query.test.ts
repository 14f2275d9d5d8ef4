import fc from 'fast-check';
import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import { startLocalOrg, type LocalOrg } from '../../local-org/index';
import { Client, loginKey, logIn } from './client';
import { channelXml, deploymentXml, PATHS, verifiedChannel } from './samples';

const USERNAME = 'admin@dev.local-org.example';
let org: LocalOrg;
let client: Client;

before(async () => {
  org = await startLocalOrg({ alias: 'dev', kind: 'production', port: 0, loginKey, permissions: { ViewSetup: true } });
  client = new Client(org, await logIn(org));
  await client.deploy({
    ...verifiedChannel,
    'messagingChannels/Guest.messagingChannel': channelXml('<authMode>UnAuth</authMode>'),
    [PATHS.deployment]: deploymentXml(),
  });
});
after(() => org.close());

describe('queries', () => {
  for (const [soql, expected] of [
    [
      'SELECT IsSandbox, OrganizationType FROM Organization',
      [{ IsSandbox: false, OrganizationType: 'Enterprise Edition' }],
    ],
    ["select developername from MESSAGINGCHANNEL where DeveloperName = 'web'", [{ DeveloperName: 'Web' }]],
    [
      'SELECT DeveloperName FROM MessagingChannel ORDER BY DeveloperName DESC',
      [{ DeveloperName: 'Web' }, { DeveloperName: 'Guest' }],
    ],
    ['SELECT DeveloperName FROM MessagingChannel ORDER BY DeveloperName LIMIT 1 OFFSET 1', [{ DeveloperName: 'Web' }]],
    ["SELECT DeveloperName FROM MessagingChannel WHERE DeveloperName IN ('Web', 'Other')", [{ DeveloperName: 'Web' }]],
    ["SELECT DeveloperName FROM MessagingChannel WHERE DeveloperName NOT IN ('Web')", [{ DeveloperName: 'Guest' }]],
    ["SELECT DeveloperName FROM MessagingChannel WHERE DeveloperName LIKE 'G_e%'", [{ DeveloperName: 'Guest' }]],
    ['SELECT DeveloperName FROM MessagingChannel WHERE IsActive = true', []],
    // A null value is neither before nor after a date.
    ['SELECT Id FROM Organization WHERE TrialExpirationDate < 2100-01-01T00:00:00Z', []],
    ['SELECT Id FROM Organization WHERE TrialExpirationDate >= 2000-01-01T00:00:00Z', []],
    [
      "SELECT MessageType, PlatformType FROM MessagingChannel WHERE DeveloperName = 'Web' AND SessionHandlerId != null",
      [{ MessageType: 'EmbeddedMessaging', PlatformType: 'Enhanced' }],
    ],
    [
      "SELECT DeveloperName FROM MessagingChannel WHERE NOT (DeveloperName = 'Web' OR IsActive = true)",
      [{ DeveloperName: 'Guest' }],
    ],
    [
      "SELECT DeveloperName FROM MessagingChannel WHERE CreatedDate > 2020-01-01T00:00:00Z AND DeveloperName < 'H'",
      [{ DeveloperName: 'Guest' }],
    ],
    // A date without milliseconds, and with another time zone.
    ['SELECT COUNT(Id) c FROM MessagingChannel WHERE CreatedDate < 2020-01-01T00:00:00+05:00', [{ c: 0 }]],
    [
      "SELECT Queue.DeveloperName FROM QueueSobject WHERE SobjectType = 'MessagingSession'",
      [{ Queue: { DeveloperName: 'Chat' } }],
    ],
    [
      "SELECT DeveloperName FROM Group WHERE Type = 'Queue' AND QueueRoutingConfigId != null",
      [{ DeveloperName: 'Chat' }],
    ],
    [
      'SELECT PermissionsCustomizeApplication, PermissionsConfigureLiveMessage, PermissionsViewSetup FROM UserPermissionAccess',
      [{ PermissionsCustomizeApplication: true, PermissionsConfigureLiveMessage: true, PermissionsViewSetup: true }],
    ],
    [
      'SELECT MessageType, COUNT(Id) FROM MessagingChannel GROUP BY MessageType',
      [{ MessageType: 'EmbeddedMessaging', expr0: 2 }],
    ],
    // A null value isn't counted.
    ['SELECT COUNT(Id) all, COUNT(Description) FROM MessagingChannel', [{ all: 2, expr1: 0 }]],
    ["SELECT COUNT(Id) FROM MessagingChannel WHERE DeveloperName = 'No'", [{ expr0: 0 }]],
    ["SELECT IsActive, COUNT(Id) FROM MessagingChannel WHERE DeveloperName = 'No' GROUP BY IsActive", []],
    [
      'SELECT Queue.DeveloperName, COUNT(Id) c FROM QueueSobject GROUP BY Queue.DeveloperName LIMIT 1',
      [{ DeveloperName: 'Chat', c: 1 }],
    ],
    [
      "SELECT DeveloperName FROM MessagingChannel WHERE CreatedDate = TODAY AND DeveloperName = 'Web'",
      [{ DeveloperName: 'Web' }],
    ],
    ['SELECT DeveloperName FROM MessagingChannel WHERE CreatedDate < TODAY OR CreatedDate >= TOMORROW', []],
    ['SELECT Id FROM MessagingChannel WHERE CreatedDate = LAST_MONTH OR CreatedDate > NEXT_N_DAYS:3', []],
    ["SELECT FIELDS(ALL) FROM UserLicense WHERE Name = 'No' LIMIT 200", []],
    ["SELECT FIELDS(STANDARD), Id FROM UserLicense WHERE Name = 'No'", []],
    ['SELECT Profile.Name, Username FROM User', [{ Profile: { Name: 'System Administrator' }, Username: USERNAME }]],
    [
      'SELECT Name FROM Profile WHERE Id IN (SELECT ProfileId FROM User WHERE IsActive = true)',
      [{ Name: 'System Administrator' }],
    ],
    ['SELECT Name FROM Profile WHERE Id NOT IN (SELECT ProfileId FROM User)', []],
    ["SELECT Id FROM Profile WHERE Id IN (SELECT ProfileId FROM User WHERE Name = 'No') OR Name = 'No'", []],
    ['SELECT Name FROM PermissionSet WHERE IsOwnedByProfile = false', []],
    [
      "SELECT RelatedEntity FROM ServiceChannel WHERE DeveloperName = 'sfdc_livemessage'",
      [{ RelatedEntity: 'MessagingSession' }],
    ],
  ] as const) {
    test(soql, async () => {
      const { records, totalSize } = await client.query(soql);
      assert.deepEqual(records.map(withoutAttributes), expected);
      assert.equal(totalSize, expected.length);
    });
  }

  // SOQL and SOSL reference: an ID has 15 characters, or 18 with a checksum. Case distinguishes IDs of 15 characters.
  test('finds a record by its ID of 18 or 15 characters, with regard to case', async () => {
    const [web] = (await client.query("SELECT Id FROM MessagingChannel WHERE DeveloperName = 'Web'")).records;
    const id = String(web?.['Id']);
    const swapped = id.replace(/[a-z]/i, (letter) =>
      letter === letter.toLowerCase() ? letter.toUpperCase() : letter.toLowerCase(),
    );
    const found = async (text: string): Promise<number> =>
      (await client.query(`SELECT DeveloperName FROM MessagingChannel WHERE Id = '${text}'`)).totalSize;
    assert.deepEqual([await found(id), await found(id.slice(0, 15)), await found(swapped.slice(0, 15))], [1, 1, 0]);
  });

  test('COUNT() returns no records', async () => {
    assert.deepEqual(await client.query('SELECT COUNT() FROM MessagingChannel'), {
      totalSize: 2,
      done: true,
      records: [],
    });
  });

  test('the Tooling API returns chat deployments, with Metadata for one row only', async () => {
    const { records } = await client.query(
      "SELECT DeveloperName, DeploymentType, Metadata FROM EmbeddedServiceConfig WHERE DeveloperName = 'Web'",
      true,
    );
    const metadata = records[0]?.['Metadata'] as Record<string, Record<string, unknown>>;
    assert.equal(metadata['embeddedServiceMessagingChannel']?.['messagingChannel'], 'Web');
    assert.equal(metadata['embeddedServiceMessagingChannel']?.['isEnabled'], true);
  });
});

describe('errors', () => {
  for (const [soql, code, message, tooling] of [
    [
      'SELECT Nope FROM User',
      'INVALID_FIELD',
      /^\nSELECT Nope FROM User\n {7}\^\nERROR at Row:1:Column:8\nNo such column 'Nope' on entity 'User'/,
      false,
    ],
    [
      'SELECT Id FROM PublicKeyCertificateSet',
      'INVALID_TYPE',
      /sObject type 'PublicKeyCertificateSet' is not supported/,
      false,
    ],
    ['SELECT Id FROM MessagingAuthorization', 'INVALID_TYPE', /'MessagingAuthorization' is not supported/, true],
    ['SELECT Id FROM EmbeddedServiceConfig', 'INVALID_TYPE', /'EmbeddedServiceConfig' is not supported/, false],
    ['SELECT Id FROM MessagingChannel', 'INVALID_TYPE', /'MessagingChannel' is not supported/, true],
    ['SELECT Id FROM ScratchOrgInfo', 'INVALID_TYPE', /'ScratchOrgInfo' is not supported/, false],
    ['SELECT Owner.Name FROM QueueSobject', 'INVALID_FIELD', /Didn't understand relationship 'Owner'/, false],
    ['SELECT FIELDS(ALL) FROM User', 'MALFORMED_QUERY', /must have a LIMIT of at most 200/, false],
    ['SELECT FIELDS(ALL) FROM User LIMIT 201', 'MALFORMED_QUERY', /must have a LIMIT of at most 200/, false],
    ['SELECT FIELDS(SOME) FROM User', 'MALFORMED_QUERY', /unexpected token: 'SOME'/, false],
    ['SELECT Id FROM User WHERE Id IN (SELECT Id FROM Nope)', 'INVALID_TYPE', /'Nope' is not supported/, false],
    ['SELECT Id FROM User WHERE Id IN (SELECT Nope FROM User)', 'INVALID_FIELD', /No such column 'Nope'/, false],
    ['SELECT FROM User', 'MALFORMED_QUERY', /unexpected token: 'FROM'/, false],
    ["SELECT Id FROM User WHERE Name = 'x", 'MALFORMED_QUERY', /unexpected token: '''/, false],
    ['SELECT Id FROM User WHERE Name ~ 1', 'MALFORMED_QUERY', /unexpected token: '~'/, false],
    ['SELECT Id FROM User LIMIT x', 'MALFORMED_QUERY', /unexpected token: 'x'/, false],
    [
      'SELECT CreatedDate, COUNT(Id) FROM MessagingChannel GROUP BY CreatedDate',
      'MALFORMED_QUERY',
      /can not be grouped/,
      false,
    ],
    [
      'SELECT Id, COUNT(Id) FROM User GROUP BY Name',
      'MALFORMED_QUERY',
      /Field must be grouped or aggregated: Id/,
      false,
    ],
    ['SELECT COUNT(Id) FROM User LIMIT 1', 'MALFORMED_QUERY', /cannot also use LIMIT/, false],
    ['SELECT SUM(Id) FROM User', 'MALFORMED_QUERY', /unexpected token: '\('/, false],
    ['SELECT Name FROM User GROUP BY Name HAVING', 'MALFORMED_QUERY', /unexpected token: 'HAVING'/, false],
    ['SELECT Id FROM User WHERE', 'MALFORMED_QUERY', /unexpected token: '<EOF>'/, false],
    ['DELETE FROM User', 'MALFORMED_QUERY', /unexpected token: 'DELETE'/, false],
  ] as const) {
    test(soql, async () => {
      await assert.rejects(client.query(soql, tooling), (error: { body: { errorCode: string; message: string }[] }) => {
        assert.equal(error.body[0]?.errorCode, code);
        assert.match(error.body[0]?.message ?? '', message);
        return true;
      });
    });
  }

  test('the parser throws only MALFORMED_QUERY for any text', async () => {
    const word = fc.constantFrom(
      'SELECT',
      'Id',
      'FROM',
      'User',
      'WHERE',
      '=',
      "'x'",
      '(',
      ')',
      ',',
      'AND',
      'LIMIT',
      '1',
      'IN',
      'null',
    );
    const text = fc.oneof(
      fc.string({ maxLength: 40 }),
      fc.array(word, { maxLength: 12 }).map((words) => words.join(' ')),
    );
    await fc.assert(
      fc.asyncProperty(text, async (soql) => {
        const response = await client.rest(
          `/services/data/v67.0/query?q=${encodeURIComponent(Buffer.from(soql).toString())}`,
        );
        assert.ok(response.status === 200 || response.status === 400, `${response.status} for ${soql}`);
        await response.json();
      }),
      { numRuns: 150 },
    );
  });
});

test('columns=true describes a count', async () => {
  const soql = encodeURIComponent('SELECT MessageType, COUNT(Id) chats FROM MessagingChannel GROUP BY MessageType');
  const response = await client.rest(`/services/data/v67.0/query?q=${soql}&columns=true`);
  const body = (await response.json()) as { groupBy: boolean; columnMetadata: Record<string, unknown>[] };
  assert.equal(body.groupBy, true);
  assert.deepEqual(
    body.columnMetadata.map(({ columnName, aggregate, displayName }) => [columnName, aggregate, displayName]),
    [
      ['MessageType', false, 'MessageType'],
      ['chats', true, 'COUNT'],
    ],
  );
});

test('columns=true describes the columns', async () => {
  const soql = encodeURIComponent('SELECT Queue.DeveloperName, Id FROM QueueSobject');
  const body = (await (await client.rest(`/services/data/v67.0/query?q=${soql}&columns=true`)).json()) as {
    columnMetadata: { columnName: string; joinColumns: { columnName: string }[] }[];
  };
  assert.deepEqual(
    body.columnMetadata.map(({ columnName }) => columnName),
    ['Queue', 'Id'],
  );
  assert.equal(body.columnMetadata[0]?.joinColumns[0]?.columnName, 'DeveloperName');
});

function withoutAttributes(record: unknown): unknown {
  if (typeof record !== 'object' || record === null) return record;
  const entries = Object.entries(record).filter(([name]) => name !== 'attributes');
  return Object.fromEntries(entries.map(([name, value]) => [name, withoutAttributes(value)]));
}

describe('a result with more than 2,000 records', () => {
  const SOQL = 'SELECT DeveloperName FROM MessagingChannel ORDER BY DeveloperName';
  const names = Array.from({ length: 4_001 }, (_, index) => `Chat_${String(index).padStart(4, '0')}`);
  let many: LocalOrg;
  let manyClient: Client;
  before(async () => {
    const content = channelXml('<authMode>UnAuth</authMode>');
    const seed = names.map((name) => ({ path: `messagingChannels/${name}.messagingChannel`, content }));
    many = await startLocalOrg({ alias: 'many', kind: 'production', port: 0, loginKey, seed });
    manyClient = new Client(many, await logIn(many));
  });
  after(() => many.close());

  interface Page {
    readonly totalSize: number;
    readonly done: boolean;
    readonly nextRecordsUrl?: string;
    readonly records: readonly { readonly DeveloperName: string }[];
  }
  const read = async (path: string, headers: Readonly<Record<string, string>> = {}): Promise<Page> =>
    (await (await manyClient.rest(path, { headers })).json()) as Page;

  test('is returned in pages, each with the URL of the next one', async () => {
    const pages: Page[] = [];
    for (
      let path: string | undefined = `/services/data/v67.0/query?q=${encodeURIComponent(SOQL)}`;
      path !== undefined;
      path = pages.at(-1)?.nextRecordsUrl
    )
      pages.push(await read(path));
    assert.deepEqual(
      pages.map(({ totalSize, done, records }) => [totalSize, done, records.length]),
      [
        [4_001, false, 2_000],
        [4_001, false, 2_000],
        [4_001, true, 1],
      ],
    );
    assert.deepEqual(
      pages.flatMap(({ records }) => records.map(({ DeveloperName }) => DeveloperName)),
      names,
    );
  });

  test('has smaller pages with the header Sforce-Query-Options, and rejects another locator', async () => {
    const path = `/services/data/v67.0/query?q=${encodeURIComponent(SOQL)}`;
    assert.equal((await read(path, { 'sforce-query-options': 'batchSize=200' })).records.length, 200);
    assert.equal((await manyClient.rest('/services/data/v67.0/query/01gx')).status, 400);
  });
});
