import assert from 'node:assert/strict';
import { test } from 'node:test';
import { accessibilityViolations } from './accessibility-violations';
import { openPage } from './chromium';

test('reports accessibility violations of a page without a title and with low contrast, and none of a valid page', async (t) => {
  const page = await openPage(t);
  if (!page) return;
  await page.setContent('<main><p style="color: #eee; background: #fff">faint</p></main>');
  const rules = (await accessibilityViolations(page)).map((line) => line.split(' ')[0]);
  assert.deepEqual(
    ['color-contrast', 'document-title', 'html-has-lang'].filter((rule) => !rules.includes(rule)),
    [],
  );
  await page.setContent('<html lang="en"><title>Sound</title><main><h1>Sound</h1></main></html>');
  assert.deepEqual(await accessibilityViolations(page), []);
});

test('blocks requests of a page to other hosts', async (t) => {
  const page = await openPage(t);
  if (!page) return;
  await assert.rejects(page.goto('https://example.com/'), /ERR_NAME_NOT_RESOLVED/);
});
