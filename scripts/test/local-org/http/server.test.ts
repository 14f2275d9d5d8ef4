import assert from 'node:assert/strict';
import { test } from 'node:test';
import { listen } from '../../../local-org/http/server';

test('stopListening closes open connections and refuses new ones until its time is over', async (t) => {
  const server = await listen(0, ({ path }) => {
    if (path === '/waiting') return new Promise(() => undefined);
    return Promise.resolve({ status: 200, type: 'text/plain', body: 'ok' });
  });
  t.after(() => server.close());
  const url = `http://127.0.0.1:${server.port}`;
  assert.equal(await (await fetch(url)).text(), 'ok');
  const waiting = fetch(`${url}/waiting`, { signal: AbortSignal.timeout(5_000) });
  await new Promise((resolve) => setTimeout(resolve, 50));
  server.stopListening(300);
  await assert.rejects(waiting, TypeError);
  await assert.rejects(fetch(url), TypeError);
  await new Promise((resolve) => setTimeout(resolve, 400));
  assert.equal(await (await fetch(url)).text(), 'ok');
});
