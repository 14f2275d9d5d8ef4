import assert from 'node:assert/strict';
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { before, test } from 'node:test';
import {
  findingsText,
  legendText,
  orgResultsText,
  planSummary,
  planTotals,
  wrapLines,
  type TextLayout,
} from '../../../lib/report';
import { planTwelveOrgs, type FleetPlan } from './twelve-orgs';

/** What `plan` prints of a fleet. It prints no notes. */
const planText = (layout: TextLayout, { orgs, findings }: FleetPlan, full = false): string =>
  [
    `${findingsText(
      layout,
      findings.filter(({ severity }) => severity !== 'note'),
      full,
    )}\n`,
    `${planTotals(orgs)}\n\n${orgResultsText(layout, orgs, { full })}\n`,
    legendText(layout),
    wrapLines(layout, planSummary(orgs)),
    '',
  ].join('\n');

/** Two screens of 50 lines. */
const MAX_LINES = 100;

let stages: FleetPlan;
let distinct: FleetPlan;

before(async () => {
  stages = await planTwelveOrgs((alias) => `https://id.${alias.replace(/[\d_].*/, '')}.example.com`);
  distinct = await planTwelveOrgs((alias) => `https://id.${alias.replace('_', '-')}.example.com`);
});

for (const columns of [80, 120]) {
  test(`the plan of twelve orgs matches its golden file and fits on two screens at ${columns} columns`, () => {
    const text = planText({ columns, color: false }, stages);
    const file = join(__dirname, 'golden', `fleet-plan-${columns}.txt`);
    if (process.env['UPDATE_GOLDEN'] === '1') writeFileSync(file, text);
    assert.equal(text, readFileSync(file, 'utf8'));
    for (const plan of [stages, distinct])
      assert.ok(planText({ columns, color: false }, plan).split('\n').length <= MAX_LINES);
  });

  test(`no line of the plan of twelve orgs is wider than ${columns} columns, except for a path`, () => {
    for (const line of planText({ columns, color: false }, stages).split('\n'))
      assert.ok(line.length <= columns || !/\S\s+\S/.test(line.trim()), line);
  });
}

test('what one org has and another has not is printed with the names of its orgs', () => {
  const text = planText({ columns: 120, color: false }, distinct);
  for (const { alias, changes } of distinct.orgs) {
    const { effect } =
      changes.find(({ component }) => component.startsWith('PublicKeyCertificateSet')) ?? assert.fail();
    assert.ok(text.includes(`      ${alias}: ${effect}`), alias);
  }
  const [first, ...others] = stages.orgs;
  assert.ok(first);
  const without = { ...first, changes: first.changes.filter(({ component }) => component !== 'Queue:Customer_Chat') };
  const partial = planText({ columns: 120, color: false }, { ...stages, orgs: [without, ...others] });
  assert.match(partial, /^All 12 orgs:\n(?: .*\n)+\ndev2, dev3, [^:]*:\n {2}\+ Queue Customer_Chat\n/m);
});

test('--full prints every change and every finding of each org', () => {
  const full = planText({ columns: 120, color: false }, stages, true);
  assert.equal(full.match(/^ {2}\+ Queue Customer_Chat$/gm)?.length, 12);
  assert.equal(full.match(/^ {2}Publishes chat deployments /gm)?.length, 12);
  const warned = stages.findings.filter(({ rule }) => rule === 'channel-verifies-nobody').length;
  assert.equal(full.match(/^warning {2}channel-verifies-nobody$/gm)?.length, warned);
  assert.equal(planText({ columns: 120, color: false }, stages).match(/channel-verifies-nobody$/gm)?.length, 1);
});

test('an error and an undeclared trust of several orgs are printed once, with their names', () => {
  const orgs = stages.orgs.map((org, index) => ({
    ...org,
    ...(index < 2 && {
      status: 'unreachable' as const,
      changes: [],
      error: { code: 'org-unreachable', what: `"${org.alias}" did not answer.`, why: 'Why.', fix: 'Fix.' },
    }),
    ...(index > 8 && { checks: [{ name: 'trust', ok: false, detail: 'Rogue_Key is trusted.' }] }),
  }));
  const text = orgResultsText({ columns: 120, color: false }, orgs);
  assert.match(text, /^Error \(org-unreachable\): "dev1" did not answer\. The same error occurred in dev2\.$/m);
  assert.match(text, /^ {2}uat3, prod_de, and prod_us: Undeclared trust: Rogue_Key is trusted\.$/m);
  assert.match(planTotals(orgs), /^Plan: 12 orgs, 160 changes, 0 disruptive, 2 not planned$/);
});
