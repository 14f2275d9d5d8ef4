import { posix } from 'node:path';
import type { Problem } from './problem';

/** What an `npm run` command accepts. A flag starts with `--`. */
export interface CommandUsage {
  readonly flags: ReadonlySet<string>;
  /** The subcommands by name, for example `rotate` of `keys`. Empty if the command has none. */
  readonly subcommands: ReadonlyMap<string, ReadonlySet<string>>;
}

/** npm scripts by name. The value is undefined if the script isn't a command of this project, for example `lint`. */
export type NpmScripts = ReadonlyMap<string, CommandUsage | undefined>;

/** The text of each file that a link can point to. Paths are relative to the project. Folders have an empty text. */
export type LinkTargets = ReadonlyMap<string, string>;

interface Line {
  readonly number: number;
  readonly text: string;
  readonly fenced: boolean;
}

/** Relative links that point to no file, or to no heading of that file. */
export function linkProblems(file: string, markdown: string, targets: LinkTargets): readonly Problem[] {
  return linesOf(markdown)
    .filter(({ fenced }) => !fenced)
    .flatMap(({ number, text }) =>
      linksIn(text.replace(/`[^`]*`/g, '')).flatMap((link) => {
        const problem = linkProblem(file, markdown, link, targets);
        return problem === undefined ? [] : [{ file, line: number, message: problem }];
      }),
    );
}

const linksIn = (text: string): readonly string[] =>
  [...text.matchAll(/\]\(([^)\s]+)\)/g)]
    .map(([, link = '']) => link)
    .filter((link) => !/^(?:[a-z][a-z+.-]*:|\/\/)/i.test(link));

function linkProblem(file: string, markdown: string, link: string, targets: LinkTargets): string | undefined {
  const [path = '', anchor] = link.split('#');
  const target = path === '' ? file : posix.normalize(posix.join(posix.dirname(file), path)).replace(/\/$/, '');
  const text = path === '' ? markdown : targets.get(target);
  if (text === undefined) return `${link}: ${target} doesn't exist.`;
  if (anchor === undefined || anchorsOf(text).includes(anchor)) return undefined;
  return `${link}: ${target} has no heading #${anchor}.`;
}

/** The anchors of the headings, as GitHub computes them. */
const anchorsOf = (markdown: string): readonly string[] =>
  linesOf(markdown).flatMap(({ text, fenced }) => {
    const heading = fenced ? undefined : /^#{1,6} +(.*?) *$/.exec(text)?.[1];
    if (heading === undefined) return [];
    const words = heading.replace(/\[([^\]]*)\]\([^)]*\)/g, '$1').toLowerCase();
    return [words.replace(/[^\p{L}\p{N} _-]/gu, '').replaceAll(' ', '-')];
  });

/** Commands with an unknown npm script, subcommand or flag, and flags alone that no command has. */
export function commandProblems(file: string, markdown: string, scripts: NpmScripts): readonly Problem[] {
  return linesOf(markdown).flatMap(({ number, text, fenced }) => {
    const messages = codeIn(text, fenced).flatMap((code) => [
      ...commandsIn(code).flatMap((command) => commandMessages(command, scripts)),
      ...unknownFlag(code, scripts),
    ]);
    return messages.map((message) => ({ file, line: number, message }));
  });
}

/** The code of a line: the whole line in a code block, the code spans elsewhere. */
const codeIn = (text: string, fenced: boolean): readonly string[] =>
  fenced ? [text] : [...text.matchAll(/`([^`]+)`/g)].map(([, code = '']) => code);

/** The arguments after `npm run`, up to the end of the command. */
const commandsIn = (code: string): readonly (readonly string[])[] =>
  [...code.matchAll(/\bnpm run (?:-s |--silent )?(.*)/g)].map(([, rest = '']) => argumentsIn(rest));

/** Splits a command line at spaces. Ends at an operator of the shell or a comment. `<name>` is a placeholder. */
function argumentsIn(line: string): readonly string[] {
  const words = line.match(/'[^']*'|"[^"]*"|<[\w -]+>|[|;&)#]|[<>] |[^\s|;&)]+/g) ?? [];
  const end = words.findIndex((word) => /^(?:[|;&)#]|[<>] )$/.test(word));
  return (end < 0 ? words : words.slice(0, end)).map((word) => word.replace(/[.,:]+$/, ''));
}

function commandMessages([script = '', ...args]: readonly string[], scripts: NpmScripts): readonly string[] {
  if (script.startsWith('<')) return [];
  if (!scripts.has(script)) return [`npm run ${script}: package.json has no script "${script}".`];
  const separator = args.indexOf('--');
  const swallowed = (separator < 0 ? args : args.slice(0, separator)).filter((word) => word.startsWith('--'));
  if (swallowed.length > 0) return [`npm run ${script}: write "--" before ${swallowed.join(' ')}.`];
  const usage = scripts.get(script);
  return usage && separator >= 0 ? argumentMessages(script, args.slice(separator + 1), usage) : [];
}

function argumentMessages(script: string, args: readonly string[], usage: CommandUsage): readonly string[] {
  const [first = ''] = args;
  const takesSubcommand = usage.subcommands.size > 0 && /^[a-z]/.test(first);
  const flags = takesSubcommand ? usage.subcommands.get(first) : usage.flags;
  if (!flags) return [`npm run ${script}: "${first}" is not a subcommand.`];
  const name = takesSubcommand ? `${script} -- ${first}` : script;
  return flagsIn(args)
    .filter((flag) => !flags.has(flag))
    .map((flag) => `npm run ${name}: it has no flag ${flag}.`);
}

const flagsIn = (words: readonly string[]): readonly string[] =>
  words.flatMap((word) => /^--[a-z][a-z-]*/.exec(word)?.[0] ?? []);

/** A code span that starts with a flag, for example `--accept disruptive`. */
function unknownFlag(code: string, scripts: NpmScripts): readonly string[] {
  const flag = /^--[a-z][a-z-]*/.exec(code)?.[0];
  const isKnown = [...scripts.values()].some(
    (usage) => flag !== undefined && usage !== undefined && allFlags(usage).includes(flag),
  );
  return flag === undefined || isKnown ? [] : [`${flag}: no command has this flag.`];
}

const allFlags = ({ flags, subcommands }: CommandUsage): readonly string[] => [
  ...flags,
  ...[...subcommands.values()].flatMap((each) => [...each]),
];

function linesOf(markdown: string): readonly Line[] {
  let fence: string | undefined;
  return markdown.split('\n').map((text, index) => {
    const mark = /^\s*(`{3,}|~{3,})/.exec(text)?.[1];
    const isFence = mark !== undefined && (fence === undefined || mark === fence);
    const fenced = fence !== undefined && !isFence;
    if (isFence) fence = fence === undefined ? mark : undefined;
    return { number: index + 1, text: isFence ? '' : text, fenced: fenced || /^ {4}/.test(text) };
  });
}
