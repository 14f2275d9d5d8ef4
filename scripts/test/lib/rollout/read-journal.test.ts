import assert from 'node:assert/strict';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, test } from 'node:test';
import { readRun, type JournaledOrg } from '../../../lib/rollout';

const runs = mkdtempSync(join(tmpdir(), 'journal-'));
after(() => rmSync(runs, { recursive: true }));

const AT = '2026-11-01T10:00:00.000Z';
const ORG = { alias: 'dev', orgId: '00D000000000001EAA', changes: [], publish: [] };

/** What is read of a journal with these lines behind its head. */
function read(...lines: readonly (object | string)[]): readonly JournaledOrg[] {
  const head = { at: AT, run: { command: 'deploy', from: 'project', orgs: [ORG] } };
  mkdirSync(join(runs, 'run'), { recursive: true });
  const text = [head, ...lines].map((line) => (typeof line === 'string' ? line : JSON.stringify(line))).join('\n');
  writeFileSync(join(runs, 'run', 'journal.ndjson'), text);
  return readRun(runs, 'deploy', 'run').orgs;
}

const step = (name: string, detail?: string): object => ({ at: AT, org: 'dev', step: name, detail, known: null });
const DEPLOYING = step('deploying', 'MessagingChannel:Web_Chat');

test('the id of a deployment is taken from a journal', () => {
  assert.equal(read(DEPLOYING, step('submitted', '0Af000000000001AAA'))[0]?.deploy?.id, '0Af000000000001AAA');
});

for (const id of [
  '--use-most-recent',
  '0Af000000000001AAA; rm -rf ~',
  '$(id)',
  '',
  '../../0Af000000000001',
  '\u001B[2J',
])
  test(`${JSON.stringify(id)} in a journal is no deployment, and the one that was sent is looked up`, () => {
    const [org] = read(DEPLOYING, step('submitted', id));
    assert.deepEqual([org?.deploy?.id, org?.deploy?.settled], [undefined, false]);
  });

test('lines that are no lines of a journal, and orgs that were not planned, are nothing', () => {
  const orgs = read('[]', 'null', '{"at":1}', '\u0000', '{"__proto__":{"org":"dev"}}', {
    at: AT,
    org: 'prod',
    step: 'changed',
  });
  assert.deepEqual(
    orgs.map(({ alias, status, lines: count }) => [alias, status, count]),
    [['dev', undefined, 1]],
  );
});

test('a name that leads out of the folder of runs finds none', () => {
  read();
  for (const name of ['..', '../..', '/etc', '.', ''])
    assert.throws(() => readRun(runs, 'deploy', name), { code: 'unknown-run' }, name);
});

const PLAN_AGAIN = { at: AT, run: { command: 'deploy', from: 'project', orgs: [ORG] } };
for (const [what, lines, expected] of [
  ['is interrupted', [step('watching', AT)], AT],
  ['is interrupted, planned again, and interrupted before it is watched again', [step('watching', AT), PLAN_AGAIN], AT],
  ['passed', [step('watching', AT), step('watch passed')], undefined],
  ['did not pass', [step('watching', AT), step('watch not passed')], undefined],
  ['has an invalid start', [step('watching', 'yesterday')], undefined],
] as const)
  test(`a watch of chats that ${what} ${expected === undefined ? 'starts again' : 'continues'}`, () =>
    assert.equal(read(...lines)[0]?.watchedSince?.toISOString(), expected));
