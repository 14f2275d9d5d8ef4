import { resolve } from 'node:path';
import { Command, InvalidArgumentError, Option } from 'commander';
import { invalidFlagError, type ToolError } from '../errors';
import { commandPrefix } from '../model';
import type { CommonFlags } from './context';
import { addHelp, type HelpText } from './help';

/** A commander program without flags. */
export const createProgram = (name: string, help: HelpText): Command =>
  addHelp(new Command(commandPrefix(name)).allowExcessArguments(false).exitOverride(), help);

/** Adds the flags that every command has. */
export const addGlobalFlags = (program: Command): Command =>
  program
    .addOption(
      new Option('--project <folder>', 'Folder of the Salesforce DX project.').default('.', 'the current folder'),
    )
    .option('--json', 'Print the result as JSON to stdout and everything else to stderr.', false)
    .option('--debug', 'Print stack traces for unexpected errors.', false);

/**
 * Rejects a missing subcommand, and an unknown one with the message of `unknown`, whatever follows it: its flags and further words
 * are those of the subcommand that was meant. Call it after the subcommands were added, so that they stay strict.
 */
export function rejectOtherSubcommands(
  program: Command,
  unknown: (subcommand: string, names: readonly string[]) => string,
): Command {
  const names = program.commands.map((command) => command.name());
  const reject = (word: string | undefined): void =>
    program.error(
      word === undefined || word.startsWith('-')
        ? `The subcommand is missing${word === undefined ? '' : ` before ${word.replace(/=.*/s, '')}`}. Subcommands: ${names.join(', ')}.`
        : unknown(word, names),
    );
  return program.argument('[subcommand]').allowExcessArguments().allowUnknownOption().action(reject);
}

/** Adds flags that --help lists under a heading of their own, after the flags of the command. */
export function addFlagGroup(program: Command, heading: string, add: (program: Command) => Command): Command {
  const earlier = program.options.length;
  add(program)
    .options.slice(earlier)
    .forEach((option) => option.helpGroup(heading));
  return program;
}

/** Adds --org and its alias --target-org. */
export const addOrgFlag = (program: Command, description: string): Command =>
  program
    .option('-o, --org <alias>', `${description} Alias of the flag: --target-org.`, repeatable)
    .addOption(new Option('--target-org <alias>').argParser(repeatable).hideHelp());

/** Adds the flags that select orgs, for a command that reads every org by default. */
export const addOrgFlags = (program: Command): Command =>
  addSelection(
    program,
    'Alias of an org file in config/orgs. Can be repeated. Default: all orgs.',
    'Select all orgs, which is the default.',
  );

/** Adds the flags of a command that writes to orgs. It has no default selection. */
export const addWriteFlags = (program: Command): Command =>
  addConfirmFlags(
    addSelection(
      program,
      'Alias of an org file in config/orgs. Can be repeated.',
      'Select all orgs, including production.',
    ),
  );

const addSelection = (program: Command, org: string, all: string): Command =>
  addFlagGroup(program, 'ORG FLAGS', () =>
    addOrgFlag(program, org)
      .option('--wave <number>', 'Wave of the orgs to select.', positiveInteger)
      .addOption(new Option('--all', all).default(false).conflicts(['org', 'targetOrg', 'wave'])),
  );

/** Adds the flags that answer or replace the confirmation of a write. */
export const addConfirmFlags = (program: Command): Command =>
  program
    .option('--dry-run', 'Show the plan and write nothing.', false)
    .option('--yes', 'Answer the confirmation prompt with yes.', false);

/** Adds the flags for report files. A command that ends with `writeReports` has them. */
export const addReportFlags = (program: Command): Command =>
  addFlagGroup(program, 'REPORT FLAGS', () =>
    program
      .option('--junit <file>', 'File for the result as JUnit XML.')
      .option('--markdown <file>', 'File for the result as Markdown, for a comment on a pull request.')
      .option('--html <file>', 'File for the result as one HTML page with the trust map and all settings.'),
  );

