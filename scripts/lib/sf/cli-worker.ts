import { fork, type ChildProcess } from 'node:child_process';
import { join } from 'node:path';
import { ToolError } from '../errors';
import { WORKER_EXITED } from './retry-policies';
import type { PinnedLogin, WorkerResponse } from './protocol';

/** Working directory and login store of a worker. */
export interface CliWorkerSettings {
  /** Working directory of the CLI: a folder with its own sfdx-project.json. */
  readonly cwd: string;
  /** Home folder of the login store. Default: the user's own. */
  readonly home?: string;
}

/**
 * Settings that keep the CLI from starting other work, and those that change an answer: the record limit of queries (50,000 is the
 * default of `sf data query`) and the API that deploys. A worker reads no `sf config` file (`patch-cli.mts`). Without NODE_ENV, the
 * CLI loads the development version of its display library.
 */
const CLI_VARIABLES = {
  SF_AUTOUPDATE_DISABLE: 'true',
  SF_DISABLE_AUTOUPDATE: 'true',
  SF_DISABLE_TELEMETRY: 'true',
  SF_DISABLE_LOG_FILE: 'true',
  SF_SKIP_NEW_VERSION_CHECK: 'true',
  SF_SKIP_SCRATCH_ORG_CHECK: 'true',
  SF_ORG_MAX_QUERY_LIMIT: '50000',
  SF_ORG_METADATA_REST_DEPLOY: 'false',
  NODE_ENV: 'production',
};

/**
 * Variables of the CLI and its libraries. Some change an answer or the org of a command, such as SF_ORG_INSTANCE_URL, and some are
 * secrets of the pipeline. environment.test.ts lists those that the CLI defines.
 */
const CLI_VARIABLE =
  /^((SF|SFDX|FORCE|OCLIF|JSFORCE|CODE_BUILDER)(_|$)|(NODE_OPTIONS|NODE_ENV|HTTP_TIMEOUT|LOCATION_BASE_URL)$)/i;

/**
 * Variables of the CLI that reach it: where it finds the key of the login store, and the audience of JWT logins, which can only make
 * a login fail.
 */
const KEPT_VARIABLES = [
  'SF_USE_GENERIC_UNIX_KEYCHAIN',
  'SFDX_USE_GENERIC_UNIX_KEYCHAIN',
  'SF_AUDIENCE_URL',
  'SFDX_AUDIENCE_URL',
];

/** Names are compared in upper case: Windows ignores case in the names of variables. */
const reachesCli = (name: string): boolean => !CLI_VARIABLE.test(name) || KEPT_VARIABLES.includes(name.toUpperCase());

const COMPILE_CACHE = join(__dirname, '../../../node_modules/.cache/cli-worker');

/** The environment of every run of the CLI, in a worker or as a separate process. */
export function cliEnvironment(home?: string): NodeJS.ProcessEnv {
  const kept = Object.fromEntries(Object.entries(process.env).filter(([name]) => reachesCli(name)));
  // The key of a separate login store is in a file, not in the user's keychain.
  const homeVariables =
    home === undefined ? {} : { HOME: home, USERPROFILE: home, SF_USE_GENERIC_UNIX_KEYCHAIN: 'true' };
  return { ...kept, ...CLI_VARIABLES, ...proxyVariables(kept), NODE_COMPILE_CACHE: COMPILE_CACHE, ...homeVariables };
}

const PROXY_VARIABLES = ['HTTPS_PROXY', 'HTTP_PROXY', 'https_proxy', 'http_proxy'];

/**
 * The variables with which Node's client in the CLI uses the same proxy as jsforce. A request to this machine, where local orgs
 * listen, is never sent to a proxy. Empty without a proxy.
 */
function proxyVariables(environment: NodeJS.ProcessEnv): NodeJS.ProcessEnv {
  if (!PROXY_VARIABLES.some((name) => environment[name])) return {};
  const excluded = [environment['no_proxy'] ?? environment['NO_PROXY'], 'localhost', '127.0.0.1', '::1'];
  const list = excluded.filter(Boolean).join(',');
  return { NODE_USE_ENV_PROXY: '1', NO_PROXY: list, no_proxy: list };
}

