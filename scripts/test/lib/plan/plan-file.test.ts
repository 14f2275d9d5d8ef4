import assert from 'node:assert/strict';
import { mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';
import fc from 'fast-check';
import { mapOf, invertTransition, type Component, type OrgState, type Transition } from '../../../lib/model';
import { readPlanFile, parseDuration, assertFresh, writePlanFile, type PlanFile } from '../../../lib/plan';
import { digestMatches, withDigest } from '../../../lib/plan/digest';
import { anyChannel } from '../metadata/any-channel';

const state = (channels: readonly Component[], partial: boolean): OrgState => ({
  components: new Map([...mapOf(channels), ['Queue:Gone', null] as const]),
  channels: new Map(channels.map(({ fullName }) => [fullName, partial])),
  partial,
});

const anyWay: fc.Arbitrary<Transition> = fc.tuple(anyChannel, anyChannel).map(([before, after]) => {
  // The writer declares the namespaces.
  const [one, other] = [before, after].map((root): Component => ({
    type: 'MessagingChannel',
    fullName: 'Web',
    root: { ...root, attributes: {} },
  }));
  return { from: state(one ? [one] : [], false), to: state(other ? [other] : [], true), publish: ['Site'] };
});

const planFileOf = (transition: Transition): PlanFile => ({
  kind: 'plan',
  createdAt: new Date('2026-11-01T10:00:00Z'),
  apiVersion: '67.0',
  unplanned: [],
  orgs: [
    {
      org: { alias: 'dev', orgId: '00D000000000001EAA', kind: 'sandbox', wave: 1, file: 'config/orgs/dev.json' },
      changes: [],
      transition: transition,
    },
  ],
});

const texts = ({ components, channels, partial }: OrgState): unknown => [
  [...components].map(([key, component]) => [key, component?.root.children ?? null]),
  [...channels],
  partial,
];

test('reads back an equal plan for any metadata, and leaves no other file in the folder', () => {
  const folder = mkdtempSync(join(tmpdir(), 'seal-'));
  const path = join(folder, 'plan.json');
  fc.assert(
    fc.property(anyWay, (way) => {
      writePlanFile(path, planFileOf(way));
      const [read] = readPlanFile(path, 'plan').orgs;
      assert.ok(read);
      assert.deepEqual(
        [texts(read.transition.from), texts(read.transition.to), read.transition.publish],
        [texts(way.from), texts(way.to), ['Site']],
      );
    }),
    { numRuns: 100 },
  );
  assert.deepEqual(readdirSync(folder), ['plan.json']);
  assert.throws(() => readPlanFile(path, 'snapshot'), {
    code: 'plan-invalid',
    why: 'It is a plan, not a snapshot.',
  });
  rmSync(folder, { recursive: true });
});

test('detects any changed byte of a saved plan', () => {
  const text = withDigest({ a: 1, b: ['x', { digest: 'y' }] });
  assert.ok(digestMatches(text));
  for (let at = 0; at < text.length; at++) {
    const other = text[at] === '~' ? '-' : '~';
    assert.ok(!digestMatches(text.slice(0, at) + other + text.slice(at + 1)), `at ${at}`);
    assert.ok(!digestMatches(text.slice(0, at) + text.slice(at + 1)), `without ${at}`);
  }
});

test('an inverted transition restores the first state, and inverted again the last state', () => {
  fc.assert(
    fc.property(anyWay, (way) => {
      const back = invertTransition(way);
      assert.deepEqual(
        [back.from, back.to.components, back.to.channels],
        [way.to, way.from.components, way.from.channels],
      );
      assert.deepEqual(invertTransition(back).to, way.to);
    }),
    { numRuns: 50 },
  );
});

const NOW = new Date('2026-11-01T12:00:00Z');
const ago = (milliseconds: number): Date => new Date(NOW.getTime() - milliseconds);

test('accepts a plan up to its maximum age, and rejects one from the future', () => {
  assertFresh(ago(7_200_000), NOW, 7_200_000);
  assertFresh(ago(-60_000), NOW, 1);
  const tooOld = {
    code: 'plan-expired',
    exit: 3,
    why: 'It was created at 2026-11-01T09:59:59.999Z, 2h ago. The limit is 2h.',
  };
  assert.throws(() => assertFresh(ago(7_200_001), NOW, 7_200_000), tooOld);
  assert.throws(() => assertFresh(ago(-600_000), NOW, 7_200_000), { code: 'plan-expired', why: /is in the future/ });
});

test('reads a duration as a whole number and a unit', () => {
  assert.deepEqual(['45s', '90m', '24h', '7d'].map(parseDuration), [45_000, 5_400_000, 86_400_000, 604_800_000]);
  assert.deepEqual(['', '0h', '1.5h', '24', 'h', '-1h', '1w', '24 h'].map(parseDuration), Array(8).fill(undefined));
});
