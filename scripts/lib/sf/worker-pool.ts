import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { homedir, tmpdir } from 'node:os';
import { join } from 'node:path';
import pLimit, { type LimitFunction } from 'p-limit';
import { asToolError, EXIT, ToolError } from '../errors';
import { NO_RESPONSE } from './retry-policies';
import { CliWorker, type CliWorkerSettings } from './cli-worker';
import type { LoadCommands, PinnedLogin, WorkerResponse } from './protocol';

const LOAD_COMMANDS = 'worker:load' satisfies LoadCommands;

type Worker = Pick<CliWorker, 'load' | 'memory' | 'ended' | 'run' | 'stop'>;

export interface PoolOptions {
  /** The number of workers. Default: 2, which keep two cores busy. */
  readonly size?: number;
  /** Home folder of the login store. Default: the user's own. */
  readonly home?: string;
  /** Upper limit for the timeout of every command, in milliseconds. Default: none. */
  readonly timeout?: number;
  /** Memory in megabytes above which a worker is replaced. Default: 500. */
  readonly maxMemory?: number;
  /** Starts a worker. Default: a process that runs the CLI. */
  readonly startWorker?: (settings: CliWorkerSettings) => Worker;
}

/**
 * The memory of the CLI grows with every command: it starts with 200 MB and has 330 MB after 500 commands. Loading it again
 * costs two seconds of processor time, as much as ten orgs.
 */
export const MAX_WORKER_MEMORY_MB = 500;

/** The share of its limit at which the successor of a worker starts to load, so that no command waits for it. */
const GROWN = 0.8;

/**
 * How many commands of a kind run at the same time. `limited`: a few per worker, because they keep a processor busy.
 * `unbounded`: all, because they mostly wait for Salesforce. `exclusive`: one over all workers, because two logins contend for
 * the login store.
 */
export type Lane = 'limited' | 'unbounded' | 'exclusive';

const LIMITED_CALLS_PER_WORKER = 6;

/** A few processes that have loaded the CLI. Each runs several commands at the same time. */
export class CliWorkerPool {
  /** A temporary Salesforce DX project, so that the user's project and its settings don't affect a command. */
  private readonly workspace: string;
  /** Home folder of the login store. */
  readonly home: string;
  private readonly startWorker: () => Worker;
  private readonly size: number;
  private readonly timeout: number;
  private readonly maxMemory: number;
  /** The workers that have not ended: those that get commands, and those that end with their last command. */
  private workers: Worker[];
  private readonly retired = new Set<Worker>();
  /** Loads the CLI, to replace a grown worker. */
  private successor: Worker | undefined;
  /** The worker of each org, by username, so that the orgs are divided equally among the workers. */
  private readonly workerOf = new Map<string, Worker>();
  private readonly usedCommands = new Set<string>();
  private readonly limits: Readonly<Record<Exclude<Lane, 'unbounded'>, LimitFunction>>;
  private folderCount = 0;
  private stopped = false;

  /** Starts the workers, which load the CLI while the caller prepares its first command. */
  constructor(options: PoolOptions = {}) {
    const { size = 2, home, timeout = Number.POSITIVE_INFINITY, maxMemory = MAX_WORKER_MEMORY_MB } = options;
    const { startWorker = (settings) => new CliWorker(settings) } = options;
    this.size = size;
    this.home = home ?? homedir();
    this.timeout = timeout;
    this.maxMemory = maxMemory;
    this.limits = { limited: pLimit(LIMITED_CALLS_PER_WORKER * size), exclusive: pLimit(1) };
    this.workspace = createWorkspace();
    const settings = { cwd: this.workspace, ...(home !== undefined && { home }) };
    this.startWorker = () => startWorker(settings);
    this.workers = Array.from({ length: size }, this.startWorker);
  }

  /** Creates a folder that is deleted when the pool stops. */
  createFolder(): string {
    const path = join(this.workspace, String(++this.folderCount));
    mkdirSync(path);
    return path;
  }

  /**
   * Runs one command in a worker. It may send requests only to the org of `login`. Throws
   * `org-unreachable` after `timeout` milliseconds.
   */
  run(
    lane: Lane,
    command: string,
    argv: readonly string[],
    timeout: number,
    login?: PinnedLogin,
  ): Promise<WorkerResponse> {
    const limit = Math.min(timeout, this.timeout);
    this.usedCommands.add(command);
    const task = (): Promise<WorkerResponse> =>
      this.stopped
        ? Promise.reject(stoppedError(command))
        : withTimeout(this.pickWorker(login).run(command, argv, login), command, limit);
    return lane === 'unbounded' ? task() : this.limits[lane](task);
  }

