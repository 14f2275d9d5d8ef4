import assert from 'node:assert/strict';
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { after } from 'node:test';
import { setTimeout as pause } from 'node:timers/promises';
import { EXIT } from '../../lib/errors';
import type { CliWorkerPool } from '../../lib/sf';
import { startLocalOrg, type LocalOrg } from '../../local-org/index';
import { startProcess, waitUntil } from './command-process';
import type { OrgDocument } from './document-schemas';
import { writeEvents } from './fleet';
import { changedNames, orgState } from './run-helpers';
import type { Workspace } from './workspace';
import { beforeCommand, replaceLogin } from './wrong-login';

/** How many cells of a matrix run at the same time. They mostly wait. */
export const LANE_COUNT = 8;
/** The time limit of a cell, in milliseconds. */
export const CELL_TIMEOUT = { timeout: 180_000 };

/** A command with a silent fault stops waiting for a response after this time, before the fault ends. */
const RESPONSE_TIMEOUT_MS = 3_000;

/** The fault of each column, as a local org injects it. A wrong login is a fault of the login store. */
const FAULTS = {
  refused: 'refused=600ms',
  reset: 'reset',
  '503': '503',
  'row lock': 'row-lock',
  'session-expired': 'session-expired',
  timeout: 'timeout=4s',
  'no-response': 'no-response=4s',
  redirect: 'redirect',
  'wrong login': undefined,
} as const;
export type FaultName = keyof typeof FAULTS;
/** From the CLI command of a step on, the login of each org belongs to another org. */
export const WRONG_LOGIN = 'wrong login' satisfies FaultName;
export const FAULT_NAMES = Object.keys(FAULTS) as readonly FaultName[];

/**
 * Faults that happen in the same run, one at each org: one run fills two cells. The two faults without a response share the short
 * timeout.
 */
const FAULT_PAIRS: readonly (readonly FaultName[])[] = [
  ['refused', 'reset'],
  ['503', 'row lock'],
  ['session-expired', 'redirect'],
  ['timeout', 'no-response'],
  [WRONG_LOGIN],
];

/** Faults after which the org has processed the request. A lost submission is found in the list of deploy jobs. */
const LOST_RESPONSES: readonly FaultName[] = ['reset', 'no-response'];

/** The CLI command that sends the request of each step. */
const CLI_COMMANDS = {
  login: 'data:query',
  query: 'data:query',
  'retrieve.submit': 'project:retrieve:start',
  'retrieve.status': 'project:retrieve:start',
  update: 'data:update:record',
  'deploy.submit': 'project:deploy:start',
  'deploy.status': 'project:deploy:report',
  'deploy.work': 'project:deploy:report',
  setup: 'api:request:rest',
  publish: 'api:request:rest',
} as const;
export type FaultStep = keyof typeof CLI_COMMANDS;

/** A fault at one call of a step. */
export interface Fault {
  readonly step: FaultStep;
  readonly name: FaultName;
  /** Counted from 1. Default: 1. */
  readonly call?: number;
}

/** The faults at a step, each with those that happen in the same run. */
export const pairsAt = (step: FaultStep): readonly (readonly Fault[])[] =>
  FAULT_PAIRS.map((names) => names.map((name) => ({ step, name })));

/** The names of the faults of a run, and their step. */
export const describeFaults = (faults: readonly Fault[]): string =>
  `${faults.map(({ name }) => name).join(' and ')} at ${stepOf(faults)}`;

export const stepOf = (faults: readonly Fault[]): FaultStep => faults[0]?.step ?? assert.fail('no fault');

/** The fault of an org: its own, or that of all orgs. */
const faultOf = (faults: readonly Fault[], index: number): Fault =>
  faults[index % faults.length] ?? assert.fail('no fault');

/** The fault that the local org injects. The CLI logs in only after a session expired. */
const faultSpec = ({ step, name, call = 1 }: Fault): string =>
  name === WRONG_LOGIN ? '' : `${step === 'login' ? 'query:session-expired,' : ''}${step}:${FAULTS[name]}@${call}`;

/** The result of a command, whatever else its document contains. */
export interface RunResult {
  readonly exit: number;
  readonly orgs: readonly Pick<OrgDocument, 'alias' | 'status' | 'deployIds' | 'error'>[];
}

