import { CommanderError, type Command } from 'commander';
import { toErrorDetails, asToolError, EXIT, invalidFlagError, type ExitCode, type ToolError } from '../errors';
import { withPath } from '../files/write-atomic';
import { commandText, recommendFolders, rememberCommand, type ErrorDetails } from '../model';
import { serializeDocument } from '../report/result-document';
import { formatError } from '../report/errors';
import { closeProgress } from './track-progress';
import type { CommonFlags, Context } from './context';
import { addGlobalFlags, assertNeededFlags, createProgram, resolveCommonFlags } from './flags';
import type { HelpText } from './help';
import { findConsumedFlag, type ConsumedFlag } from './npm-flags';
import { assertReportFilesWritable } from './report-files';
import { writeReports } from './reports';
import { printableArguments } from './printable-command';
import { hasSecret, redactSecrets, sanitizeJson } from './sanitize';
import { layoutFor, writeText, terminalContext } from './terminal';

/** A command: its name in package.json, its help, its flags, and its function. */
export interface CommandDef<Flags extends object = object> extends HelpText {
  readonly name: string;
  /** Adds the flags and subcommands of the command. */
  readonly flags?: (program: Command) => Command;
  readonly run: (context: Context<Flags>) => Promise<ExitCode>;
}

/** Runs a command if Node was started with its file. If another file imports it, nothing runs. */
export function main<Flags extends object>(commandDef: CommandDef<Flags>, module: NodeJS.Module): void {
  if (require.main === module) endWith(() => runCommand(commandDef, process.argv.slice(2)));
}

/** Makes this process end with the exit code of a command. */
export function endWith(run: () => Promise<ExitCode>): void {
  [process.stdout, process.stderr].forEach((stream) => stream.on('error', () => undefined));
  process.stdout.once('error', reportLostOutput);
  void run().then((code) => {
    process.exitCode ??= code;
  });
}

/**
 * Fails the command if its output is lost, such as on a full disk: a pipeline would read half a document and an exit code for success.
 * A reader such as head may close the pipe, and a user the terminal; the command still finishes its work.
 */
function reportLostOutput(thrown: NodeJS.ErrnoException): void {
  if (thrown.code === 'EPIPE' || process.stdout.isTTY) return;
  process.exitCode = EXIT.failed;
  const details = toErrorDetails(withPath(thrown, 'The standard output'));
  writeText(process.stderr, formatError(layoutFor(process.stderr), details));
}

/** Runs a command with its arguments. Errors are printed; the result is the exit code. */
export async function runCommand<Flags extends object>(
  commandDef: CommandDef<Flags>,
  argv: readonly string[],
): Promise<ExitCode> {
  let context: Context<Flags> | undefined;
  try {
    const flags = parseFlags(commandDef, argv);
    if (!flags) return EXIT.done;
    assertReportFilesWritable(flags);
    context = terminalContext<Flags>(flags);
    return await commandDef.run(context);
  } catch (thrown) {
    return reportError(commandDef.name, asToolError(thrown), argv, context);
  }
}

/** The default of --runs. */
const DEFAULT_RUNS = '.runs';

/** Parses the flags. Returns undefined after it printed the help. Throws `invalid-flag`. */
export function parseFlags<Flags extends object>(
  { name, flags: addFlags, ...help }: CommandDef<Flags>,
  argv: readonly string[],
): (CommonFlags & Flags) | undefined {
  const emptyProgram = createProgram(name, help).configureOutput({ writeErr: () => undefined });
  const program = addGlobalFlags(addFlags?.(emptyProgram) ?? emptyProgram);
  const consumed = findConsumedFlag(program, argv, process.env);
  if (consumed !== undefined) throw consumedFlagError(name, consumed);
  assertNoEmptyArguments(name, argv);
  assertNoSecrets(name, argv);
  try {
    program.parse(argv, { from: 'user' });
  } catch (thrown) {
    if (thrown instanceof CommanderError && thrown.exitCode === 0) return undefined;
    throw thrown instanceof CommanderError ? parseError(name, program, argv, thrown) : thrown;
  }
  assertNeededFlags(program);
  const common = resolveCommonFlags(program.opts<CommonFlags>());
  const { runs } = program.opts<{ readonly runs?: string }>();
  rememberCommand(name, printableArguments(argv));
  recommendFolders({
    project: common.project === process.cwd() ? undefined : common.project,
    runs: runs === DEFAULT_RUNS ? undefined : runs,
  });
  return { ...program.opts<Flags>(), ...common };
}

