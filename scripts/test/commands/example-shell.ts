/** Runs the examples of --help as a shell does, but in this process: a process for each command would take minutes. */
import assert from 'node:assert/strict';
import { readFileSync, writeFileSync } from 'node:fs';
import { Readable } from 'node:stream';
import { mock } from 'node:test';
import { loadCommand } from '../../command-list';
import type { CommonFlags, Context } from '../../lib/cli';
import { runCommand } from '../../lib/cli/main';
import * as terminal from '../../lib/cli/terminal';
import * as cliWorkers from '../../lib/rollout/cli-workers';
import { splitArgs } from '../../lib/token/split-args';
import type { CliWorkerPool } from '../../lib/sf';
import { capturedContext, type CapturedOutput } from '../lib/captured-context';

/** What a user types at the questions of a command. Enter accepts the suggested answer. */
const ANSWERS: readonly (readonly [question: RegExp, answer: string])[] = [
  [/^Issuer/, 'https://id.example.com'],
  [/^Public key/, '1'],
];

/** Flags that make an example independent of other programs on this machine, or faster. */
const OVERRIDES = { port: 0, seconds: 1 };

/** The commands that request tokens. A local org has no limit of them. */
const TOKEN_COMMANDS = ['verify', 'monitor', 'calibrate', 'post-refresh'];

export interface ExampleResult {
  readonly exit: number;
  /** What the command printed for people. */
  readonly text: string;
  readonly documents: readonly string[];
}

/** A shell with its own environment. Its user confirms every question, and stops a server when it is ready. */
export class ExampleShell {
  private readonly environment: NodeJS.ProcessEnv;
  private readonly saved = { cwd: process.cwd(), environment: { ...process.env } };
  private output: CapturedOutput = emptyOutput();
  private standardOutput: string[] = [];
  private command = '';

  constructor(workers: CliWorkerPool, environment: NodeJS.ProcessEnv) {
    this.environment = environment;
    Object.assign(process.env, environment);
    mock.method(terminal, 'terminalContext', (flags: CommonFlags) => this.contextOf(flags));
    mock.method(cliWorkers, 'withCliWorkers', (_: Context, use: (workers: CliWorkerPool) => unknown) => use(workers));
  }

  /** Runs a command line of npm in a folder. Resolves when the command ended, or was stopped after it was ready. */
  async run(folder: string, line: string): Promise<ExampleResult> {
    const [, command = '', redirect, file = ''] = /^(.*?)(?: ([<>]) (\S+))?$/.exec(line) ?? [];
    const expanded = command.replace(/\$(\w+)/g, (_, name: string) => process.env[name] ?? '');
    const [name = '', ...args] = splitArgs(expanded.replace(/^npm (?:run )?(?:-s )?/, '').replace(' -- ', ' ')) ?? [];
    this.output = emptyOutput();
    this.standardOutput = [];
    this.command = name;
    process.chdir(folder);
    const mocks = [captureText(process.stdout, this.standardOutput), captureText(process.stderr, this.output.progress)];
    const stdin = Object.getOwnPropertyDescriptor(process, 'stdin') ?? {};
    if (redirect === '<')
      Object.defineProperty(process, 'stdin', { ...stdin, get: () => Readable.from([readFileSync(file)]) });
    try {
      const exit = await runCommand(await loadCommand(name), args);
      const { documents, shown, progress } = this.output;
      if (redirect === '>') writeFileSync(file, this.standardOutput.join('\n'));
      return { exit, documents, text: [...progress, ...shown].join('\n') };
    } finally {
      mocks.forEach((each) => each.mock.restore());
      Object.defineProperty(process, 'stdin', stdin);
      process.chdir(this.saved.cwd);
    }
  }

  private contextOf(flags: CommonFlags): Context {
    let [stop, fail]: ((reason?: unknown) => void)[] = [];
    const stopped = new Promise<void>((resolve, reject) => ([stop, fail] = [() => resolve(), reject]));
    const context = capturedContext({ ...flags, ...overridesOf(this.command, flags) }, this.output, { answer: true });
    return {
      ...context,
      layout: { columns: 80, color: false },
      print: (text) => {
        this.output.shown.push(text);
        if (!flags.json) this.standardOutput.push(text);
        if (text.includes('Ctrl+C')) void assertServing(this.output.shown.join('\n')).then(stop, fail);
      },
      printJson: (text) => {
        this.output.documents.push(text);
        if (flags.json) this.standardOutput.push(text);
      },
      printSecret: (text) => void this.standardOutput.push(text),
      ask: (question) => Promise.resolve(ANSWERS.find(([pattern]) => pattern.test(question))?.[1] ?? ''),
      untilStopped: () => stopped,
    };
  }

  end(): void {
    mock.restoreAll();
    for (const name of Object.keys(this.environment)) delete process.env[name];
    Object.assign(process.env, this.saved.environment);
  }
}

const emptyOutput = (): CapturedOutput => ({ shown: [], documents: [], progress: [], questions: [] });

const overridesOf = (command: string, flags: object): object => ({
  ...(TOKEN_COMMANDS.includes(command) && { tokenBudget: '1000/1m' }),
  ...Object.fromEntries(Object.entries(OVERRIDES).filter(([name]) => name in flags)),
});

/** Collects the texts that are written to a stream. The test runner writes bytes, which pass. */
function captureText(stream: NodeJS.WriteStream, printed: string[]): ReturnType<typeof mock.method> {
  const write = stream.write.bind(stream);
  return mock.method(stream, 'write', (chunk: string | Uint8Array) =>
    typeof chunk === 'string' ? printed.push(chunk) > 0 : write(chunk),
  );
}

/** Fails unless every server that a command announced responds. */
async function assertServing(text: string): Promise<void> {
  const urls = new Set(text.match(/http:\/\/127\.0\.0\.1:\d+/g));
  assert.ok(urls.size > 0, text);
  for (const url of urls) await (await fetch(url)).arrayBuffer();
}
