import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { OrgResult } from '../../../lib/model';
import type { Report } from '../../../lib/report';
import { htmlPage } from '../../../lib/report/html';
import { STYLE } from '../../../lib/report/html/style';
import { markdownText } from '../../../lib/report/markdown';
import { headlineOf } from '../../../lib/report/headline';
import { summaryTiles } from '../../../lib/report/summary-tiles';
import { fleetReport, REPORT } from './sample-reports';
import { CHANGES, FINDINGS, ORG_RESULTS } from './samples';
import { TRUST } from './trust-sample';

/** The text of a part of the page, without tags. */
const textOf = (html: string): string =>
  html
    .replace(/<[^>]*>/g, ' ')
    .replaceAll('&#39;', "'")
    .replace(/\s+/g, ' ');

/** The section of the page with an ID. */
const section = (page: string, id: string): string =>
  new RegExp(`<section id="${id}"[^]*?</section>`).exec(page)?.[0] ?? '';

const detailsOf = (html: string): readonly string[] => [...html.matchAll(/<details[^>]*>/g)].map(([tag]) => tag);
const openIn = (html: string): number => detailsOf(html).filter((tag) => tag.includes(' open')).length;

test('each tone of a tag, a tile and the header has a color in the style sheet', () => {
  for (const tone of ['good', 'warning', 'bad', 'quiet', 'plain'])
    assert.match(STYLE, new RegExp(`^\\.${tone} \\{ --tone: var\\(--`, 'm'), tone);
  const defined = new Set([...STYLE.matchAll(/(--[a-z-]+):/g)].map(([, name]) => name));
  const used = new Set([...STYLE.matchAll(/var\((--[a-z-]+)\)/g)].map(([, name]) => name));
  assert.deepEqual(
    [...used].filter((name) => !defined.has(name)),
    [],
  );
});

test('each class of the page has a rule in the style sheet', () => {
  const classes = new Set(
    [...htmlPage(REPORT).matchAll(/class="([^"]*)"/g)].flatMap(([, names = '']) => names.split(' ')),
  );
  const unstyled = [...classes].filter((name) => name !== '' && !new RegExp(`\\.${name}\\b`).test(STYLE));
  assert.deepEqual(unstyled.sort(), ['none', 'same', 'visible', 'ways']);
});

test('the sections have fixed titles in a fixed order', () => {
  const titles = [...htmlPage(REPORT).matchAll(/<h2[^>]*>([^<]*)</g)].map(([, title]) => title);
  assert.deepEqual(titles, ['Errors', 'Changes', 'Orgs', 'Trust map', 'Settings by org', 'Checks', 'Findings']);
});

test('changes of more than 8 different orgs are folded, except for disruptive changes', () => {
  const harmless = CHANGES.filter(({ impact }) => impact !== 'disruptive');
  const report = (number: number, changes: OrgResult['changes']): Report => {
    const { document, at } = fleetReport(number);
    return {
      at,
      document: {
        ...document,
        orgs: (document.orgs ?? []).map((org) => ({
          ...org,
          changes: changes.map((each) => ({ ...each, component: `${each.component}_${org.alias}` as const })),
        })),
      },
    };
  };
  assert.equal(openIn(section(htmlPage(report(8, harmless)), 'changes')), 8);
  assert.equal(openIn(section(htmlPage(report(9, harmless)), 'changes')), 0);
  assert.equal(openIn(section(htmlPage(report(9, CHANGES)), 'changes')), 9);
  const same = section(htmlPage(fleetReport(12)), 'changes');
  assert.equal(detailsOf(same).length, 1, 'orgs with the same changes are one');
  assert.match(textOf(same), /All 12 orgs 5 changes in each org, 1 disruptive/);
  assert.match(section(htmlPage(report(1, CHANGES)), 'changes'), /<li class="disruptive">/);
});

