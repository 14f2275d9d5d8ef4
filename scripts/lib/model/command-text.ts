/**
 * Writes all commands in texts for users. A command can be pasted into a shell unchanged: its arguments are quoted,
 * and it has the --project and --runs of the command that recommends it. A word in capitals, such as FILE, stands for a value that only the
 * reader knows.
 */

/** The folders that recommended commands work on. Undefined stands for the default of a command. */
interface CommandFolders {
  readonly project?: string | undefined;
  /** The folder of run journals, as --runs has it. */
  readonly runs?: string | undefined;
}

let folders: CommandFolders = {};

/** Makes every recommended command work on the folders of the user's command. */
export function recommendFolders(given: CommandFolders): void {
  folders = given;
}

/** The commands that have --runs. */
const COMMANDS_WITH_RUNS: readonly string[] = ['calibrate', 'deploy', 'monitor', 'post-refresh', 'rollback', 'runs'];

const folderArguments = (command: string): readonly string[] => [
  ...(folders.runs === undefined || !COMMANDS_WITH_RUNS.includes(command) ? [] : ['--runs', folders.runs]),
  ...(folders.project === undefined ? [] : ['--project', folders.project]),
];

/** How to continue after a failure in an org. Only `rollout` knows the command that resumes the run, and adds it (`withResumeCommand`). */
export const RESUME_HINT = 'Resume the run.';

/** The command that the user started, with its arguments. */
let startedCommand: readonly [command: string, ...args: string[]] | undefined;

/** Remembers the command line of the user, so that a fix can repeat it. */
export function rememberCommand(command: string, args: readonly string[]): void {
  startedCommand = [command, ...args];
}

/** The command that the user started with further arguments, or a description if it wasn't started on a command line. */
export const rerunCommand = (...more: readonly string[]): string =>
  startedCommand ? commandText(...startedCommand, ...more) : `the command with ${more.join(' ')}`;

/** How the user starts commands: with `npm run` in this project, or with the bin of the installed package. */
export type CommandStarter = 'npm run' | 'npx chat-verification';

let currentStarter: CommandStarter = 'npm run';

/** Makes every command in a text start as the user's command did. */
export function recommendStarter(starter: CommandStarter): void {
  currentStarter = starter;
}

/** A command of this project, such as `npm run plan -- --org uat` or `npx chat-verification plan --org uat`. */
export const npmRun = (command: string, ...args: readonly string[]): string =>
  commandText(command, ...args, ...folderArguments(command));

/** A command of this project without --project and --runs, as journals store it: another machine has other folders. */
export const commandText = (command: string, ...args: readonly string[]): string =>
  startedBy(currentStarter, command, args);

/** A command before its arguments, for the usage line of --help. npm passes arguments on only after `--`. */
export const commandPrefix = (command: string): string =>
  currentStarter === 'npm run' ? `npm run ${command} --` : `${currentStarter} ${command}`;

/** An example of --help, which is written as `npm run`, in the way that the user starts commands. */
export const exampleText = (example: string): string =>
  currentStarter === 'npm run'
    ? example
    : example.replace(/^npm (?:run )?(?:-s )?([\w-]+)(?: --(?= ))?/, `${currentStarter} $1`);

const startedBy = (starter: CommandStarter, command: string, args: readonly string[]): string =>
  [
    `${starter} ${command}`,
    ...(args.length > 0 && starter === 'npm run' ? ['--'] : []),
    ...args.map(quoteArgument),
  ].join(' ');

/** A command that `commandText` wrote, with further arguments, --runs, and --project. Any other text is returned as it is. */
export function extendCommand(text: string, ...args: readonly string[]): string {
  const parsed = parseCommandText(text);
  return parsed ? npmRun(...parsed, ...args) : text;
}

/** A command of the Salesforce CLI that the project installs. */
export const sfCommand = (...args: readonly string[]): string => ['npx sf', ...args.map(quoteArgument)].join(' ');

/** An argument that ends with a period is quoted, because the period of a sentence can follow it. */
const PLAIN_ARGUMENT = String.raw`[\w@%+=:,./-]*[\w@%+=/-]`;
const DOUBLE_QUOTED = String.raw`"[^"$\`\\!\r\n]*"`;
const SINGLE_QUOTED = String.raw`'[^'\r\n]*'(?:\\''[^'\r\n]*')*`;
const ARGUMENT = `(?:${PLAIN_ARGUMENT}|${DOUBLE_QUOTED}|${SINGLE_QUOTED})`;

/** An argument as a shell reads it back. Double quotation marks work in every shell, single ones only in POSIX shells. */
export function quoteArgument(argument: string): string {
  if (new RegExp(`^${PLAIN_ARGUMENT}$`).test(argument)) return argument;
  const quoted = `"${argument}"`;
  return new RegExp(`^${DOUBLE_QUOTED}$`).test(quoted) ? quoted : `'${argument.replaceAll("'", String.raw`'\''`)}'`;
}

/** The commands in a text: those of this project, and those of the Salesforce CLI. */
export const commandsIn = (text: string): readonly string[] => text.match(COMMANDS) ?? [];

/** Matches each command in a text. */
export const COMMANDS = new RegExp(
  `npm run [a-z][a-z:-]*[a-z](?: --(?: ${ARGUMENT})+)?|npx (?:chat-verification|sf)(?: ${ARGUMENT})+`,
  'g',
);

/**
 * The command and the arguments of a text that is one command of this project, written by `commandText` with any starter;
 * otherwise undefined.
 */
export function parseCommandText(text: string): readonly [command: string, ...args: string[]] | undefined {
  const starter = text.startsWith('npm run ') ? 'npm run' : 'npx chat-verification';
  const [, command = '', rest = ''] = new RegExp(`^${starter} (\\S+)(.*)$`).exec(text) ?? [];
  const words = starter === 'npm run' ? rest.replace(/^ --(?= )/, '') : rest;
  const args = (words.match(new RegExp(` (${ARGUMENT})`, 'g')) ?? []).map((word) => unquoteArgument(word.slice(1)));
  return command !== '' && startedBy(starter, command, args) === text ? [command, ...args] : undefined;
}

const unquoteArgument = (word: string): string =>
  word.startsWith('"')
    ? word.slice(1, -1)
    : word.startsWith("'")
      ? word.slice(1, -1).replaceAll(String.raw`'\''`, "'")
      : word;