/** One run of a command in a cell. */
export interface CellRun {
  /** The row of the matrix. */
  readonly row: string;
  readonly orgs: readonly LocalOrg[];
  /** The state of each org after a complete run. */
  readonly complete: readonly OrgState[];
  /** The command that the tool recommends if the result of an org is unknown. */
  readonly resumeCommand: RegExp;
  /** Reads the state of an org. Default: `orgState`. */
  readonly stateOf?: typeof orgState;
}
export type OrgState = ReturnType<typeof orgState>;

/** Runs a command with the CLI workers of a pool. */
export type RunCommand = (pool: CliWorkerPool) => Promise<RunResult>;

/** The number of events of each org. */
export const logLengths = (orgs: readonly LocalOrg[]): readonly number[] => orgs.map(({ log }) => log.length);

/** Runs commands with faults, and prints how each first run ended: a row for each step, a column for each fault. */
export class FaultMatrix {
  private readonly workspace: Workspace;
  private readonly cells = new Map<string, string>();
  /** The org that wrong logins belong to. */
  private otherOrg: Promise<OtherOrg> | undefined;

  constructor(workspace: Workspace) {
    this.workspace = workspace;
    after(() => process.stdout.write(`${this.text()}\n`));
  }

  /** Runs a command that writes with a fault at every org. Asserts that its result is truthful. */
  async runWithFaults(cell: CellRun, faults: readonly Fault[], run: RunCommand): Promise<void> {
    const starts = logLengths(cell.orgs);
    const result = await this.injectFaults(cell, faults, run);
    assertTruthful(cell, result, starts);
    for (const [index, { alias }] of cell.orgs.entries()) {
      const { step, name } = faultOf(faults, index);
      if (step === 'deploy.submit' && LOST_RESPONSES.includes(name))
        assert.equal(resultOf(result, alias).status, 'changed', `${cell.row} at ${alias}: the job wasn't found`);
    }
  }

  /** Runs a command with a fault at every org. Asserts that every org had its fault. */
  async injectFaults(
    { orgs, row }: Pick<CellRun, 'orgs' | 'row'>,
    faults: readonly Fault[],
    run: RunCommand,
  ): Promise<RunResult> {
    const starts = logLengths(orgs);
    orgs.forEach((org, index) => org.setFaults(faultSpec(faultOf(faults, index))));
    const [wrongLogin] = faults.filter(({ name }) => name === WRONG_LOGIN);
    const result = await (wrongLogin ? this.runWithWrongLogin(orgs, wrongLogin, run) : run(this.poolFor(faults)));
    // The org still processes a request whose response came too late, and must do so before the next command.
    if (faults.some(({ name }) => name === 'timeout')) await pause(1_500);
    orgs.forEach((org) => org.setFaults(''));
    for (const [index, { alias, log }] of orgs.entries()) {
      const { name } = faultOf(faults, index);
      const hadFault = log.slice(starts[index]).some(({ kind }) => kind === 'fault');
      assert.ok(hadFault || wrongLogin, `${alias}: ${row} had no fault`);
      const { status, error } = resultOf(result, alias);
      this.addEnd(`${row}|${name}`, error?.code ?? status);
    }
    return result;
  }

  private addEnd(cell: string, end: string): void {
    const ends = this.cells.get(cell)?.split('/') ?? [];
    this.cells.set(cell, [...new Set([...ends, end])].join('/'));
  }

  private poolFor(faults: readonly Fault[]): CliWorkerPool {
    const { workers } = this.workspace;
    const isSilent = faults.some(({ name }) => name === 'timeout' || name === 'no-response');
    return isSilent ? withShortTimeout(workers, CLI_COMMANDS[stepOf(faults)]) : workers;
  }

  /** Replaces the login of each org before its `call`th command of a step. Asserts that the other org received no request. */
  private async runWithWrongLogin(
    orgs: readonly LocalOrg[],
    { step, call = 1 }: Fault,
    run: RunCommand,
  ): Promise<RunResult> {
    const { org: other, start } = await (this.otherOrg ??= this.startOtherOrg());
    const restores = new Map<string, () => void>();
    const counts = new Map<string, number>();
    const pool = beforeCommand(this.workspace.workers, (command, username = '') => {
      const org = orgs.find((each) => each.username === username);
      if (!org || command !== CLI_COMMANDS[step]) return;
      counts.set(username, (counts.get(username) ?? 0) + 1);
      if (counts.get(username) === call) restores.set(username, replaceLogin(this.workspace, org, other));
    });
    const result = await run(pool);
    restores.forEach((restore) => restore());
    assert.equal(restores.size, orgs.length, `${step}: the logins were not replaced`);
    assert.deepEqual(other.log.slice(start), []);
    return result;
  }

