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

/** Opens a page as a person would, from its file; a policy that keeps axe-core out is set aside. */
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

/** What reaches beyond the right edge of the page; what scrolls by itself may, except on paper. */
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
  test(`in ${look} the page has nothing that axe-core objects to, and nothing beyond its edge`, async (t) => {
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

test('on paper every column and every folded part is there, inside the sheet', async (t) => {
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

test('the page opens under its own policy: it is styled, and nothing else is let in', async (t) => {
  const page = await openPage(t);
  if (!page) return;
  const said: string[] = [];
  page.on('console', (message) => said.push(message.text()));
  page.on('request', (request) => said.push(request.url()));
  await page.goto(pathToFileURL(samples).href);
  assert.equal(await styleOf(page, '.tag', 'display'), 'inline-block');
  assert.deepEqual(said, [pathToFileURL(samples).href]);
  await page.evaluate(`document.body.setAttribute('onclick', 'document.title = "run"')`);
  await page.click('h1');
  assert.notEqual(await page.title(), 'run');
});

test('everything that can be used is reached with the keyboard', async (t) => {
  const page = await openReport(t, samples, {});
  if (!page) return;
  await page.keyboard.press('Tab');
  assert.equal(await page.evaluate('document.activeElement.className'), 'skip');
  const wanted = await page.locator('a, summary, [tabindex="0"]').count();
  const reached = new Set<string>();
  for (let index = 0; index < wanted + 2; index++) {
    reached.add(await page.evaluate<string>('document.activeElement.outerHTML.slice(0, 90)'));
    await page.keyboard.press('Tab');
  }
  assert.ok(reached.size >= wanted, `${reached.size} of ${wanted}`);
});

test('a status of two orgs draws their trust, and a change that somebody made in Setup', async (t) => {
  editInSetup(fleet.org('uat'), 'messagingChannels/Web_Chat.messagingChannel', '<authMode>Auth<', '<authMode>UnAuth<');
  const html = join(workspace.folder, 'status.html');
  const { exit, document } = await fleet.status({ html });
  assert.equal(exit, 2, JSON.stringify(document.findings));
  const page = await openReport(t, html, {});
  if (!page) return;
  assert.equal(await page.locator('h1').innerText(), '1 of 2 orgs differs from what is stated.');
  const drift = page.locator('.matrix td.drift');
  assert.deepEqual(await drift.allInnerTexts(), ['! differs', '! off\nstated: on']);
  const uat = page.locator('#trust details', { has: page.locator('h3', { hasText: 'uat' }) });
  const chain = uat.locator('.chain', { hasText: 'Web_Chat' }).first();
  assert.match(
    (await chain.innerText()).replaceAll(/\s+/g, ' '),
    /Issuer .*Keyset .*Key .* days left .*Configuration Customer Channel Mobile_Chat .*verification on/,
  );
  assert.match(await uat.innerText(), /Web_Chat\s+! verification off\s+! differs/);
  assert.match(await page.locator('#changes').innerText(), /uat[^]*embeddedConfig\.authMode[^]*UnAuth[^]*Auth/);
  assert.deepEqual(await accessibilityViolations(page), []);
});
