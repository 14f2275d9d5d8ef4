import { relative, sep } from 'node:path';
import { createInterface } from 'node:readline/promises';
import { setTimeout as pause } from 'node:timers/promises';
import { annotationsText } from '../report/annotations';
import type { Finding, TextLayout } from '../report';
import type { CommonFlags, Context } from './context';
import { sanitize, sanitizeJson, isGitHubActions } from './sanitize';

/** The width of a page that is no terminal, such as the log of a pipeline, unless COLUMNS says otherwise. */
const DEFAULT_COLUMNS = 120;

/** The context of a command that runs in this process, on this terminal. */
export function terminalContext<Flags extends object>(flags: CommonFlags & Flags): Context<Flags> {
  const output = flags.json ? process.stderr : process.stdout;
  return {
    flags,
    layout: layoutFor(output),
    now: new Date(),
    interactive: process.stdin.isTTY === true && process.stderr.isTTY === true && !isEnabled('CI'),
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

/** A page as wide as the terminal; colours only there, and not where NO_COLOR or CI asks for none. */
export function layoutFor(output: NodeJS.WriteStream): TextLayout {
  const color = output.isTTY === true && !isEnabled('NO_COLOR') && !isEnabled('CI');
  const columns = Number(process.env['COLUMNS']) || DEFAULT_COLUMNS;
  return { columns: output.isTTY ? output.columns : columns, color };
}

/** Whether somebody sees lines come and go on standard error. */
const canShowProgress = (): boolean =>
  process.stderr.isTTY === true && !isEnabled('CI') && process.env['TERM'] !== 'dumb';

/** Writes text, of which nothing steers what reads it. */
export const writeText = (output: NodeJS.WriteStream, text: string): void =>
  void output.write(`${sanitize(text, layoutFor(output).color)}\n`);

/** The runner reads commands from both outputs. Files are named from the root of the repository. */
function annotate(findings: readonly Finding[], project: string, output: NodeJS.WriteStream): void {
  const root = relative(process.env['GITHUB_WORKSPACE'] ?? process.cwd(), project)
    .split(sep)
    .join('/');
  const text = annotationsText(findings, root);
  if (text !== '') output.write(`${text}\n`);
}

const isEnabled = (name: string): boolean => (process.env[name] ?? '') !== '' && process.env[name] !== 'false';

const STOP_SIGNALS = ['SIGINT', 'SIGTERM', 'SIGHUP'] as const;

/**
 * Listens until the first signal has been seen by everybody who listens: a library that hides the cursor ends the process at
 * once when it finds itself alone with a signal. A second signal is nobody's and ends it.
 */
const untilStopped = (): Promise<void> =>
  new Promise((resolve) => {
    const onSignal = (): void => {
      resolve();
      setImmediate(() => STOP_SIGNALS.forEach((signal) => process.off(signal, onSignal)));
    };
    STOP_SIGNALS.forEach((signal) => process.on(signal, onSignal));
  });

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
