/**
 * Kills commands that write at random times, runs the command that the tool recommends, and asserts that the work is complete:
 * each org is in its final state, had one deploy job, everything is published, no drift is left, and no process runs.
 *
 * Usage: `npm run soak`, which takes about 8 minutes. SOAK_KILLS is the number of kills (default 60), SOAK_SEED repeats an
 * earlier run.
 */
import assert from 'node:assert/strict';
import { createHash, randomInt } from 'node:crypto';
import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { describe, test } from 'node:test';
import { setTimeout as pause } from 'node:timers/promises';
import { Sf } from '../../lib/sf';
import type { LocalOrg } from '../../local-org/index';
import { findProcesses, runProcess, startProcess, waitUntil, type ProcessResult } from './command-process';
import { assertComplete, logLengths, type OrgState } from './fault-cells';
import { editInSetup, startFleet, type Fleet } from './fleet';
import { refreshedState, RefreshedSandboxes } from './refreshed-sandbox';
import { rotateOrFail, rotationArguments, startRotationLane, switchSigner, type RotationStep } from './rotation-lane';
import { latestRunId, orgState } from './run-helpers';
import { createWorkspace } from './workspace';

const KILLS = Number(process.env['SOAK_KILLS'] ?? 60);
const SEED = process.env['SOAK_SEED'] ?? String(randomInt(1_000_000));
const ORG_COUNT = 3;
/** The time limit of one kill with all that follows, in milliseconds. */
const LIMIT = { timeout: 300_000 };
/** Server time, so that a kill can meet each step. */
const LATENCY = ['update', 'deploy.submit', 'deploy.status', 'publish']
  .map((step) => `${step}:timeout=400ms@1-9`)
  .join();

/** A command that has work to do, and what its orgs contain afterwards. */
interface Subject {
  readonly orgs: readonly LocalOrg[];
  readonly project: string;
  readonly command: string;
  readonly argv: readonly string[];
  readonly complete: readonly OrgState[];
  readonly stateOf?: (org: LocalOrg) => OrgState;
  /** Deploy jobs and publications of one complete run. */
  readonly work: { readonly jobs: number; readonly publishes: boolean };
  /** Whether source and org are equal afterwards. */
  readonly inSync: boolean;
}

interface Scenario {
  readonly name: string;
  /** Creates work for the command. */
  prepare(): Promise<Subject>;
}

const workspace = createWorkspace();

/** A number from 0 to 1 that depends only on the seed and a name. */
const random = (name: string): number =>
  createHash('sha256').update(`${SEED} ${name}`).digest().readUInt32BE() / 2 ** 32;

const aliasesOf = (name: string): readonly string[] =>
  Array.from({ length: ORG_COUNT }, (_, index) => `${name}-${index + 1}`);

/** Flags that only a person can decide on, so that no text recommends them. */
const decisionsOf = ({ argv }: Subject): readonly string[] => {
  const start = argv.indexOf('--accept');
  return start < 0 ? [] : argv.slice(start);
};

/** Runs a command that a text recommends. */
function runRecommended(subject: Subject, recommended: string): Promise<ProcessResult> {
  const [npm, run, command = '', ...rest] = recommended.split(' ');
  assert.deepEqual([npm, run], ['npm', 'run'], recommended);
  const argv = rest.filter((word, index) => index > 0 || word !== '--');
  const decisions = argv.includes('--accept') ? [] : decisionsOf(subject);
  return runProcess(workspace, command, [...argv, ...decisions, '--project', subject.project]);
}

/** The command that `runs` recommends for the run that was killed. A run without a journal is repeated. */
async function recommendedCommand({ project, command, argv }: Subject, known: readonly string[]): Promise<string> {
  const again = ['npm', 'run', command, '--', ...argv].join(' ');
  if (runsOf(project).length === known.length) return again;
  const { exit, stdout, stderr } = await runProcess(workspace, 'runs', ['--project', project, '--json']);
  assert.equal(exit, 0, stderr);
  const { runs } = JSON.parse(stdout) as {
    readonly runs: readonly { readonly id: string; readonly resume?: string }[];
  };
  return runs.find(({ id, resume }) => !known.includes(id) && resume !== undefined)?.resume ?? again;
}

function runsOf(project: string): readonly string[] {
  try {
    return readdirSync(join(project, '.runs'));
  } catch {
    return [];
  }
}

/** Runs the command without a kill. Returns its duration in milliseconds. */
async function measure(subject: Subject): Promise<number> {
  const start = performance.now();
  const { exit, stderr } = await runProcess(workspace, subject.command, [
    ...subject.argv,
    '--project',
    subject.project,
  ]);
  assert.equal(exit, 0, stderr);
  return performance.now() - start;
}

/** Kills the command after some milliseconds, and completes its work as the tool recommends. Returns the recommended command. */
async function killAndComplete(subject: Subject, milliseconds: number): Promise<string> {
  const { orgs, project, command, argv, work, stateOf = orgState } = subject;
  const starts = logLengths(orgs);
  const known = runsOf(project);
  const running = startProcess(workspace, command, [...argv, '--project', project]);
  await Promise.race([pause(milliseconds), running.ended]);
  running.child.kill('SIGKILL');
  await running.ended;
  await waitUntil('every process of the command is gone', () => findProcesses(running.temporaryFolder).length === 0);
  const recommended = await recommendedCommand(subject, known);
  const { exit, stdout, stderr } = await runRecommended(subject, recommended);
  assert.equal(exit, 0, `${recommended}\n${stdout}${stderr}`);
  assertComplete({ orgs, complete: subject.complete, stateOf }, starts, work);
  if (subject.inSync) await assertInSync(subject);
  return recommended;
}

