import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { homedir, tmpdir } from 'node:os';
import { join } from 'node:path';
import { EXIT, ToolError, type ErrorText } from '../errors';
import { NO_RESPONSE } from './retry-policies';
import { Semaphore } from './semaphore';
import { CliWorker, type CliWorkerSettings } from './cli-worker';
import type { WorkerResponse } from './protocol';

export interface PoolOptions {
  /** How many hosts at most; two cores are kept busy by two. */
  readonly size?: number;
  /** The login store to use; left out, the user's own. */
  readonly home?: string;
  /** The longest that any answer is waited for, in milliseconds; left out, as long as each command is given. */
  readonly timeout?: number;
  /** Megabytes above which a host is replaced. */
  readonly maxMemory?: number;
}

/**
 * The CLI grows with every command, so a host is replaced above this, in megabytes. It starts with 200 and has 330 after five
 * hundred commands; to load it anew costs two seconds of a processor, which is as much as ten orgs do.
 */
const MAX_MEMORY_MB = 500;

const unreachableError = (explanation: ErrorText, cause: unknown): ToolError =>
  new ToolError('org-unreachable', explanation, { exit: EXIT.unreachable, cause });

/**
 * How a command shares the hosts. A `quick` one keeps a processor busy, so only a few run at once. A `waiting` one mostly
 * waits for Salesforce, so it starts at once. Two deploys clash over the CLI's deploy cache, whose lock backs off a whole
 * second, and two logins over the login store: those run `alone`, over all hosts.
 */
export type Lane = 'limited' | 'unbounded' | 'exclusive';

const LIMITED_CALLS_PER_WORKER = 6;

/** A few warm CLI processes, each with several commands under way at once. */
export class CliWorkerPool {
  /** A throw-away Salesforce DX project: nothing of the user's project or its settings leaks into a command. */
  private readonly workspace: string;
  /** The home of the login store. */
  readonly home: string;
  private readonly workerSettings: CliWorkerSettings;
  private readonly size: number;
  private readonly timeout: number;
  private readonly maxMemory: number;
  private workers: CliWorker[];
  private readonly semaphores: Readonly<Record<Exclude<Lane, 'unbounded'>, Semaphore>>;
  private folderCount = 0;
  private stopped = false;

  /** Starts loading the CLI in every host at once, before the caller knows what it will ask. */
  constructor({ size = 2, home, timeout = Number.POSITIVE_INFINITY, maxMemory = MAX_MEMORY_MB }: PoolOptions = {}) {
    this.size = size;
    this.home = home ?? homedir();
    this.timeout = timeout;
    this.maxMemory = maxMemory;
    this.semaphores = { limited: new Semaphore(LIMITED_CALLS_PER_WORKER * size), exclusive: new Semaphore(1) };
    this.workspace = mkdtempSync(join(tmpdir(), 'user-verification-'));
    writeFileSync(join(this.workspace, 'sfdx-project.json'), '{"packageDirectories":[{"path":".","default":true}]}');
    this.workerSettings = { cwd: this.workspace, ...(home !== undefined && { home }) };
    this.workers = Array.from({ length: size }, () => new CliWorker(this.workerSettings));
  }

  /** A fresh folder, gone when the pool stops. */
  createFolder(): string {
    const path = join(this.workspace, String(++this.folderCount));
    mkdirSync(path);
    return path;
  }

  /** Runs one command in the host with the least to do; gives up on the answer after `timeout` milliseconds. */
  run(lane: Lane, command: string, argv: readonly string[], timeout: number): Promise<WorkerResponse> {
    const limit = Math.min(timeout, this.timeout);
    const task = (): Promise<WorkerResponse> =>
      this.stopped
        ? Promise.reject(stoppedError(command))
        : withTimeout(this.pickWorker().run(command, argv), command, limit);
    return lane === 'unbounded' ? task() : this.semaphores[lane].run(task);
  }

  /** Ends every host and removes their files. */
  async stop(): Promise<void> {
    this.stopped = true;
    await Promise.all(this.workers.map((host) => host.stop()));
    rmSync(this.workspace, { recursive: true, force: true, maxRetries: 5 });
  }

  private pickWorker(): CliWorker {
    this.workers = this.workers.filter((host) => !host.ended && !this.retireIfIdle(host));
    const usable = this.workers.filter((host) => !this.isOverMemory(host)).sort((one, other) => one.load - other.load);
    if (usable[0] && usable.length >= this.size) return usable[0];
    const fresh = new CliWorker(this.workerSettings);
    this.workers.push(fresh);
    return fresh;
  }

  private isOverMemory(host: CliWorker): boolean {
    return host.memory > this.maxMemory;
  }

  /** A worn host gets nothing new to do, and ends once it is idle. */
  private retireIfIdle(host: CliWorker): boolean {
    const isRetired = this.isOverMemory(host) && host.load === 0;
    if (isRetired) void host.stop();
    return isRetired;
  }
}

function withTimeout<T>(answer: Promise<T>, command: string, timeout: number): Promise<T> {
  return new Promise((resolve, reject) => {
    const timer = setTimeout(() => reject(timeoutError(command, timeout)), timeout);
    answer.then(resolve, reject).finally(() => clearTimeout(timer));
  });
}

/** Whoever still asks after the end gets no new host: the run is over. */
const stoppedError = (command: string): ToolError =>
  new ToolError('interrupted', {
    what: `"${command.replaceAll(':', ' ')}" was not run.`,
    why: 'The command was stopped before.',
    fix: 'Run the command again.',
  });

function timeoutError(command: string, timeout: number): ToolError {
  const what = `The org did not answer "${command.replaceAll(':', ' ')}" within ${timeout / 1000} seconds.`;
  const why = 'The connection is slow or lost, or the org is busy.';
  const fix = 'Look at status.salesforce.com and your network, then run the command again.';
  return unreachableError({ what, why, fix }, { name: NO_RESPONSE, message: what, cause: '' });
}
