/** Prints every table with long names on a terminal of 80 columns. */
import assert from 'node:assert/strict';
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, relative, sep } from 'node:path';
import { test } from 'node:test';
import type { CommonFlags } from '../../../lib/cli';
import { showStatus, finishStep } from '../../../lib/keys/rotate-result';
import type { KeyProject } from '../../../lib/keys/keyset';
import type { OrgResult } from '../../../lib/model';
import type { Matrix } from '../../../lib/report/org-matrix';
import { matrixText, monitorText, runResultsText, tableText, verificationText } from '../../../lib/report';
import { listFiles, PROJECT } from '../../gates/list-files';
import { capturedContext, type CapturedOutput } from '../captured-context';

const ALIAS = 'a'.repeat(40);
const CHANNEL = 'C'.repeat(60);
const ISSUER = `https://${'i'.repeat(52)}`;
const KID = 'k'.repeat(80);
const NAMES = [ALIAS, CHANNEL, ISSUER, KID];
const LAYOUT = { columns: 80, color: false };

const ORG: OrgResult = {
  alias: ALIAS,
  orgId: '00D4fP53twgxYnvEBE',
  kind: 'sandbox',
  wave: 1,
  status: 'changed',
  changes: [],
  deployIds: ['0Af000000000001AAA'],
  checks: ['configuration', 'endpoint', 'acceptance', 'rejection', 'consistency'].map((part) => ({
    ...{ name: 'accepted', ok: true, detail: KID, state: 'passed' as const, part, channel: CHANNEL },
  })),
};

const traffic = { channel: CHANNEL, chatDeployments: [CHANNEL], days: 7, now: { total: 3, verified: 2 } };
const MONITORED = {
  ...{ alias: ALIAS, status: 'unchanged' as const, failed: [], inconclusive: [] },
  traffic: [{ ...traffic, before: { total: 7, verified: 7 } }],
  expirations: [{ kind: 'key' as const, name: KID, expiresAt: '2027-11-28T00:00:00.000Z', daysLeft: 364 }],
};

const sample = (value: string, drift: boolean) => ({ live: value, desired: drift ? 'other' : value, drift });
const MATRIX: Matrix = {
  columns: [ALIAS, `${ALIAS}2`].map((alias) => ({ alias, kind: 'sandbox', reached: true })),
  rows: [
    {
      component: `MessagingChannel:${CHANNEL}`,
      setting: '',
      cells: [sample('in sync', false), sample('in sync', false)],
    },
    {
      component: 'PublicKeyCertificateSet:Keys',
      setting: 'Issuer',
      cells: [sample(ISSUER, true), sample(ISSUER, false)],
    },
    { component: 'PublicKeyCertificate:Key', setting: 'kid', cells: [sample(KID, true), sample(KID, false)] },
  ],
};

const ROTATION = {
  ...{ keyset: 'Customer_Identity', delivery: 'uploaded' as const, compromised: false, tokenLifetimeMinutes: 5 },
  oldKey: { name: 'Old', kid: KID, thumbprint: 't' },
  newKey: { name: CHANNEL, kid: KID, thumbprint: 'u' },
  ...{ cacheHours: 72, startedAt: '2026-11-28T10:00:00.000Z' },
  targets: { [ALIAS]: { stagedAt: '2026-11-28T10:00:00.000Z', retiredAt: '2026-11-28T10:00:00.000Z' } },
};

/** Runs a command of `keys rotate` with the rotation in its project, and returns its text. */
function rotateText(run: (context: never, project: KeyProject) => unknown): string {
  const folder = mkdtempSync(join(tmpdir(), 'wide-'));
  try {
    mkdirSync(join(folder, 'config/rotations'), { recursive: true });
    writeFileSync(join(folder, 'config/rotations/Customer_Identity.json'), JSON.stringify(ROTATION));
    const output: CapturedOutput = { shown: [], documents: [], progress: [], questions: [] };
    const flags = { org: [], project: folder, json: false, name: '', step: 'stage' } as CommonFlags;
    const context = { ...capturedContext(flags, output), layout: LAYOUT } as never;
    run(context, { folder, orgs: [], source: { components: new Map() } } as unknown as KeyProject);
    return output.shown.join('\n');
  } finally {
    rmSync(folder, { recursive: true });
  }
}

const step = { rotation: ROTATION, targets: [{ target: { name: ALIAS, wave: 1 }, result: 'staged' }] } as never;

const TABLES: Readonly<Record<string, () => string>> = {
  status: () => matrixText(LAYOUT, MATRIX),
  monitor: () => monitorText(LAYOUT, [ORG], { at: '', since: '2026-11-28T08:00:00.000Z', orgs: [MONITORED] }),
  verify: () => verificationText(LAYOUT, [ORG]),
  deploy: () => runResultsText(LAYOUT, [ORG, { ...ORG, alias: 'dev' }], { title: 'Deploy' }),
  'keys rotate status': () => rotateText(showStatus),
  'keys rotate stage': () => rotateText((context, project) => finishStep(context, step, project, [])),
  'local-org': () =>
    tableText(LAYOUT, [[ALIAS, '00D4fP53twgxYnvEBE', 'sandbox', 'http://127.0.0.1:8701'].map((text) => ({ text }))]),
};

for (const [command, print] of Object.entries(TABLES))
  test(`the table of ${command} breaks and shortens no name at 80 columns`, () => {
    const text = print();
    assert.ok(
      NAMES.some((name) => text.includes(name)),
      text,
    );
    for (const line of text.split('\n')) {
      const isOneName = !/\S\s+\S/.test(line.trim().replace(/^[-!+] /, ''));
      assert.ok(line.length <= 80 || isOneName || line.includes('npm run'), line);
      // A part of a name at the end or the start of a line is a broken name.
      for (const part of line.match(/a{10,}|C{10,}|i{10,}|k{10,}/g) ?? [])
        assert.ok(
          NAMES.some((name) => name.endsWith(part)),
          line,
        );
    }
  });

test('a table that fits is a table, and one that is too wide is a list', () => {
  const row = [{ text: 'dev' }, { text: '3', alignEnd: true, listText: '3 chats' }, { text: '-', listText: '' }];
  const head = [{ text: 'Org' }, { text: 'chats' }, { text: 'note' }];
  assert.equal(tableText(LAYOUT, [row], head), 'Org  chats  note\ndev      3  -');
  assert.equal(tableText({ ...LAYOUT, columns: 15 }, [row], head), 'Org:\n  dev: 3 chats');
});

/** The files that align texts of a known length themselves. */
const ALIGNED: Readonly<Record<string, string>> = {
  'bench/run-bench.ts': 'names of measurements',
  'lib/calibrate/result.ts': 'IDs of experiments',
  'lib/cli/dispatch.ts': 'names of commands',
  'lib/cli/progress-lines.ts': 'progress, which a terminal cuts at its edge',
  'lib/report/explanation.ts': 'states of steps',
  'lib/report/run-results.ts': 'has waves with skipped orgs; it becomes a list, too',
  'lib/setup/doctor.ts': 'titles of checks',
  'start/tour.ts': 'aliases of the tour',
};

test('every other table uses tableText', () => {
  const scripts = join(PROJECT, 'scripts');
  const files = listFiles(scripts, '.ts').filter((file) => readFileSync(file, 'utf8').includes('.padEnd('));
  const aligning = files
    .map((file) => relative(scripts, file).replaceAll(sep, '/'))
    .filter((file) => !/^test\//.test(file));
  assert.deepEqual(aligning.sort(), Object.keys(ALIGNED));
});
