import { relative, sep } from 'node:path';
import { createInterface } from 'node:readline/promises';
import { setTimeout as pause } from 'node:timers/promises';
import { ToolError } from '../errors';
import { annotationsText } from '../report/annotations';
import type { Finding, TextLayout } from '../report';
import type { CommonFlags, Context } from './context';
import { findStarter, STARTER } from './npm-process';
import { sanitize, sanitizeJson, isGitHubActions } from './sanitize';

/** The width without a terminal, such as in the log of a pipeline. The COLUMNS variable overrides it. */
const DEFAULT_COLUMNS = 120;

/** The context of a command in this process and on this terminal. */
export function terminalContext<Flags extends object>(flags: CommonFlags & Flags): Context<Flags> {
  const output = flags.json ? process.stderr : process.stdout;
  const interactive = process.stdin.isTTY === true && process.stderr.isTTY === true && !isEnabled('CI');
  return {
    flags,
    layout: layoutFor(output),
    now: new Date(),
    interactive,
    ...(interactive && { ask: (question) => askText(question, process.stdin, process.stderr) }),
    print: (text) => writeText(output, text),
    printSecret: (text) => void process.stdout.write(`${text}\n`),
    log: (line) => writeText(process.stderr, line),
    ...(canShowProgress() && {
      startProgress: async (what) => (await import('./live-progress')).startLiveProgress(process.stderr, what),
    }),
    ...(isGitHubActions() && { annotate: (findings) => annotate(findings, flags.project, output) }),
    printJson: (text) => void (flags.json && process.stdout.write(`${sanitizeJson(text)}\n`)),
    untilStopped,
    confirm: (question) => askYesNo(question, process.stdin, process.stderr),
  };
}

/** The layout of an output. Only a terminal has colors, unless NO_COLOR or CI is set. */
export function layoutFor(output: NodeJS.WriteStream): TextLayout {
  const color = output.isTTY === true && !isEnabled('NO_COLOR') && !isEnabled('CI');
  const columns = Number(process.env['COLUMNS']) || DEFAULT_COLUMNS;
  // A terminal of a container can have 0 columns.
  return { columns: (output.isTTY && output.columns) || columns, color };
}

/** Whether stderr is a terminal that can redraw lines. */
const canShowProgress = (): boolean =>
  process.stderr.isTTY === true && !isEnabled('CI') && process.env['TERM'] !== 'dumb';

/** Writes text without control characters and workflow commands. */
export const writeText = (output: NodeJS.WriteStream, text: string): void =>
  void output.write(`${sanitize(text, layoutFor(output).color)}\n`);

/** Prints annotations. The runner reads them from both outputs, with paths relative to the repository. */
function annotate(findings: readonly Finding[], project: string, output: NodeJS.WriteStream): void {
  const root = relative(process.env['GITHUB_WORKSPACE'] ?? process.cwd(), project)
    .split(sep)
    .join('/');
  const text = annotationsText(findings, root);
  if (text !== '') output.write(`${text}\n`);
}

const isEnabled = (name: string): boolean => (process.env[name] ?? '') !== '' && process.env[name] !== 'false';

const STOP_SIGNALS = ['SIGINT', 'SIGTERM', 'SIGHUP'] as const;

/** How long further stop signals are ignored, in milliseconds. At Ctrl+C, the terminal and npm both send one. */
const SAME_STOP_MS = 1_000;

/** How often a command checks whether npm still runs, in milliseconds. */
const NPM_CHECK_MS = 500;

/**
 * Resolves at the first stop signal, or when npm ended: npm forwards SIGINT and SIGTERM to its shell only, and ends at SIGHUP
 * without forwarding it (@npmcli/run-script, lib/signal-manager.js). A later signal ends the process.
 */
const watchForStop = (): Promise<void> =>
  new Promise((resolve) => {
    const stop = (): void => {
      clearInterval(npmCheck);
      resolve();
      setTimeout(() => STOP_SIGNALS.forEach((signal) => process.off(signal, stop)), SAME_STOP_MS).unref();
    };
    const npmCheck = setInterval(() => findStarter() !== STARTER && stop(), NPM_CHECK_MS).unref();
    STOP_SIGNALS.forEach((signal) => process.on(signal, stop));
  });

let stopped: Promise<void> | undefined;

/** One promise for all parts of a command, so that all of them stop at the same moment. */
const untilStopped = (): Promise<void> => (stopped ??= watchForStop());

/** Asks for a text. Throws `interrupted` at Ctrl+C and Ctrl+D. */
export async function askText(
  question: string,
  input: NodeJS.ReadableStream,
  output: NodeJS.WritableStream,
): Promise<string> {
  const reader = createInterface({ input, output });
  const closed = new Promise<undefined>((resolve) => reader.once('close', () => resolve(undefined)));
  const text = await Promise.race([reader.question(`${question} `), closed]).catch(() => undefined);
  reader.close();
  if (text !== undefined) return text.trim();
  throw new ToolError('interrupted', {
    what: 'The command was stopped. Nothing was written.',
    why: 'A question was not answered.',
    fix: 'Run the command again. All answers can be flags.',
  });
}

/** How long input that was typed before a prompt takes to arrive, in milliseconds. */
const TYPED_AHEAD_MS = 50;

/** Asks a question after it discarded the input that was typed before. Ctrl+C and Ctrl+D are a no. */
export async function askYesNo(
  question: string,
  input: NodeJS.ReadStream,
  output: NodeJS.WritableStream,
): Promise<boolean> {
  if (await discardTypedAhead(input)) return false;
  const reader = createInterface({ input, output });
  const closed = new Promise<string>((resolve) => reader.once('close', () => resolve('')));
  // Ctrl+C rejects the question, and the end of the input only closes the reader.
  const answer = await Promise.race([reader.question(`${question} [y/N] `), closed]).catch(() => '');
  reader.close();
  return /^y(es)?$/i.test(answer.trim());
}

/**
 * Reads and drops the input that is waiting. In raw mode the terminal also passes on a line without its end. Answers
 * whether Ctrl+C was in it, which is no signal in raw mode.
 */
async function discardTypedAhead(input: NodeJS.ReadStream): Promise<boolean> {
  let isInterrupted = false;
  const drop = (chunk: Buffer): void => void (isInterrupted ||= chunk.includes(0x03));
  input.setRawMode(true);
  input.on('data', drop);
  await pause(TYPED_AHEAD_MS);
  input.off('data', drop);
  input.pause();
  input.setRawMode(false);
  return isInterrupted;
}
