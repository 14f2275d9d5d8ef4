import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import type { Context } from '../../../lib/cli';
import type { Change } from '../../../lib/model';
import { planFleet } from '../../../lib/rollout';
import { changeFingerprint, createRecorder, journalPlanEntries } from '../../../lib/rollout/recorder';
import { API_VERSION, channel, chatDeployment, desiredState, fakeDev, queue } from '../org/org-samples';
import { runsFolder } from './journal-fixture';

const CHANGE: Change = {
  component: 'Queue:Chat',
  action: 'update',
  path: 'name',
  from: 'Chat',
  to: 'Talk',
  impact: 'none',
  effect: '',
};

function recorderIn(project: string, runs?: string) {
  const lines: string[] = [];
  const flags = { project, ...(runs !== undefined && { runs }) };
  const context = { flags, now: new Date('2026-11-27T10:00:00Z'), log: (line: string) => lines.push(line) };
  return { lines, recorder: createRecorder(context as unknown as Context<{ runs?: string }>, undefined) };
}

test('writes each step and result to the journal and to the progress', () => {
  const { lines, recorder } = recorderIn(runsFolder());
  recorder.recordStep('dev', 'deploying', 'Queue:Chat', { known: ['0Af1'] });
  recorder.recordStep('dev', 'published');
  recorder.recordResult('dev', 'changed');
  const text = readFileSync(join(recorder.journal.folder, 'journal.ndjson'), 'utf8');
  const entries = text
    .split('\n')
    .filter(Boolean)
    .map((line) => JSON.parse(line) as Record<string, unknown>);
  assert.deepEqual(
    entries.map(({ at: _, ...entry }) => entry),
    [
      { org: 'dev', step: 'deploying', detail: 'Queue:Chat', known: ['0Af1'] },
      { org: 'dev', step: 'published' },
      { org: 'dev', step: 'changed' },
    ],
  );
  assert.deepEqual(lines, ['  dev: deploying Queue:Chat', '  dev: published', '  dev: changed']);
});

test('shows the number of components of a large deploy, and writes all of them to the journal', () => {
  const { lines, recorder } = recorderIn(runsFolder());
  recorder.recordStep('dev', 'deploying', 'Queue:A, Queue:B');
  recorder.recordStep('dev', 'deploying', 'Queue:A, Queue:B, -Queue:C');
  assert.deepEqual(lines, ['  dev: deploying Queue:A, Queue:B', '  dev: deploying 3 components']);
  assert.match(readFileSync(join(recorder.journal.folder, 'journal.ndjson'), 'utf8'), /Queue:A, Queue:B, -Queue:C/);
});

test('keeps journals in .runs of the project by default, and in the folder of --runs otherwise', () => {
  const project = runsFolder();
  assert.equal(join(recorderIn(project).recorder.journal.folder, '..'), join(project, '.runs'));
  assert.equal(join(recorderIn(project, 'other').recorder.journal.folder, '..'), join(project, 'other'));
});

test('a fingerprint depends on the component, path and values of a change, not on its impact', () => {
  const fingerprint = changeFingerprint(CHANGE);
  assert.match(fingerprint, /^[0-9a-f]{16}$/);
  assert.equal(changeFingerprint({ ...CHANGE, impact: 'disruptive', effect: 'x' }), fingerprint);
  for (const other of [{ component: 'Queue:Other' }, { path: 'email' }, { from: null }, { to: 'x' }] as const)
    assert.notEqual(changeFingerprint({ ...CHANGE, ...other }), fingerprint);
});

test('the journal contains all orgs with their changes and publications, also those that could not be planned', async () => {
  const { sf, org } = fakeDev();
  const desired = desiredState(queue('Chat', 'Chat'), channel('Web', 'Chat'), chatDeployment('Site', 'Web'));
  const plan = () => planFleet(sf, [desired], { apiVersion: API_VERSION, onResult: () => undefined });
  const [entry] = journalPlanEntries(await plan(), { publishAll: false });
  assert.deepEqual(
    [entry?.alias, entry?.orgId, entry?.changes.length, entry?.publish],
    ['dev', org.orgId, 4, ['Site']],
  );
  org.fail('query', 'unreachable');
  assert.deepEqual(journalPlanEntries(await plan(), { publishAll: false }), [
    { alias: 'dev', orgId: org.orgId, changes: [], publish: [] },
  ]);
});
