import assert from 'node:assert/strict';
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { after, describe, test } from 'node:test';
import { setTimeout as pause } from 'node:timers/promises';
import type { LocalOrg } from '../../local-org/index';
import { Sf } from '../../lib/sf';
import { startProcess, waitUntil } from './command-process';
import { startFleet, editInSetup, writeEvents, type Fleet } from './fleet';
import type { CommandName, CommandResult, RunOptions } from './run-command';
import { changedNames, orgState, latestRunId, runIds } from './run-helpers';
import { createWorkspace } from './workspace';

const READ_STEPS = ['login', 'query', 'retrieve.submit', 'retrieve.status'] as const;
const WRITE_STEPS = ['update', 'deploy.submit', 'deploy.status', 'publish'] as const;

/** Fault injection of each column. The timeout is longer than TIMEOUT_MS. */
const KINDS: Readonly<Record<string, string>> = {
  refused: 'refused=600ms',
  reset: 'reset',
  '503': '503',
  'row lock': 'row-lock',
  'session-expired': 'session-expired',
  timeout: 'timeout=9s',
  'no-response': 'no-response=9s',
};

/** A running deploy job can only fail as a whole, so it has one fault. */
const CASES: readonly (readonly [step: string, kind: string])[] = [
  ...[...READ_STEPS, ...WRITE_STEPS].flatMap((step) => Object.keys(KINDS).map((kind) => [step, kind] as const)),
  ['deploy.work', 'row lock'],
];

/** Journal content at which a run is killed. */
const KILLS = {
  deploy: ['"run":', '"step":"deploying"', '"step":"submitted"', '"step":"activating"', '"step":"publishing"'],
  rollback: ['"run":', '"step":"deactivating"', '"step":"deploying"', '"step":"submitted"', '"step":"publishing"'],
} as const;

const TIMEOUT_MS = 8_000;
const LANE_COUNT = 4;
const CHANNEL = 'Guest_Web_Chat';
const PATH = `messagingChannels/${CHANNEL}.messagingChannel`;
const ACCEPTED: RunOptions = { accept: ['disruptive'], submitTimeout: '1s', lockTimeout: '30s' };

/** A login request is sent only after a session has expired. */
const faultSpec = (step: string, kind: string): string =>
  step === 'login' ? `query:session-expired,login:${KINDS[kind] ?? ''}` : `${step}:${KINDS[kind] ?? ''}`;

/** Three orgs with a setting to change, a channel to activate, and a chat deployment to publish. */
interface Lane {
  readonly fleet: Fleet;
  readonly orgs: readonly LocalOrg[];
  /** Org state before a deploy, which is also the state after a rollback, and org state after the deploy. */
  readonly previous: readonly OrgState[];
  readonly desired: readonly OrgState[];
}
type OrgState = ReturnType<typeof orgState>;

