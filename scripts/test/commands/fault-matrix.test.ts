import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import type { LocalOrg } from '../../local-org/index';
import { Sf } from '../../lib/sf';
import {
  assertComplete,
  CELL_TIMEOUT,
  describeFaults,
  FaultMatrix,
  LANE_COUNT,
  logLengths,
  pairsAt,
  stepOf,
  WRONG_LOGIN,
  type CellRun,
  type Fault,
  type FaultStep,
  type OrgState,
  type RunCommand,
} from './fault-cells';
import { editInSetup, startFleet, writeEvents, type Fleet } from './fleet';
import { runInProcess, type CommandName, type RunOptions } from './run-command';
import { changedNames, latestRunId, orgState } from './run-helpers';
import { createWorkspace } from './workspace';

const READ_STEPS: readonly FaultStep[] = ['login', 'query', 'retrieve.submit', 'retrieve.status'];
const WRITE_STEPS: readonly FaultStep[] = ['update', 'deploy.submit', 'deploy.status', 'publish'];

/** Steps whose CLI command is also that of another step. */
const SHARED_COMMANDS: readonly FaultStep[] = ['login', 'retrieve.status'];

/** A running deploy job can only fail as a whole. */
const FAULTS: readonly (readonly Fault[])[] = [
  ...[...READ_STEPS, ...WRITE_STEPS]
    .flatMap(pairsAt)
    .filter((faults) => !SHARED_COMMANDS.includes(stepOf(faults)) || faults.every(({ name }) => name !== WRONG_LOGIN)),
  [{ step: 'deploy.work', name: 'row lock' }],
];

/** Journal texts at which a deploy and its rollback are killed. */
const KILLS = [
  ['"run":', '"run":'],
  ['"step":"deploying"', '"step":"deactivating"'],
  ['"step":"submitted"', '"step":"deploying"'],
  ['"step":"activating"', '"step":"submitted"'],
  ['"step":"publishing"', '"step":"publishing"'],
] as const;

const CHANNEL = 'Guest_Web_Chat';
const PATH = `messagingChannels/${CHANNEL}.messagingChannel`;
const ACCEPTED: RunOptions = { accept: ['disruptive'], submitTimeout: '1s', lockTimeout: '30s' };
/** A rollback restores what an admin changed in Setup only if that is accepted. */
const RESTORED = ['--accept', 'undeclared-trust'];
const ROLLBACK: RunOptions = { ...ACCEPTED, accept: ['disruptive', 'undeclared-trust'] };
const WRITES = { jobs: 1, publishes: true };

/** Two orgs in which a deploy changes a setting, activates a channel, and publishes a chat deployment. */
interface Lane {
  readonly fleet: Fleet;
  readonly orgs: readonly LocalOrg[];
  /** The state of each org before a deploy and after its rollback. */
  readonly previous: readonly OrgState[];
  /** The state of each org after a deploy. */
  readonly desired: readonly OrgState[];
}

const workspace = createWorkspace();
/** A submission without a response delays all other submissions of its workers. */
const slowWorkspace = createWorkspace();

