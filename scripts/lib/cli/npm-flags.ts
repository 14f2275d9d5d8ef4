import type { Command, Option } from 'commander';

/** A flag that npm consumed. */
export interface ConsumedFlag {
  /** With its placeholder, e.g. `--org <alias>`. */
  readonly flag: string;
  /** The command line as it was meant. A value that isn't known is in capitals. */
  readonly argv: readonly string[];
}

/**
 * The first flag of a command line that npm consumed. Without `--` before
 * them, npm reads flags as its own config and doesn't pass them on; it leaves each in the environment as `npm_config_*`.
 * The environment also holds the config of .npmrc files, so a flag that reached the command isn't reported.
 *
 * @see https://docs.npmjs.com/cli/v11/using-npm/scripts#environment
 */
export function findConsumedFlag(
  program: Command,
  argv: readonly string[],
  environment: Readonly<Record<string, string | undefined>>,
): ConsumedFlag | undefined {
  // npx reads its own flags, such as --yes, before the name of the command.
  if (environment['npm_lifecycle_event'] === 'npx') return undefined;
  const subcommand = program.commands.find((each) => argv.includes(each.name()));
  const consumed = [...program.options, ...(subcommand?.options ?? [])].find(
    (option) => isConsumed(option, environment) && !isGiven(option, argv),
  );
  return (
    consumed && {
      flag: `${consumed.long ?? ''}${placeholderOf(consumed)}`,
      argv: intendedArguments(consumed, argv, environment),
    }
  );
}

/** npm leaves the value of `--org=uat` in the environment. The value of a short flag, `-o uat`, reaches the command without it. */
function intendedArguments(
  { long, flags, required }: Option,
  argv: readonly string[],
  environment: NodeJS.ProcessEnv,
): readonly string[] {
  const flag = long ?? '';
  const value = environment[`npm_config_${flag.slice(2).replaceAll('-', '_')}`] ?? '';
  if (!required) return [...argv, flag];
  if (value !== '' && value !== 'true') return [...argv, flag, value];
  const placeholder = (/<(.*)>/.exec(flags)?.[1] ?? 'value').toUpperCase();
  return [...argv.slice(0, -1), flag, argv.at(-1) ?? placeholder];
}

function isConsumed({ long, short, negate, required, optional }: Option, environment: NodeJS.ProcessEnv): boolean {
  const names = [long?.replace(negate ? /^--no-/ : /^--/, ''), short?.replace(/^-/, '')];
  const values = names.flatMap((name) => environment[`npm_config_${name?.replaceAll('-', '_') ?? ''}`] ?? []);
  // npm writes false as an empty text.
  return values.some((value) => (negate ? value === '' : required || optional || value !== ''));
}

const isGiven = ({ long, short }: Option, argv: readonly string[]): boolean =>
  argv.some(
    (argument) =>
      argument === long ||
      argument === short ||
      argument.startsWith(`${long ?? ''}=`) ||
      (short !== undefined && /^-[a-z]\S/.test(argument) && argument.startsWith(short)),
  );

const placeholderOf = ({ flags }: Option): string => / [<[].*/.exec(flags)?.[0] ?? '';
