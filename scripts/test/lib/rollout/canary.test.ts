import assert from 'node:assert/strict';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, describe, test } from 'node:test';
import type { Component, OrgResult } from '../../../lib/model';
import { leaf, parent } from '../../../lib/model';
import { resultLabel } from '../../../lib/report';
import { readRun } from '../../../lib/rollout';
import { applyWaves } from '../../../lib/rollout/execute';
import { createRecorder } from '../../../lib/rollout/recorder';
import { readResumableRun } from '../../../lib/rollout/resume';
import { testContext, type CapturedOutput, type RunOptions } from '../../commands/run-command';
import { FakeSf } from '../fake-sf';
import { onVirtualTime } from '../virtual-time';
import { desiredState, filesOf, planAll, queue } from './fleet-fixture';

const MINUTE_MS = 60_000;
const CANARY = { durationMs: 30 * MINUTE_MS, minVerified: 95, minChats: 20 } as const;
const WAVES = { one: 1, two: 2, three: 3 } as const;

/** A channel with user verification. */
const channel: Component = {
  type: 'MessagingChannel',
  fullName: 'Web',
  root: parent('MessagingChannel', [
    parent('embeddedConfig', [leaf('authMode', 'Auth')]),
    leaf('masterLabel', 'Web'),
    leaf('messagingChannelType', 'EmbeddedMessaging'),
  ]),
};

const folders: string[] = [];
after(() => folders.forEach((folder) => rmSync(folder, { recursive: true, force: true })));

const perMinute = (verified: number, unverified: number) => (from: Date, to: Date) => {
  const minutes = Math.floor((to.getTime() - from.getTime()) / MINUTE_MS);
  return { verified: verified * minutes, total: (verified + unverified) * minutes };
};

/** Three waves of one org each, with a queue to rename, and the run that deploys to them. */
class Rollout {
  readonly sf: FakeSf;
  readonly project = mkdtempSync(join(tmpdir(), 'canary-'));
  readonly output: CapturedOutput = { shown: [], documents: [], progress: [], questions: [] };

  constructor() {
    folders.push(this.project);
    const setup = { files: filesOf(queue('Old'), channel), active: ['Web'] };
    this.sf = new FakeSf(Object.fromEntries(Object.keys(WAVES).map((alias) => [alias, setup])));
    for (const org of this.sf.orgs.values()) org.chats = perMinute(10, 0);
  }

  context(flags: RunOptions) {
    return { ...testContext(this.project, flags, this.output), layout: { columns: 200, color: false } };
  }

  /** Deploys, or resumes the last run. */
  async deploy(flags: RunOptions = {}, canary: typeof CANARY | undefined = CANARY): Promise<readonly OrgResult[]> {
    const context = this.context(flags);
    const previousRun = readResumableRun(context, 'deploy');
    const aliases = previousRun ? previousRun.orgs.map(({ alias }) => alias) : Object.keys(WAVES);
    const orgs = aliases.map((alias) => {
      const wave = WAVES[alias as keyof typeof WAVES];
      return desiredState(this.sf, alias, [queue('New'), channel], wave);
    });
    const { sf } = this;
    const planned = { sf, apiVersion: '67.0', from: 'project', valid: true, findings: [] } as const;
    const watch = canary ?? previousRun?.canary;
    return applyWaves(
      context,
      { ...planned, fleet: await planAll(sf, ...orgs) },
      {
        command: 'deploy',
        resumeCommand: 'npm run deploy -- --resume',
        previousRun,
        recorder: createRecorder(context, previousRun),
        ...(watch && { canary: watch }),
      },
    );
  }

  isDeployed = (alias: string): boolean =>
    [...this.sf.org(alias).files.values()].some((text) => text.includes('>New<'));
  get journal() {
    return readRun(join(this.project, '.runs'), 'deploy');
  }
}

const statuses = (results: readonly OrgResult[]): readonly string[] => results.map(({ status }) => status);
const codes = (results: readonly OrgResult[]) => results.map(({ error }) => error?.code);

