import assert from 'node:assert/strict';
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { EXIT } from '../../../lib/errors';
import { fleetReport, FORMATS, REPORT } from './sample-reports';

/** The text of each format for a document without orgs and findings. */
const EMPTY_TEXTS: Readonly<Record<string, RegExp>> = {
  'report.html': /<h1>Source and configuration are valid\.<\/h1>/,
  'report.md': /^Source and configuration are valid\. 2026-11-22 20:04 UTC, exit code 0\.$/m,
  'report.junit.xml': /<testcase classname="source and configuration" name="no findings" time="0"\/>/,
  'annotations.txt': /^$/,
};

for (const [name, write] of Object.entries(FORMATS)) {
  test(`${name} matches its golden file (UPDATE_GOLDEN=1 rewrites it)`, () => {
    const file = join(__dirname, 'golden', name);
    const text = write(REPORT);
    if (process.env['UPDATE_GOLDEN'] === '1') writeFileSync(file, text);
    assert.equal(text, readFileSync(file, 'utf8'));
  });

  test(`${name} can be written for an empty document, an error, and fifty orgs`, () => {
    const error = { code: 'no-project', what: 'There is no project.', why: 'Why.', fix: 'Fix.' };
    const empty = write({ document: { command: 'check', exitCode: EXIT.done, findings: [] }, at: REPORT.at });
    const noOrgs = write({ document: { command: 'plan', exitCode: EXIT.done, findings: [], orgs: [] }, at: REPORT.at });
    for (const text of [empty, noOrgs]) assert.match(text, EMPTY_TEXTS[name] ?? assert.fail(name));
    const failed = write({ document: { command: 'plan', exitCode: EXIT.invalid, findings: [], error }, at: REPORT.at });
    if (name.startsWith('report')) assert.match(failed.replaceAll('\\', ''), /There is no project\./);
    const many = write(fleetReport(50));
    if (name.startsWith('report')) assert.match(many, /org(-|\\-)050/);
  });
}

test('the page links to nothing but its own sections, and runs no script', () => {
  const page = FORMATS['report.html']?.(REPORT) ?? '';
  assert.doesNotMatch(page, /<(script|link|img|iframe|object|embed|form|base)\b|\son\w+=|style="|url\(|@import/i);
  assert.deepEqual([...new Set([...page.matchAll(/(?:href|src)="([^"]*)"/g)].map(([, to]) => to?.[0]))], ['#']);
  assert.match(page, /default-src &#39;none&#39;; style-src &#39;sha256-/);
});