describe('faults and kills at each step lose no org and send nothing twice', { concurrency: LANE_COUNT }, () => {
  const workspace = createWorkspace(TIMEOUT_MS);
  const results = new Map<string, string>();
  const free: Lane[] = [];
  let count = 0;

  async function startLane(): Promise<Lane> {
    const mark = ++count;
    const member = { config: { channels: [CHANNEL] } };
    const fleet = await startFleet(workspace, {
      [`one-${mark}`]: member,
      [`two-${mark}`]: member,
      [`three-${mark}`]: member,
    });
    const orgs = fleet.aliases.map((alias) => fleet.org(alias));
    assert.equal((await fleet.deployAccepted()).exit, 0);
    const desired = orgs.map(orgState);
    for (const org of orgs) await restoreOrg(org);
    return { fleet, orgs, previous: orgs.map(orgState), desired };
  }

  /** Restores the state before the deploy, as an admin would in Setup. */
  async function restoreOrg(org: LocalOrg): Promise<void> {
    const sf = new Sf(workspace.hosts, '67.0');
    const [row] = await sf.query(org.alias, `SELECT Id FROM MessagingChannel WHERE DeveloperName = '${CHANNEL}'`);
    await sf.setActive(org.alias, String(row?.['Id']), false);
    editInSetup(org, PATH, '>360<', '>400<');
  }

  after(() => process.stdout.write(`${matrixText(results)}\n`));

  /** Runs a test in a free lane. A lane whose test failed isn't reused. */
  async function inLane(walk: (lane: Lane) => Promise<void>): Promise<void> {
    const lane = free.pop() ?? (await startLane());
    await walk(lane);
    free.push(lane);
  }

  /** Runs a command with a fault in every org. */
  async function runWithFault(
    lane: Lane,
    command: CommandName,
    step: string,
    kind: string,
    setting: RunOptions,
  ): Promise<CommandResult> {
    const starts = lane.orgs.map(({ log }) => log.length);
    lane.orgs.forEach((org) => org.setFaults(faultSpec(step, kind)));
    const ran = await lane.fleet.run(command, setting);
    lane.orgs.forEach((org) => org.setFaults(''));
    // The org still processes requests that the client timed out on. Wait so that they don't follow the next request.
    if (kind === 'timeout') await pause(1_500);
    const hit = lane.orgs.every(({ log }, index) => log.slice(starts[index]).some((event) => event.kind === 'fault'));
    assert.ok(hit, `${command} never reaches ${step}`);
    const ends = [...new Set(ran.document.orgs.map(({ status, error }) => error?.code ?? status))];
    results.set(`${command} ${step}|${kind}`, ends.join('/'));
    return ran;
  }

  for (const [step, kind] of CASES)
    test(`recovers from ${kind} at ${step}`, { timeout: 180_000 }, () =>
      inLane(async (lane) => {
        const { fleet, orgs, previous, desired } = lane;
        if (READ_STEPS.some((each) => each === step)) {
          const starts = orgs.map(({ log }) => log.length);
          const { exit } = await runWithFault(lane, 'plan', step, kind, {});
          assert.ok([2, 4].includes(exit));
          assert.deepEqual(
            orgs.flatMap((org, index) => writeEvents(org, starts[index])),
            [],
          );
        }
        let starts = orgs.map(({ log }) => log.length);
        await runWithFault(lane, 'deploy', step, kind, ACCEPTED);
        const resumed = await fleet.run('deploy', { ...ACCEPTED, resume: true });
        assertState(resumed, orgs, desired, starts);
        starts = orgs.map(({ log }) => log.length);
        const back = { ...ACCEPTED, run: latestRunId(fleet) };
        await runWithFault(lane, 'rollback', step, kind, back);
        assertState(await fleet.run('rollback', back), orgs, previous, starts);
      }),
    );

  for (const index of KILLS.deploy.keys())
    test(`recovers from kill -9 at step ${index + 1}`, { timeout: 180_000 }, () =>
      inLane(async (lane) => {
        const { fleet, orgs, previous, desired } = lane;
        let starts = orgs.map(({ log }) => log.length);
        await killCommand(lane, 'deploy', KILLS.deploy[index] ?? '');
        assertState(await fleet.run('deploy', { ...ACCEPTED, resume: true }), orgs, desired, starts);
        starts = orgs.map(({ log }) => log.length);
        const run = latestRunId(fleet);
        await killCommand(lane, 'rollback', KILLS.rollback[index] ?? '', '--run', run);
        assertState(await fleet.run('rollback', { ...ACCEPTED, run }), orgs, previous, starts);
      }),
    );

  async function killCommand(
    { fleet, orgs }: Lane,
    command: CommandName,
    journalText: string,
    ...flags: string[]
  ): Promise<void> {
    const runs = runIds(fleet).length;
    const slow = ['update', 'deploy.status', 'publish'].map((step) => `${step}:timeout=600ms`).join();
    orgs.forEach((org) => org.setFaults(slow));
    const running = startProcess(workspace, command, [
      ...['--project', fleet.project, '--all', '--accept', 'disruptive', '--json', ...flags],
    ]);
    await waitUntil(
      `the journal says ${journalText}`,
      () => runIds(fleet).length > runs && journalOf(fleet).includes(journalText),
    );
    running.child.kill('SIGKILL');
    await running.ended;
    orgs.forEach((org) => org.setFaults(''));
    results.set(`${command} ${journalText.replace(/"(step|run)":"?|"/g, '') || 'planned'}|kill -9`, 'resumed');
  }
});

describe('default timeouts', () => {
  const workspace = createWorkspace();

  test('submits the metadata deploy once when Salesforce responds after 30 seconds', async () => {
    const faults = 'deploy.submit:timeout=30s';
    const fleet = await startFleet(workspace, { quiet: { faults, config: { channels: [CHANNEL] } } });
    const { exit, org } = await fleet.deploy();
    assert.deepEqual([exit, org('quiet').status], [0, 'changed']);
    assert.equal(writeEvents(fleet.org('quiet')).filter(({ kind }) => kind === 'deploy').length, 1);
  });
});

function journalOf(fleet: Fleet): string {
  const file = join(fleet.project, '.runs', latestRunId(fleet), 'journal.ndjson');
  return existsSync(file) ? readFileSync(file, 'utf8') : '';
}

/**
 * Asserts that each org has its expected state, received one metadata deploy that it didn't fail, and was published
 * after it.
 */
function assertState(
  ran: CommandResult,
  orgs: readonly LocalOrg[],
  states: readonly OrgState[],
  starts: readonly number[],
): void {
  assert.equal(ran.exit, 0, ran.shown);
  for (const [index, org] of orgs.entries()) {
    assert.deepEqual(changedNames(orgState(org), states[index] ?? {}), [], org.alias);
    const kinds = writeEvents(org, starts[index]).map(({ kind }) => kind);
    const failed = org.log.slice(starts[index]).filter(({ detail }) => detail['step'] === 'deploy.work').length;
    assert.equal(kinds.filter((kind) => kind === 'deploy').length, 1 + failed, `${org.alias}: ${kinds.join(' ')}`);
    assert.ok(kinds.lastIndexOf('publish') > kinds.lastIndexOf('deploy'), `${org.alias}: ${kinds.join(' ')}`);
  }
}

/** Rows are steps, columns are faults, and a cell contains the result of the first run. */
function matrixText(results: ReadonlyMap<string, string>): string {
  const columns = [...Object.keys(KINDS), 'kill -9'];
  const rows = [...new Set([...results.keys()].map((key) => key.split('|')[0] ?? ''))].sort();
  const line = (head: string, cells: readonly string[]): string =>
    `# ${head.padEnd(26)}${cells.map((cell) => cell.padEnd(16)).join('')}`;
  return [
    line('', columns),
    ...rows.map((row) =>
      line(
        row,
        columns.map((column) => results.get(`${row}|${column}`) ?? ''),
      ),
    ),
  ].join('\n');
}
