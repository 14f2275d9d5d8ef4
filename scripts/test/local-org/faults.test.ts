import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { parseFaults } from '../../local-org/index';
import { startTestOrg, type Client } from './client';
import { routingXml } from './samples';

const FILES = { 'queueRoutingConfigs/Chat.queueRoutingConfig': routingXml };
const once = { first: 1, last: 1 };

test('parses the step, kind, duration, calls, and org of a fault', () => {
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
  ['query', /Invalid fault "query": expected step:kind@calls/],
  ['query:503@', /Invalid fault "query:503@"/],
  ['query:503=fast', /Invalid fault/],
  ['', /Invalid fault ""/],
  ['look:503', /Unknown fault step "look"\. Valid steps: login, exchange, /],
  ['query:slow', /Unknown fault kind "slow"\. Valid kinds: refused, /],
  ['query:503@0', /counted from 1/],
  ['query:503@3-2', /counted from 1/],
] as const) {
  test(`rejects the fault "${spec}" with a reason`, () => assert.throws(() => parseFaults(spec, 'dev'), problem));
}

const QUERY = '/services/data/v67.0/query?q=SELECT+Id+FROM+Organization';
const sendQuery = (client: Client): Promise<Response> => client.rest(QUERY);

describe('an injected fault', () => {
  test('affects only the calls in its range, counted from when it was set', async (t) => {
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

  test('redirect: redirects to another host with the same path, without any work', async (t) => {
    const client = await startTestOrg(t, { faults: 'query:redirect' });
    const { status, headers } = await client.rest(QUERY, { redirect: 'manual' });
    const expected = `${client.org.url.replace('127.0.0.1', 'localhost')}${QUERY}`;
    assert.deepEqual([status, headers.get('location')], [302, expected]);
    assert.equal(client.org.log.at(-1)?.kind, 'fault');
  });

  test('refused: drops the request before any work, and refuses connections for a while', async (t) => {
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

  test('reset: does the work, and truncates the response', async (t) => {
    const client = await startTestOrg(t, { faults: 'query:reset' });
    const response = await sendQuery(client);
    await assert.rejects(response.text());
    assert.equal(client.org.log.at(-1)?.kind, 'query');
  });

  test('no-response: does the work, and drops the response', async (t) => {
    const client = await startTestOrg(t, { faults: 'query:no-response=100ms' });
    await assert.rejects(sendQuery(client));
    assert.equal(client.org.log.at(-1)?.kind, 'query');
  });

  test('timeout: delays the work and the response', async (t) => {
    const client = await startTestOrg(t, { faults: 'query:timeout=150ms' });
    const response = sendQuery(client);
    const isLast = (kind: string): boolean => client.org.log.at(-1)?.kind === kind;
    while (!isLast('fault') && !isLast('query')) await new Promise((resolve) => setTimeout(resolve, 10));
    assert.ok(isLast('fault'), 'the work is not done before the delay');
    assert.equal((await response).status, 200);
    assert.ok(isLast('query'));
  });

  for (const [kind, status, says] of [
    ['503', 503, /^Service Unavailable$/],
    ['row-lock', 400, /"errorCode":"UNABLE_TO_LOCK_ROW"/],
    ['busy', 400, /"errorCode":"ALREADY_IN_PROCESS"/],
    ['session-expired', 401, /"errorCode":"INVALID_SESSION_ID"/],
  ] as const) {
    test(`${kind}: returns status ${status} by REST without doing the work`, async (t) => {
      const client = await startTestOrg(t, { faults: `query:${kind}` });
      const response = await sendQuery(client);
      assert.deepEqual([response.status, says.test(await response.text())], [status, true]);
      assert.equal(client.org.log.at(-1)?.kind, 'fault');
    });
  }

  for (const [kind, code] of [
    ['row-lock', 'UNABLE_TO_LOCK_ROW'],
    ['busy', 'ALREADY_IN_PROCESS'],
    ['session-expired', 'INVALID_SESSION_ID'],
  ] as const) {
    test(`${kind}: returns a SOAP fault with its code, and creates no deploy job`, async (t) => {
      const client = await startTestOrg(t, { faults: `deploy.submit:${kind}` });
      await assert.rejects(client.submit(FILES), (thrown: Error) => thrown.message.includes(code));
      assert.ok(client.org.log.every((event) => event.kind !== 'deploy'));
    });
  }

  test('row-lock during a deploy job: fails the whole job and commits nothing', async (t) => {
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

  test('session-expired: ends all sessions of the org', async (t) => {
    const client = await startTestOrg(t, { faults: 'query:session-expired' });
    assert.deepEqual([(await sendQuery(client)).status, (await sendQuery(client)).status], [401, 401]);
  });
});

test('DeployRequest has the status, user, and times of each deploy job', async (t) => {
  const client = await startTestOrg(t, { latency: { deploy: 60_000 } });
  const id = await client.submit(FILES);
  const soql =
    'SELECT Id, Status, CheckOnly, CreatedBy.Name, CompletedDate FROM DeployRequest ORDER BY CreatedDate DESC LIMIT 20';
  const [running] = (await client.query(soql, true)).records;
  assert.deepEqual([running?.['Id'], running?.['Status'], running?.['CheckOnly']], [id, 'InProgress', false]);
  assert.deepEqual(
    [running?.['CompletedDate'], (running?.['CreatedBy'] as { Name: string } | undefined)?.Name],
    [null, 'Local Admin'],
  );
  await assert.rejects(client.query(soql), 'the object is not in the data API');
});
