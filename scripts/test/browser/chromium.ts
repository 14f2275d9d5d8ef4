import { existsSync } from 'node:fs';
import { after, type TestContext } from 'node:test';
import { chromium, type Browser, type BrowserContextOptions, type Page } from 'playwright-core';

/** Where systems keep Chromium or a browser made of it. */
const DEFAULT_PATHS = [
  '/usr/bin/chromium',
  '/usr/bin/chromium-browser',
  '/usr/bin/google-chrome',
  '/usr/bin/google-chrome-stable',
  '/snap/bin/chromium',
  '/Applications/Google Chrome.app/Contents/MacOS/Google Chrome',
  '/Applications/Chromium.app/Contents/MacOS/Chromium',
  'C:\\Program Files\\Google\\Chrome\\Application\\chrome.exe',
];

const CHROMIUM_FLAGS = [
  '--no-sandbox',
  '--disable-gpu',
  '--disable-quic',
  '--no-first-run',
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-sync',
  // Tests talk to this machine only; a name that leads elsewhere is not even looked up.
  '--host-resolver-rules=MAP * ~NOTFOUND, EXCLUDE localhost, EXCLUDE *.localhost, EXCLUDE 127.0.0.1',
];

/** The file of the browser: the one that CHROMIUM names, else the first of the usual places that is there. */
const chromiumPath = (): string | undefined => process.env['CHROMIUM'] ?? DEFAULT_PATHS.find(existsSync);

const isCi = (): boolean => !['', 'false', undefined].includes(process.env['CI']);

let startedBrowser: Promise<Browser> | undefined;

after(async () => (await startedBrowser)?.close());

/**
 * The Chromium of this test file: started when first asked for, closed when the tests of the file are through. Where no
 * browser is installed the test is skipped and the answer is undefined; in a pipeline (CI is set) that fails.
 */
export async function getBrowser(t: TestContext): Promise<Browser | undefined> {
  const executablePath = chromiumPath();
  if (executablePath === undefined) {
    const reason = 'No Chromium was found: install it, or let the environment variable CHROMIUM name its file.';
    if (isCi()) throw new Error(reason);
    t.skip(reason);
    return undefined;
  }
  startedBrowser ??= chromium.launch({ executablePath, args: CHROMIUM_FLAGS });
  return startedBrowser;
}

/** A page in a context of its own (no cookies, no storage), closed when the test ends; undefined where `browser` is. */
export async function openPage(t: TestContext, options: BrowserContextOptions = {}): Promise<Page | undefined> {
  const context = await (await getBrowser(t))?.newContext(options);
  if (!context) return undefined;
  t.after(() => context.close());
  return context.newPage();
}
