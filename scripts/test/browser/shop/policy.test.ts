/** Loads the web client with the Content Security Policy and the hashes that the guide documents. */
import assert from 'node:assert/strict';
import { mkdtempSync, readFileSync } from 'node:fs';
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { before, test } from 'node:test';
import { startDemo, type Demo } from '../../../demo-site/demo';
import { chatSettings } from '../../../lib/client-kit/web-snippet';
import { ROOT } from '../../commands/fleet';
import { createWorkspace } from '../../commands/workspace';
import { visitShop, type ShopVisit } from './visit';

const workspace = createWorkspace();
const read = (path: string): string => readFileSync(join(ROOT, path), 'utf8');
const FILES = 'member-site/main/default/staticresources';
const POLICY = /^Content-Security-Policy: (.*)$/m.exec(read('scripts/guides/web-client.md'))?.[1] ?? '';
const HASHES = JSON.parse(read('scripts/web-client/package/integrity.json')) as Readonly<Record<string, string>>;
const WRONG_HASH = `sha384-${'A'.repeat(64)}`;

let demo: Demo;
/** The app of a customer. It forwards requests of a token to the shop, as the guide describes for Vite. */
let app: Server;
/** What the app serves. */
const served = { page: '', policy: '' };

before(async () => {
  const folder = mkdtempSync(join(workspace.folder, 'demo-'));
  demo = await startDemo({ workers: workspace.workers, folder, project: ROOT, port: 0 });
  app = createServer((request, response) => void respond(request, response));
  await new Promise<void>((resolve) => app.listen(0, '127.0.0.1', resolve));
  workspace.onCleanup(async () => {
    await demo.close();
    app.closeAllConnections();
    app.close();
  });
});

const originOf = (host: string): string => `http://${host}:${(app.address() as AddressInfo).port}`;
/** The same server under another origin. */
const cdn = (): string => originOf('127.0.0.1');

async function respond({ url = '', headers }: IncomingMessage, response: ServerResponse): Promise<void> {
  if (url === '/page') {
    response.writeHead(200, { 'Content-Type': 'text/html', 'Content-Security-Policy': served.policy });
    return void response.end(served.page);
  }
  if (url === '/token') {
    const forwarded = { origin: demo.url, cookie: headers.cookie ?? '', 'x-requested-with': 'app' };
    const answer = await fetch(`${demo.url}/token`, { method: 'POST', headers: forwarded });
    response.writeHead(answer.status, { 'Content-Type': 'application/json', 'Cache-Control': 'no-store' });
    return void response.end(await answer.text());
  }
  const text = APP_FILES[url]?.() ?? (HASHES[url.slice(1)] === undefined ? undefined : read(`${FILES}${url}`));
  response.writeHead(text === undefined ? 404 : 200, {
    'Content-Type': 'text/javascript',
    'Access-Control-Allow-Origin': '*',
  });
  response.end(text);
}

/** The script of the guide, and the one that replaces it in an app with modules. */
const classic = (host = '', hash = HASHES['customerIdentity.js'] ?? ''): string =>
  `<script src="${host}/customerIdentity.js" integrity="${hash}" crossorigin="anonymous" data-token-url="/token"></script>`;
const modules = (hash = HASHES['customerIdentityModule.js'] ?? ''): string =>
  `<script type="module" src="/customerIdentityModule.js" integrity="${hash}"></script><script type="module" src="/app.js"></script>`;

/** The files of the app. The guide describes the second one. */
const APP_FILES: Readonly<Record<string, () => string>> = {
  '/app.js': () =>
    "import { connectIdentity } from '/customerIdentityModule.js'; connectIdentity({ tokenUrl: '/token' });",
  '/start-chat.js': () => {
    const { orgId, name, site, scrt2URL } = chatSettings(demo.connection);
    const values = [orgId, name, site].map((value) => JSON.stringify(value)).join(', ');
    return `embeddedservice_bootstrap.init(${values}, { scrt2URL: ${JSON.stringify(scrt2URL)} });`;
  },
};

/** Opens a page with a policy and the scripts of the client, as a customer who is logged in. */
async function openApp(shop: ShopVisit, client: string, policy: string): Promise<void> {
  const { site, scrt2URL } = chatSettings(demo.connection);
  served.policy = policy.replaceAll('SITE', new URL(site).origin).replaceAll('SCRT2', new URL(scrt2URL).origin);
  const chat = `<script src="${site}/assets/js/bootstrap.min.js"></script><script src="/start-chat.js"></script>`;
  served.page = `<!doctype html><html lang="en"><title>App</title><body>${client}${chat}</body></html>`;
  await shop.open();
  await shop.logIn('Maya Okafor');
  await shop.waitForStatus('Your identity was sent to chat');
  // Cookies don't depend on the port.
  await shop.page.goto(`${originOf('localhost')}/page`);
}

const WORKING: Readonly<Record<string, readonly [client: () => string, policy: () => string]>> = {
  'the script on the host of the page': [classic, () => POLICY],
  'the module on the host of the page': [modules, () => POLICY],
  'the script on a CDN that script-src lists': [
    () => classic(cdn()),
    () => POLICY.replace("script-src 'self'", `script-src 'self' ${cdn()}`),
  ],
};

for (const [what, [client, policy]] of Object.entries(WORKING))
  test(`verifies a customer with the policy and the hash of the guide, and ${what}`, async (t) => {
    const shop = await visitShop(t, demo);
    if (!shop) return;
    await openApp(shop, client(), policy());
    await shop.openChat();
    await shop.write('Hello');
    shop.assertRecorded('C-1001');
    assert.doesNotMatch(shop.consoleMessages.join('\n'), /Content Security Policy|integrity/);
  });

const without = (directive: string): string => POLICY.replace(new RegExp(`${directive} [^;]*(; )?`), '');

const BLOCKED: Readonly<Record<string, readonly [client: () => string, policy: string, message: RegExp]>> = {
  'a wrong hash of the script': [() => classic('', WRONG_HASH), POLICY, /integrity/],
  'a wrong hash of the module': [() => modules(WRONG_HASH), POLICY, /integrity/],
  "a CDN that script-src doesn't list": [() => classic(cdn()), POLICY, /Content Security Policy/],
  'no script-src': [classic, without('script-src'), /Content Security Policy/],
  'no connect-src': [classic, without('connect-src'), /Content Security Policy/],
};

for (const [what, [client, policy, message]] of Object.entries(BLOCKED))
  test(`the browser blocks a page with ${what}`, async (t) => {
    assert.ok(policy !== POLICY || what.includes('hash') || what.includes('CDN'), 'the directive is in the policy');
    const shop = await visitShop(t, demo);
    if (!shop) return;
    const blocked = shop.page.waitForEvent('console', (line) => message.test(line.text()));
    await openApp(shop, client(), policy);
    await blocked;
    assert.equal(await shop.hasChat(), false);
  });
