import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { TestContext } from 'node:test';
import type { Page } from 'playwright-core';
import type { LocalOrgOptions } from '../../../local-org/index';
import { openPage } from '../../browser/chromium';
import { startTestChat, type Chat } from '../chat-api/chat';
import { createSigner } from '../chat-api/signer';

const signer = createSigner();

/** The events that a test page records. */
interface RecordedEvents {
  readonly events: string[];
  readonly details: Record<string, unknown>;
}

/** A page with the code snippet of the chat deployment, as on a website. */
const snippet = (chat: Chat, before: string) => `<!doctype html><html lang="en"><title>Shop</title>
<main><h1>Shop</h1></main>
<script>
  window.seen = { events: [], details: {} };
  for (const name of ${JSON.stringify(EVENTS)}) window.addEventListener(name, ({ detail }) => {
    window.seen.events.push(name.replace('onEmbedded', '')); window.seen.details[name] = detail; });
  function initEmbeddedMessaging() {
    embeddedservice_bootstrap.settings.language = 'en_US';
    ${before}
    embeddedservice_bootstrap.init('${chat.org.orgId.slice(0, 15)}', 'Web', '${chat.org.url}/ESWWeb1750000000000', { scrt2URL: '${chat.org.url}' });
  }
</script>
<script src="${chat.org.url}/ESWWeb1750000000000/assets/js/bootstrap.min.js" onload="initEmbeddedMessaging()"></script></html>`;

const EVENTS = [
  'Ready',
  'InitError',
  'ButtonCreated',
  'ButtonClicked',
  'WindowMaximized',
  'WindowMinimized',
  'ConversationStarted',
  'ConversationOpened',
  'ConversationRouted',
  'ConversationParticipantChanged',
  'ConversationClosed',
  'SessionStatusUpdate',
  'IdentityTokenExpired',
].map((name) => `onEmbeddedMessaging${name}`);

/** A page in a real browser whose chat uses a local org. */
export class Shop {
  readonly chat: Chat;
  readonly page: Page;
  readonly errors: string[] = [];

  constructor(chat: Chat, page: Page) {
    this.chat = chat;
    this.page = page;
    page.on('console', (message) => void (message.type() === 'error' && this.errors.push(message.text())));
  }

  /** Another tab of the same browser. */
  async tab(): Promise<Shop> {
    const other = new Shop(this.chat, await this.page.context().newPage());
    await other.page.goto(this.page.url());
    await other.happened('MessagingReady');
    return other;
  }

  /** Calls a method of the chat client. Returns its result, or the message of its error. */
  call(path: string, ...values: readonly unknown[]): Promise<unknown> {
    return this.page.evaluate(
      async ([way, given]) => {
        type Node = Record<string, unknown>;
        const page = globalThis as unknown as { embeddedservice_bootstrap: Node };
        const [group = '', method = ''] = way.split('.');
        const owner = page.embeddedservice_bootstrap[group] as Record<string, (...all: readonly unknown[]) => unknown>;
        try {
          const returned = owner[method]?.(...given);
          return returned instanceof Promise ? ((await returned) as unknown) : returned;
        } catch (error) {
          return `thrown: ${(error as Error).message}`;
        }
      },
      [path, values] as const,
    );
  }

  setToken(identityToken: unknown, identityTokenType: unknown = 'JWT'): Promise<unknown> {
    return this.call('userVerificationAPI.setIdentityToken', { identityTokenType, identityToken });
  }

  /** Creates a valid token with a lifetime in minutes, according to the clock of the browser. */
  token(minutes = 10, sub = 'ada', ahead = 0): string {
    return this.chat.token({ sub, exp: Math.floor(Date.now() / 1000) + (minutes + ahead) * 60 });
  }

  seen(): Promise<RecordedEvents> {
    return this.page.evaluate(() => (globalThis as unknown as { seen: RecordedEvents }).seen);
  }

  /** Waits until an event has been dispatched a number of times. */
  async happened(name: string, times = 1): Promise<void> {
    await this.page.waitForFunction(
      ([event, count]) =>
        (globalThis as unknown as { seen: RecordedEvents }).seen.events.filter((each) => each === event).length >=
        count,
      [name, times] as const,
    );
  }

  button() {
    return this.page.getByRole('button', { name: 'Chat with us' });
  }

  async write(text: string): Promise<void> {
    await this.page.getByLabel('Your message').fill(text);
    await this.page.getByRole('button', { name: 'Send' }).click();
  }

  messages(): Promise<string[]> {
    return this.page.getByRole('log').getByRole('listitem').allInnerTexts();
  }

  async answered(text: string): Promise<void> {
    await this.page.getByText(`You wrote: ${text}`, { exact: true }).waitFor();
  }

  /** The subjects of the customers in the org. */
  async customers(): Promise<unknown[]> {
    const { records } = await this.chat.client.query('SELECT MessagingPlatformKey FROM MessagingEndUser');
    return records.map((record) => record['MessagingPlatformKey']);
  }

  exchanges(): number {
    return this.chat.org.log.filter(({ kind }) => kind === 'exchange').length;
  }
}

interface ShopOptions {
  readonly org?: Partial<LocalOrgOptions>;
  readonly change?: (chat: Chat) => void | Promise<void>;
  /** a script that the page runs before init */
  readonly before?: string;
  /** whether the test controls the clock of the browser */
  readonly clock?: boolean;
  readonly ready?: boolean;
}

/** Opens the page. Returns undefined if there is no browser. */
export async function openShop(t: TestContext, options: ShopOptions = {}): Promise<Shop | undefined> {
  const { org = {}, change, before = '', clock = false, ready = true } = options;
  const chat = await startTestChat(t, org, await signer);
  await change?.(chat);
  const page = await openPage(t);
  if (!page) return undefined;
  const server = createServer((_request, response) => {
    response.writeHead(200, { 'content-type': 'text/html' }).end(snippet(chat, before));
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  t.after(() => {
    server.closeAllConnections();
    server.close();
  });
  if (clock) await page.clock.install();
  const shop = new Shop(chat, page);
  await page.goto(`http://127.0.0.1:${(server.address() as AddressInfo).port}/`);
  if (ready) await shop.happened('MessagingReady');
  return shop;
}