describe('deploy and rollback with a fault at a step', { concurrency: LANE_COUNT }, () => {
  const matrix = new FaultMatrix(workspace);
  const idle: Lane[] = [];
  let count = 0;

  async function startLane(): Promise<Lane> {
    const lane = ++count;
    const setup = { config: { channels: [CHANNEL] } };
    const fleet = await startFleet(workspace, { [`first-${lane}`]: setup, [`second-${lane}`]: setup });
    const orgs = fleet.aliases.map((alias) => fleet.org(alias));
    assert.equal((await fleet.deployAccepted()).exit, 0);
    const desired = orgs.map(orgState);
    await Promise.all(orgs.map(changeInSetup));
    return { fleet, orgs, previous: orgs.map(orgState), desired };
  }

  /** Deactivates the channel and changes one of its settings, as an admin would. */
  async function changeInSetup(org: LocalOrg): Promise<void> {
    const sf = new Sf(workspace.workers, '67.0');
    const [row] = await sf.query(org.alias, `SELECT Id FROM MessagingChannel WHERE DeveloperName = '${CHANNEL}'`);
    await sf.setActive(org.alias, String(row?.['Id']), false);
    editInSetup(org, PATH, '>360<', '>400<');
  }

  /** Orgs of a failed test aren't reused. */
  async function useLane(use: (lane: Lane) => Promise<void>): Promise<void> {
    const lane = idle.pop() ?? (await startLane());
    await use(lane);
    idle.push(lane);
  }

  const runWith =
    ({ fleet }: Lane, command: CommandName, options: RunOptions): RunCommand =>
    async (pool) => {
      const { exit, document } = await runInProcess(command, fleet.project, pool, options);
      return { exit, orgs: document.orgs };
    };

  /** A plan writes nothing, and its orgs are planned or unreachable. */
  async function planWithFaults(lane: Lane, faults: readonly Fault[]): Promise<void> {
    const starts = logLengths(lane.orgs);
    const row = `plan ${stepOf(faults)}`;
    const { exit } = await matrix.injectFaults({ row, orgs: lane.orgs }, faults, runWith(lane, 'plan', {}));
    assert.ok([2, 4].includes(exit));
    assert.deepEqual(
      lane.orgs.flatMap((org, index) => writeEvents(org, starts[index])),
      [],
    );
  }

  const deployCell = ({ orgs, desired }: Lane): Omit<CellRun, 'row'> => ({
    orgs,
    complete: desired,
    resumeCommand: /npm run deploy -- --resume/,
  });
  const rollbackCell = ({ orgs, previous }: Lane): Omit<CellRun, 'row'> => ({
    orgs,
    complete: previous,
    resumeCommand: /npm run rollback -- --run/,
  });

  async function resumeDeploy(lane: Lane, starts: readonly number[]): Promise<void> {
    const { exit, shown } = await lane.fleet.run('deploy', { ...ACCEPTED, resume: true });
    assert.equal(exit, 0, shown);
    assertComplete(deployCell(lane), starts, WRITES);
  }

  async function repeatRollback(lane: Lane, run: string, starts: readonly number[]): Promise<void> {
    const { exit, shown } = await lane.fleet.run('rollback', { ...ROLLBACK, run });
    assert.equal(exit, 0, shown);
    assertComplete(rollbackCell(lane), starts, WRITES);
  }

  test('deploy waits 30 seconds for the response to a submission, and submits once', CELL_TIMEOUT, async () => {
    const faults = 'deploy.submit:timeout=30s';
    const fleet = await startFleet(slowWorkspace, { quiet: { faults, config: { channels: [CHANNEL] } } });
    const { exit, org } = await fleet.deploy();
    assert.deepEqual([exit, org('quiet').status], [0, 'changed']);
    assert.equal(writeEvents(fleet.org('quiet')).filter(({ kind }) => kind === 'deploy').length, 1);
  });

  for (const faults of FAULTS)
    test(`a resumed deploy and a repeated rollback complete after ${describeFaults(faults)}`, CELL_TIMEOUT, () =>
      useLane(async (lane) => {
        const step = stepOf(faults);
        if (READ_STEPS.includes(step)) await planWithFaults(lane, faults);
        let starts = logLengths(lane.orgs);
        const deployRow = { ...deployCell(lane), row: `deploy ${step}` };
        await matrix.runWithFaults(deployRow, faults, runWith(lane, 'deploy', ACCEPTED));
        await resumeDeploy(lane, starts);
        starts = logLengths(lane.orgs);
        const run = latestRunId(lane.fleet);
        const rollbackRow = { ...rollbackCell(lane), row: `rollback ${step}` };
        await matrix.runWithFaults(rollbackRow, faults, runWith(lane, 'rollback', { ...ROLLBACK, run }));
        await repeatRollback(lane, run, starts);
      }),
    );

  test('a deploy and a rollback send nothing more to an org that changed after a failed job', CELL_TIMEOUT, () =>
    useLane(async (lane) => {
      const { fleet, orgs } = lane;
      const { project } = fleet;
      const flags = ['--all', '--accept', 'disruptive'];
      /** An admin changes a setting that the command changes too. */
      const assertStale = async (
        command: 'deploy' | 'rollback',
        args: readonly string[],
        from: string,
      ): Promise<void> => {
        const starts = logLengths(orgs);
        const process = { row: command, project, command, args: [...flags, ...args] };
        const { exit, orgs: results } = await matrix.changeBeforeRetry(orgs, process, (org) =>
          editInSetup(org, PATH, from, '>410<'),
        );
        assert.deepEqual([exit, ...results.map(({ error }) => error?.code)], [1, 'plan-stale', 'plan-stale']);
        for (const [index, org] of orgs.entries()) {
          const kinds = writeEvents(org, starts[index]).map(({ kind }) => kind);
          assert.deepEqual(kinds, command === 'deploy' ? ['deploy'] : ['update', 'deploy'], org.alias);
          editInSetup(org, PATH, '>410<', from);
        }
      };
      await assertStale('deploy', [], '>400<');
      assert.equal((await lane.fleet.deployAccepted()).exit, 0);
      const run = latestRunId(fleet);
      await assertStale('rollback', [...RESTORED, '--run', run], '>360<');
      const { exit, shown } = await fleet.run('rollback', { ...ROLLBACK, run });
      assert.equal(exit, 0, shown);
      lane.orgs.forEach((org, index) => assert.deepEqual(changedNames(orgState(org), lane.previous[index] ?? {}), []));
    }),
  );

  for (const text of ['"step":"submitted"', '"step":"publishing"'])
    test(`a second deploy without the journal completes after a kill at ${text}`, CELL_TIMEOUT, () =>
      useLane(async (lane) => {
        const { fleet, orgs } = lane;
        const { project } = fleet;
        const args = ['--all', '--accept', 'disruptive'];
        const starts = logLengths(orgs);
        await matrix.kill(orgs, { row: 'deploy without journal', project, command: 'deploy', args, text });
        const run = latestRunId(fleet);
        const second = await fleet.run('deploy', { ...ACCEPTED, runs: `runs-after-${run}` });
        assert.equal(second.exit, 0, second.shown);
        assertComplete(deployCell(lane), starts, WRITES);
        assert.equal((await fleet.run('rollback', { ...ROLLBACK, run })).exit, 0);
      }),
    );

  for (const [deployText, rollbackText] of KILLS)
    test(
      `a resumed deploy and a repeated rollback complete after kills at ${deployText} and ${rollbackText}`,
      CELL_TIMEOUT,
      () =>
        useLane(async (lane) => {
          const { fleet, orgs } = lane;
          const { project } = fleet;
          const flags = ['--all', '--accept', 'disruptive'];
          let starts = logLengths(orgs);
          await matrix.kill(orgs, { row: 'deploy', project, command: 'deploy', args: flags, text: deployText });
          await resumeDeploy(lane, starts);
          starts = logLengths(orgs);
          const run = latestRunId(fleet);
          await matrix.kill(orgs, {
            row: 'rollback',
            project,
            command: 'rollback',
            args: [...flags, ...RESTORED, '--run', run],
            text: rollbackText,
          });
          await repeatRollback(lane, run, starts);
        }),
    );
});