  private async startOtherOrg(): Promise<OtherOrg> {
    const options = { alias: 'other-org', kind: 'production', port: 0, loginKey: this.workspace.loginKey } as const;
    const org = await startLocalOrg(options);
    this.workspace.onCleanup(() => org.close());
    await this.workspace.logIn(org);
    return { org, start: org.log.length };
  }

  /** Starts a command as a process, and kills it when the journal of its run contains a text for the `count`th time. */
  async kill(orgs: readonly LocalOrg[], killed: KilledProcess): Promise<void> {
    const { row, project, command, args, text, count = 1 } = killed;
    const runs = runCount(project);
    orgs.forEach((org) => org.setFaults(heldRequest(killed)));
    const running = startProcess(this.workspace, command, [...args, '--project', project, '--json']);
    await waitUntil(`the journal contains ${text} ${count} times`, () => {
      const journal = runCount(project) > runs ? latestJournal(project) : '';
      return journal.split(text).length > count || running.child.exitCode !== null;
    });
    const { exitCode } = running.child;
    running.child.kill('SIGKILL');
    const { stderr } = await running.ended;
    orgs.forEach((org) => org.setFaults(''));
    assert.equal(exitCode, null, `${row} ended before ${text}: ${stderr}`);
    this.cells.set(`${row} ${text.replace(/"(step|run)":"?|"/g, '') || 'planned'} ${count}|kill -9`, 'killed');
  }

  /**
   * Runs a command as a process whose first deploy job fails on a row lock at every org, and calls `change` before the org is
   * read again for the second one.
   */
  async changeBeforeRetry(
    orgs: readonly LocalOrg[],
    { row, project, command, args }: Omit<KilledProcess, 'text' | 'count'>,
    change: (org: LocalOrg) => void,
  ): Promise<RunResult> {
    const starts = logLengths(orgs);
    // The org holds the status of the job, so that the command learns about the failure after the change.
    orgs.forEach((org) => org.setFaults('deploy.work:row-lock,deploy.status:timeout=600s@1-'));
    const { child, ended } = startProcess(this.workspace, command, [...args, '--project', project, '--json']);
    for (const [index, org] of orgs.entries()) {
      const hasFailed = (): boolean =>
        org.log.slice(starts[index]).some(({ detail }) => detail['step'] === 'deploy.work');
      await waitUntil(`the first job at ${org.alias} failed`, () => hasFailed() || child.exitCode !== null);
      change(org);
      org.setFaults('');
    }
    const { exit, stdout } = await ended;
    const document = JSON.parse(stdout) as Pick<RunResult, 'orgs'>;
    this.cells.set(
      `${row} deploy.work|changed`,
      [...new Set(document.orgs.map(({ error, status }) => error?.code ?? status))].join('/'),
    );
    return { exit: exit ?? -1, orgs: document.orgs };
  }

  private text(): string {
    const columns = [...FAULT_NAMES, 'changed', 'kill -9'];
    const rows = [...new Set([...this.cells.keys()].map((key) => key.split('|')[0] ?? ''))].sort();
    const line = (head: string, cells: readonly string[]): string =>
      `# ${head.padEnd(34)}${cells.map((cell) => cell.padEnd(16)).join('')}`;
    const lines = rows.map((row) =>
      line(
        row,
        columns.map((column) => this.cells.get(`${row}|${column}`) ?? ''),
      ),
    );
    return [line(`${this.cells.size} cells`, columns), ...lines].join('\n');
  }
}

const resultOf = ({ orgs }: RunResult, alias: string): RunResult['orgs'][number] =>
  orgs.find((org) => org.alias === alias) ?? assert.fail(`no result of ${alias}`);

/**
 * The request that an org holds until a command is killed, so that the command can't end before: its last one that writes. A rotation
 * publishes nothing; its third retrieve reads the org back.
 */
function heldRequest({ command, text, count = 1 }: KilledProcess): string {
  if (command !== 'keys') return `publish:timeout=600s@${count}-`;
  return text.includes('deployed') ? 'retrieve.submit:timeout=600s@3-' : 'deploy.status:timeout=600s@1-';
}

/** An org that no command may reach, and the number of events of its login. */
interface OtherOrg {
  readonly org: LocalOrg;
  readonly start: number;
}

