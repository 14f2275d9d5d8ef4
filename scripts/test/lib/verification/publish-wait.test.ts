import assert from 'node:assert/strict';
import { EventEmitter } from 'node:events';
import http, { type ClientRequest } from 'node:http';
import { Readable } from 'node:stream';
import { test, type TestContext } from 'node:test';
import type { Check } from '../../../lib/model';
import { verifyOrg } from '../../../lib/verification/verify-org';
import { onVirtualTime } from '../virtual-time';
import { orgUnderTest, verifyOptions } from './fake-org';

const MINUTE_MS = 60_000;

/** A response; without a status, the connection fails. */
interface Reply {
  readonly status?: number;
  readonly body?: object;
}
type Serve = (reads: number) => Reply;

const published = (authMode: string): Reply => ({
  status: 200,
  body: { embeddedServiceConfig: { embeddedServiceMessagingChannel: { authMode } } },
});

/** A request of node:http that gets its response without a connection, so that the virtual clock knows when nothing is left. */
function request({ status, body = {} }: Reply, settle: (response: unknown) => void): ClientRequest {
  const sent = new EventEmitter();
  const end = (): void =>
    queueMicrotask(() => {
      if (status === undefined) sent.emit('error', new Error('closed'));
      else
        settle(
          Object.assign(Readable.from([Buffer.from(JSON.stringify(body))]), {
            statusCode: status,
            headersDistinct: {},
          }),
        );
    });
  return Object.assign(sent, { end }) as unknown as ClientRequest;
}

/** Verifies an org whose public configuration is served by `serve`, on a virtual clock. Every token is rejected. */
async function verifyWith(t: TestContext, serve: Serve, publishTimeoutMs?: number) {
  const requests = { config: 0, token: 0 };
  const mocked = t.mock.method(http, 'request', (url: URL, _options: object, settle: (response: unknown) => void) => {
    if (url.pathname.startsWith('/embeddedservice/')) return request(serve(++requests.config), settle);
    requests.token++;
    return request({ status: 401 }, settle);
  });
  const org = await orgUnderTest({ url: 'http://127.0.0.1:1' } as never);
  const options = await verifyOptions({ ...(publishTimeoutMs !== undefined && { publishTimeoutMs }) });
  const { result, elapsed } = await onVirtualTime(() => verifyOrg(org, options));
  // A second mock of the same test would otherwise be restored to the first one.
  mocked.mock.restore();
  return { requests, elapsed, published: stateOf(result.checks, 'published') };
}

const stateOf = (checks: readonly Check[], name: string): string | undefined =>
  checks.find((check) => check.name === name)?.state;

/** The token requests of one verification of the only chat deployment. */
async function requestsWithoutWait(t: TestContext): Promise<number> {
  return (await verifyWith(t, () => published('Auth'))).requests.token;
}

test('reads the public configuration until it is published, and sends each token once', async (t) => {
  const expected = await requestsWithoutWait(t);
  const serve: Serve = (reads) => published(reads < 4 ? 'UnAuth' : 'Auth');
  const { requests, elapsed, published: state } = await verifyWith(t, serve, 10 * MINUTE_MS);
  assert.deepEqual([requests, elapsed, state], [{ config: 4, token: expected }, 45_000, 'passed']);
});

test('waits for a chat deployment that was never published', async (t) => {
  const serve: Serve = (reads) => (reads < 2 ? { status: 412, body: { text: 'no' } } : published('Auth'));
  const { requests, published: state } = await verifyWith(t, serve, 10 * MINUTE_MS);
  assert.deepEqual([requests.config, state], [2, 'passed']);
});

test('sends the tokens once after the timeout, and fails', async (t) => {
  const expected = await requestsWithoutWait(t);
  const { requests, elapsed, published: state } = await verifyWith(t, () => published('UnAuth'), MINUTE_MS);
  assert.deepEqual([requests, elapsed, state], [{ config: 5, token: expected }, MINUTE_MS, 'failed']);
});

test('does not wait without a timeout, or for an org that does not respond', async (t) => {
  const outdated = await verifyWith(t, () => published('UnAuth'));
  assert.deepEqual([outdated.requests.config, outdated.elapsed, outdated.published], [1, 0, 'failed']);
  const closed = await verifyWith(t, () => ({}), MINUTE_MS);
  assert.deepEqual([closed.requests, closed.elapsed], [{ config: 1, token: 0 }, 0]);
});
