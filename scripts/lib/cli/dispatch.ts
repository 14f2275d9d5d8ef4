import { EXIT, asToolError, invalidFlagError, type ExitCode, type ToolError } from '../errors';
import { closestMatch } from '../metadata/closest-match';
import { commandPrefix, commandText } from '../model';
import { serializeDocument } from '../report/result-document';
import { wrap } from '../report/text-layout';
import { reportError, runCommand, type CommandDef } from './main';
import { layoutFor, writeText } from './terminal';

/** The commands that a program has, by topic, in the order of its help. */
export interface CommandList {
  readonly topics: Readonly<Record<string, readonly string[]>>;
  readonly load: (name: string) => Promise<CommandDef>;
  readonly version: string;
}

const HELP_FLAGS = ['--help', '-h'];

/**
 * Runs `<command> <arguments>` as `npm run <command>` does, with the same exit code. `help <command>` prints the help of a
 * command; `help`, `--help`, and no argument print the list of commands, with --json as a document.
 */
export async function dispatch(list: CommandList, argv: readonly string[]): Promise<ExitCode> {
  const [name = 'help', ...rest] = argv;
  try {
    if (name === '--version') return printVersion(list);
    const isHelp = name === 'help' || HELP_FLAGS.includes(name);
    if (!isHelp) return await runNamed(list, argv);
    const topic = rest.filter((word) => !['help', '--json', ...HELP_FLAGS].includes(word));
    if (topic.length > 0) return await runNamed(list, [...topic, '--help']);
    return rest.includes('--json') ? await printCommandsJson(list) : await printCommands(list);
  } catch (thrown) {
    return reportError('chat-verification', asToolError(thrown), argv);
  }
}

async function runNamed(list: CommandList, [name = '', ...rest]: readonly string[]): Promise<ExitCode> {
  const names = Object.values(list.topics).flat();
  if (!names.includes(name)) throw unknownCommandError(name, closestMatch(name, names));
  return runCommand(await list.load(name), rest);
}

function printVersion({ version }: CommandList): ExitCode {
  writeText(process.stdout, version);
  return EXIT.done;
}

async function printCommands({ topics, load }: CommandList): Promise<ExitCode> {
  const width = Math.max(...Object.values(topics).flatMap((names) => names.map((name) => name.length)));
  const layout = layoutFor(process.stdout);
  const itemText = async (name: string): Promise<string> =>
    wrap(layout, ' '.repeat(width + 4), (await load(name)).summary, `  ${name.padEnd(width)}  `);
  const sections = Object.entries(topics).map(async ([topic, names]) =>
    [topic.toUpperCase(), ...(await Promise.all(names.map(itemText)))].join('\n'),
  );
  const usage = `USAGE\n  $ ${commandPrefix('<command>')} [flags]`;
  const more = `To show the flags and examples of a command: ${commandText('help')} <command>`;
  writeText(process.stdout, [SUMMARY, usage, ...(await Promise.all(sections)), more].join('\n\n'));
  return EXIT.done;
}

async function printCommandsJson({ topics, load }: CommandList): Promise<ExitCode> {
  const inTopic = ([topic, names]: [string, readonly string[]]): readonly Promise<object>[] =>
    names.map(async (name) => ({ name, topic, summary: (await load(name)).summary }));
  const commands = await Promise.all(Object.entries(topics).flatMap(inTopic));
  process.stdout.write(`${serializeDocument({ command: 'help', exitCode: EXIT.done, findings: [], commands })}\n`);
  return EXIT.done;
}

const SUMMARY = 'Set up, deploy, and verify token-based user verification of Salesforce Enhanced Chat in many orgs.';

const unknownCommandError = (name: string, suggestion: string | undefined): ToolError =>
  name.startsWith('-')
    ? invalidFlagError(
        `No command stands before ${name}. No org was contacted.`,
        'Flags follow the name of their command.',
        `To see the commands: ${commandText('help')}`,
      )
    : invalidFlagError(
        `There is no command "${name}". No org was contacted.`,
        suggestion === undefined ? 'No command has a similar name.' : `Did you mean ${suggestion}?`,
        `To see the commands: ${commandText('help')}`,
      );
