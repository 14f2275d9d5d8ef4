import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { parseFaults } from '../../local-org/index';
import { startTestOrg, type Client } from './client';
import { routingXml } from './samples';

const FILES = { 'queueRoutingConfigs/Chat.queueRoutingConfig': routingXml };
const once = { first: 1, last: 1 };

test('a fault is a step and a kind; how long, which calls and which org may be added', () => {
  const spec =
    'query:503,deploy.submit:no-response=2.5s@3,uat/update:row-lock@2-4,login:refused=20ms@2-,prod/query:reset';
  assert.deepEqual(parseFaults(spec, 'uat'), [
    { step: 'query', kind: '503', ...once },
    { step: 'deploy.submit', kind: 'no-response', durationMs: 2_500, first: 3, last: 3 },
    { step: 'update', kind: 'row-lock', first: 2, last: 4 },
    { step: 'login', kind: 'refused', durationMs: 20, first: 2, last: Number.POSITIVE_INFINITY },
  ]);
});

for (const [spec, problem] of [
  ['query', /not of the form/],
  ['query:503@', /not of the form/],
  ['query:503=fast', /not of the form/],
  ['', /not of the form/],
  ['look:503', /no step "look"/],
  ['query:slow', /no kind "slow"/],
  ['query:503@0', /counted from 1/],
  ['query:503@3-2', /counted from 1/],
] as const) {
  test(`"${spec}" is no fault, and it is said why`, () => assert.throws(() => parseFaults(spec, 'dev'), problem));
}

const QUERY = '/services/data/v67.0/query?q=SELECT+Id+FROM+Organization';
const sendQuery = (client: Client): Promise<Response> => client.rest(QUERY);

describe('a fault strikes the calls it is laid out for', () => {
  test('only those, counted from when it was laid out', async (t) => {
    const client = await startTestOrg(t, { faults: 'query:row-lock@2-3' });
    const statuses = [];
    for (let call = 1; call <= 4; call++) statuses.push((await sendQuery(client)).status);
    assert.deepEqual(statuses, [200, 400, 400, 200]);
    client.org.setFaults('query:row-lock');
    assert.equal((await sendQuery(client)).status, 400);
    client.org.setFaults('');
    assert.equal((await sendQuery(client)).status, 200);
    assert.equal(client.org.log.filter(({ kind }) => kind === 'fault').length, 3);
  });

  test('refused: the call is dropped before any work, and for a while nobody listens', async (t) => {
    const client = await startTestOrg(t, { faults: 'query:refused=400ms' });
    await assert.rejects(sendQuery(client));
    await assert.rejects(sendQuery(client), ({ cause }: Error) => (cause as { code?: string }).code === 'ECONNREFUSED');
    await new Promise((resolve) => setTimeout(resolve, 600));
    assert.equal((await sendQuery(client)).status, 200);
    assert.deepEqual(
      client.org.log.map(({ kind }) => kind),
      ['login', 'fault', 'query'],
    );
  });

  test('reset: the work is done, and the answer breaks off in the middle', async (t) => {
    const client = await startTestOrg(t, { faults: 'query:reset' });
    const answer = await sendQuery(client);
    await assert.rejects(answer.text());
    assert.equal(client.org.log.at(-1)?.kind, 'query');
  });

  test('lost: the work is done, and no answer comes', async (t) => {
    const client = await startTestOrg(t, { faults: 'query:no-response=100ms' });
    await assert.rejects(sendQuery(client));
    assert.equal(client.org.log.at(-1)?.kind, 'query');
  });

  test('silence: the answer comes late, and so does the work', async (t) => {
    const client = await startTestOrg(t, { faults: 'query:timeout=150ms' });
    const answer = sendQuery(client);
    await new Promise((resolve) => setTimeout(resolve, 50));
    assert.equal(client.org.log.at(-1)?.kind, 'fault');
    assert.equal((await answer).status, 200);
  });

  for (const [kind, status, says] of [
    ['503', 503, /^Service Unavailable$/],
    ['row-lock', 400, /"errorCode":"UNABLE_TO_LOCK_ROW"/],
    ['busy', 400, /"errorCode":"ALREADY_IN_PROCESS"/],
    ['session-expired', 401, /"errorCode":"INVALID_SESSION_ID"/],
  ] as const) {
    test(`${kind}: REST answers ${status}, and nothing is done`, async (t) => {
      const client = await startTestOrg(t, { faults: `query:${kind}` });
      const answer = await sendQuery(client);
      assert.deepEqual([answer.status, says.test(await answer.text())], [status, true]);
      assert.equal(client.org.log.at(-1)?.kind, 'fault');
    });
  }

  for (const [kind, code] of [
    ['row-lock', 'UNABLE_TO_LOCK_ROW'],
    ['busy', 'ALREADY_IN_PROCESS'],
    ['session-expired', 'INVALID_SESSION_ID'],
  ] as const) {
    test(`${kind}: SOAP answers a fault with its code, and no deployment is taken`, async (t) => {
      const client = await startTestOrg(t, { faults: `deploy.submit:${kind}` });
      await assert.rejects(client.submit(FILES), (thrown: Error) => thrown.message.includes(code));
      assert.ok(client.org.log.every((event) => event.kind !== 'deploy'));
    });
  }

  test('a row lock while the org works on a deployment fails it as a whole, and nothing of it stays', async (t) => {
    const client = await startTestOrg(t, { faults: 'deploy.work:row-lock' });
    const { id, status } = await client.deploy(FILES);
    const { records } = await client.query(
      `SELECT Status, ErrorStatusCode FROM DeployRequest WHERE Id = '${id}'`,
      true,
    );
    assert.deepEqual(
      [status, records[0]?.['Status'], records[0]?.['ErrorStatusCode']],
      ['Failed', 'Failed', 'UNABLE_TO_LOCK_ROW'],
    );
    assert.equal(client.org.files().size, 0);
    assert.equal((await client.deploy(FILES)).status, 'Succeeded');
  });

  test('session: every session of the org has ended', async (t) => {
    const client = await startTestOrg(t, { faults: 'query:session-expired' });
    assert.deepEqual([(await sendQuery(client)).status, (await sendQuery(client)).status], [401, 401]);
  });
});

test('DeployRequest lists deployments as Setup does: who, when, and how they ended', async (t) => {
  const client = await startTestOrg(t, { latency: { deploy: 60_000 } });
  const id = await client.submit(FILES);
  const soql =
    'SELECT Id, Status, CheckOnly, CreatedBy.Name, CompletedDate FROM DeployRequest ORDER BY CreatedDate DESC LIMIT 20';
  const [running] = (await client.query(soql, true)).records;
  assert.deepEqual([running?.['Id'], running?.['Status'], running?.['CheckOnly']], [id, 'InProgress', false]);
  assert.deepEqual(
    [running?.['CompletedDate'], (running?.['CreatedBy'] as { Name: string }).Name],
    [null, 'Local Admin'],
  );
  await assert.rejects(client.query(soql), 'the data API does not know the object');
});
