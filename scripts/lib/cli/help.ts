import type { Command, Help, Option } from 'commander';
import { EXIT, type ExitCode } from '../errors';
import { exampleText } from '../model';

/** One line that says what an example does, and the command. */
export type Example = readonly [explanation: string, command: string];

/** The parts of `--help` that don't follow from the flags. */
export interface HelpText {
  /** One imperative sentence with a period. */
  readonly summary: string;
  readonly examples: readonly Example[];
  /** The exit codes that the command can return. */
  readonly exitCodes: readonly ExitCode[];
  /** The flags of the parent command that a subcommand also uses. */
  readonly parentFlags?: readonly string[];
}

/** The flags of every command, which help lists after those of the command. */
const GLOBAL_FLAGS: readonly (string | undefined)[] = ['--project', '--json', '--debug', '--help'];

const EXIT_CODE_MEANINGS: Readonly<Record<ExitCode, string>> = {
  [EXIT.done]: 'Success, or nothing to do.',
  [EXIT.failed]: 'At least one org or check failed.',
  [EXIT.changes]: 'Changes, drift, or open steps exist. Nothing was changed.',
  [EXIT.invalid]: 'Config, source, flags, or input are invalid. No org was contacted.',
  [EXIT.unreachable]: "An org is unreachable, or its login or org ID doesn't match its org file.",
};

/** Gives a command its help, in the layout of the Salesforce CLI. */
export const addHelp = (command: Command, text: HelpText): Command =>
  command
    .summary(text.summary)
    .helpCommand(false)
    .helpOption('-h, --help', 'Show this help.')
    .configureHelp({
      showGlobalOptions: true,
      optionDescription,
      formatHelp: (described, helper) => formatHelp(described, helper, text),
    });

/** The width of the help without a terminal. */
const DEFAULT_WIDTH = 80;

function formatHelp(
  command: Command,
  helper: Help,
  { summary, examples, exitCodes, parentFlags = [] }: HelpText,
): string {
  const inherited = helper.visibleGlobalOptions(command);
  const options = [
    ...inherited.filter(({ long }) => long !== undefined && parentFlags.includes(long)),
    ...helper.visibleOptions(command),
  ];
  const globalFlags = [
    ...inherited.filter(({ long }) => GLOBAL_FLAGS.includes(long)),
    ...options.filter(({ long }) => GLOBAL_FLAGS.includes(long)),
  ];
  const items: Readonly<Record<string, Rows>> = {
    COMMANDS: helper.visibleCommands(command).map((each) => [commandTerm(each), each.summary()]),
    ...flagSections(
      helper,
      options.filter(({ long }) => !GLOBAL_FLAGS.includes(long)),
    ),
    'GLOBAL FLAGS': globalFlags.map((each) => [helper.optionTerm(each), helper.optionDescription(each)]),
    'EXIT CODES': exitCodes.map((code) => [String(code), EXIT_CODE_MEANINGS[code]]),
  };
  const sections = Object.entries(items)
    .filter(([, rows]) => rows.length > 0)
    .map(([title, rows]) => [title, ...rows.map((row) => formatItem(helper, rows, row))].join('\n'));
  const exampleLines = examples.flatMap(([explanation, example]) => [
    `  ${explanation}`,
    `    $ ${exampleText(example)}`,
  ]);
  sections.splice(-1, 0, ['EXAMPLES', ...exampleLines].join('\n'));
  const wrapped = helper.boxWrap(summary, helper.helpWidth ?? DEFAULT_WIDTH);
  return `${[wrapped, `USAGE\n  $ ${usageOf(command)}`, ...sections].join('\n\n')}\n`;
}

type Rows = readonly (readonly [term: string, description: string])[];

/** The flags of the command, and then each group of flags that it shares with other commands. */
function flagSections(helper: Help, flags: readonly Option[]): Readonly<Record<string, Rows>> {
  const headings = ['FLAGS', ...new Set(flags.flatMap(({ helpGroupHeading }) => helpGroupHeading ?? []))];
  return Object.fromEntries(
    headings.map((heading) => [
      heading,
      flags
        .filter(({ helpGroupHeading = 'FLAGS' }) => helpGroupHeading === heading)
        .map((each) => [helper.optionTerm(each), helper.optionDescription(each)] as const),
    ]),
  );
}

function formatItem(helper: Help, rows: Rows, [term, description]: readonly [string, string]): string {
  return helper.formatItem(term, Math.max(...rows.map(([each]) => each.length)), description, helper);
}

const commandTerm = (command: Command): string => `${command.name()}${argumentsOf(command)}`;

function argumentsOf({ commands, registeredArguments }: Command): string {
  if (commands.length > 0) return ' <subcommand>';
  return registeredArguments.map((each) => (each.required ? ` <${each.name()}>` : ` [${each.name()}]`)).join('');
}

const usageOf = (command: Command): string =>
  `${command.parent ? `${command.parent.name()} ` : ''}${commandTerm(command)} [flags]`;

/** The description of a flag with its values and its default. */
function optionDescription({ description, argChoices, defaultValue, defaultValueDescription }: Option): string {
  const hasDefault = typeof defaultValue === 'string' || typeof defaultValue === 'number';
  return [
    description,
    ...(argChoices ? [`Values: ${argChoices.join(', ')}.`] : []),
    ...(hasDefault ? [`Default: ${defaultValueDescription ?? defaultValue}.`] : []),
  ].join(' ');
}
