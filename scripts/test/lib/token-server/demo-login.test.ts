import assert from 'node:assert/strict';
import { test } from 'node:test';
import { withDemoLogin } from '../../../lib/token-server/demo-login';
import { createDemoSessions } from '../../../lib/token-server/sessions';
import type { EndpointOptions, HttpResponse } from '../../../lib/token-server/endpoint';

const ORIGIN = 'https://shop.example.com';
const sessions = createDemoSessions();
const endpoint = withDemoLogin(() => Promise.resolve({ status: 299, headers: {}, body: '' }), {
  sessions,
  customers: ['C 1', 'C-2'],
  origins: [ORIGIN],
  signer: {} as EndpointOptions['signer'],
});
const request = (method: string, path: string, headers: Readonly<Record<string, string>> = {}): Promise<HttpResponse> =>
  endpoint({ method, path, headers: { origin: ORIGIN, 'x-requested-with': 'test', ...headers } });
const cookieOf = ({ headers }: HttpResponse): string => (headers['Set-Cookie'] ?? '').split(';')[0] ?? '';

test('a login opens a session of the customer, and a logout ends it on the server', async () => {
  const login = await request('POST', '/session/C%201');
  assert.equal(login.status, 204);
  const cookie = cookieOf(login);
  assert.equal((await sessions.find(cookie))?.subject, 'C 1');
  const logout = await request('DELETE', '/session/', { cookie });
  assert.deepEqual([logout.status, cookieOf(logout)], [204, 'trial_session=']);
  assert.equal(await sessions.find(cookie), undefined);
});

for (const [status, method, path, headers] of [
  [404, 'POST', '/session/C-3', {}],
  [405, 'GET', '/session/C-2', {}],
  [403, 'POST', '/session/C-2', { origin: 'https://evil.example.com' }],
  [299, 'POST', '/token', {}],
] as const)
  test(`${method} ${path} with ${JSON.stringify(headers)} gets status ${status}`, async () => {
    assert.equal((await request(method, path, headers)).status, status);
  });
