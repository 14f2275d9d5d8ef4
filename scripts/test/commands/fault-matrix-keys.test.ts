import assert from 'node:assert/strict';
import { before, describe, test } from 'node:test';
import type { OrgDocument } from './document-schemas';
import {
  assertComplete,
  CELL_TIMEOUT,
  describeFaults,
  FAULT_NAMES,
  FaultMatrix,
  LANE_COUNT,
  logLengths,
  pairsAt,
  stepOf,
  type CellRun,
  type Fault,
  type RunCommand,
} from './fault-cells';
import { editInSetup } from './fleet';
import { assertRestored, refreshedState, RefreshedSandboxes, type RefreshedSandbox } from './refreshed-sandbox';
import {
  KEYSET,
  KEYSET_FILE,
  NEW_KEY,
  OLD_KEY,
  rotate,
  rotateOrFail,
  rotationArguments,
  startRotationLane,
  switchSigner,
  trusts,
  type RotationLane,
  type RotationStep,
} from './rotation-lane';
import { orgState } from './run-helpers';
import { createWorkspace } from './workspace';

const workspace = createWorkspace();
const matrix = new FaultMatrix(workspace);

describe('rotation steps with a fault at a step', { concurrency: LANE_COUNT }, () => {
  const KILLS = ['"run":', '"step":"deploying"', '"step":"submitted"', '"step":"deployed"'];
  /** A rotation deploys keys and keysets, which needs no activation and no publication. */
  const FAULTS: readonly (readonly Fault[])[] = [
    ...(['deploy.submit', 'deploy.status'] as const).flatMap(pairsAt),
    [{ step: 'deploy.work', name: 'row lock' }],
  ];
  const idle: RotationLane[] = [];
  let count = 0;

  async function useLane(use: (lane: RotationLane) => Promise<void>): Promise<void> {
    const aliases = (): readonly string[] => [`first-${++count}`, `second-${count}`];
    const lane = idle.pop() ?? (await startRotationLane(workspace, aliases()));
    await use(lane);
    lane.reset();
    idle.push(lane);
  }

  const cellOf = ({ orgs, complete }: RotationLane, step: RotationStep, row: string): CellRun => ({
    row: `rotate ${step} ${row}`,
    orgs,
    complete: complete[step],
    resumeCommand: new RegExp(`npm run keys -- rotate ${step} ${KEYSET}`),
  });

  const runStep =
    ({ fleet }: RotationLane, step: RotationStep): RunCommand =>
    async (pool) => {
      const { exit, document } = await rotate(fleet, workspace, step, {}, pool);
      const { orgs, targets } = document as unknown as RotateDocument;
      assert.deepEqual(
        targets.map(({ target, result }) => [target.name, result]),
        orgs.map(({ alias, status }) => [alias, TARGET_RESULTS[status]]),
      );
      return { exit, orgs };
    };

  /** Repeats an incomplete step. */
  async function repeatStep(lane: RotationLane, step: RotationStep, starts: readonly number[]): Promise<void> {
    const { document } = await rotateOrFail(lane.fleet, workspace, step);
    assert.equal(document['stage'], step === 'stage' ? 'staged' : 'retired');
    assertComplete(cellOf(lane, step, ''), starts, { jobs: 1, publishes: false });
  }

  async function interruptBothSteps(
    lane: RotationLane,
    interrupt: (step: RotationStep) => Promise<void>,
  ): Promise<void> {
    for (const step of ['stage', 'retire'] as const) {
      if (step === 'retire') await switchSigner(lane.fleet, workspace);
      const starts = logLengths(lane.orgs);
      await interrupt(step);
      await repeatStep(lane, step, starts);
    }
  }

  for (const faults of FAULTS)
    test(`repeated rotation steps complete after ${describeFaults(faults)}`, CELL_TIMEOUT, () =>
      useLane((lane) =>
        interruptBothSteps(lane, (step) =>
          matrix.runWithFaults(cellOf(lane, step, stepOf(faults)), faults, runStep(lane, step)),
        ),
      ),
    );

  test('rotation steps do not overwrite what an admin changes after a failed job', CELL_TIMEOUT, () =>
    useLane(async ({ fleet, orgs }) => {
      const changeLabel = async (step: RotationStep) => {
        const process = {
          row: `rotate ${step}`,
          project: fleet.project,
          command: 'keys',
          args: rotationArguments(step),
        };
        const { exit, orgs: results } = await matrix.changeBeforeRetry(orgs, process, (org) =>
          editInSetup(org, KEYSET_FILE, /<masterLabel>.*</, `<masterLabel>Edited before ${step}<`),
        );
        for (const org of orgs) assert.match(orgState(org)[KEYSET_FILE] ?? '', new RegExp(`>Edited before ${step}<`));
        return [exit, ...results.map(({ status, error }) => error?.code ?? status)];
      };
      // Staging deploys the keyset as the source declares it, so its label is a change that nobody confirmed.
      assert.deepEqual(await changeLabel('stage'), [1, 'plan-stale', 'plan-stale']);
      assert.ok(orgs.every((org) => !trusts(orgState(org), NEW_KEY)));
      await rotateOrFail(fleet, workspace, 'stage');
      await switchSigner(fleet, workspace);
      // Retiring only removes a key from the keyset that the org has.
      assert.deepEqual(await changeLabel('retire'), [0, 'changed', 'changed']);
      assert.ok(orgs.every((org) => !trusts(orgState(org), OLD_KEY)));
    }),
  );

  for (const text of KILLS)
    test(`repeated rotation steps complete after kills at ${text}`, CELL_TIMEOUT, () =>
      useLane((lane) =>
        interruptBothSteps(lane, (step) =>
          matrix.kill(lane.orgs, {
            row: `rotate ${step}`,
            project: lane.fleet.project,
            command: 'keys',
            text,
            args: rotationArguments(step),
          }),
        ),
      ),
    );
});

