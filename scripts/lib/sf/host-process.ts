import { fork, type ChildProcess } from 'node:child_process';
import { join } from 'node:path';
import { ToolError } from '../errors';
import { HOST_ENDED } from './faults';
import type { Answer } from './protocol';

/** Where and as whom a host runs. */
export interface HostSettings {
  /** Working directory of the CLI: a folder with an sfdx-project.json of its own. */
  readonly cwd: string;
  /** The login store to use; left out, the user's own. */
  readonly home?: string;
}

/** Settings that make the CLI quick and quiet, and keep it from starting anything of its own. */
const CLI_SETTINGS = {
  SF_AUTOUPDATE_DISABLE: 'true',
  SF_DISABLE_AUTOUPDATE: 'true',
  SF_DISABLE_TELEMETRY: 'true',
  SF_DISABLE_LOG_FILE: 'true',
  SF_SKIP_NEW_VERSION_CHECK: 'true',
  SF_SKIP_SCRATCH_ORG_CHECK: 'true',
};

/** Settings of the caller's shell that would change what a command does or to which org, and the pipeline's private key. */
const DROPPED = [
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
  const kept = Object.fromEntries(Object.entries(process.env).filter(([name]) => !DROPPED.includes(name)));
  // A login store of its own keeps its key in a file, not in the user's keychain.
  const own = home === undefined ? {} : { HOME: home, USERPROFILE: home, SF_USE_GENERIC_UNIX_KEYCHAIN: 'true' };
  return { ...kept, ...CLI_SETTINGS, NODE_COMPILE_CACHE: COMPILE_CACHE, ...own };
}

/** How long a host may take to end, in milliseconds. */
const LONGEST_END = 2_000;

type Waiting = (answer: Answer) => void;

/** One host and what is under way in it. */
export class HostProcess {
  private readonly child: ChildProcess;
  private readonly waiting = new Map<number, Waiting>();
  private last = 0;
  private grown = 0;
  /** What Node says of a process that breaks down. */
  private lastWords = '';
  private over = false;

  constructor(settings: HostSettings) {
    this.child = fork(join(__dirname, 'host.mts'), [], {
      cwd: settings.cwd,
      env: cliEnvironment(settings.home),
      execArgv: ['--no-warnings'],
      // Ctrl+C is for the parent to handle; a host ends when its channel closes.
      detached: true,
      windowsHide: true,
      stdio: ['ignore', 'ignore', 'pipe', 'ipc'],
    });
    this.child.on('message', (answer: Answer) => this.settle(answer));
    this.child.stderr?.on(
      'data',
      (chunk: Buffer) => (this.lastWords = (this.lastWords + chunk.toString()).slice(-2_000)),
    );
    // Its last words may still be on their way.
    this.child.on('exit', () => setImmediate(() => this.end()));
    this.child.on('error', () => this.end());
  }

  /** Commands under way. */
  get load(): number {
    return this.waiting.size;
  }

  /** Megabytes that it held at its last answer. */
  get memory(): number {
    return this.grown;
  }

  get ended(): boolean {
    return this.over;
  }

  run(command: string, argv: readonly string[]): Promise<Answer> {
    if (this.over) return Promise.reject(crashed(command, this.lastWords));
    const id = ++this.last;
    return new Promise((resolve, reject) => {
      this.waiting.set(id, (answer) =>
        answer.error?.name === HOST_ENDED ? reject(crashed(command, this.lastWords)) : resolve(answer),
      );
      this.child.send({ id, command, argv }, (failed) => failed && this.end());
    });
  }

  /** Ends the host; resolves when it is gone. One that does not go by itself is killed. */
  stop(): Promise<void> {
    if (this.child.exitCode !== null || this.child.signalCode !== null) return Promise.resolve();
    const gone = new Promise<void>((resolve) => this.child.once('exit', () => resolve()));
    const timer = setTimeout(() => this.child.kill('SIGKILL'), LONGEST_END);
    if (this.child.connected) this.child.disconnect();
    return gone.finally(() => clearTimeout(timer));
  }

  private settle(answer: Answer): void {
    const waiting = this.waiting.get(answer.id);
    this.waiting.delete(answer.id);
    this.grown = answer.memory ?? this.grown;
    waiting?.(answer);
  }

  private end(): void {
    this.over = true;
    const error = { name: HOST_ENDED, message: '', cause: '', data: null };
    [...this.waiting.keys()].forEach((id) => this.settle({ id, error }));
  }
}

const crashed = (command: string, lastWords: string): ToolError =>
  new ToolError(
    'cli-crashed',
    {
      what: `The Salesforce CLI ended during "${command.replaceAll(':', ' ')}".`,
      why: /^\w*Error.*$/m.exec(lastWords)?.[0] ?? 'Its process was stopped before it answered.',
      fix: 'Run the command again; what reached the org is read back from there.',
    },
    { cause: { name: HOST_ENDED, message: lastWords, cause: '' } },
  );