async function assertInSync({ project }: Subject): Promise<void> {
  const { exit, stdout, stderr } = await runProcess(workspace, 'plan', ['--project', project]);
  assert.equal(exit, 0, `plan after the kill:\n${stdout}${stderr}`);
}

const setLatency = (orgs: readonly LocalOrg[]): void => orgs.forEach((org) => org.setFaults(LATENCY));

/** A deploy and its rollback: a channel that an admin changed and deactivated. */
function deployScenario(name: 'deploy' | 'rollback'): Scenario {
  const channel = 'Guest_Web_Chat';
  const accepted = ['--all', '--accept', 'disruptive'];
  let lane: { readonly fleet: Fleet; readonly orgs: readonly LocalOrg[]; readonly desired: readonly OrgState[] };

  async function start(): Promise<typeof lane> {
    const setup = { config: { channels: [channel] } };
    const fleet = await startFleet(workspace, Object.fromEntries(aliasesOf(name).map((alias) => [alias, setup])));
    assert.equal((await fleet.deployAccepted()).exit, 0);
    const orgs = fleet.aliases.map((alias) => fleet.org(alias));
    return { fleet, orgs, desired: orgs.map(orgState) };
  }

  async function changeInSetup(org: LocalOrg): Promise<void> {
    const sf = new Sf(workspace.workers, '67.0');
    const [row] = await sf.query(org.alias, `SELECT Id FROM MessagingChannel WHERE DeveloperName = '${channel}'`);
    await sf.setActive(org.alias, String(row?.['Id']), false);
    editInSetup(org, `messagingChannels/${channel}.messagingChannel`, '>360<', '>400<');
  }

  return {
    name,
    async prepare() {
      lane ??= await start();
      const { fleet, orgs, desired } = lane;
      orgs.forEach((org) => org.setFaults(''));
      assert.equal((await fleet.deployAccepted()).exit, 0, 'the previous state is restored');
      await Promise.all(orgs.map(changeInSetup));
      const previous = orgs.map(orgState);
      if (name === 'rollback') assert.equal((await fleet.deployAccepted()).exit, 0);
      setLatency(orgs);
      const work = { jobs: 1, publishes: true };
      return name === 'deploy'
        ? { orgs, project: fleet.project, command: name, argv: accepted, complete: desired, work, inSync: true }
        : {
            orgs,
            project: fleet.project,
            command: name,
            complete: previous,
            work,
            inSync: false,
            argv: ['--run', latestRunId(fleet), ...accepted],
          };
    },
  };
}

function rotationScenario(step: RotationStep): Scenario {
  let lane: Awaited<ReturnType<typeof startRotationLane>> | undefined;
  return {
    name: `rotate ${step}`,
    async prepare() {
      lane ??= await startRotationLane(workspace, aliasesOf(step));
      const { fleet, orgs, complete, reset } = lane;
      orgs.forEach((org) => org.setFaults(''));
      reset();
      if (step === 'retire') {
        await rotateOrFail(fleet, workspace, 'stage');
        await switchSigner(fleet, workspace);
      }
      setLatency(orgs);
      return {
        orgs,
        project: fleet.project,
        command: 'keys',
        argv: rotationArguments(step),
        complete: complete[step],
        work: { jobs: 1, publishes: false },
        inSync: true,
      };
    },
  };
}

/** One org: post-refresh restores one org at a time. */
function postRefreshScenario(): Scenario {
  const sandboxes = new RefreshedSandboxes(workspace);
  let prepared: Promise<void> | undefined;
  return {
    name: 'post-refresh',
    async prepare() {
      await (prepared ??= sandboxes.prepare());
      const { org, project } = await sandboxes.start();
      const orgs = [org];
      setLatency(orgs);
      const argv = ['--org', org.alias, '--accept', 'new-org-id', '--no-verify'];
      return {
        orgs,
        project,
        command: 'post-refresh',
        argv,
        stateOf: refreshedState,
        inSync: true,
        complete: [sandboxes.complete],
        work: { jobs: 2, publishes: true },
      };
    },
  };
}

const SCENARIOS: readonly Scenario[] = [
  deployScenario('deploy'),
  deployScenario('rollback'),
  rotationScenario('stage'),
  rotationScenario('retire'),
  postRefreshScenario(),
];

process.stdout.write(`Seed: ${SEED}\n`);
describe('commands that are killed at random times', { concurrency: SCENARIOS.length }, () => {
  const each = Math.ceil(KILLS / SCENARIOS.length);
  for (const scenario of SCENARIOS)
    describe(scenario.name, { concurrency: 1 }, () => {
      let duration = 0;
      test('completes without a kill', LIMIT, async () => {
        duration = await measure(await scenario.prepare());
      });
      for (let kill = 1; kill <= each; kill++)
        test(`kill ${kill}`, LIMIT, async (context) => {
          const subject = await scenario.prepare();
          const milliseconds = Math.round(random(`${scenario.name} ${kill}`) * duration);
          const recommended = await killAndComplete(subject, milliseconds);
          context.diagnostic(
            `${scenario.name} killed after ${milliseconds} of ${Math.round(duration)} ms, then: ${recommended}`,
          );
        });
    });
});
