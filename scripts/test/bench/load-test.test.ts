import assert from 'node:assert/strict';
import { generateKeyPairSync } from 'node:crypto';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { test, type TestContext } from 'node:test';
import { decodeJwt, decodeProtectedHeader } from 'jose';
import { createLoadClient } from '../../bench/load/client';
import { createRequests } from '../../bench/load/requests';
import { runAtRate, summarize } from '../../bench/load/run-at-rate';
import { runScript } from '../lib/cli/run-script';

test('the load test sends every request, checks every response, and prints a summary', async () => {
  const { exit, out, err } = await runScript('scripts/load-test.ts', ['--rate', '100', '--seconds', '2', '--json']);
  const { summary } = JSON.parse(out) as { summary: Record<string, number> };
  assert.deepEqual([exit, summary['requests'], summary['wrong']], [0, 200, 0], err);
});

test('requests do not wait for responses', async () => {
  let open = 0;
  let release = (): void => undefined;
  const allSent = new Promise<void>((resolve) => (release = resolve));
  const responses = await runAtRate(1_000, 0.05, async () => {
    if (++open === 50) release();
    await allSent;
    return true;
  });
  assert.equal(responses.length, 50);
});

test('a summary counts wrong and lost responses', async () => {
  const responses = await runAtRate(1_000, 0.01, (index) =>
    index === 3 ? Promise.reject(new Error('lost')) : Promise.resolve(index !== 5),
  );
  const { requests, wrong } = summarize(responses, 10);
  assert.deepEqual([requests, wrong], [10, 2]);
});

test('a summary has the percentiles of the sorted times and the responses per second', () => {
  const summaryOf = (...times: readonly number[]) =>
    summarize(
      times.map((milliseconds) => ({ milliseconds, correct: true })),
      500,
    );
  assert.deepEqual(summaryOf(4, 1, 10, 2), { requests: 4, wrong: 0, rate: 8, p50: 2, p99: 10, max: 10 });
  assert.deepEqual(summaryOf(...Array.from({ length: 200 }, (_, index) => 200 - index)), {
    requests: 200,
    wrong: 0,
    rate: 400,
    p50: 100,
    p99: 198,
    max: 200,
  });
  assert.deepEqual(summaryOf(), { requests: 0, wrong: 0, rate: 0, p50: 0, p99: 0, max: 0 });
});

async function serve(t: TestContext, status: number, body: string): Promise<string> {
  const server = createServer((_, response) => response.writeHead(status).end(body)).listen(0, '127.0.0.1');
  await new Promise((resolve) => server.once('listening', resolve));
  t.after(() => new Promise((resolve) => server.close(resolve)));
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
}

test('a response is correct only with the expected status and text', async (t) => {
  const client = createLoadClient(await serve(t, 401, 'the issuer is wrong'));
  const request = { path: '/', body: '{}', status: 401, contains: 'issuer' };
  assert.equal(await client.send(request), true);
  assert.equal(await client.send({ ...request, status: 200 }), false);
  assert.equal(await client.send({ ...request, contains: 'expired' }), false);
  client.close();
});

test('of 20 requests, 12 have a valid token of their own customer and 8 have different defects', () => {
  const { privateKey } = generateKeyPairSync('rsa', { modulusLength: 2048 });
  const requests = createRequests('00D000000000001', privateKey);
  assert.equal(requests.length, 200);
  const first = requests.slice(0, 20);
  assert.deepEqual(
    first.map(({ status }) => status),
    [...Array<number>(12).fill(200), ...Array<number>(7).fill(401), 400],
  );
  const tokens = first
    .slice(0, 19)
    .map(({ body }) => (JSON.parse(body) as { customerIdentityToken: string }).customerIdentityToken);
  assert.equal(new Set(requests.filter(({ status }) => status === 200).map(({ contains }) => contains)).size, 120);
  assert.equal(new Set(first.slice(12).map(({ contains }) => contains)).size, 8);
  const [slash, expired, unknownKid, idleKid, , confusion, unsigned] = tokens.slice(12);
  assert.equal(decodeJwt(slash ?? '').iss, 'https://id.example.com/');
  assert.ok((decodeJwt(expired ?? '').exp ?? Infinity) < Date.now() / 1000);
  assert.deepEqual(
    [unknownKid, idleKid].map((token) => decodeProtectedHeader(token ?? '').kid),
    ['unknown', 'load-2'],
  );
  assert.deepEqual(
    [confusion, unsigned].map((token) => decodeProtectedHeader(token ?? '').alg),
    ['HS256', 'none'],
  );
  assert.match(unsigned ?? '', /\.$/);
});