/** A variable that isn't set leaves an empty argument, which would stand for the current folder or for no selection. */
function assertNoEmptyArguments(name: string, argv: readonly string[]): void {
  const index = argv.findIndex((argument) => argument === '' || /^--[\w-]+=$/.test(argument));
  if (index < 0) return;
  const argument = argv[index] || (argv[index - 1] ?? '');
  throw invalidFlagError(
    argument.startsWith('-')
      ? `The flag ${argument.replace('=', '')} has an empty value. No org was contacted.`
      : 'An argument is empty. No org was contacted.',
    "Usually, a variable in the command isn't set.",
    `To see the flags: ${commandText(name, '--help')}`,
  );
}

/**
 * An argument is visible in the shell history and in the list of processes, and some end in files of source. A token command is a
 * command line of the user, which can contain what it needs.
 */
function assertNoSecrets(name: string, argv: readonly string[]): void {
  const isCommandLine = (index: number): boolean =>
    argv[index - 1] === '--token-command' || argv[index]?.startsWith('--token-command=') === true;
  if (!argv.some((argument, index) => hasSecret(argument) && !isCommandLine(index))) return;
  throw invalidFlagError(
    'An argument contains a private key or a token. No org was contacted, and nothing was written.',
    'Secrets are read only from files, from stdin, and from the login of the sf CLI.',
    `To see the flags: ${commandText(name, '--help')}`,
  );
}

const consumedFlagError = (name: string, { flag, argv }: ConsumedFlag): ToolError =>
  invalidFlagError(
    `npm consumed ${flag}, so the command didn't receive it. No org was contacted.`,
    'npm reads flags that stand before -- as its own.',
    `Put -- before the flags: ${commandText(name, ...printableArguments(argv))}`,
  );

function parseError(name: string, program: Command, argv: readonly string[], { message }: CommanderError): ToolError {
  const subcommand = program.commands.find((each) => argv.includes(each.name()))?.name();
  const text = message.replace(/^error: /, '').replace(/\n/g, ' ');
  return invalidFlagError(
    'Invalid flag or argument. No org was contacted.',
    `${text.charAt(0).toUpperCase()}${text.slice(1)}${/[.)]$/.test(text) ? '' : '.'}`,
    `To see the flags: ${commandText(name, ...(subcommand === undefined ? [] : [subcommand]), '--help')}`,
  );
}

/** Removes secrets before text is wrapped, and tells the user about a secret that was passed as an argument. */
function withoutSecrets(details: ErrorDetails, exit: ExitCode, argv: readonly string[]): ErrorDetails {
  const [what, why, fix] = [details.what, details.why, details.fix].map(redactSecrets);
  const isExposed = exit === EXIT.invalid && argv.some(hasSecret);
  return { ...details, what: what ?? '', why: why ?? '', fix: `${fix ?? ''}${isExposed ? EXPOSED_SECRET_FIX : ''}` };
}

const EXPOSED_SECRET_FIX =
  ' An argument contained a secret, which is now in the shell history: revoke or replace the secret, and delete it from the history.';

/** Prints an error with its reason and fix, and with the stack trace for --debug. Writes it to the reports if they are known. */
export async function reportError(
  command: string,
  error: ToolError,
  argv: readonly string[],
  context?: Context,
): Promise<ExitCode> {
  const { code, exit } = error;
  const details = withoutSecrets(toErrorDetails(error), exit, argv);
  await closeProgress();
  writeText(process.stderr, formatError(layoutFor(process.stderr), details));
  if (argv.includes('--debug'))
    writeText(process.stderr, (error.cause instanceof Error ? error.cause : error).stack ?? '');
  const document = { command, exitCode: exit, ...error.stopped, findings: error.findings, error: details };
  const reportedExit = context && (await writeReports(context, document));
  if (!context && argv.includes('--json')) process.stdout.write(`${sanitizeJson(serializeDocument(document))}\n`);
  // Work that was in flight when the user stopped the command prints nothing more.
  if (code === 'interrupted') process.stdout.write('', () => process.exit(exit));
  return reportedExit ?? exit;
}
