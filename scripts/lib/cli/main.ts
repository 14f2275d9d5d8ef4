import { CommanderError, type Command } from 'commander';
import { toErrorDetails, asToolError, EXIT, ToolError, type ExitCode, invalidFlagError } from '../errors';
import type { ErrorDetails } from '../model';
import { serializeDocument } from '../report/result-document';
import { formatError } from '../report/errors';
import { closeProgress } from './track-progress';
import type { CommonFlags, Context } from './context';
import { resolveCommonFlags, createProgram } from './flags';
import { assertReportFilesWritable } from './report-files';
import { writeReports } from './reports';
import { redactSecrets, sanitizeJson } from './sanitize';
import { layoutFor, writeText, terminalContext } from './terminal';

/** A command: the verb the user types, and what it does. */
export interface CommandDef<Flags extends object = object> {
  readonly name: string;
  readonly summary: string;
  /** Adds flags of its own. */
  readonly flags?: (program: Command) => Command;
  readonly run: (context: Context<Flags>) => Promise<ExitCode>;
}

/** Runs a command when its file is what Node was started with; imported by another command, it waits to be called. */
export function main<Flags extends object>(commandDef: CommandDef<Flags>, module: NodeJS.Module): void {
  if (require.main !== module) return;
  // A reader such as head may close the pipe before everything is written; what was begun goes on.
  [process.stdout, process.stderr].forEach((stream) => stream.on('error', () => undefined));
  void execute(commandDef, process.argv.slice(2)).then((code) => {
    process.exitCode = code;
  });
}

async function execute<Flags extends object>(
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

/** The flags, or undefined when the help was asked for. */
function parseFlags<Flags extends object>(
  { name, summary, flags }: CommandDef<Flags>,
  argv: readonly string[],
): (CommonFlags & Flags) | undefined {
  const baseProgram = createProgram(name, summary).configureOutput({ writeErr: () => undefined });
  try {
    const program = (flags?.(baseProgram) ?? baseProgram).parse(argv, { from: 'user' });
    assertFlagsReached(name, program, argv);
    return { ...program.opts<Flags>(), ...resolveCommonFlags(program.opts<CommonFlags>()) };
  } catch (thrown) {
    if (thrown instanceof CommanderError && thrown.exitCode === 0) return undefined;
    throw thrown instanceof CommanderError ? usageError(name, thrown) : thrown;
  }
}

/**
 * Refuses flags that npm kept for itself: without `--` in front of them they never arrive, and a deploy that was meant for
 * one org would go to all of them. npm leaves them in the environment.
 */
function assertFlagsReached(name: string, program: Command, argv: readonly string[]): void {
  const swallowed = program.options.find(
    ({ long }) =>
      long &&
      process.env[`npm_config_${long.slice(2).replaceAll('-', '_')}`] !== undefined &&
      !argv.some((argument) => argument === long || argument.startsWith(`${long}=`)),
  );
  if (swallowed) throw usageError(name, { message: `npm kept ${swallowed.long ?? ''} for itself; flags go behind --` });
}

const usageError = (name: string, { message }: { readonly message: string }): ToolError =>
  invalidFlagError(
    'The command line is not understood.',
    message.replace(/^error: /, ''),
    `Write: npm run ${name} -- --flag value. What there is: npm run ${name} -- --help.`,
  );

/** Removes secrets before text is wrapped, and tells the user about a secret that was passed as an argument. */
function withoutSecrets(details: ErrorDetails, exit: ExitCode, argv: readonly string[]): ErrorDetails {
  const [what, why, fix] = [details.what, details.why, details.fix].map(redactSecrets);
  const isExposed = exit === EXIT.invalid && argv.some((argument) => redactSecrets(argument) !== argument);
  return { ...details, what: what ?? '', why: why ?? '', fix: `${fix ?? ''}${isExposed ? EXPOSED_SECRET_FIX : ''}` };
}

const EXPOSED_SECRET_FIX =
  ' An argument contained a secret, which is now in the shell history: revoke or replace the secret, and delete it from the history.';

/** Shows an error: what, why and the fix; the stack trace only when asked for. Reports tell of it too, once they can be written. */
async function reportError(
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
  const document = { command, exitCode: exit, findings: [], error: details };
  const reportedExit = context && (await writeReports(context, document));
  if (!context && argv.includes('--json')) process.stdout.write(`${sanitizeJson(serializeDocument(document))}\n`);
  // What was under way when the user stopped the command has nothing more to say.
  if (code === 'interrupted') process.stdout.write('', () => process.exit(exit));
  return reportedExit ?? exit;
}
