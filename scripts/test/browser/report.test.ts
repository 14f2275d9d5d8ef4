import assert from 'node:assert/strict';
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { before, test, type TestContext } from 'node:test';
import type { BrowserContextOptions, Page } from 'playwright-core';
import { htmlPage } from '../../lib/report/html';
import { startFleet, editInSetup, type Fleet } from '../commands/fleet';
import { createWorkspace } from '../commands/workspace';
import { fleetReport, REPORT } from '../lib/report/sample-reports';
import { planTwelveOrgs } from '../lib/report/twelve-orgs';
import { accessibilityViolations } from './accessibility-violations';
import { openPage } from './chromium';

const workspace = createWorkspace();
const samples = join(workspace.folder, 'samples.html');
const many = join(workspace.folder, 'fifty.html');
let fleet: Fleet;

before(async () => {
  mkdirSync(workspace.folder, { recursive: true });
  writeFileSync(samples, htmlPage(REPORT));
  writeFileSync(many, htmlPage(fleetReport(50)));
  fleet = await startFleet(workspace, { dev: {}, uat: { config: { wave: 2 } } });
  await fleet.deployAccepted();
});

/** Opens a report from its file. Without its policy, because the policy blocks axe-core. */
async function openReport(t: TestContext, file: string, options: BrowserContextOptions): Promise<Page | undefined> {
  const page = await openPage(t, { bypassCSP: true, ...options });
  await page?.goto(pathToFileURL(file).href);
  return page;
}

const DISPLAY_MODES: Readonly<Record<string, BrowserContextOptions>> = {
  light: { colorScheme: 'light', viewport: { width: 1280, height: 900 } },
  dark: { colorScheme: 'dark', viewport: { width: 1280, height: 900 } },
  narrow: { colorScheme: 'light', viewport: { width: 360, height: 740 } },
  'narrow and dark': { colorScheme: 'dark', viewport: { width: 360, height: 740 } },
};

/** Elements beyond the right edge of the page, except for the allowed ones, such as scrolling tables. */
const overflowingElements = (page: Page, allowed = '.unseen, .skip, .scroll'): Promise<readonly string[]> =>
  page.evaluate<string[]>(`[...document.querySelectorAll('body *')]
    .filter((each) => !each.closest('${allowed}') && each.getBoundingClientRect().right > innerWidth + 1)
    .map((each) => each.outerHTML.slice(0, 100))`);

const minColumnWidth = (page: Page): Promise<number> =>
  page.evaluate<number>(
    `Math.min(...[...document.querySelectorAll('.node')].map((each) => each.getBoundingClientRect().width))`,
  );

const setExpanded = (page: Page, open: boolean): Promise<unknown> =>
  page.evaluate(`document.querySelectorAll('details').forEach((each) => (each.open = ${open}))`);

const styleOf = (page: Page, selector: string, name: string): Promise<string> =>
  page.evaluate<string>(`getComputedStyle(document.querySelector('${selector}')).${name}`);

for (const [look, options] of Object.entries(DISPLAY_MODES)) {
  test(`has no accessibility violation and no overflowing element in ${look} mode`, async (t) => {
    for (const file of [samples, many]) {
      const page = await openReport(t, file, options);
      if (!page) return;
      await setExpanded(page, true);
      assert.deepEqual(await overflowingElements(page), []);
      assert.ok((await minColumnWidth(page)) >= 100, 'a box of the trust map is too narrow to be read');
      assert.deepEqual(file === samples ? await accessibilityViolations(page) : [], []);
    }
  });
}

test('prints every column and every collapsed part inside the sheet', async (t) => {
  const page = await openReport(t, samples, { colorScheme: 'dark', viewport: { width: 1040, height: 720 } });
  if (!page) return;
  await setExpanded(page, false);
  await page.emulateMedia({ media: 'print' });
  assert.deepEqual(await overflowingElements(page, '.unseen, .skip'), []);
  assert.deepEqual(
    await page.evaluate<string[]>(`[...document.querySelectorAll('main .node, main .changes li, main td')]
      .filter((each) => !each.checkVisibility({ contentVisibilityAuto: true })).map((each) => each.outerHTML)`),
    [],
  );
  assert.equal(await styleOf(page, 'body', 'backgroundColor'), 'rgb(255, 255, 255)');
  assert.equal(await styleOf(page, 'nav', 'display'), 'none');
});

