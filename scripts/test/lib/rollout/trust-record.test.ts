import assert from 'node:assert/strict';
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import {
  trustRecordOf,
  withoutUndeclaredTrust,
  type DesiredState,
  type LiveState,
  type RestoredTrust,
  type TrustRecord,
} from '../../../lib/model';
import { writeTrustRecord } from '../../../lib/plan';
import { readRuns } from '../../../lib/rollout';
import { findTrustRecord, trustToRecord } from '../../../lib/rollout/trust-record';
import { FakeSf } from '../fake-sf';
import { desiredState } from './fleet-fixture';
import { header, ORG_ID, runsFolder, step, writeRun } from './journal-fixture';
import { addKey, KEYS, TRUSTED_FILES } from './trust-cases';
import { componentsIn } from './trust-components';

const ORG = { alias: 'dev', orgId: ORG_ID };
const FACTS: LiveState['facts'] = { orgId: ORG_ID, kind: 'sandbox', name: '', missingPermissions: [] };

/** An org with some changes to the trusted files. */
function liveState(tamper: (org: { readonly files: Map<string, string> }) => void = () => undefined): LiveState {
  const files = new Map(Object.entries(TRUSTED_FILES));
  tamper({ files });
  return { facts: FACTS, components: componentsIn(files), channels: new Map([['Web', { id: '', active: true }]]) };
}

const recordAt = (time: string): TrustRecord => trustRecordOf(liveState(), new Date(time));

/** Writes runs that deployed to the org, each with the time of its record, or null without one. */
function writeRuns(...times: readonly (string | null)[]): string {
  const runs = runsFolder();
  times.forEach((time, index) => {
    const run = `run-${index}`;
    writeRun(runs, run, { ...header(['dev']) }, step('dev', 'deploying', 'Queue:Q'), step('dev', 'deployed'));
    if (time !== null) writeTrustRecord(join(runs, run), ORG, recordAt(time));
  });
  return runs;
}

const found = (runs: string, run: string, org = ORG): TrustRecord | undefined =>
  findTrustRecord(readRuns(runs).runs, join(runs, run), org);

test('finds the record of the last run before, and not the one of the run itself', () => {
  const runs = writeRuns('2026-11-01T00:00:00Z', '2026-11-02T00:00:00Z', '2026-11-03T00:00:00Z');
  assert.equal(found(runs, 'run-2')?.recordedAt.toISOString(), '2026-11-02T00:00:00.000Z');
});

test('finds no record if a later run wrote to the org and recorded nothing', () => {
  assert.equal(found(writeRuns('2026-11-01T00:00:00Z', null), 'new'), undefined);
});

test('ignores a later run that wrote nothing to the org', () => {
  const runs = writeRuns('2026-11-01T00:00:00Z');
  writeRun(runs, 'run-1', header(['dev']), step('dev', 'deploying', 'Queue:Q'), step('dev', 'rejected'));
  assert.equal(found(runs, 'new')?.recordedAt.toISOString(), '2026-11-01T00:00:00.000Z');
});

test('finds no record that was edited, or that is of another org', () => {
  const runs = writeRuns('2026-11-01T00:00:00Z');
  assert.equal(found(runs, 'new', { ...ORG, orgId: '00D000000000002EAA' }), undefined);
  const path = join(runs, 'run-0/trust/dev.json');
  writeFileSync(path, readFileSync(path, 'utf8').replace('https://id.', 'https://evil.'));
  assert.equal(found(runs, 'new'), undefined);
});

test('finds no record without an earlier run', () => assert.equal(found(runsFolder(), 'new'), undefined));

const declared = (): DesiredState =>
  desiredState(new FakeSf({ dev: {} }), 'dev', [...componentsIn(Object.entries(TRUSTED_FILES)).values()]);
const addRogue = (org: { readonly files: Map<string, string> }): void => addKey(org, KEYS, 'Key_Rogue');

test('records the trust of an org only if source declares it', () => {
  assert.equal(trustToRecord(declared(), liveState(), undefined)?.components.size, liveState().components.size);
  assert.equal(trustToRecord(declared(), liveState(addRogue), undefined), undefined);
});

/** Whether a rollback restores that the channel Web is active or not. It was the opposite before the rollback. */
function restoresActivity(active: boolean, trustBefore?: TrustRecord): boolean {
  const state = (activity: boolean) => ({
    components: new Map(),
    channels: new Map([['Web', activity]]),
    partial: false,
  });
  const rollback = { from: state(!active), to: state(active), publish: [], ...(trustBefore && { trustBefore }) };
  const live = { ...liveState(), channels: new Map([['Web', { id: '', active: !active }]]) };
  return withoutUndeclaredTrust(rollback, live).to.channels.has('Web');
}

test('a rollback deactivates a channel in any case, and activates one that the record contains as active', () => {
  const inactive = { ...recordAt('2026-11-01T00:00:00Z'), channels: new Map([['Web', false]]) };
  assert.deepEqual(
    [recordAt('2026-11-01T00:00:00Z'), inactive, undefined].map((record) => [
      restoresActivity(false, record),
      restoresActivity(true, record),
    ]),
    [
      [true, true],
      [true, false],
      [true, false],
    ],
  );
});

test('records after a rollback only what it changed, and nothing after one with undeclared trust', () => {
  const trustBefore = recordAt('2026-11-01T00:00:00Z');
  const transition = {
    from: { components: new Map(), channels: new Map(), partial: false },
    publish: [],
    trustBefore,
    to: { components: new Map([['PublicKeyCertificate:Key_A' as const, null]]), channels: new Map(), partial: false },
  };
  const restored = (accepted: boolean): RestoredTrust => ({ accepted, kept: ['MessagingChannel:Web'], trust: [] });
  const record = (accepted: boolean, before = true) =>
    trustToRecord({ ...declared(), restored: restored(accepted) }, liveState(addRogue), {
      ...transition,
      ...(!before && { trustBefore: undefined as never }),
    });
  assert.deepEqual(
    record(false)?.components.get('PublicKeyCertificateSet:Keys'),
    trustBefore.components.get('PublicKeyCertificateSet:Keys'),
  );
  assert.deepEqual([record(true), record(false, false)], [undefined, undefined]);
});
