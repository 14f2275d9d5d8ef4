import assert from 'node:assert/strict';
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { EXIT } from '../../../lib/errors';
import { fleetReport, FORMATS, REPORT } from './sample-reports';

for (const [name, write] of Object.entries(FORMATS)) {
  test(`${name} looks as it always did (UPDATE_GOLDEN=1 writes anew)`, () => {
    const file = join(__dirname, 'golden', name);
    const text = write(REPORT);
    if (process.env['UPDATE_GOLDEN'] === '1') writeFileSync(file, text);
    assert.equal(text, readFileSync(file, 'utf8'));
  });

  test(`${name} can be made of nothing, of an error, and of fifty orgs`, () => {
    const error = { code: 'no-project', what: 'There is no project.', why: 'Why.', fix: 'Fix.' };
    write({ document: { command: 'check', exitCode: EXIT.done, findings: [] }, at: REPORT.at });
    write({ document: { command: 'plan', exitCode: EXIT.done, findings: [], orgs: [] }, at: REPORT.at });
    const failed = write({ document: { command: 'plan', exitCode: EXIT.invalid, findings: [], error }, at: REPORT.at });
    if (name.startsWith('report')) assert.match(failed.replaceAll('\\', ''), /There is no project\./);
    const many = write(fleetReport(50));
    if (name.startsWith('report')) assert.match(many, /org(-|\\-)050/);
  });
}

test('the page names no other address, and runs nothing', () => {
  const page = FORMATS['report.html']?.(REPORT) ?? '';
  assert.doesNotMatch(page, /<(script|link|img|iframe|object|embed|form|base)\b|\son\w+=|style="|url\(|@import/i);
  assert.deepEqual([...new Set([...page.matchAll(/(?:href|src)="([^"]*)"/g)].map(([, to]) => to?.[0]))], ['#']);
  assert.match(page, /default-src &#39;none&#39;; style-src &#39;sha256-/);
});
