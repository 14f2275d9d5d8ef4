import assert from 'node:assert/strict';
import { mkdtempSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { before, mock, test } from 'node:test';
import { decodeProtectedHeader } from 'jose';
import type { Route } from 'playwright-core';
import ts from 'typescript';
import { startDemo, type Demo } from '../../../demo-site/demo';
import { ISSUER } from '../../../demo-site/demo-project';
import { runClientKit } from '../../../lib/client-kit';
import type { ChannelConnection } from '../../../lib/client-kit/channel-connection';
import { chatSettings, chatSnippet } from '../../../lib/client-kit/web-snippet';
import { discoverProvider } from '../../../lib/keys';
import {
  createDemoSessions,
  createSigner,
  createTokenEndpoint,
  listen,
  type RunningServer,
} from '../../../lib/token-server';
import { createTokenExchange } from '../../../lib/token-server/exchange';
import { ROOT } from '../../commands/fleet';
import { testContext, type CapturedOutput } from '../../commands/run-command';
import { createWorkspace } from '../../commands/workspace';
import { CLIENT as OIDC_CLIENT, startOidcProvider, type TestProvider } from '../../lib/token-server/oidc-provider';
import { visitShop, type ShopVisit } from './visit';

const workspace = createWorkspace();
const ownPage = join(workspace.folder, 'page.html');
let demo: Demo;
let printedSnippet: string;

before(async () => {
  const folder = mkdtempSync(join(workspace.folder, 'demo-'));
  demo = await startDemo({ workers: workspace.workers, folder, project: ROOT, port: 0, page: ownPage });
  printedSnippet = await printSnippet(join(folder, 'project'), demo.connection.channel);
  workspace.onCleanup(() => demo.close());
});

/** What `npm run client-kit -- --client web` prints for a channel of the org of the demo. */
async function printSnippet(project: string, name: string): Promise<string> {
  const output: CapturedOutput = { shown: [], documents: [], progress: [], questions: [] };
  const { flags, ...context } = testContext(project, {}, output);
  const kitFlags = { ...flags, client: ['web' as const], channel: [name], page: [] };
  assert.equal(await runClientKit({ ...context, flags: kitFlags }, workspace.workers), 0, output.shown.join('\n'));
  const { orgs } = JSON.parse(output.documents[0] ?? '') as {
    orgs: { channels: { kits: { files: { text: string }[] }[] }[] }[];
  };
  return orgs[0]?.channels[0]?.kits[0]?.files[0]?.text ?? '';
}

const MAYA = 'C-1001';
const HOUR = 60 * 60 * 1000;

/** Runs a test in the shop and then asserts that the page contains no part of a token. */
function shopTest(name: string, run: (shop: ShopVisit) => Promise<void>): void {
  test(name, async (t) => {
    const shop = await visitShop(t, demo);
    if (!shop) return;
    await run(shop);
    await shop.assertNoLeak();
  });
}

type RouteHandler = (route: Route) => Promise<void>;

/** Replaces the token service with a handler until the returned function is called. */
async function interceptToken({ page }: ShopVisit, answer: RouteHandler): Promise<() => Promise<void>> {
  await page.route('**/token', answer);
  return () => page.unroute('**/token', answer);
}

shopTest('verifies a customer who logs in', async (shop) => {
  await shop.open();
  await shop.waitForStatus('Log in to chat with us');
  assert.equal(await shop.hasChat(), false);
  await shop.logIn('Maya Okafor');
  await shop.waitForStatus('Your identity was sent to chat');
  await shop.openChat();
  await shop.write('Hello');
  shop.assertRecorded(MAYA);
});

shopTest('verifies a logged-in customer on each page', async (shop) => {
  await shop.open();
  await shop.logIn('Jonas Lindqvist');
  await shop.waitForStatus('Your identity was sent to chat');
  await shop.page.reload();
  await shop.waitForStatus('Your identity was sent to chat');
  await shop.openChat();
  await shop.write('Hello again');
  shop.assertRecorded('C-1002');
});

shopTest('renews an expired token and continues the conversation', async (shop) => {
  await shop.open();
  await shop.logIn('Priya Nair');
  await shop.openChat();
  await shop.write('Before');
  const start = shop.exchanges().length;
  await shop.button('Expire my token');
  await shop.page.getByText('1 hour ahead').waitFor();
  await shop.write('After');
  await shop.page
    .getByText(/You wrote: Before/)
    .last()
    .waitFor();
  assert.equal(shop.exchanges().at(-1), 'v2/iamessage/AUTH/Customer/uid:C-1003');
  assert.ok(shop.exchanges().length > start);
  await shop.waitForStatus('Your identity was sent to chat');
});

shopTest('requests a token that the org rejects three times and then shows the failure', async (shop) => {
  await shop.open();
  const signed = shop.page.locator('#steps li', { hasText: 'Signed an identity token' });
  await shop.waitForStatus('Log in to chat');
  const before = await signed.count();
  demo.controls.failureMode = 'broken';
  await shop.logIn('Maya Okafor');
  await shop.openChat();
  await shop.waitForAlert("Chat couldn't verify your identity");
  assert.deepEqual(shop.exchanges(), ['rejected', 'rejected', 'rejected']);
  await signed.nth(before + 2).waitFor();
  assert.equal(await signed.count(), before + 3);
});

shopTest('shares one conversation between two tabs', async (shop) => {
  await shop.open();
  await shop.logIn('Maya Okafor');
  const other = await shop.tab();
  for (const tab of [shop, other]) {
    await tab.waitForStatus('Your identity was sent to chat');
    await tab.openChat();
  }
  await shop.write('From the first tab');
  await other.page.getByText(/You wrote: From the first tab/).waitFor();
  assert.equal(shop.exchanges().length, 2);
  shop.assertRecorded(MAYA);
  await other.assertNoLeak();
});

shopTest('shows the messages of a reopened chat by time', async (shop) => {
  await shop.open();
  await shop.logIn('Priya Nair');
  await shop.openChat();
  for (const words of ['One', 'Two']) await shop.write(words);
  await shop.page.reload();
  await shop.openChat();
  await shop.write('Three');
  const shown = (await shop.page.locator('#embedded-messaging li.own').allTextContents()).slice(-3);
  assert.deepEqual(
    shown.map((text) => /(One|Two|Three) \d+$/.exec(text)?.[1]),
    ['One', 'Two', 'Three'],
  );
});

shopTest('ends the chat in the other tab after a logout', async (shop) => {
  await shop.open();
  await shop.logIn('Maya Okafor');
  const other = await shop.tab();
  await other.waitForStatus('Your identity was sent to chat');
  await other.openChat();
  await other.write('Still here');
  await shop.logOut();
  await other.waitForStatus('The chat has ended');
  await other.page.getByRole('button', { name: 'Jonas Lindqvist' }).waitFor();
  assert.equal(await other.hasChat(), false);
  assert.equal(await other.page.getByText('Still here').count(), 0);
  const { length } = shop.exchanges();
  await shop.logIn('Jonas Lindqvist');
  await shop.openChat();
  await shop.write('Somebody else');
  assert.deepEqual(shop.exchanges().slice(length), ['v2/iamessage/AUTH/Customer/uid:C-1002']);
  shop
    .exchanges()
    .slice(0, length)
    .forEach((each) => assert.match(each, /uid:C-1001$/));
  await other.assertNoLeak();
});

/** Ends the session of the shop on the server, as an expiry does. */
async function endSession({ page }: ShopVisit): Promise<void> {
  const headers = { origin: demo.url, 'x-requested-with': 'shop' };
  assert.equal((await page.request.delete(`${demo.url}/session/`, { headers })).status(), 204);
}

/** Asserts that neither the chat nor the messages of a customer are on the page. */
async function assertNoChat({ page }: ShopVisit, message: string): Promise<void> {
  assert.equal(await page.getByText(message).count(), 0);
  assert.equal(await page.locator('#embedded-messaging').count(), 0);
}

/** Logs a customer in, and writes a message in this tab and in another one, which is returned. */
async function chatInTwoTabs(shop: ShopVisit): Promise<ShopVisit> {
  await shop.open();
  await shop.logIn('Maya Okafor');
  const other = await shop.tab();
  for (const tab of [shop, other]) {
    await tab.openChat();
    await tab.write('My secret');
  }
  return other;
}

shopTest('ends the chat in both tabs when the session ended before the next token', async (shop) => {
  const other = await chatInTwoTabs(shop);
  await endSession(shop);
  await shop.button('Expire my token');
  await shop.page.getByText('1 hour ahead').waitFor();
  await shop.page.getByLabel('Your message').fill('Sent after the session');
  await shop.page.keyboard.press('Enter');
  for (const tab of [shop, other]) {
    await tab.waitForStatus('The chat has ended');
    await assertNoChat(tab, 'My secret');
  }
  await shop.page.getByRole('button', { name: 'Jonas Lindqvist' }).waitFor();
  await other.assertNoLeak();
});

shopTest('ends the chat in both tabs when the session of the shop cannot be ended', async (shop) => {
  const other = await chatInTwoTabs(shop);
  await shop.page.route('**/session/', (route) => route.abort());
  await shop.logOut();
  await shop.waitForAlert('The logout failed');
  await shop.page.route('**/session/', (route) => route.fulfill({ status: 503 }));
  await shop.button('Try again');
  await shop.waitForAlert('The logout failed');
  for (const { page } of [shop, other]) {
    // The page looks for another customer, and finds the same one.
    const looked = page.waitForResponse('**/me');
    await page.evaluate("document.dispatchEvent(new Event('visibilitychange'))");
    await looked;
    await page.getByText('Welcome back, Maya').waitFor();
  }
  for (const tab of [shop, other]) {
    await tab.waitForStatus('The chat has ended');
    await assertNoChat(tab, 'My secret');
  }
  await shop.page.unroute('**/session/');
  await shop.button('Try again');
  await shop.page.getByRole('button', { name: 'Jonas Lindqvist' }).waitFor();
  await other.page.reload();
  await other.waitForStatus('Log in to chat with us');
});

shopTest('gives another customer a new chat when a session ended unnoticed', async (shop) => {
  const other = await chatInTwoTabs(shop);
  const { length } = shop.exchanges();
  await endSession(shop);
  await shop.page.evaluate("fetch('/session/C-1002', { method: 'POST', headers: { 'X-Requested-With': 'shop' } })");
  // The page calls login when it becomes visible and finds another customer.
  await shop.page.evaluate("document.dispatchEvent(new Event('visibilitychange'))");
  await shop.page.getByText('Welcome back, Jonas').waitFor();
  await other.waitForStatus('The chat has ended');
  await shop.openChat();
  await shop.write('Hello');
  for (const tab of [shop, other]) assert.equal(await tab.page.getByText('My secret').count(), 0);
  assert.deepEqual(shop.exchanges().slice(length), ['v2/iamessage/AUTH/Customer/uid:C-1002']);
  await other.assertNoLeak();
});

shopTest('shows no customer while the session cannot be started, until the customer tries again', async (shop) => {
  await shop.open();
  await shop.page.route('**/session/**', (route) => route.fulfill({ status: 503 }));
  await shop.logIn('Maya Okafor');
  await shop.waitForAlert('The login failed');
  assert.equal(await shop.page.getByText('Welcome back').count(), 0);
  await shop.page.unroute('**/session/**');
  await shop.button('Try again');
  await shop.page.getByText('Welcome back, Maya').waitFor();
  await shop.waitForStatus('Your identity was sent to chat');
  assert.equal(await shop.page.getByRole('alert').filter({ hasText: 'The login failed' }).count(), 0);
});

shopTest('fails while the token service is unavailable, until the customer tries again', async (shop) => {
  await shop.open();
  demo.controls.failureMode = 'down';
  await shop.logIn('Maya Okafor');
  await shop.waitForAlert("isn't available");
  assert.equal(await shop.hasChat(), false);
  assert.deepEqual(shop.exchanges(), []);
  demo.controls.failureMode = 'none';
  await shop.button('Try again');
  await shop.waitForStatus('Your identity was sent to chat');
  await shop.openChat();
  await shop.write('Hello');
  shop.assertRecorded(MAYA);
});

shopTest('fails within 30 seconds when the token service is too slow, until the customer tries again', async (shop) => {
  await shop.page.clock.install();
  const recover = await interceptToken(shop, () => new Promise(() => undefined));
  await shop.open();
  await shop.logIn('Maya Okafor');
  await shop.waitForStatus('Sending your identity to chat');
  await shop.page.clock.runFor(25_000);
  await shop.waitForAlert('takes too long to respond');
  await recover();
  await shop.button('Try again');
  await shop.waitForStatus('Your identity was sent to chat');
  await shop.openChat();
  await shop.write('Hello');
  shop.assertRecorded(MAYA);
});

const INVALID_RESPONSES: Readonly<Record<string, RouteHandler>> = {
  'a 304': (route) => route.fulfill({ status: 304 }),
  'a login page': (route) => route.fulfill({ contentType: 'text/html', body: '<!doctype html><title>Log in</title>' }),
  'a redirect': (route) => route.fulfill({ status: 302, headers: { location: '/' } }),
  'a 403': (route) => route.fulfill({ status: 403 }),
  'a megabyte of text': (route) => route.fulfill({ body: 'eyJ'.padEnd(1_000_000, 'x') }),
};
for (const [what, answer] of Object.entries(INVALID_RESPONSES)) {
  shopTest(`fails after one request for ${what} instead of a token`, async (shop) => {
    let requests = 0;
    await shop.open();
    await shop.waitForStatus('Log in to chat with us');
    const recover = await interceptToken(shop, (route) => {
      requests += 1;
      return answer(route);
    });
    await shop.logIn('Maya Okafor');
    await shop.waitForAlert('an error on our side');
    assert.equal(requests, 1);
    assert.deepEqual(shop.exchanges(), []);
    await recover();
    await shop.button('Try again');
    await shop.openChat();
    await shop.write('Hello');
    shop.assertRecorded(MAYA);
  });
}

shopTest('fails while the clock of the device is ahead', async (shop) => {
  await shop.page.clock.install({ time: demo.controls.now().getTime() + HOUR });
  await shop.open();
  await shop.logIn('Maya Okafor');
  await shop.waitForAlert('The clock of this device is wrong');
  assert.deepEqual(shop.exchanges(), []);
  await shop.page.clock.setSystemTime(demo.controls.now());
  await shop.button('Try again');
  await shop.openChat();
  await shop.write('Hello');
  shop.assertRecorded(MAYA);
});

shopTest("fails after 30 seconds when chat doesn't load", async (shop) => {
  await shop.page.clock.install();
  await shop.page.route('**/bootstrap.min.js', (route) => route.abort());
  await shop.open();
  await shop.logIn('Maya Okafor');
  await shop.page.clock.runFor(30_000);
  await shop.waitForAlert("Chat couldn't be loaded");
  assert.deepEqual(shop.exchanges(), []);
});

const CLIENT = '<script src="/customerIdentity.js" data-token-url="/token"></script>';
/** Loads the client 500 milliseconds after chat is ready. */
const LATE_CLIENT = `<script>
  addEventListener('onEmbeddedMessagingReady', () => setTimeout(() => {
    const script = document.createElement('script');
    Object.assign(script, { src: '/customerIdentity.js' }).dataset.tokenUrl = '/token';
    document.body.append(script);
  }, 500));
</script>`;
const MODULE = `<script type="module">
  import { connectIdentity } from '/customerIdentityModule.js';
  connectIdentity({ tokenUrl: '/token' });
</script>`;

const SCRIPT_ORDERS: Readonly<Record<string, (snippet: string) => string>> = {
  'the web client before the chat': (snippet) => CLIENT + snippet,
  'the chat before the web client': (snippet) => snippet + CLIENT,
  'the web client long after chat was ready': (snippet) => snippet + LATE_CLIENT,
  'the web client as a module': (snippet) => snippet + MODULE,
  'the snippet that client-kit prints': () => printedSnippet,
};
for (const [order, scripts] of Object.entries(SCRIPT_ORDERS)) {
  shopTest(`verifies a customer on a minimal page with ${order}`, async (shop) => {
    const head = '<!doctype html><html lang="en"><title>Bare</title><h1>Bare</h1>';
    writeFileSync(ownPage, `${head}${scripts(chatSnippet(demo.connection))}</html>`);
    await shop.open();
    await shop.logIn('Maya Okafor');
    await shop.waitForStatus('Your identity was sent to chat');
    await shop.open('/page');
    await shop.openChat();
    await shop.write('Hello');
    shop.assertRecorded(MAYA);
    assert.deepEqual(
      shop.consoleMessages.filter((line) => line.includes("Method can't be invoked")),
      [],
      'nothing is passed to chat before it is ready',
    );
  });
}

/** A page with TypeScript files of the guide web-client.md, and with the chat deployments of the demo. */
function guidePage({ connection, unverifiedConnection }: Demo, file: string): string {
  const settings = (each: ChannelConnection | undefined): string => JSON.stringify(chatSettings(each ?? assert.fail()));
  const guide = readFileSync(join(ROOT, 'scripts/guides/web-client.md'), 'utf8');
  const block = (name: string): string =>
    guide.split(`\`\`\`ts\n// src/${name}\n`)[1]?.split('\n```\n')[0] ?? assert.fail(name);
  const code = ['session.ts', 'chat.ts', file]
    .map(block)
    .join('\n')
    .replace(/^import .*$/gm, '')
    .replace(/^export /gm, '')
    .replace(/^const VERIFIED = .*$/m, `const VERIFIED = ${settings(connection)};`)
    .replace(/^const UNVERIFIED = .*$/m, `const UNVERIFIED = ${settings(unverifiedConnection)};`);
  const { outputText } = ts.transpileModule(code, { compilerOptions: { target: ts.ScriptTarget.ES2022 } });
  return `<!doctype html><html lang="en"><title>Both</title><h1>Both</h1><script type="module">
    import { connectIdentity } from '/customerIdentityModule.js';
    ${outputText}
    Object.assign(window, { logIn, logOut, stateOf: () => identity?.state });
  </script></html>`;
}

shopTest('leaves no verified tab with the code of the guide when the end of the session is slow', async (shop) => {
  writeFileSync(ownPage, guidePage(demo, 'account.ts'));
  await shop.open('/page');
  await shop.page.evaluate('logIn()');
  const other = await shop.tab();
  await other.open('/page');
  for (const { page } of [shop, other]) await page.waitForFunction("stateOf() === 'token-set'");
  let endNow = (): void => undefined;
  const isSlow = new Promise<void>((resolve) => (endNow = resolve));
  await shop.page.route('**/session/', async (route) => {
    await isSlow;
    await route.continue();
  });
  const loaded = [shop, other].map(({ page }) => page.waitForEvent('load'));
  await shop.page.evaluate('void logOut()');
  await other.page.waitForTimeout(500);
  endNow();
  await Promise.all(loaded);
  const { length } = shop.exchanges();
  for (const tab of [shop, other]) {
    await tab.openChat();
    await tab.write('As a guest');
    assert.equal(await tab.page.evaluate('stateOf()'), undefined);
  }
  assert.ok(shop.exchanges().length > length);
  for (const subject of shop.exchanges().slice(length)) assert.match(subject, /UNAUTH/);
  await shop.open();
  await shop.page.locator('#steps li', { hasText: 'Recorded an unverified user' }).first().waitFor();
});

/** Opens a page with code of the guide, logs a customer in, and opens a chat. */
async function chatOnGuidePage(shop: ShopVisit, file: string): Promise<void> {
  writeFileSync(ownPage, guidePage(demo, file));
  await shop.open('/page');
  await shop.page.getByRole('button', { name: 'Chat with us' }).waitFor();
  await shop.page.evaluate('logIn()');
  await shop.page.waitForFunction("stateOf() === 'token-set'");
  await shop.openChat();
  await shop.write('My secret');
}

shopTest('loads the chat for unverified users with the code of the guide when the session ended', async (shop) => {
  await chatOnGuidePage(shop, 'account.ts');
  await endSession(shop);
  demo.controls.advanceClock();
  const loaded = shop.page.waitForEvent('load');
  await shop.page.getByLabel('Your message').fill('Sent after the session');
  await shop.page.keyboard.press('Enter');
  await loaded;
  const { length } = shop.exchanges();
  await shop.openChat();
  await shop.write('As a guest');
  assert.equal(await shop.page.getByText('My secret').count(), 0);
  for (const subject of shop.exchanges().slice(length)) assert.match(subject, /UNAUTH/);
});

for (const file of ['account.ts', 'replace-chat.ts']) {
  shopTest(`ends the chat with the code of the guide in ${file} when the session cannot be ended`, async (shop) => {
    await chatOnGuidePage(shop, file);
    const failures: RouteHandler[] = [(route) => route.abort(), (route) => route.fulfill({ status: 503 })];
    for (const fail of failures) {
      await shop.page.route('**/session/', fail);
      const dialog = shop.page.waitForEvent('dialog');
      const loggedOut = shop.page.evaluate('logOut()');
      assert.match((await dialog).message(), /logout failed/);
      await (await dialog).accept();
      await loggedOut;
      await assertNoChat(shop, 'My secret');
      assert.equal(await shop.page.evaluate('stateOf()'), 'logged-out', 'the page was not loaded again');
      await shop.page.unroute('**/session/');
    }
    await shop.page.evaluate('void logOut()');
    await shop.openChat();
    await shop.write('As a guest');
    assert.match(shop.exchanges().at(-1) ?? '', /UNAUTH/);
  });
}

shopTest('replaces the chat deployment at login and logout with the code of the guide', async (shop) => {
  writeFileSync(ownPage, guidePage(demo, 'replace-chat.ts'));
  await shop.open('/page');
  await shop.openChat();
  await shop.write('As a guest');
  for (const time of ['first', 'second']) {
    await shop.page.evaluate('logIn()');
    await shop.page.waitForFunction("stateOf() === 'token-set'");
    await shop.openChat();
    await shop.write(`As a customer for the ${time} time`);
    assert.equal(await shop.page.getByText('As a guest').count(), 0);
    await shop.page.evaluate('logOut()');
    assert.equal(await shop.page.evaluate('stateOf()'), undefined);
    await shop.openChat();
    await shop.write('A guest again');
    assert.equal(await shop.page.getByText('As a customer').count(), 0);
  }
  const users = shop
    .exchanges()
    .map((subject) => (subject.includes('/UNAUTH/') ? 'guest' : subject.slice(-MAYA.length)));
  assert.deepEqual(users, ['guest', MAYA, 'guest', MAYA, 'guest']);
});

/** A page that logs customers in at an identity provider, and exchanges its ID tokens. The provider renews them in a hidden frame. */
const providerPage = (issuer: string, tokenUrl: string): string => `<script type="module">
  import { connectIdentity } from '/customerIdentityModule.js';
  const page = location.origin + '/page';
  const frameUrl = location.origin + '/me';
  const authorizeAt = (redirect, prompt = '') =>
    '${issuer}/auth?client_id=${OIDC_CLIENT.id}&response_type=code&scope=openid' + prompt + '&redirect_uri=' + encodeURIComponent(redirect);
  const codeIn = ({ search }) => new URLSearchParams(search).get('code');
  async function redeem(code, redirect_uri) {
    const body = new URLSearchParams({ grant_type: 'authorization_code', client_id: '${OIDC_CLIENT.id}', code, redirect_uri });
    return (await (await fetch('${issuer}/token', { method: 'POST', body })).json()).id_token;
  }
  async function renew() {
    const frame = Object.assign(document.createElement('iframe'), { hidden: true, src: authorizeAt(frameUrl, '&prompt=none') });
    await new Promise((resolve) => { frame.onload = resolve; document.body.append(frame); });
    const code = codeIn(frame.contentWindow.location);
    frame.remove();
    return redeem(code, frameUrl);
  }
  const code = codeIn(location);
  if (code === null) location.href = authorizeAt(page);
  else {
    history.replaceState(null, '', '/page');
    let first = redeem(code, page);
    connectIdentity({
      async getToken(signal) {
        const idToken = await (first ?? renew());
        first = undefined;
        const headers = { 'X-Requested-With': 'chat', Authorization: 'Bearer ' + idToken };
        const response = await fetch('${tokenUrl}', { method: 'POST', headers, signal });
        return (await response.json()).identityToken;
      },
    });
  }
</script>`;

/** A token server that exchanges the tokens of a provider, and the ID tokens that it received. */
async function startExchange(
  provider: TestProvider,
): Promise<{ url: string; received: string[]; server: RunningServer }> {
  const { issuer, jwksUri } = await discoverProvider(provider.issuer, { allowLoopback: true });
  const endpoint = createTokenEndpoint({
    signer: createSigner({ ...demo.key, issuer: ISSUER }),
    sessions: createDemoSessions(),
    origins: [demo.url],
    exchange: createTokenExchange({ issuer, jwksUri, audience: OIDC_CLIENT.id, allowLoopback: true, cooldownMs: 0 }),
    now: demo.controls.now,
  });
  const received: string[] = [];
  const recording: typeof endpoint = (request) => {
    const { authorization } = request.headers;
    if (authorization !== undefined) received.push(authorization.replace('Bearer ', ''));
    return endpoint(request);
  };
  const server = await listen(recording, { port: 0 });
  return { url: `http://localhost:${server.port}/token`, received, server };
}

shopTest(
  'verifies a customer of an identity provider, also while it rotates its key and the chat stays open',
  async (shop) => {
    // oidc-provider warns about settings that only matter in production.
    for (const method of ['info', 'warn'] as const) mock.method(console, method, () => undefined);
    const provider = await startOidcProvider([`${demo.url}/page`, `${demo.url}/me`]);
    provider.useKeys('first');
    const { url, received, server } = await startExchange(provider);
    try {
      writeFileSync(
        ownPage,
        `<!doctype html><html lang="en"><title>Bare</title><body>${chatSnippet(demo.connection)}${providerPage(provider.issuer, url)}</body></html>`,
      );
      await shop.open('/page');
      await shop.page.getByPlaceholder('Enter any login').fill('customer-of-idp');
      await shop.page.getByPlaceholder('and password').fill('any');
      await shop.button('Sign-in');
      await shop.button('Continue');
      await shop.openChat();
      await shop.write('Before the rotation');
      const kids = (): readonly unknown[] => received.map((token) => decodeProtectedHeader(token).kid);
      assert.deepEqual(kids(), ['first']);

      provider.useKeys('third', 'first');
      demo.controls.advanceClock();
      await shop.write('After the rotation');
      await shop.page.getByText(/You wrote: Before the rotation/).waitFor();
      assert.deepEqual([...new Set(kids())], ['first', 'third']);

      const [old = ''] = received;
      const statusOf = async (token: string): Promise<number> =>
        (
          await fetch(url, {
            method: 'POST',
            headers: { origin: demo.url, 'x-requested-with': 'chat', authorization: `Bearer ${token}` },
          })
        ).status;
      assert.equal(await statusOf(old), 200, 'the provider still publishes the old key');
      provider.useKeys('second');
      demo.controls.advanceClock();
      await shop.write('After the old key was removed');
      assert.equal(kids().at(-1), 'second');
      assert.equal(await statusOf(old), 401);
      const granted = shop.exchanges().filter((subject) => subject !== 'rejected');
      assert.deepEqual([...new Set(granted)], ['v2/iamessage/AUTH/Customer/uid:customer-of-idp']);
      assert.equal(granted.length, 3, 'one for each token, and the expired ones are rejected');
    } finally {
      await server.close();
      provider.close();
      mock.restoreAll();
    }
  },
);
