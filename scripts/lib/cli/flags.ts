import { resolve } from 'node:path';
import { Command, InvalidArgumentError } from 'commander';
import type { CommonFlags } from './context';

const EXIT_CODES = `
Exit codes:
  0  done, or nothing to do
  1  at least one org or check failed
  2  plan, status: there are changes; nothing was written
  3  config, source or flags are wrong; no org was contacted
  4  an org could not be reached, or its login or identity is not what config says`;

/** A commander program with the flags that every command has. */
export function createProgram(name: string, summary: string): Command {
  return new Command(`npm run ${name} --`)
    .description(summary)
    .option('--org <alias>', 'an org of config/orgs; repeat it for several (without it: all)', repeatable)
    .option('--wave <number>', 'only the orgs of one wave', positiveInteger)
    .option('--project <folder>', 'the Salesforce DX project', '.')
    .option('--json', 'print one JSON document on standard output, all else on standard error', false)
    .option('--debug', 'show the stack trace of an error nobody foresaw', false)
    .addHelpText('after', EXIT_CODES)
    .allowExcessArguments(false)
    .exitOverride();
}

/** Adds the flags for reports beside the terminal: what ends with `writeReports` has them. */
export const addReportFlags = (program: Command): Command =>
  program
    .option('--junit <file>', 'write the outcome as JUnit XML, for the test view of a pipeline')
    .option('--markdown <file>', 'write it as Markdown, for a comment on a pull request')
    .option('--html <file>', 'write it as one page with the trust map and all settings, to look at, send or print');

/** The flags that name the file of a report. */
export const REPORT_FORMATS = ['junit', 'markdown', 'html'] as const;

/** The flags as commands get them: lists are never left out, the project and the files of reports are absolute paths. */
export const resolveCommonFlags = (
  values: Partial<CommonFlags> & Pick<CommonFlags, 'project' | 'json'>,
): CommonFlags => ({
  ...values,
  org: values.org ?? [],
  project: resolve(values.project),
  ...Object.fromEntries(
    REPORT_FORMATS.flatMap((name) => (values[name] === undefined ? [] : [[name, resolve(values[name])]])),
  ),
});

/** For flags that repeat. */
export const repeatable = (value: string, previous: readonly string[] = []): readonly string[] => [...previous, value];

/** For flags that take a whole number from 1. */
export function positiveInteger(value: string): number {
  if (/^[1-9]\d{0,5}$/.test(value)) return Number(value);
  throw new InvalidArgumentError('It must be a whole number from 1.');
}

/**
 * A verb of a command, e.g. `keys list`. What it was told is handed to the program, which is where a command reads its
 * flags, together with the name of the verb and what `more` makes of its arguments.
 */
export function addSubcommand(
  program: Command,
  usage: string,
  summary: string,
  extraFlags: (command: Command) => object = () => ({}),
): Command {
  return program
    .command(usage)
    .description(summary)
    .action((...args: unknown[]) => {
      const command = args.at(-1) as Command;
      const flags = { verb: command.name(), ...extraFlags(command), ...command.opts() };
      Object.entries(flags).forEach(([flag, value]) => program.setOptionValue(flag, value));
    });
}
