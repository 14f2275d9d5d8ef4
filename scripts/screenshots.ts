import { mkdirSync, mkdtempSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import type { Browser, Page } from 'playwright-core';
import { main, type CommandDef, type Context } from './lib/cli';
import { EXIT, ToolError, type ExitCode } from './lib/errors';
import { withCliWorkers } from './lib/rollout/cli-workers';

const IMAGES = join(__dirname, 'guides/images');

/** Takes the screenshots of the guides: the demo shop with an open chat, and the HTML report of a fleet with drift. */
export const screenshots: CommandDef = {
  name: 'screenshots',
  summary: 'Update the screenshots of the guides. Requires Chromium.',
  examples: [
    ['Update the images of the guides:', 'npm run screenshots'],
    ['Update the images, and print the stack trace of an error:', 'npm run screenshots -- --debug'],
  ],
  exitCodes: [EXIT.done, EXIT.failed, EXIT.invalid],
  run: takeScreenshots,
};

async function takeScreenshots(context: Context): Promise<ExitCode> {
  const { launchChromium } = await import('./demo-site/chromium');
  const browser = await launchChromium();
  if (!browser) throw noBrowserError();
  mkdirSync(IMAGES, { recursive: true });
  try {
    await captureDemoShop(context, browser);
    await captureHtmlReport(context, browser);
  } finally {
    await browser.close();
  }
  return EXIT.done;
}

const noBrowserError = (): ToolError =>
  new ToolError(
    'cli-missing',
    {
      what: 'Chromium was not found. No screenshot was taken.',
      why: 'The screenshots are taken with an installed browser.',
      fix: 'Install Chromium, or set the environment variable CHROMIUM to its path.',
    },
    { exit: EXIT.invalid },
  );

/** In CSS pixels. */
const WIDTH = 1280;

const openPage = async (browser: Browser, url: string, height: number): Promise<Page> => {
  const viewport = { width: WIDTH, height };
  const page = await browser.newPage({ viewport, colorScheme: 'light', reducedMotion: 'reduce' });
  await page.goto(url);
  return page;
};

async function saveImage({ print }: Context, page: Page, name: string): Promise<void> {
  const path = join(IMAGES, name);
  await page.screenshot({ path, animations: 'disabled' });
  print(`${name}: ${Math.ceil(statSync(path).size / 1024)} KB`);
}

/** A customer is logged in and chats; the inspector shows the events. */
async function captureDemoShop(context: Context, browser: Browser): Promise<void> {
  const { startDemo } = await import('./demo-site/demo');
  const folder = mkdtempSync(join(tmpdir(), 'user-verification-screenshots-'));
  try {
    const { project } = context.flags;
    const demo = await withCliWorkers(context, (workers) => startDemo({ workers, folder, project, port: 0 }), folder);
    try {
      const page = await openPage(browser, demo.url, 880);
      await page.getByRole('button', { name: 'Maya Okafor' }).click();
      await page.getByRole('button', { name: 'Chat with us' }).click();
      await page.getByLabel('Your message').fill('Where is my order?');
      await page.keyboard.press('Enter');
      await page.getByText('You wrote: Where is my order?').waitFor();
      await saveImage(context, page, 'demo-shop.png');
    } finally {
      await demo.close();
    }
  } finally {
    rmSync(folder, { recursive: true, force: true, maxRetries: 5 });
  }
}

/** Three orgs after a deploy; in uat an admin changed a channel in Setup. */
async function captureHtmlReport(context: Context, browser: Browser): Promise<void> {
  const { withTourOrgs } = await import('./start/run-start');
  const { changeInSetup } = await import('./start/tour');
  const { runDeploy } = await import('./lib/commands/deploy');
  const { runStatus } = await import('./lib/commands/status');
  await withTourOrgs(context, async ({ workers, orgs, project, folder, logIn }) => {
    const html = join(folder, 'status.html');
    const flags = { ...context.flags, project, json: false, html };
    const silent = { ...context, flags, print: () => undefined, log: () => undefined, printJson: () => undefined };
    await logIn();
    const deployFlags = {
      ...flags,
      html: join(folder, 'deploy.html'),
      accept: ['disruptive'],
      concurrency: 3,
      runs: folder,
      all: true,
    };
    await runDeploy({ ...silent, flags: deployFlags }, workers);
    changeInSetup(orgs);
    await runStatus(silent, workers);
    const page = await openPage(browser, pathToFileURL(html).href, 1110);
    await saveImage(context, page, 'html-report.png');
  });
}

main(screenshots, module);
