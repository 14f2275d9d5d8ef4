import { hasSecret } from './sanitize';

/** Flags whose value is a command line, which can contain a credential. */
const COMMAND_FLAGS = ['--token-command', '--private-key-to', '--private-key-command'];

/** Stands for a command line that isn't printed. */
export const UNPRINTED_COMMAND = 'COMMAND';

/** The arguments of the user as a text may repeat them: without command lines that may contain a credential. */
export const printableArguments = (argv: readonly string[]): readonly string[] =>
  argv.map((argument, index) => {
    const [flag = '', ...rest] = argument.split('=');
    if (rest.length > 0 && COMMAND_FLAGS.includes(flag)) return `${flag}=${printableCommand(rest.join('='))}`;
    return COMMAND_FLAGS.includes(argv[index - 1] ?? '') ? printableCommand(argument) : argument;
  });

/** A command line as a text or a journal may repeat it: as it is, or as COMMAND. */
export const printableCommand = (line: string): string => (isPrintableCommand(line) ? line : UNPRINTED_COMMAND);

const NAME = String.raw`[\w@.-]+`;
/** A path that starts like one, or the name of a script or a key file. Base64 can contain slashes, so these alone make no path. */
const PATH = String.raw`(?:(?:\.{1,2}|~|[A-Za-z]:|/${NAME})(?:[/\\]${NAME})+|(?:${NAME}[/\\])*[\w-]+\.(?:sh|bash|m?js|cjs|ts|py|rb|pl|php|ps1|cmd|bat|exe|jar|pem|key))`;
const VARIABLE = String.raw`(?:\$\w+|\$\{\w+\}|%\w+%)`;
const VALUE = `(?:${PATH}|${VARIABLE})`;
const LINE = new RegExp(`^(?:${NAME}|${PATH})(?: (?:-[A-Za-z]|--[a-z][a-z-]*(?:=${VALUE})?|${VALUE}))*$`);

/**
 * Whether each word of a command line certainly is no credential: a program, a flag, a path, or a variable. Any other word can be one.
 * A false alarm costs only that the user repeats the command.
 */
const isPrintableCommand = (line: string): boolean => !hasSecret(line) && LINE.test(line.replaceAll(/["']/g, ''));