/** Adds --full to a command that prints what several orgs share once. */
export const addFullFlag = (program: Command): Command =>
  program.option('--full', 'Print everything for each org. By default, what orgs share is printed once.', false);

/** By command and flag: the flag without which it has no effect. */
const NEEDED_FLAGS = new WeakMap<Command, ReadonlyMap<Option, Option>>();

/** Declares flags that have no effect without the flag `needed`. `assertNeededFlags` rejects them without it. */
export function needsFlag(command: Command, needed: string, ...flags: readonly string[]): Command {
  const pairs = flags.map((flag) => [optionOf(command, flag), optionOf(command, needed)] as const);
  NEEDED_FLAGS.set(command, new Map([...(NEEDED_FLAGS.get(command) ?? []), ...pairs]));
  return command;
}

/** Declares flags that have no effect with another flag. The parser rejects the two together. */
export function excludesFlags(command: Command, flag: string, ...flags: readonly string[]): Command {
  optionOf(command, flag).conflicts(flags.map((each) => optionOf(command, each).attributeName()));
  return command;
}

function optionOf(command: Command, flag: string): Option {
  const option = command.options.find(({ long }) => long === flag);
  if (!option) throw new Error(`${command.name()} has no flag ${flag}.`);
  return option;
}

/** Throws `invalid-flag` if the user gave a flag without the one that it needs. Call it after the flags were parsed. */
export function assertNeededFlags(program: Command): void {
  for (const command of [program, ...program.commands])
    for (const [option, needed] of NEEDED_FLAGS.get(command) ?? [])
      if (isGiven(command, option) && !isGiven(command, needed)) throw uselessFlagError(option, needed);
}

const isGiven = (command: Command, option: Option): boolean =>
  command.getOptionValueSource(option.attributeName()) === 'cli';

const uselessFlagError = ({ long: flag }: Option, { long: needed }: Option): ToolError =>
  invalidFlagError(
    `${flag ?? ''} has no effect without ${needed ?? ''}. No org was contacted.`,
    `It only changes how ${needed ?? ''} works.`,
    `Add ${needed ?? ''}, or omit ${flag ?? ''}.`,
  );

/** The flags that name the file of a report. */
export const REPORT_FORMATS = ['junit', 'markdown', 'html'] as const;

type ParsedFlags = Partial<CommonFlags> &
  Pick<CommonFlags, 'project' | 'json'> & { readonly targetOrg?: readonly string[] };

/** The flags as commands get them: --org is always a list, and the project and the report files are absolute paths. */
export const resolveCommonFlags = ({ targetOrg = [], ...values }: ParsedFlags): CommonFlags => ({
  ...values,
  org: [...(values.org ?? []), ...targetOrg],
  project: resolve(values.project),
  ...Object.fromEntries(
    REPORT_FORMATS.flatMap((name) => (values[name] === undefined ? [] : [[name, resolve(values[name])]])),
  ),
});

/** The parser of a flag that can be repeated. */
export const repeatable = (value: string, previous: readonly string[] = []): readonly string[] => [...previous, value];

/** The parser of a flag that takes a whole number from 1 to 999999. */
export function positiveInteger(value: string): number {
  if (/^[1-9]\d{0,5}$/.test(value)) return Number(value);
  throw new InvalidArgumentError('It must be a whole number from 1.');
}

/**
 * Adds a subcommand, e.g. `keys list`. Its flags are copied to the program, where a command reads them, together with the
 * name of the subcommand and the result of `extraFlags`.
 */
export function addSubcommand(
  program: Command,
  usage: string,
  help: HelpText,
  extraFlags: (command: Command) => object = () => ({}),
): Command {
  return addHelp(program.command(usage), help).action((...args: unknown[]) => {
    const command = args.at(-1) as Command;
    const flags = { verb: command.name(), ...extraFlags(command), ...command.opts() };
    Object.entries(flags).forEach(([flag, value]) => program.setOptionValue(flag, value));
  });
}
