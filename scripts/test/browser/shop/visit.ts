import assert from 'node:assert/strict';
import type { TestContext } from 'node:test';
import type { BrowserContextOptions, Page } from 'playwright-core';
import type { Demo } from '../../../demo-site/demo';
import { openPage } from '../chromium';

let messageCount = 0;

/** A customer in a real browser, in front of the demo shop. */
export class ShopVisit {
  readonly demo: Demo;
  readonly page: Page;
  /** Everything the page wrote to the console, its uncaught errors included. */
  readonly consoleMessages: string[] = [];
  private readonly start: number;

  constructor(demo: Demo, page: Page) {
    this.demo = demo;
    this.page = page;
    this.start = demo.org.log.length;
    page.on('console', (message) => void this.consoleMessages.push(message.text()));
    page.on('pageerror', (error) => void this.consoleMessages.push(`uncaught: ${error.message}`));
  }

  async open(path = '/'): Promise<this> {
    await this.page.goto(`${this.demo.url}${path}`);
    return this;
  }

  /** Another tab of the same browser. */
  async tab(): Promise<ShopVisit> {
    return new ShopVisit(this.demo, await this.page.context().newPage()).open();
  }

  logIn = (name: string): Promise<void> => this.page.getByRole('button', { name }).click();
  logOut = (): Promise<void> => this.page.getByRole('button', { name: 'Log out' }).click();
  button = (name: string): Promise<void> => this.page.getByRole('button', { name }).click();

  /** Waits until the page tells its customer this. */
  async waitForStatus(words: string | RegExp): Promise<void> {
    await this.page.locator('#status').filter({ hasText: words }).waitFor();
  }

  /** Waits until the page explains why it failed. */
  async waitForAlert(words: string | RegExp): Promise<void> {
    await this.page.getByRole('alert').filter({ hasText: words }).waitFor();
  }

  openChat = (): Promise<void> => this.button('Chat with us');
  hasChat = (): Promise<boolean> => this.page.getByRole('button', { name: 'Chat with us' }).isVisible();

  /** Writes into the open chat, and waits for the answer; each text is new, because conversations last. */
  async write(words: string): Promise<void> {
    const text = `${words} ${(messageCount += 1)}`;
    await this.page.getByLabel('Your message').fill(text);
    await this.page.keyboard.press('Enter');
    await this.page.getByText(`You wrote: ${text}`).waitFor();
  }

  /** What the org did with the tokens of this visit: the subject that it recorded, or "refused". */
  exchanges(): readonly string[] {
    return this.demo.org.log
      .slice(this.start)
      .filter(({ kind }) => kind === 'exchange')
      .map(({ detail }) => (detail['granted'] === true ? String(detail['subject']) : 'refused'));
  }

  /** The one customer that the org recorded for this visit. */
  assertRecorded(id: string): void {
    assert.deepEqual([...new Set(this.exchanges())], [`v2/iamessage/AUTH/Customer/uid:${id}`]);
  }

  /** Every part of a token begins like this: it is the start of a JSON object in base64url. */
  async assertNoLeak(): Promise<void> {
    const kept = await this.page.evaluate(() => {
      type Held = { readonly [name: string]: string };
      const { document, localStorage, sessionStorage, location } = globalThis as unknown as {
        document: { documentElement: { outerHTML: string } };
        localStorage: Held;
        sessionStorage: Held;
        location: { href: string };
      };
      const held = JSON.stringify([{ ...localStorage }, { ...sessionStorage }]);
      return `${document.documentElement.outerHTML}${held}${location.href}`;
    });
    assert.doesNotMatch(kept + this.consoleMessages.join('\n'), /eyJ[\w-]{10}/);
    assert.deepEqual(
      this.consoleMessages.filter((line) => line.startsWith('uncaught')),
      [],
    );
  }
}

/** Stands in front of the shop with a browser of its own, all being well inside; undefined where there is no browser. */
export async function visitShop(
  t: TestContext,
  demo: Demo,
  options: BrowserContextOptions = {},
): Promise<ShopVisit | undefined> {
  demo.controls.failureMode = 'none';
  const page = await openPage(t, options);
  return page && new ShopVisit(demo, page);
}
