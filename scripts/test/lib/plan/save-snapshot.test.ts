import assert from 'node:assert/strict';
import { existsSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, test } from 'node:test';
import type { Change, Component, ComponentKey, Plan, Transition } from '../../../lib/model';
import { listRuns, listSnapshots, readPlanFile, snapshotPath, snapshotWriter } from '../../../lib/plan';
import { queue } from '../org/org-samples';

const folder = mkdtempSync(join(tmpdir(), 'snapshot-'));
after(() => rmSync(folder, { recursive: true }));

const [first, second, third] = [queue('Chat', 'First'), queue('Chat', 'Second'), queue('Chat', 'Third')];
const change = (path: string, from: string, to: string): Change => ({
  component: 'Queue:Chat',
  action: 'update',
  path,
  from,
  to,
  impact: 'none',
  effect: '',
});
const planOf = (...changes: readonly Change[]): Plan => ({
  org: {
    alias: 'dev',
    orgId: '00D000000000001EAA',
    kind: 'sandbox',
    wave: 1,
    file: 'config/orgs/dev.json',
  } as Plan['org'],
  facts: {} as Plan['facts'],
  changes,
  undeclaredTrust: [],
  toDeploy: new Map(),
  toDelete: [],
  deactivate: [],
  activate: [],
  publish: [],
});
type Side = readonly [
  components: Readonly<Record<string, Component | null>>,
  channels: Readonly<Record<string, boolean>>,
];
const transitionOf = (from: Side, to: Side, partial: boolean, publish: readonly string[]): Transition => {
  const state = ([components, channels]: Side, isPartial: boolean) => ({
    components: new Map(Object.entries(components) as [ComponentKey, Component | null][]),
    channels: new Map(Object.entries(channels)),
    partial: isPartial,
  });
  return { from: state(from, false), to: state(to, partial), publish };
};
const NOW = new Date('2026-11-01T10:00:00Z');
const labels = (states: ReadonlyMap<string, Component | null>) =>
  Object.fromEntries(
    [...states].map(([key, each]) => [key, each?.root.children.map(({ text }) => text).join() ?? null]),
  );

test('a transition without changes writes no snapshot', () => {
  const run = join(folder, 'empty');
  const transition = transitionOf([{ 'Queue:Chat': first }, { Web: true }], [{}, {}], true, []);
  assert.equal(snapshotWriter(run, '67.0', NOW)(planOf(), transition), transition);
  assert.equal(existsSync(run), false);
});

test('a transition that only changes a channel writes a snapshot', () => {
  const run = join(folder, 'channel');
  snapshotWriter(run, '67.0', NOW)(planOf(), transitionOf([{}, { Web: false }], [{}, { Web: true }], true, []));
  assert.deepEqual(listSnapshots(run), ['dev']);
  assert.deepEqual([...listRuns(folder)], [[run.slice(folder.length + 1), ['dev']]]);
});

test('a resumed run keeps the first state before it and the last state after it', () => {
  const run = join(folder, 'resumed');
  const save = (...args: Parameters<ReturnType<typeof snapshotWriter>>) => snapshotWriter(run, '67.0', NOW)(...args);
  const one = transitionOf(
    [{ 'Queue:Chat': first }, { Web: false }],
    [{ 'Queue:Chat': second }, { Web: true }],
    false,
    ['A', 'B'],
  );
  const other = transitionOf(
    [
      { 'Queue:Chat': second, 'Queue:New': null },
      { Web: true, App: true },
    ],
    [
      { 'Queue:Chat': third, 'Queue:New': first },
      { Web: false, App: false },
    ],
    true,
    ['B', 'C'],
  );
  const early = change('name', 'First', 'Second');
  assert.equal(save(planOf(early), one), one);
  const merged = save(planOf(change('name', 'Second', 'Third'), change('email', 'a', 'b')), other);
  assert.equal(merged.from.components.get('Queue:Chat')?.root.children.length, first.root.children.length);
  assert.deepEqual(
    labels(merged.from.components),
    labels(
      new Map([
        ['Queue:Chat', first],
        ['Queue:New', null],
      ]),
    ),
  );
  assert.deepEqual(
    labels(merged.to.components),
    labels(
      new Map([
        ['Queue:Chat', third],
        ['Queue:New', first],
      ]),
    ),
  );
  assert.deepEqual(Object.fromEntries(merged.from.channels), { Web: false, App: true });
  assert.deepEqual(Object.fromEntries(merged.to.channels), { Web: false, App: false });
  assert.deepEqual([merged.from.partial, merged.to.partial, merged.publish], [false, true, ['A', 'B', 'C']]);
  const kept = readPlanFile(snapshotPath(run, 'dev'), 'snapshot');
  assert.deepEqual(
    [kept.kind, kept.createdAt, kept.apiVersion, kept.unplanned, kept.orgs.length],
    ['snapshot', NOW, '67.0', [], 1],
  );
  assert.deepEqual(kept.orgs[0]?.changes, [early, change('email', 'a', 'b')]);
});

test('a run that plans an org again replaces what it saved, and keeps what an earlier process saved', () => {
  const run = join(folder, 'planned-again');
  const save = (from: Component, earlier = snapshotWriter(run, '67.0', NOW)) => {
    earlier(
      planOf(change('name', 'Second', 'Third')),
      transitionOf([{ 'Queue:Chat': from }, {}], [{ 'Queue:Chat': third }, {}], true, []),
    );
    return earlier;
  };
  const saved = (): unknown =>
    labels(readPlanFile(snapshotPath(run, 'dev'), 'snapshot').orgs[0]?.transition.from.components ?? new Map());
  save(second, save(first));
  assert.deepEqual(saved(), { 'Queue:Chat': 'Second' });
  save(first, save(third));
  assert.deepEqual(saved(), { 'Queue:Chat': 'Second' });
});