interface RotateDocument {
  readonly orgs: readonly OrgDocument[];
  readonly targets: readonly { readonly target: { readonly name: string }; readonly result: string }[];
}

/** The result of a target for each status of its org. */
const TARGET_RESULTS: Readonly<Record<OrgDocument['status'], string>> = {
  changed: 'done',
  unchanged: 'done',
  failed: 'failed',
  unreachable: 'unreachable',
  unknown: 'unknown',
  skipped: 'skipped',
  planned: 'failed',
};

describe('post-refresh with a fault at a step', { concurrency: LANE_COUNT }, () => {
  const sandboxes = new RefreshedSandboxes(workspace);
  /** The first deploy restores the sandbox's own keys and activates the channel; the second removes production's keys. */
  const FAULTS: readonly Fault[] = [
    ...(['update', 'deploy.submit', 'deploy.status', 'publish'] as const).flatMap((step) =>
      FAULT_NAMES.map((name) => ({ step, name })),
    ),
    ...FAULT_NAMES.map((name) => ({ step: 'deploy.submit', name, call: 2 }) as const),
    ...FAULT_NAMES.map((name) => ({ step: 'deploy.status', name, call: 2 }) as const),
    { step: 'deploy.work', name: 'row lock' },
    { step: 'deploy.work', name: 'row lock', call: 2 },
  ];
  const KILLS = [
    ['"run":', 1],
    ['"step":"deploying"', 1],
    ['"step":"submitted"', 1],
    ['"step":"activating"', 1],
    ['"step":"publishing"', 1],
    ['"run":', 2],
    ['"step":"deploying"', 2],
    ['"step":"submitted"', 2],
    ['"step":"publishing"', 2],
  ] as const;

  before(() => sandboxes.prepare());

  const cellOf = ({ org }: RefreshedSandbox, row: string): CellRun => ({
    row: `post-refresh ${row}`,
    orgs: [org],
    complete: [sandboxes.complete],
    stateOf: refreshedState,
    resumeCommand: new RegExp(`npm run post-refresh -- --org ${org.alias}`),
  });

  async function repeatRestore(sandbox: RefreshedSandbox): Promise<void> {
    const { exit, shown } = await sandboxes.restore(sandbox);
    assert.equal(exit, 0, shown);
    assertRestored(sandbox);
    assertComplete(cellOf(sandbox, ''), [0], { jobs: 2, publishes: true });
  }

  for (const fault of FAULTS) {
    const row = `${fault.step}${fault.call === 2 ? ' (second deploy)' : ''}`;
    test(`a repeated post-refresh completes after ${fault.name} at ${row}`, CELL_TIMEOUT, async () => {
      const sandbox = await sandboxes.start();
      await matrix.runWithFaults(cellOf(sandbox, row), [fault], (pool) => sandboxes.restore(sandbox, pool));
      await repeatRestore(sandbox);
    });
  }

  for (const [text, number] of KILLS)
    test(`a repeated post-refresh completes after a kill at ${text} of deploy ${number}`, CELL_TIMEOUT, async () => {
      const sandbox = await sandboxes.start();
      const { org, project } = sandbox;
      await matrix.kill([org], {
        row: 'post-refresh',
        project,
        command: 'post-refresh',
        text,
        count: number,
        args: ['--org', org.alias, '--accept', 'new-org-id', '--no-verify'],
      });
      await repeatRestore(sandbox);
    });
});