  /** Stops all workers and deletes their files. */
  async stop(): Promise<void> {
    this.stopped = true;
    await Promise.all(this.workers.map((worker) => worker.stop()));
    rmSync(this.workspace, { recursive: true, force: true, maxRetries: 5 });
  }

  /** The worker for a command: that of its org, or the one with the fewest running commands. */
  private pickWorker(login: PinnedLogin | undefined): Worker {
    this.workers = this.workers.filter((worker) => !worker.ended && !this.stopIfRetired(worker));
    const usable = this.workers
      .filter((worker) => !this.retired.has(worker) && worker !== this.successor && worker.memory <= this.maxMemory)
      .sort((one, other) => one.load - other.load);
    while (usable.length < this.size) usable.push(this.takeSuccessor());
    this.prepareSuccessor(usable);
    const [idlest = this.takeSuccessor()] = usable;
    return login ? this.workerFor(login, usable) : idlest;
  }

  /** The worker that an org used last, or for its first command, the one with the fewest orgs. */
  private workerFor({ username }: PinnedLogin, usable: readonly Worker[]): Worker {
    const known = this.workerOf.get(username);
    if (known && usable.includes(known)) return known;
    const workers = [...this.workerOf.values()];
    const orgCount = (worker: Worker): number => workers.filter((each) => each === worker).length;
    const [fewest = this.takeSuccessor()] = usable.toSorted((one, other) => orgCount(one) - orgCount(other));
    this.workerOf.set(username, fewest);
    return fewest;
  }

  /** A worker that isn't used yet: the one that is loading, or a new one. */
  private takeSuccessor(): Worker {
    const worker = this.successor ?? this.addWorker();
    this.successor = undefined;
    return worker;
  }

  private addWorker(): Worker {
    const worker = this.startWorker();
    this.workers.push(worker);
    return worker;
  }

  /** Starts the successor of a grown worker. The grown one gets commands until the successor has loaded the CLI. */
  private prepareSuccessor(usable: readonly Worker[]): void {
    const grown = usable.find((worker) => worker.memory > this.maxMemory * GROWN);
    if (!grown || this.successor) return;
    const successor = (this.successor = this.addWorker());
    const replace = (): void => {
      if (this.successor !== successor) return;
      this.successor = undefined;
      this.retired.add(grown);
    };
    successor.run(LOAD_COMMANDS, [...this.usedCommands]).then(replace, replace);
  }

  /** A worker above its memory limit or with a successor gets no new commands, and stops once it's idle. */
  private stopIfRetired(worker: Worker): boolean {
    const isRetired = this.retired.has(worker) || worker.memory > this.maxMemory;
    if (!isRetired || worker.load > 0) return false;
    this.retired.delete(worker);
    void worker.stop();
    return true;
  }
}

function createWorkspace(): string {
  try {
    const folder = mkdtempSync(join(tmpdir(), 'user-verification-'));
    writeFileSync(join(folder, 'sfdx-project.json'), '{"packageDirectories":[{"path":".","default":true}]}');
    return folder;
  } catch (thrown) {
    throw new ToolError(
      'file-system',
      {
        what: `The folder for temporary files, ${tmpdir()}, can't be used. No org was contacted.`,
        why: asToolError(thrown).why,
        fix: 'Set TMPDIR (on Windows: TEMP) to a folder that exists and that you can write to, then run the command again.',
      },
      { cause: thrown },
    );
  }
}

function withTimeout<T>(response: Promise<T>, command: string, timeout: number): Promise<T> {
  return new Promise((resolve, reject) => {
    const timer = setTimeout(() => reject(timeoutError(command, timeout)), timeout);
    response.then(resolve, reject).finally(() => clearTimeout(timer));
  });
}

/** A stopped pool starts no new worker. */
const stoppedError = (command: string): ToolError =>
  new ToolError('interrupted', {
    what: `"sf ${command.replaceAll(':', ' ')}" was not run.`,
    why: 'The command was stopped.',
    fix: 'Run the command again.',
  });

function timeoutError(command: string, timeout: number): ToolError {
  const what = `The org didn't respond to "sf ${command.replaceAll(':', ' ')}" within ${timeout / 1000} seconds.`;
  const why = 'The connection is slow or lost, or the org is busy.';
  const fix = 'Check status.salesforce.com and your network, then run the command again.';
  const cause = { name: NO_RESPONSE, message: what, cause: '' };
  return new ToolError('org-unreachable', { what, why, fix }, { exit: EXIT.unreachable, cause });
}
