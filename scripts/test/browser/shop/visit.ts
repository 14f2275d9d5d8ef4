import assert from 'node:assert/strict';
import type { TestContext } from 'node:test';
import type { BrowserContextOptions, Page } from 'playwright-core';
import type { Demo } from '../../../demo-site/demo';
import { openPage } from '../chromium';

let messageCount = 0;

/** The demo shop in a real browser. */
export class ShopVisit {
  readonly demo: Demo;
  readonly page: Page;
  /** The console output of the page, including its uncaught errors. */
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

  /** Opens another tab of the same browser. */
  async tab(): Promise<ShopVisit> {
    return new ShopVisit(this.demo, await this.page.context().newPage()).open();
  }

  logIn = (name: string): Promise<void> => this.page.getByRole('button', { name }).click();
  logOut = (): Promise<void> => this.page.getByRole('button', { name: 'Log out' }).click();
  button = (name: string): Promise<void> => this.page.getByRole('button', { name }).click();

  /** Waits for a text in the status of the page. */
  async waitForStatus(words: string | RegExp): Promise<void> {
    await this.page.locator('#status').filter({ hasText: words }).waitFor();
  }

  /** Waits for a text in the failure message of the page. */
  async waitForAlert(words: string | RegExp): Promise<void> {
    await this.page.getByRole('alert').filter({ hasText: words }).waitFor();
  }

  openChat = (): Promise<void> => this.button('Chat with us');
  hasChat = (): Promise<boolean> => this.page.getByRole('button', { name: 'Chat with us' }).isVisible();

  /** Sends a message and waits for the reply. Each text is unique, because conversations persist. */
  async write(words: string): Promise<void> {
    const text = `${words} ${(messageCount += 1)}`;
    await this.page.getByLabel('Your message').fill(text);
    await this.page.keyboard.press('Enter');
    await this.page.getByText(`You wrote: ${text}`).waitFor();
  }

  /** The token exchanges of this visit: the recorded subject or `rejected`. */
  exchanges(): readonly string[] {
    return this.demo.org.log
      .slice(this.start)
      .filter(({ kind }) => kind === 'exchange')
      .map(({ detail }) => (detail['granted'] === true ? String(detail['subject']) : 'rejected'));
  }

  /** Asserts that the org recorded only this customer for this visit. */
  assertRecorded(id: string): void {
    assert.deepEqual([...new Set(this.exchanges())], [`v2/iamessage/AUTH/Customer/uid:${id}`]);
  }

  /**
   * Asserts that the page, its storage, its URL, and the console contain no part of a token. `eyJ` is `{"` in
   * base64url.
   */
  async assertNoLeak(): Promise<void> {
    const pageState = await this.page.evaluate(() => {
      type Storage = { readonly [name: string]: string };
      const { document, localStorage, sessionStorage, location } = globalThis as unknown as {
        document: { documentElement: { outerHTML: string } };
        localStorage: Storage;
        sessionStorage: Storage;
        location: { href: string };
      };
      const stored = JSON.stringify([{ ...localStorage }, { ...sessionStorage }]);
      return `${document.documentElement.outerHTML}${stored}${location.href}`;
    });
    assert.doesNotMatch(pageState + this.consoleMessages.join('\n'), /eyJ[\w-]{10}/);
    assert.deepEqual(
      this.consoleMessages.filter((line) => line.startsWith('uncaught')),
      [],
    );
  }
}

/** Starts a visit in a new browser context without a simulated failure. Returns undefined without a browser. */
export async function visitShop(
  t: TestContext,
  demo: Demo,
  options: BrowserContextOptions = {},
): Promise<ShopVisit | undefined> {
  demo.controls.failureMode = 'none';
  const page = await openPage(t, options);
  return page && new ShopVisit(demo, page);
}
