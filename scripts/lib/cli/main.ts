import { CommanderError, type Command } from 'commander';
import { asToolError, EXIT, ToolError, type ExitCode } from '../errors';
import { documentText } from '../report/document';
import { faultText } from '../report/outcomes';
import { closeBoard } from './follow';
import type { CommonFlags, Context } from './context';
import { commonFlags, programOf } from './flags';
import { verifyReportFiles } from './report-files';
import { writeReports } from './reports';
import { harmlessJson } from './harmless';
import { pageOf, tell, terminalContext } from './terminal';

/** A command: the verb the user types, and what it does. */
export interface Verb<Flags extends object = object> {
  readonly name: string;
  readonly summary: string;
  /** Adds flags of its own. */
  readonly flags?: (program: Command) => Command;
  readonly run: (context: Context<Flags>) => Promise<ExitCode>;
}

/** Runs a command when its file is what Node was started with; imported by another command, it waits to be called. */
export function main<Flags extends object>(verb: Verb<Flags>, module: NodeJS.Module): void {
  if (require.main !== module) return;
  // A reader such as head may close the pipe before everything is written; what was begun goes on.
  [process.stdout, process.stderr].forEach((stream) => stream.on('error', () => undefined));
  void execute(verb, process.argv.slice(2)).then((code) => {
    process.exitCode = code;
  });
}

async function execute<Flags extends object>(verb: Verb<Flags>, argv: readonly string[]): Promise<ExitCode> {
  let context: Context<Flags> | undefined;
  try {
    const flags = parse(verb, argv);
    if (!flags) return EXIT.done;
    verifyReportFiles(flags);
    context = terminalContext<Flags>(flags);
    return await verb.run(context);
  } catch (thrown) {
    return fail(verb.name, asToolError(thrown), argv, context);
  }
}

/** The flags, or undefined when the help was asked for. */
function parse<Flags extends object>(
  { name, summary, flags }: Verb<Flags>,
  argv: readonly string[],
): (CommonFlags & Flags) | undefined {
  const plain = programOf(name, summary).configureOutput({ writeErr: () => undefined });
  try {
    const program = (flags?.(plain) ?? plain).parse(argv, { from: 'user' });
    verifyReached(name, program, argv);
    return { ...program.opts<Flags>(), ...commonFlags(program.opts<CommonFlags>()) };
  } catch (thrown) {
    if (thrown instanceof CommanderError && thrown.exitCode === 0) return undefined;
    throw thrown instanceof CommanderError ? badFlag(name, thrown) : thrown;
  }
}

/**
 * Refuses flags that npm kept for itself: without `--` in front of them they never arrive, and a deploy that was meant for
 * one org would go to all of them. npm leaves them in the environment.
 */
function verifyReached(name: string, program: Command, argv: readonly string[]): void {
  const lost = program.options.find(
    ({ long }) =>
      long &&
      process.env[`npm_config_${long.slice(2).replaceAll('-', '_')}`] !== undefined &&
      !argv.some((argument) => argument === long || argument.startsWith(`${long}=`)),
  );
  if (lost) throw badFlag(name, { message: `npm kept ${lost.long ?? ''} for itself; flags go behind --` });
}

const badFlag = (name: string, { message }: { readonly message: string }): ToolError =>
  new ToolError(
    'bad-flag',
    {
      what: 'The command line is not understood.',
      why: message.replace(/^error: /, ''),
      fix: `Write: npm run ${name} -- --flag value. What there is: npm run ${name} -- --help.`,
    },
    { exit: EXIT.invalid },
  );

/** Shows an error: what, why and the fix; the stack trace only when asked for. Reports tell of it too, once they can be written. */
async function fail(command: string, error: ToolError, argv: readonly string[], context?: Context): Promise<ExitCode> {
  const { code, what, why, fix, exit } = error;
  await closeBoard();
  tell(process.stderr, faultText(pageOf(process.stderr), { code, what, why, fix }));
  if (argv.includes('--debug')) tell(process.stderr, (error.cause instanceof Error ? error.cause : error).stack ?? '');
  const document = { command, exitCode: exit, findings: [], error: { code, what, why, fix } };
  const ended = context && (await writeReports(context, document));
  if (!context && argv.includes('--json')) process.stdout.write(`${harmlessJson(documentText(document))}\n`);
  // What was under way when the user stopped the command has nothing more to say.
  if (code === 'interrupted') process.stdout.write('', () => process.exit(exit));
  return ended ?? exit;
}