test('planned changes are drift in the report of status, and planned in the report of plan', () => {
  const orgs = ORG_RESULTS.slice(1, 2);
  const words = (['status', 'plan'] as const).map((command) => {
    const report = { at: REPORT.at, document: { command, exitCode: 2, findings: [], orgs } } as const;
    const [, word] =
      /<td><span class="tag warning"><span aria-hidden="true">!<\/span> (\w+)</.exec(htmlPage(report)) ?? [];
    const [, cell] = /\| ⚠️ (\w+) \|/.exec(markdownText(report)) ?? [];
    return [word, cell];
  });
  assert.deepEqual(words, [
    ['drifted', 'drifted'],
    ['planned', 'planned'],
  ]);
});

test('trust chains of more than 6 different orgs are folded, and orgs with equal trust are one', () => {
  assert.equal(openIn(section(htmlPage(fleetReport(6)), 'trust')), 6);
  assert.equal(openIn(section(htmlPage(fleetReport(7)), 'trust')), 0);
});

test('settings have at most 5 orgs per table, each org once', () => {
  const tables = (number: number): readonly (readonly string[])[] =>
    section(htmlPage(fleetReport(number)), 'settings')
      .split('<table')
      .slice(1)
      .map((table) => [...table.matchAll(/<th scope="col">(org-\d+)/g)].map(([, alias = '']) => alias));
  assert.deepEqual(tables(5), [['org-001', 'org-002', 'org-003', 'org-004', 'org-005']]);
  assert.deepEqual(tables(6), [['org-001', 'org-002', 'org-003', 'org-004', 'org-005'], ['org-006']]);
});

test('orgs with equal settings share a column that names them', () => {
  const columns = ['a', 'b', 'c'].map((alias) => ({ alias, kind: 'sandbox', reached: true }));
  const cells = ['x', 'y', 'x'].map((live) => ({ live, desired: live, drift: false }));
  const matrix = { columns, rows: [{ component: 'Queue:Q' as const, setting: 'Setting', cells }] };
  const page = textOf(section(htmlPage({ ...REPORT, orgSettings: { matrix, trust: [] } }), 'settings'));
  assert.match(page, /a, c ?sandbox +b ?sandbox +Setting +x +y/);
});

test('the second table contains the cells of its orgs', () => {
  const columns = Array.from({ length: 6 }, (_, index) => ({ alias: `o${index}`, kind: 'sandbox', reached: true }));
  const cells = columns.map(({ alias }) => ({ live: `value-of-${alias}`, desired: `value-of-${alias}`, drift: false }));
  const matrix = { columns, rows: [{ component: 'Queue:Q' as const, setting: 'Setting', cells }] };
  const page = section(htmlPage({ ...REPORT, orgSettings: { matrix, trust: [] } }), 'settings');
  assert.match(textOf(page.split('<table')[2] ?? ''), /Setting value- ?of- ?o5 /);
});

test('marks a different value as drift, but not one that the org does not have yet', () => {
  const page = section(htmlPage(REPORT), 'settings');
  const drift = [...page.matchAll(/<td class="drift">[^]*?<\/td>/g)].map(([cell]) => textOf(cell).trim());
  assert.deepEqual(drift, [
    '! 2 more differ',
    '! off desired: on',
    '! Legacy_ Identity desired: Customer_ Identity_ Endpoint',
  ]);
  const added = [...page.matchAll(/<td class="add">[^]*?<\/td>/g)].map(([cell]) => textOf(cell).trim());
  assert.deepEqual(added, ['+ missing', '+ on']);
});

test('the status of an org before its first deploy has no red tag in its trust map', () => {
  const orgSettings = { matrix: { columns: [], rows: [] }, trust: TRUST.slice(3) };
  const page = htmlPage({ ...REPORT, document: { ...REPORT.document, findings: [], orgs: [] }, orgSettings });
  assert.match(textOf(section(page, 'trust')), /Customer_ Identity . missing/);
  assert.doesNotMatch(section(page, 'trust'), /class="tag bad"/);
});