/** A command to kill. */
interface KilledProcess {
  readonly row: string;
  readonly project: string;
  readonly command: string;
  readonly args: readonly string[];
  readonly text: string;
  readonly count?: number;
}

/** The same workers, but one CLI command has a short timeout. All others keep theirs, so that a busy machine doesn't fail a test. */
function withShortTimeout(pool: CliWorkerPool, command: string): CliWorkerPool {
  const run: CliWorkerPool['run'] = (lane, id, argv, timeout, login) =>
    pool.run(lane, id, argv, id === command ? Math.min(timeout, RESPONSE_TIMEOUT_MS) : timeout, login);
  return new Proxy(pool, {
    get: (target, name): unknown => (name === 'run' ? run : Reflect.get(target, name, target)),
  });
}

/**
 * Asserts that the exit code and the statuses tell what happened. A deploy job that the result doesn't name is only possible with the
 * status `unknown`, which names the command that resumes the run.
 */
function assertTruthful(cell: CellRun, { exit, orgs: results }: RunResult, starts: readonly number[]): void {
  const { stateOf = orgState } = cell;
  assert.deepEqual(results.map(({ alias }) => alias).sort(), cell.orgs.map(({ alias }) => alias).sort());
  for (const [index, org] of cell.orgs.entries()) {
    const result = results.find(({ alias }) => alias === org.alias);
    const { status, deployIds = [], error } = result ?? {};
    const message = `${cell.row} at ${org.alias}: ${String(status)} ${error?.code ?? ''}`;
    const events = writeEvents(org, starts[index]);
    const jobCount = events.filter(({ kind }) => kind === 'deploy').length;
    if (status === 'changed') assert.deepEqual(changedNames(stateOf(org), cell.complete[index] ?? {}), [], message);
    else if (status === 'failed')
      assert.deepEqual([deployIds.length, error?.code === 'deploy-unknown'], [jobCount, false], message);
    else if (status === 'unreachable') assert.deepEqual(events, [], message);
    else if (status === 'unknown') assertResumable(cell, error, message);
    else assert.fail(message);
  }
  assert.equal(exit, expectedExit(results), cell.row);
}

/** An org in an unknown state is resumed by a command that its error names. */
function assertResumable({ resumeCommand }: CellRun, error: OrgDocument['error'], message: string): void {
  assert.match(error?.fix ?? '', resumeCommand, message);
}

function expectedExit(results: RunResult['orgs']): number {
  const statuses = results.map(({ status }) => status);
  if (statuses.some((status) => status === 'failed' || status === 'unknown')) return EXIT.failed;
  return statuses.includes('unreachable') ? EXIT.unreachable : EXIT.done;
}

const runNames = (project: string): readonly string[] => {
  const runs = join(project, '.runs');
  return existsSync(runs) ? readdirSync(runs).sort() : [];
};

const runCount = (project: string): number => runNames(project).length;

function latestJournal(project: string): string {
  const file = join(project, '.runs', runNames(project).at(-1) ?? '', 'journal.ndjson');
  return existsSync(file) ? readFileSync(file, 'utf8') : '';
}

/**
 * Asserts that a run completed what an earlier one began: each org is in its final state, and since `starts` got as many deploy jobs as
 * a run without a fault sends, plus one for each job that failed on a row lock.
 */
export function assertComplete(
  { orgs, complete, stateOf = orgState }: Pick<CellRun, 'orgs' | 'complete' | 'stateOf'>,
  starts: readonly number[],
  { jobs, publishes }: { readonly jobs: number; readonly publishes: boolean },
): void {
  for (const [index, org] of orgs.entries()) {
    assert.deepEqual(changedNames(stateOf(org), complete[index] ?? {}), [], org.alias);
    const kinds = writeEvents(org, starts[index]).map(({ kind }) => kind);
    const failed = org.log.slice(starts[index]).filter(({ detail }) => detail['step'] === 'deploy.work').length;
    assert.equal(kinds.filter((kind) => kind === 'deploy').length, jobs + failed, `${org.alias}: ${kinds.join(' ')}`);
    if (publishes)
      assert.ok(kinds.lastIndexOf('publish') > kinds.lastIndexOf('deploy'), `${org.alias}: ${kinds.join(' ')}`);
    else assert.deepEqual([...new Set(kinds)], ['deploy'], org.alias);
  }
}
