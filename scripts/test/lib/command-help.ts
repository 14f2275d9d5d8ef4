import type { Command } from 'commander';
import { COMMANDS, loadCommand } from '../../command-list';
import { addGlobalFlags, createProgram } from '../../lib/cli/flags';

/** The help of a command or subcommand, by section. */
export interface CommandHelp {
  readonly name: string;
  readonly sections: ReadonlyMap<string, readonly string[]>;
  readonly summary: string;
}

const NAMES = [...Object.values(COMMANDS).flat(), 'generate', 'screenshots', 'bench'];

/** The help of every command and subcommand, 200 columns wide. */
export async function allHelp(): Promise<readonly CommandHelp[]> {
  const programs = NAMES.map(async (name) => [name, await programOf(name)] as const);
  return (await Promise.all(programs)).flatMap(([name, program]) => helpOf(name, program));
}

async function programOf(name: string): Promise<Command> {
  const definition = await loadCommand(name);
  const program = createProgram(name, definition).configureOutput({ getOutHelpWidth: () => 200 });
  return addGlobalFlags(definition.flags?.(program) ?? program);
}

function helpOf(name: string, command: Command): readonly CommandHelp[] {
  const [summary = '', ...sections] = command.helpInformation().trimEnd().split('\n\n');
  const entries = sections.map((section) => section.split('\n')).map(([title = '', ...rows]) => [title, rows] as const);
  return [
    { name, summary, sections: new Map(entries) },
    ...command.commands.flatMap((each) => helpOf(`${name} ${each.name()}`, each)),
  ];
}

/** The command lines in the examples of a command. */
export const examplesIn = ({ sections }: CommandHelp): readonly string[] =>
  (sections.get('EXAMPLES') ?? []).flatMap((line) => /^ {4}\$ (.*)$/.exec(line)?.[1] ?? []);