test('an uploaded keyset without keys has a red tag once it is deployed', () => {
  const [org] = TRUST.slice(3);
  const [keyset] = org?.keysets ?? [];
  assert.ok(org && keyset);
  const trust = [{ ...org, keysets: [{ ...keyset, syncState: 'in sync' as const }] }];
  assert.match(
    htmlPage({ ...REPORT, orgSettings: { matrix: { columns: [], rows: [] }, trust } }),
    /tag bad[^]*?no key</,
  );
});

const EXPIRIES: readonly (readonly [days: number | null, text: string, tone: string])[] = [
  [null, 'no certificate', 'warning'],
  [-14, 'expired 14 days ago', 'bad'],
  [-1, 'expired 1 day ago', 'bad'],
  [0, 'expires within a day', 'bad'],
  [1, '1 day left', 'warning'],
  [30, '30 days left', 'warning'],
  [31, '31 days left', 'good'],
];
for (const [daysLeft, text, tone] of EXPIRIES)
  test(`a key with ${String(daysLeft)} days left has the tag "${text}"`, () => {
    const key = { name: 'K', syncState: 'in sync', active: true, kid: 'k', daysLeft } as const;
    const trust = [
      {
        alias: 'dev',
        kind: 'sandbox',
        reached: true,
        undeclared: [],
        accepted: ['PublicKeyCertificate:Legacy until 2027-06-30: A migration.'],
        keysets: [],
        unverifiedChannels: [],
        unusedKeys: [key],
      },
    ];
    const page = section(htmlPage({ ...REPORT, orgSettings: { matrix: { columns: [], rows: [] }, trust } }), 'trust');
    assert.match(page, new RegExp(`<span class="tag ${tone}"><span aria-hidden="true">.</span> ${text}</span>`));
    assert.match(
      page,
      /<h4>Accepted trust<\/h4>\s*<ul>\s*<li>PublicKeyCertificate:Legacy until 2027-06-30: A migration\.<\/li>/,
    );
  });

const ofStatus = (...statuses: readonly OrgResult['status'][]): readonly OrgResult[] =>
  statuses.map((status, index) => ({ ...(ORG_RESULTS[0] ?? assert.fail()), alias: `org${index}`, status }));
const check = (state: 'passed' | 'failed' | 'inconclusive') => ({
  name: 'c',
  ok: state === 'passed',
  state,
  detail: 'd',
});
const withChecks = (...states: readonly Parameters<typeof check>[0][]): readonly OrgResult[] =>
  ofStatus('unchanged').map((org) => ({ ...org, checks: states.map(check) }));
const withChanges = (number: number, changes = CHANGES): readonly OrgResult[] => [
  ...ofStatus(...Array<'planned'>(number).fill('planned')).map((org) => ({ ...org, changes })),
  ...ofStatus('unchanged'),
];
const withUndeclaredTrust = (): readonly OrgResult[] =>
  withChanges(1).map((org) => ({
    ...org,
    checks: org.status === 'planned' ? [{ ...check('failed'), name: 'trust' }] : [],
  }));

