import assert from 'node:assert/strict';
import { once } from 'node:events';
import { test } from 'node:test';
import type { Demo } from '../../../demo-site/demo';
import {
  leftoverFiles,
  findProcesses,
  startProcess,
  waitUntil,
  type RunningProcess,
} from '../../commands/command-process';
import { createWorkspace } from '../../commands/workspace';
import { accessibilityViolations } from '../accessibility-violations';
import { visitShop } from './visit';

const workspace = createWorkspace();

interface DemoAnnouncement {
  readonly url: string;
  readonly org: string;
}

/** Starts the command and waits for its URL. */
async function startDemoSite(): Promise<DemoAnnouncement & { readonly running: RunningProcess }> {
  const running = startProcess(workspace, 'demo-site', ['--port', '0', '--json']);
  assert.ok(running.child.stdout);
  const [line] = (await once(running.child.stdout, 'data')) as [Buffer];
  return { ...(JSON.parse(line.toString()) as DemoAnnouncement), running };
}

const COOKIE = { 'X-Requested-With': 'test' };
const status = async (url: string, init: RequestInit): Promise<number> => (await fetch(url, init)).status;

test('serves a shop with npm run demo-site and stops all processes on Ctrl+C', async (t) => {
  const { url, org, running } = await startDemoSite();
  await t.test('has no accessibility violation in any state, color scheme, and width', async (inner) => {
    // This visit doesn't read the log of the org.
    const shop = await visitShop(inner, { url, controls: {}, org: { log: [] } } as unknown as Demo, {
      bypassCSP: true,
    });
    if (!shop) return;
    await shop.open();
    await shop.waitForStatus('Log in to chat with us');
    assert.deepEqual(await accessibilityViolations(shop.page), []);
    await shop.button('Token service unavailable');
    await shop.logIn('Maya Okafor');
    await shop.waitForAlert("isn't available");
    await shop.page.emulateMedia({ colorScheme: 'dark' });
    assert.deepEqual(await accessibilityViolations(shop.page), []);
    await shop.button('Token service unavailable');
    await shop.button('Try again');
    await shop.openChat();
    await shop.write('Hello');
    await shop.page.setViewportSize({ width: 360, height: 740 });
    assert.deepEqual(await accessibilityViolations(shop.page), []);
    const [wide, narrow] = await shop.page.evaluate(() => {
      const { scrollWidth, clientWidth } = (
        globalThis as unknown as { document: { documentElement: Record<'scrollWidth' | 'clientWidth', number> } }
      ).document.documentElement;
      return [scrollWidth, clientWidth];
    });
    assert.equal(wide, narrow, 'no horizontal scrolling on a phone');
    await shop.assertNoLeak();
  });
  await t.test('simulates a failure only for requests of the shop page', async () => {
    const elsewhere = { Origin: 'https://elsewhere.example.com' };
    assert.equal(await status(`${url}/failure/down`, { method: 'POST', headers: { ...COOKIE, Origin: url } }), 204);
    assert.equal(await status(`${url}/failure/nothing`, { method: 'POST', headers: { ...COOKIE, Origin: url } }), 404);
    assert.equal(await status(`${url}/failure/down`, { method: 'POST', headers: { ...COOKIE, ...elsewhere } }), 403);
    assert.equal(await status(`${url}/failure/down`, { method: 'POST', headers: { Origin: url } }), 403);
    assert.equal(await status(`${url}/../package.json`, {}), 404);
  });
  running.child.kill('SIGINT');
  const { exit, stderr } = await running.ended;
  assert.equal(exit, 0, stderr);
  for (const stoppedUrl of [url, org]) await assert.rejects(fetch(stoppedUrl), stoppedUrl);
  await waitUntil('every process is gone', () => findProcesses(running.temporaryFolder).length === 0);
  assert.deepEqual(leftoverFiles(running.temporaryFolder), []);
});

test('rejects an unreadable page before it starts anything', async () => {
  const { exit, stderr } = await startProcess(workspace, 'demo-site', ['--page', 'no-such-page.html']).ended;
  assert.equal(exit, 3);
  assert.match(stderr, /The page no-such-page\.html can't be read/);
});
