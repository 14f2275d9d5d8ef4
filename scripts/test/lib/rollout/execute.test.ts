import assert from 'node:assert/strict';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setImmediate as nextTick } from 'node:timers/promises';
import { after, test } from 'node:test';
import type { Change, Impact } from '../../../lib/model';
import { readRun, type PlannedOrg } from '../../../lib/rollout';
import { applyWaves, executePlans } from '../../../lib/rollout/execute';
import { createRecorder } from '../../../lib/rollout/recorder';
import { testContext, type CapturedOutput, type RunOptions } from '../../commands/run-command';
import { FakeSf } from '../fake-sf';
import { desiredState, filesOf, planAll, queue } from './fleet-fixture';

const project = mkdtempSync(join(tmpdir(), 'execute-'));
after(() => rmSync(project, { recursive: true }));

const newOutput = (): CapturedOutput => ({ shown: [], documents: [], progress: [], questions: [] });
const contextFor = (options: RunOptions = {}, output = newOutput()) => ({
  ...testContext(project, options, output),
  layout: { columns: 200, color: false },
});

const change = (path: string, impact: Impact): Change => ({
  component: 'Queue:Chat',
  action: 'update',
  path,
  from: 'a',
  to: 'b',
  impact,
  effect: '',
});

/** A planned org with these changes. */
async function plannedWith(alias: string, ...changes: readonly Change[]): Promise<PlannedOrg> {
  const sf = new FakeSf({ [alias]: { files: filesOf(queue('Old')) } });
  const [planned] = await planAll(sf, desiredState(sf, alias, [queue('New')]));
  assert.ok(planned?.plan);
  return { ...planned, plan: { ...planned.plan, changes }, result: { ...planned.result, changes } };
}

test('writes the journal of every command, so that its run can be found and rolled back', async () => {
  const sf = new FakeSf({ dev: { files: filesOf(queue('Old')) } });
  const fleet = await planAll(sf, desiredState(sf, 'dev', [queue('New')]));
  const plannedFleet = { sf, apiVersion: '67.0', from: 'project', valid: true, fleet, findings: [] } as const;
  const options = { command: 'keys rotate stage', resumeCommand: 'npm run keys' } as const;
  const [result] = await applyWaves(contextFor(), plannedFleet, options);
  assert.equal(result?.status, 'changed');
  const [org] = readRun(join(project, '.runs'), 'keys rotate stage').orgs;
  assert.deepEqual([org?.alias, org?.status, org?.changes.length, org?.deploy?.settled], ['dev', 'changed', 1, true]);
});

test('waits as long between waves as --wave-delay says', async (context) => {
  context.mock.timers.enable({ apis: ['setTimeout'] });
  const sf = new FakeSf({ one: { files: filesOf(queue('Old')) }, two: { files: filesOf(queue('Old')) } });
  const orgs = ['one', 'two'].map((alias, index) => desiredState(sf, alias, [queue('New')], index + 1));
  const plannedFleet = {
    sf,
    apiVersion: '67.0',
    from: 'project',
    valid: true,
    fleet: await planAll(sf, ...orgs),
    findings: [],
  } as const;
  const running = applyWaves(contextFor({ waveDelay: '2m' }), plannedFleet, { command: 'deploy', resumeCommand: '' });
  const turns = async (): Promise<void> => {
    for (let turn = 0; turn < 300; turn++) await nextTick();
  };
  await turns();
  context.mock.timers.tick(119_999);
  await turns();
  assert.deepEqual([sf.org('one').jobs.length, sf.org('two').jobs.length], [1, 0]);
  context.mock.timers.tick(1);
  await running;
  assert.equal(sf.org('two').jobs.length, 1);
});

test('changes no org of a run in which one plan was not accepted, and ends with 1', async () => {
  const fleet = [
    await plannedWith('dev', change('name', 'disruptive')),
    await plannedWith('uat', change('name', 'none')),
  ];
  const sf = new FakeSf({ dev: {}, uat: {} });
  const output = newOutput();
  const plannedFleet = { sf, apiVersion: '67.0', from: 'project', valid: true, fleet, findings: [] } as const;
  const exit = await executePlans(contextFor({}, output), plannedFleet, {
    command: 'deploy',
    resumeCommand: 'npm run deploy',
  });
  assert.equal(exit, 1);
  const { orgs } = JSON.parse(output.documents[0] ?? '') as {
    orgs: { status: string; error: { code: string; what: string } }[];
  };
  assert.deepEqual(
    orgs.map(({ status, error }) => [status, error.code]),
    [
      ['skipped', 'not-accepted'],
      ['skipped', 'not-accepted'],
    ],
  );
  assert.notEqual(orgs[0]?.error.what, orgs[1]?.error.what);
  assert.deepEqual(
    [...sf.orgs.values()].flatMap(({ calls }) => calls),
    [],
  );
});

for (const [kind, source] of [
  ['sandbox', '--private-key FILE'],
  ['production', '--token-command COMMAND'],
] as const)
  test(`recommends to verify a ${kind} org with ${source}`, async () => {
    const sf = new FakeSf({ eu: { kind, files: filesOf(queue('Old')) } });
    const { org, ...desired } = desiredState(sf, 'eu', [queue('New')]);
    const fleet = await planAll(sf, { ...desired, org: { ...org, kind } });
    const plannedFleet = { sf, apiVersion: '67.0', from: 'project', valid: true, fleet, findings: [] } as const;
    const output = newOutput();
    const context = contextFor({ yes: true, accept: ['disruptive'] }, output);
    const recorder = createRecorder(context, undefined);
    const options = { command: 'deploy', resumeCommand: 'npm run deploy', recorder } as const;
    assert.equal(await executePlans(context, plannedFleet, options), 0);
    assert.match(output.shown.join('\n'), new RegExp(`^To verify: +npm run verify -- --org eu ${source}$`, 'm'));
  });