/** As Chromium prints it on the shorter of the common sheets, Letter. */
async function countPrintedPages(page: Page): Promise<number> {
  await page.addStyleTag({ content: '@page { size: letter landscape }' });
  const pdf = (await page.pdf({ preferCSSPageSize: true })).toString('latin1');
  return pdf.match(/\/Type\s*\/Page\b/g)?.length ?? 0;
}

test('prints the first plan of twelve orgs on at most five pages', async (t) => {
  const { orgs, findings, settings } = await planTwelveOrgs(
    (alias) => `https://id.${alias.replace(/[\d_].*/, '')}.example.com`,
  );
  const file = join(workspace.folder, 'twelve.html');
  const document = { command: 'plan', exitCode: 2, findings, orgs } as const;
  writeFileSync(file, htmlPage({ ...REPORT, document, orgSettings: settings }));
  const page = await openReport(t, file, {});
  if (!page) return;
  const pages = await countPrintedPages(page);
  assert.ok(pages > 1 && pages <= 5, `${pages} pages`);
});

test('applies its styles under its own policy, which blocks everything else', async (t) => {
  const page = await openPage(t);
  if (!page) return;
  const messages: string[] = [];
  page.on('console', (message) => messages.push(message.text()));
  page.on('request', (request) => messages.push(request.url()));
  await page.goto(pathToFileURL(samples).href);
  assert.equal(await styleOf(page, 'td .tag', 'display'), 'inline-block');
  assert.deepEqual(messages, [pathToFileURL(samples).href]);
  await page.evaluate(`document.body.setAttribute('onclick', 'document.title = "run"')`);
  await page.click('h1');
  assert.notEqual(await page.title(), 'run');
});

test('makes every link, summary, and table reachable with the keyboard', async (t) => {
  const page = await openReport(t, samples, {});
  if (!page) return;
  await page.keyboard.press('Tab');
  assert.equal(await page.evaluate('document.activeElement.className'), 'skip');
  const expected = await page.locator('a, summary, [tabindex="0"]').count();
  const reached = new Set<string>();
  for (let index = 0; index < expected + 2; index++) {
    reached.add(await page.evaluate<string>('document.activeElement.outerHTML.slice(0, 90)'));
    await page.keyboard.press('Tab');
  }
  assert.ok(reached.size >= expected, `${reached.size} of ${expected}`);
});

test('shows the trust of two orgs in the status report, and drift after a change in Setup', async (t) => {
  editInSetup(fleet.org('uat'), 'messagingChannels/Web_Chat.messagingChannel', '<authMode>Auth<', '<authMode>UnAuth<');
  const html = join(workspace.folder, 'status.html');
  const { exit, document } = await fleet.status({ html });
  assert.equal(exit, 2, JSON.stringify(document.findings));
  const page = await openReport(t, html, {});
  if (!page) return;
  assert.equal(
    await page.locator('h1').innerText(),
    '1 of 2 orgs has undeclared trust. 1 of 2 orgs differs from the desired state.',
  );
  const drift = page.locator('.matrix td.drift');
  assert.deepEqual(await drift.allInnerTexts(), ['! drifted', '! off\ndesired: on']);
  const uat = page.locator('#trust details', { has: page.locator('h3', { hasText: 'uat' }) });
  const chain = uat.locator('.chain', { hasText: 'Web_Chat' }).first();
  assert.match(
    (await chain.innerText()).replaceAll(/\s+/g, ' '),
    /Issuer .*Keyset .*Key .* days left .*Configuration Customer Channel Mobile_Chat .*verification on/,
  );
  assert.match(await uat.innerText(), /Web_Chat\s+! verification off\s+! drifted/);
  assert.match(await page.locator('#changes').innerText(), /uat[^]*embeddedConfig\.authMode[^]*UnAuth[^]*Auth/);
  assert.deepEqual(await accessibilityViolations(page), []);
});
