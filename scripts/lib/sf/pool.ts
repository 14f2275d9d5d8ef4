import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { homedir, tmpdir } from 'node:os';
import { join } from 'node:path';
import { EXIT, ToolError, type Explanation } from '../errors';
import { NO_ANSWER } from './faults';
import { Gate } from './gate';
import { HostProcess, type HostSettings } from './host-process';
import type { Answer } from './protocol';

export interface PoolOptions {
  /** How many hosts at most; two cores are kept busy by two. */
  readonly size?: number;
  /** The login store to use; left out, the user's own. */
  readonly home?: string;
  /** The longest that any answer is waited for, in milliseconds; left out, as long as each command is given. */
  readonly patience?: number;
  /** Megabytes above which a host is replaced. */
  readonly memory?: number;
}

/**
 * The CLI grows with every command, so a host is replaced above this, in megabytes. It starts with 200 and has 330 after five
 * hundred commands; to load it anew costs two seconds of a processor, which is as much as ten orgs do.
 */
const MEMORY = 500;

const unreachable = (explanation: Explanation, cause: unknown): ToolError =>
  new ToolError('org-unreachable', explanation, { exit: EXIT.unreachable, cause });

/**
 * How a command shares the hosts. A `quick` one keeps a processor busy, so only a few run at once. A `waiting` one mostly
 * waits for Salesforce, so it starts at once. Two deploys clash over the CLI's deploy cache, whose lock backs off a whole
 * second, and two logins over the login store: those run `alone`, over all hosts.
 */
export type Lane = 'quick' | 'waiting' | 'alone';

const QUICK_PER_HOST = 6;

/** A few warm CLI processes, each with several commands under way at once. */
export class HostPool {
  /** A throw-away Salesforce DX project: nothing of the user's project or its settings leaks into a command. */
  private readonly workspace: string;
  /** The home of the login store. */
  readonly home: string;
  private readonly settings: HostSettings;
  private readonly size: number;
  private readonly patience: number;
  private readonly memory: number;
  private hosts: HostProcess[];
  private readonly gates: Readonly<Record<Exclude<Lane, 'waiting'>, Gate>>;
  private folders = 0;
  private stopped = false;

  /** Starts loading the CLI in every host at once, before the caller knows what it will ask. */
  constructor({ size = 2, home, patience = Number.POSITIVE_INFINITY, memory = MEMORY }: PoolOptions = {}) {
    this.size = size;
    this.home = home ?? homedir();
    this.patience = patience;
    this.memory = memory;
    this.gates = { quick: new Gate(QUICK_PER_HOST * size), alone: new Gate(1) };
    this.workspace = mkdtempSync(join(tmpdir(), 'user-verification-'));
    writeFileSync(join(this.workspace, 'sfdx-project.json'), '{"packageDirectories":[{"path":".","default":true}]}');
    this.settings = { cwd: this.workspace, ...(home !== undefined && { home }) };
    this.hosts = Array.from({ length: size }, () => new HostProcess(this.settings));
  }

  /** A fresh folder, gone when the pool stops. */
  folder(): string {
    const path = join(this.workspace, String(++this.folders));
    mkdirSync(path);
    return path;
  }

  /** Runs one command in the host with the least to do; gives up on the answer after `timeout` milliseconds. */
  run(lane: Lane, command: string, argv: readonly string[], timeout: number): Promise<Answer> {
    const limit = Math.min(timeout, this.patience);
    const task = (): Promise<Answer> =>
      this.stopped ? Promise.reject(ended(command)) : within(this.host().run(command, argv), command, limit);
    return lane === 'waiting' ? task() : this.gates[lane].pass(task);
  }

  /** Ends every host and removes their files. */
  async stop(): Promise<void> {
    this.stopped = true;
    await Promise.all(this.hosts.map((host) => host.stop()));
    rmSync(this.workspace, { recursive: true, force: true, maxRetries: 5 });
  }

  private host(): HostProcess {
    this.hosts = this.hosts.filter((host) => !host.ended && !this.retire(host));
    const fit = this.hosts.filter((host) => !this.isWorn(host)).sort((one, other) => one.load - other.load);
    if (fit[0] && fit.length >= this.size) return fit[0];
    const fresh = new HostProcess(this.settings);
    this.hosts.push(fresh);
    return fresh;
  }

  private isWorn(host: HostProcess): boolean {
    return host.memory > this.memory;
  }

  /** A worn host gets nothing new to do, and ends once it is idle. */
  private retire(host: HostProcess): boolean {
    const worn = this.isWorn(host) && host.load === 0;
    if (worn) void host.stop();
    return worn;
  }
}

function within<T>(answer: Promise<T>, command: string, timeout: number): Promise<T> {
  return new Promise((resolve, reject) => {
    const timer = setTimeout(() => reject(silent(command, timeout)), timeout);
    answer.then(resolve, reject).finally(() => clearTimeout(timer));
  });
}

/** Whoever still asks after the end gets no new host: the run is over. */
const ended = (command: string): ToolError =>
  new ToolError('interrupted', {
    what: `"${command.replaceAll(':', ' ')}" was not run.`,
    why: 'The command was stopped before.',
    fix: 'Run the command again.',
  });

function silent(command: string, timeout: number): ToolError {
  const what = `The org did not answer "${command.replaceAll(':', ' ')}" within ${timeout / 1000} seconds.`;
  const why = 'The connection is slow or lost, or the org is busy.';
  const fix = 'Look at status.salesforce.com and your network, then run the command again.';
  return unreachable({ what, why, fix }, { name: NO_ANSWER, message: what, cause: '' });
}
