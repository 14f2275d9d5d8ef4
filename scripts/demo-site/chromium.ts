import { existsSync } from 'node:fs';
import { chromium, type Browser } from 'playwright-core';

/** The usual paths of Chromium or of a browser that is based on it. */
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
  // Pages reach this machine only; other host names are not looked up.
  '--host-resolver-rules=MAP * ~NOTFOUND, EXCLUDE localhost, EXCLUDE *.localhost, EXCLUDE 127.0.0.1',
];

/** The path of the browser: the environment variable CHROMIUM, or the first usual path that exists. */
const chromiumPath = (): string | undefined => process.env['CHROMIUM'] ?? DEFAULT_PATHS.find(existsSync);

/** Starts Chromium; undefined if no browser is installed. */
export async function launchChromium(): Promise<Browser | undefined> {
  const executablePath = chromiumPath();
  return executablePath === undefined ? undefined : chromium.launch({ executablePath, args: CHROMIUM_FLAGS });
}
