import { after, type TestContext } from 'node:test';
import type { Browser, BrowserContextOptions, Page } from 'playwright-core';
import { launchChromium } from '../../demo-site/chromium';

const isCi = (): boolean => !['', 'false', undefined].includes(process.env['CI']);

let startedBrowser: Promise<Browser | undefined> | undefined;

after(async () => (await startedBrowser)?.close());

const NO_BROWSER = 'Chromium was not found. Install it, or set the environment variable CHROMIUM to its path.';

/**
 * The Chromium of this test file; it is closed when the tests of the file end. If no browser is installed, the test is
 * skipped and the result is undefined; in a pipeline (CI is set), the test fails.
 */
export async function getBrowser(t: TestContext): Promise<Browser | undefined> {
  startedBrowser ??= launchChromium();
  const browser = await startedBrowser;
  if (browser === undefined && isCi()) throw new Error(NO_BROWSER);
  if (browser === undefined) t.skip(NO_BROWSER);
  return browser;
}

/** A page in a context of its own (no cookies, no storage), closed when the test ends; undefined without a browser. */
export async function openPage(t: TestContext, options: BrowserContextOptions = {}): Promise<Page | undefined> {
  const context = await (await getBrowser(t))?.newContext(options);
  if (!context) return undefined;
  t.after(() => context.close());
  return context.newPage();
}
