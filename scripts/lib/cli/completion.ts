import type { Command, Option } from 'commander';
import { addGlobalFlags, createProgram } from './flags';
import type { CommandDef } from './main';

/** The words that can follow a command or a subcommand. */
export interface CompletionContext {
  /** Such as `keys list`. Empty for the program itself. */
  readonly path: string;
  readonly commands: readonly CompletionWord[];
  readonly flags: readonly CompletionFlag[];
}

export interface CompletionWord {
  readonly name: string;
  readonly description: string;
}

export interface CompletionFlag {
  /** Without dashes. */
  readonly long: string;
  readonly short?: string;
  readonly description: string;
  /** The kind of value. Undefined for a flag without a value. */
  readonly value?: 'org' | 'folder' | 'file' | 'text' | readonly string[];
}

/** The contexts of all commands. Flags that help hides aren't completed. */
export function completionContexts(definitions: readonly CommandDef[]): readonly CompletionContext[] {
  const programs = definitions.map((definition) => {
    const program = createProgram(definition.name, definition);
    return [definition.name, addGlobalFlags(definition.flags?.(program) ?? program)] as const;
  });
  const commands = definitions.map(({ name, summary }) => ({ name, description: summary }));
  const help = { name: 'help', description: 'Show the help of a command.' };
  return [
    { path: '', commands: [...commands, help], flags: [] },
    { path: 'help', commands, flags: [] },
    ...programs.flatMap(([name, program]) => contextsOf(name, program, [])),
  ];
}

function contextsOf(path: string, command: Command, inherited: readonly Option[]): readonly CompletionContext[] {
  const options = [...command.options, ...inherited].filter(({ hidden, long }) => !hidden && long);
  return [
    { path, commands: subcommandsOf(command), flags: [...options.map(flagOf), HELP_FLAG] },
    ...command.commands.flatMap((each) => contextsOf(`${path} ${each.name()}`, each, options)),
  ];
}

const HELP_FLAG: CompletionFlag = { long: 'help', short: 'h', description: 'Show this help.' };

/** The subcommands, or the values of the first argument. */
const subcommandsOf = ({ commands, registeredArguments }: Command): readonly CompletionWord[] =>
  commands.length > 0
    ? commands.map((each) => ({ name: each.name(), description: each.summary() }))
    : (registeredArguments[0]?.argChoices ?? []).map((name) => ({ name, description: '' }));

function flagOf(option: Option): CompletionFlag {
  const { long, short, description } = option;
  const value = valueOf(option);
  return {
    long: long?.slice(2) ?? '',
    description,
    ...(short !== undefined && { short: short.slice(1) }),
    ...(value !== undefined && { value }),
  };
}

/** A value that can be omitted isn't completed, because a flag can follow instead. */
function valueOf({ flags, argChoices, required, long }: Option): CompletionFlag['value'] {
  if (!required) return undefined;
  if (argChoices) return argChoices;
  if (long === '--org') return 'org';
  if (/<(?:folder|path)>/.test(flags)) return 'folder';
  return /<file(?:-or-url)?>/.test(flags) ? 'file' : 'text';
}
