import type { Command, Option } from 'commander';

/**
 * The first flag of a command line that npm consumed, with its placeholder, e.g. `--org <alias>`. Without `--` before
 * them, npm reads flags as its own config and doesn't pass them on; it leaves each in the environment as `npm_config_*`.
 * The environment also holds the config of .npmrc files, so a flag that reached the command isn't reported.
 *
 * @see https://docs.npmjs.com/cli/v11/using-npm/scripts#environment
 */
export function findConsumedFlag(
  program: Command,
  argv: readonly string[],
  environment: Readonly<Record<string, string | undefined>>,
): string | undefined {
  // npx reads its own flags, such as --yes, before the name of the command.
  if (environment['npm_lifecycle_event'] === 'npx') return undefined;
  const subcommand = program.commands.find((each) => argv.includes(each.name()));
  const consumed = [...program.options, ...(subcommand?.options ?? [])].find(
    (option) => isConsumed(option, environment) && !isGiven(option, argv),
  );
  return consumed && `${consumed.long ?? ''}${placeholderOf(consumed)}`;
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