type Document = Parameters<typeof headlineOf>[0];
const HEADLINES: readonly (readonly [tone: string, text: string, document: Partial<Document>])[] = [
  ['bad', 'What.', { error: { code: 'x', what: 'What.', why: '', fix: '' }, orgs: ofStatus('unchanged') }],
  ['bad', 'Source or configuration is invalid. No org was contacted.', { exitCode: 3, findings: FINDINGS }],
  ['good', 'Source and configuration are valid.', { findings: FINDINGS.filter(({ severity }) => severity === 'note') }],
  ['warning', 'Source and configuration have 1 warning.', { findings: FINDINGS.slice(3, 4), orgs: [] }],
  ['bad', '1 of 2 orgs failed.', { exitCode: 1, orgs: ofStatus('failed', 'changed') }],
  ['bad', '2 of 3 orgs are unreachable.', { exitCode: 4, orgs: ofStatus('unreachable', 'unreachable', 'changed') }],
  ['bad', '1 of 2 orgs is in an unknown state.', { exitCode: 1, orgs: ofStatus('unknown', 'changed') }],
  ['bad', '1 of 1 org is skipped.', { exitCode: 1, orgs: ofStatus('skipped') }],
  [
    'bad',
    '3 of 4 orgs need attention: 1 failed, 2 skipped.',
    { exitCode: 1, orgs: ofStatus('skipped', 'failed', 'skipped', 'changed') },
  ],
  ['bad', '1 check failed. 2 checks are inconclusive.', { orgs: withChecks('failed', 'inconclusive', 'inconclusive') }],
  ['bad', 'The command failed.', { exitCode: 1, orgs: ofStatus('unchanged') }],
  [
    'warning',
    'No check failed, but 1 check is inconclusive.',
    { command: 'verify', orgs: withChecks('passed', 'inconclusive') },
  ],
  ['good', 'All checks passed in 1 org.', { command: 'verify', orgs: withChecks('passed') }],
  ['warning', '1 of 2 orgs differs from the desired state.', { command: 'status', exitCode: 2, orgs: withChanges(1) }],
  ['warning', '2 of 3 orgs differ from the desired state.', { command: 'status', exitCode: 2, orgs: withChanges(2) }],
  ['warning', '10 changes in 2 orgs (2 disruptive).', { exitCode: 2, orgs: withChanges(2) }],
  ['warning', '1 change in 1 org.', { exitCode: 2, orgs: withChanges(1, CHANGES.slice(0, 1)) }],
  [
    'bad',
    '1 of 2 orgs has undeclared trust. 1 of 2 orgs differs from the desired state.',
    { command: 'status', exitCode: 2, orgs: withUndeclaredTrust() },
  ],
  ['good', 'The org is in sync.', { orgs: ofStatus('unchanged') }],
  ['good', 'All 2 orgs are in sync (1 changed).', { orgs: ofStatus('unchanged', 'changed') }],
];
for (const [tone, text, document] of HEADLINES)
  test(`the headline "${text}" is ${tone}`, () =>
    assert.deepEqual(headlineOf({ command: 'plan', exitCode: 0, findings: [], ...document }), { tone, text }));

test('the tiles count orgs, changes, checks and findings, and the days until the first active key expires', () => {
  const orgs = [...ORG_RESULTS, ...withChecks('failed', 'inconclusive', 'passed')];
  assert.deepEqual(
    summaryTiles(
      { command: 'plan', exitCode: 1, findings: FINDINGS, orgs },
      { matrix: { columns: [], rows: [] }, trust: TRUST.slice(0, 1) },
    ),
    [
      { label: 'Orgs', value: 8 },
      { label: 'In sync', value: 3 },
      { label: 'Need attention', value: 4, tone: 'bad' },
      { label: 'Changes', value: 10 },
      { label: 'Disruptive changes', value: 2, tone: 'bad' },
      { label: 'Failed checks', value: 2, tone: 'bad' },
      { label: 'Inconclusive checks', value: 1, tone: 'warning' },
      { label: 'Days until a key expires', value: 21, tone: 'warning' },
      { label: 'Findings', value: 6, tone: 'bad' },
    ],
  );
  const [org] = TRUST;
  const [keyset] = org?.keysets ?? [];
  assert.ok(org && keyset);
  const key = { name: 'K', syncState: 'in sync', kid: 'k' } as const;
  const keys = [
    { ...key, active: false, daysLeft: 1 },
    { ...key, active: true, daysLeft: null },
    { ...key, active: true, daysLeft: 40 },
  ];
  const trust = [{ ...org, keysets: [{ ...keyset, keys }] }];
  assert.deepEqual(
    summaryTiles({ command: 'check', exitCode: 0, findings: [] }, { matrix: { columns: [], rows: [] }, trust })[0],
    { label: 'Days until a key expires', value: 40, tone: 'good' },
  );
  assert.deepEqual(summaryTiles({ command: 'check', exitCode: 0, findings: [] }, undefined), [
    { label: 'Findings', value: 0 },
  ]);
  assert.deepEqual(summaryTiles({ command: 'check', exitCode: 0, findings: FINDINGS.slice(3) }, undefined), [
    { label: 'Findings', value: 3, tone: 'warning' },
  ]);
});
