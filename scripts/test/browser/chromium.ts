import { after, type TestContext } from 'node:test';
import type { Browser, BrowserContextOptions, Page } from 'playwright-core';
import { launchChromium } from '../../demo-site/chromium';

const isCi = (): boolean => !['', 'false', undefined].includes(process.env['CI']);

let startedBrowser: Promise<Browser | undefined> | undefined;

after(async () => (await startedBrowser)?.close());

const NO_BROWSER = 'Chromium was not found. Install it, or set the environment variable CHROMIUM to its path.';

/**
 * Returns the Chromium browser of this test file, which is closed after its tests. Without an installed browser, skips
 * the test and returns undefined, or fails the test in a pipeline (CI is set).
 */
export async function getBrowser(t: TestContext): Promise<Browser | undefined> {
  startedBrowser ??= launchChromium();
  const browser = await startedBrowser;
  if (browser === undefined && isCi()) throw new Error(NO_BROWSER);
  if (browser === undefined) t.skip(NO_BROWSER);
  return browser;
}

/** Opens a page without cookies and storage, which is closed after the test. Returns undefined without a browser. */
export async function openPage(t: TestContext, options: BrowserContextOptions = {}): Promise<Page | undefined> {
  const context = await (await getBrowser(t))?.newContext(options);
  if (!context) return undefined;
  t.after(() => context.close());
  return context.newPage();
}