describe('a canary over three waves', () => {
  test('watches each wave but the last one, and starts the next one if the share holds', async () => {
    const rollout = new Rollout();
    const { result, elapsed } = await onVirtualTime(() => rollout.deploy());
    assert.deepEqual(statuses(result), ['changed', 'changed', 'changed']);
    assert.ok(elapsed >= 60 * MINUTE_MS && elapsed < 62 * MINUTE_MS, `${elapsed} ms`);
    assert.match(rollout.output.progress.join('\n'), /one: chats 100% of 10 chats|one: chats 10 chats are too few/);
    assert.match(result[0]?.checks.at(-1)?.detail ?? '', /^100% of 300 chats are verified/);
    // A canary sends no token, so no report calls the org verified.
    assert.deepEqual(
      result.map((each) => resultLabel(each).word),
      ['changed', 'changed', 'changed'],
    );
    assert.equal(rollout.journal.orgs[0]?.watchedSince, undefined);
  });

  test('stops, and keeps the deploy, if the share is too low', async () => {
    const rollout = new Rollout();
    // Not so low that chance couldn't explain it before the end.
    rollout.sf.org('two').chats = perMinute(13, 1);
    const { result } = await onVirtualTime(() => rollout.deploy());
    assert.deepEqual(codes(result), [undefined, 'canary-failed', 'wave-skipped']);
    assert.match(
      result[1]?.error?.why ?? '',
      /^verified chats of Web: 92\.8% of 420 chats are verified \(minimum: 95%\)/,
    );
    assert.deepEqual(['one', 'two', 'three'].map(rollout.isDeployed), [true, true, false]);
  });

  test('rolls the wave back with --rollback-on-failure, and not the waves that passed', async () => {
    const rollout = new Rollout();
    rollout.sf.org('two').chats = perMinute(1, 9);
    const { result, elapsed } = await onVirtualTime(() => rollout.deploy({ rollbackOnFailure: true }));
    assert.deepEqual(statuses(result), ['changed', 'failed', 'skipped']);
    assert.match(result[1]?.error?.what ?? '', /is too low\. The org was rolled back/);
    assert.deepEqual(['one', 'two', 'three'].map(rollout.isDeployed), [true, false, false]);
    // 20 chats with a share of 10% leave nothing to wait for.
    assert.ok(elapsed < 34 * MINUTE_MS, `${elapsed} ms`);
  });

  test('stops for too few chats, without a rollback, and whatever --max-failures is', async () => {
    const rollout = new Rollout();
    rollout.sf.org('one').chats = () => ({ verified: 3, total: 3 });
    const { result } = await onVirtualTime(() => rollout.deploy({ rollbackOnFailure: true, maxFailures: 5 }));
    assert.deepEqual(codes(result), ['canary-inconclusive', 'wave-skipped', 'wave-skipped']);
    assert.match(result[0]?.error?.why ?? '', /^3 chats are too few to tell \(minimum: 20\)/);
    assert.deepEqual(['one', 'two'].map(rollout.isDeployed), [true, false]);
  });

  test('counts again after an org did not respond, and is inconclusive if it never does', async () => {
    const rollout = new Rollout();
    const fail = () => {
      throw new Error('no response');
    };
    rollout.sf.org('one').chats = (from, to) =>
      to.getTime() - from.getTime() < 10 * MINUTE_MS ? fail() : perMinute(10, 0)(from, to);
    rollout.sf.org('two').chats = fail;
    const { result } = await onVirtualTime(() => rollout.deploy());
    assert.deepEqual(codes(result), [undefined, 'canary-inconclusive', 'wave-skipped']);
  });

  test('does not watch an org without a change or without user verification', async () => {
    const rollout = new Rollout();
    for (const [path, text] of Object.entries(filesOf(queue('New')))) rollout.sf.org('one').files.set(path, text);
    const { elapsed } = await onVirtualTime(() => rollout.deploy());
    assert.ok(elapsed < 31 * MINUTE_MS, `${elapsed} ms`);
  });
});

describe('a canary after an interruption', () => {
  /** Ends the client in the given minute of a watch, as if it were killed. */
  async function killedAfter(rollout: Rollout, minutes: number): Promise<void> {
    const start = Date.now();
    const org = rollout.sf.org('one');
    const { chats } = org;
    await new Promise<void>((resolve) => {
      org.chats = (from, to) => {
        if (Date.now() - start < minutes * MINUTE_MS) return chats(from, to);
        org.chats = chats;
        org.intercept('query', () => (resolve(), new Promise(() => undefined)), /MessagingSession/);
        return chats(from, to);
      };
      void rollout.deploy();
    });
  }

  test('watches for the rest of the time, without another deploy, then starts the next wave', async () => {
    const rollout = new Rollout();
    const { elapsed, result } = await onVirtualTime(async () => {
      const start = Date.now();
      await killedAfter(rollout, 12);
      assert.ok(rollout.journal.orgs[0]?.watchedSince);
      const killed = Date.now() - start;
      // Without --canary: the run watches as it was started.
      return { killed, results: await rollout.deploy({ resume: true }, undefined) };
    });
    assert.deepEqual(statuses(result.results), ['unchanged', 'changed', 'changed']);
    assert.equal(rollout.sf.org('one').jobs.length, 1);
    assert.ok(result.killed >= 12 * MINUTE_MS);
    assert.ok(elapsed >= 60 * MINUTE_MS && elapsed < 63 * MINUTE_MS, `${elapsed} ms`);
  });

  test('rolls back what the killed client deployed if the share is too low', async () => {
    const rollout = new Rollout();
    const { result } = await onVirtualTime(async () => {
      await killedAfter(rollout, 12);
      rollout.sf.org('one').chats = perMinute(1, 9);
      return rollout.deploy({ resume: true, rollbackOnFailure: true }, undefined);
    });
    assert.deepEqual(codes(result), ['canary-failed', 'wave-skipped', 'wave-skipped']);
    assert.ok(!rollout.isDeployed('one'));
  });

  test('watches again for the whole time after a watch that failed', async () => {
    const rollout = new Rollout();
    rollout.sf.org('one').chats = perMinute(1, 9);
    await onVirtualTime(() => rollout.deploy());
    rollout.sf.org('one').chats = perMinute(10, 0);
    const { result, elapsed } = await onVirtualTime(() => rollout.deploy({ resume: true }, undefined));
    assert.deepEqual(statuses(result), ['unchanged', 'changed', 'changed']);
    assert.ok(elapsed >= 60 * MINUTE_MS, `${elapsed} ms`);
  });
});