/** Node.js strips no types under node_modules, where this project is when another one installs it. */
const STRIP_TYPES = /[\\/]node_modules[\\/]/.test(__dirname)
  ? ['--require', join(__dirname, '../../../.config/strip-types.cjs')]
  : [];

/** How long a worker can take to stop before it's killed, in milliseconds. */
const STOP_TIMEOUT_MS = 2_000;

type ResponseHandler = (response: WorkerResponse) => void;

/** One CLI process and the commands that run in it. */
export class CliWorker {
  private readonly child: ChildProcess;
  private readonly pending = new Map<number, ResponseHandler>();
  private lastId = 0;
  private lastMemory = 0;
  /** The end of the process's stderr, where Node reports why it crashed. */
  private stderrTail = '';
  private hasEnded = false;

  constructor(settings: CliWorkerSettings) {
    this.child = fork(join(__dirname, 'worker.mts'), [], {
      cwd: settings.cwd,
      env: cliEnvironment(settings.home),
      execArgv: ['--no-warnings', ...STRIP_TYPES],
      // Only the parent handles Ctrl+C. A worker stops when its channel closes.
      detached: true,
      windowsHide: true,
      stdio: ['ignore', 'ignore', 'pipe', 'ipc'],
    });
    this.child.on('message', (response: WorkerResponse) => this.settle(response));
    this.child.stderr?.on(
      'data',
      (chunk: Buffer) => (this.stderrTail = (this.stderrTail + chunk.toString()).slice(-2_000)),
    );
    // The rest of stderr can arrive after the exit event.
    this.child.on('exit', () => setImmediate(() => this.markEnded()));
    this.child.on('error', () => this.markEnded());
  }

  /** The number of running commands. */
  get load(): number {
    return this.pending.size;
  }

  /** Memory in megabytes at the last response. */
  get memory(): number {
    return this.lastMemory;
  }

  get ended(): boolean {
    return this.hasEnded;
  }

  /** Runs a command, which may send requests only to the org of `login`. */
  run(command: string, argv: readonly string[], login?: PinnedLogin): Promise<WorkerResponse> {
    if (this.hasEnded) return Promise.reject(crashedError(command, this.stderrTail));
    const id = ++this.lastId;
    return new Promise((resolve, reject) => {
      this.pending.set(id, (response) =>
        response.error?.name === WORKER_EXITED ? reject(crashedError(command, this.stderrTail)) : resolve(response),
      );
      this.child.send({ id, command, argv, login }, (failed) => failed && this.markEnded());
    });
  }

  /** Stops the worker and resolves when its process has exited. A process that doesn't exit is killed. */
  stop(): Promise<void> {
    if (this.child.exitCode !== null || this.child.signalCode !== null) return Promise.resolve();
    const exited = new Promise<void>((resolve) => this.child.once('exit', () => resolve()));
    const timer = setTimeout(() => this.child.kill('SIGKILL'), STOP_TIMEOUT_MS);
    // A worker without a command may still be loading the CLI.
    if (this.lastId === 0) this.child.kill('SIGKILL');
    else if (this.child.connected) this.child.disconnect();
    return exited.finally(() => clearTimeout(timer));
  }

  private settle(response: WorkerResponse): void {
    const handler = this.pending.get(response.id);
    this.pending.delete(response.id);
    this.lastMemory = response.memory ?? this.lastMemory;
    handler?.(response);
  }

  private markEnded(): void {
    this.hasEnded = true;
    const error = { name: WORKER_EXITED, message: '', cause: '', data: null };
    [...this.pending.keys()].forEach((id) => this.settle({ id, error }));
  }
}

const crashedError = (command: string, stderrTail: string): ToolError =>
  new ToolError(
    'cli-crashed',
    {
      what: `The Salesforce CLI process exited during "${command.replaceAll(':', ' ')}".`,
      why: /^\w*Error.*$/m.exec(stderrTail)?.[0] ?? 'It was stopped before it returned a response.',
      fix: 'Run the command again. It reads the current state of the org first.',
    },
    { cause: { name: WORKER_EXITED, message: stderrTail, cause: '' } },
  );
