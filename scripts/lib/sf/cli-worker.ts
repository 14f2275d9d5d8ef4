import { fork, type ChildProcess } from 'node:child_process';
import { join } from 'node:path';
import { ToolError } from '../errors';
import { WORKER_EXITED } from './retry-policies';
import type { WorkerResponse } from './protocol';

/** Where and as whom a host runs. */
export interface CliWorkerSettings {
  /** Working directory of the CLI: a folder with an sfdx-project.json of its own. */
  readonly cwd: string;
  /** The login store to use; left out, the user's own. */
  readonly home?: string;
}

/** Settings that make the CLI quick and quiet, and keep it from starting anything of its own. */
const CLI_VARIABLES = {
  SF_AUTOUPDATE_DISABLE: 'true',
  SF_DISABLE_AUTOUPDATE: 'true',
  SF_DISABLE_TELEMETRY: 'true',
  SF_DISABLE_LOG_FILE: 'true',
  SF_SKIP_NEW_VERSION_CHECK: 'true',
  SF_SKIP_SCRATCH_ORG_CHECK: 'true',
};

/** Settings of the caller's shell that would change what a command does or to which org, and the pipeline's private key. */
const EXCLUDED_VARIABLES = [
  'SFDX_INSTANCE_URL',
  'SFDX_API_VERSION',
  'SF_TARGET_ORG',
  'SFDX_DEFAULTUSERNAME',
  'SF_JSON_TO_STDERR',
  'SF_ORG_INSTANCE_URL',
  'SF_ORG_API_VERSION',
  'NODE_OPTIONS',
  'SF_JWT_KEY',
];

const COMPILE_CACHE = join(__dirname, '../../../node_modules/.cache/sf-host');

/** The environment that every run of the CLI gets, in a host or as a process of its own. */
export function cliEnvironment(home?: string): NodeJS.ProcessEnv {
  const kept = Object.fromEntries(Object.entries(process.env).filter(([name]) => !EXCLUDED_VARIABLES.includes(name)));
  // A login store of its own keeps its key in a file, not in the user's keychain.
  const homeVariables =
    home === undefined ? {} : { HOME: home, USERPROFILE: home, SF_USE_GENERIC_UNIX_KEYCHAIN: 'true' };
  return { ...kept, ...CLI_VARIABLES, NODE_COMPILE_CACHE: COMPILE_CACHE, ...homeVariables };
}

/** How long a host may take to end, in milliseconds. */
const STOP_TIMEOUT_MS = 2_000;

type ResponseHandler = (answer: WorkerResponse) => void;

/** One host and what is under way in it. */
export class CliWorker {
  private readonly child: ChildProcess;
  private readonly pending = new Map<number, ResponseHandler>();
  private lastId = 0;
  private lastMemory = 0;
  /** What Node says of a process that breaks down. */
  private stderrTail = '';
  private hasEnded = false;

  constructor(settings: CliWorkerSettings) {
    this.child = fork(join(__dirname, 'worker.mts'), [], {
      cwd: settings.cwd,
      env: cliEnvironment(settings.home),
      execArgv: ['--no-warnings'],
      // Ctrl+C is for the parent to handle; a host ends when its channel closes.
      detached: true,
      windowsHide: true,
      stdio: ['ignore', 'ignore', 'pipe', 'ipc'],
    });
    this.child.on('message', (answer: WorkerResponse) => this.settle(answer));
    this.child.stderr?.on(
      'data',
      (chunk: Buffer) => (this.stderrTail = (this.stderrTail + chunk.toString()).slice(-2_000)),
    );
    // Its last words may still be on their way.
    this.child.on('exit', () => setImmediate(() => this.markEnded()));
    this.child.on('error', () => this.markEnded());
  }

  /** Commands under way. */
  get load(): number {
    return this.pending.size;
  }

  /** Megabytes that it held at its last answer. */
  get memory(): number {
    return this.lastMemory;
  }

  get ended(): boolean {
    return this.hasEnded;
  }

  run(command: string, argv: readonly string[]): Promise<WorkerResponse> {
    if (this.hasEnded) return Promise.reject(crashedError(command, this.stderrTail));
    const id = ++this.lastId;
    return new Promise((resolve, reject) => {
      this.pending.set(id, (answer) =>
        answer.error?.name === WORKER_EXITED ? reject(crashedError(command, this.stderrTail)) : resolve(answer),
      );
      this.child.send({ id, command, argv }, (failed) => failed && this.markEnded());
    });
  }

  /** Ends the host; resolves when it is gone. One that does not go by itself is killed. */
  stop(): Promise<void> {
    if (this.child.exitCode !== null || this.child.signalCode !== null) return Promise.resolve();
    const exited = new Promise<void>((resolve) => this.child.once('exit', () => resolve()));
    const timer = setTimeout(() => this.child.kill('SIGKILL'), STOP_TIMEOUT_MS);
    if (this.child.connected) this.child.disconnect();
    return exited.finally(() => clearTimeout(timer));
  }

  private settle(answer: WorkerResponse): void {
    const waiting = this.pending.get(answer.id);
    this.pending.delete(answer.id);
    this.lastMemory = answer.memory ?? this.lastMemory;
    waiting?.(answer);
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
      what: `The Salesforce CLI ended during "${command.replaceAll(':', ' ')}".`,
      why: /^\w*Error.*$/m.exec(stderrTail)?.[0] ?? 'Its process was stopped before it answered.',
      fix: 'Run the command again; what reached the org is read back from there.',
    },
    { cause: { name: WORKER_EXITED, message: stderrTail, cause: '' } },
  );
