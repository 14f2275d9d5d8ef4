import ts from 'typescript';
import type { Problem } from './problem';
import { lineOf, nodesIn, type Source } from './sources';

/** The functions that write commands into texts; see lib/model/command-text. */
const BUILDERS: ReadonlySet<string> = new Set(['npmRun', 'commandText', 'sfCommand', 'deployFix']);
const BUILDER_FILE = 'lib/model/command-text.ts';

/** A place in the source that writes a command into a text. */
export interface CommandSite {
  readonly file: string;
  readonly line: number;
  readonly builder: string;
  /** The arguments, with samples for values that aren't constants. */
  readonly args: readonly string[];
  /** Whether the source alone doesn't show all arguments: one is spread, or the command itself isn't a constant. */
  readonly dynamic: boolean;
}

/** Every place that writes a command. */
export const commandSites = (sources: readonly Source[]): readonly CommandSite[] =>
  sources
    .filter(({ path }) => path !== BUILDER_FILE)
    .flatMap(({ path, tree }) => [...nodesIn(tree)].flatMap((node) => siteOf(path, node) ?? []));

function siteOf(file: string, node: ts.Node): CommandSite | undefined {
  if (!ts.isCallExpression(node) || !ts.isIdentifier(node.expression)) return undefined;
  const builder = node.expression.text;
  if (!BUILDERS.has(builder)) return undefined;
  const values = node.arguments.map((argument) => constantOf(argument));
  const args = values.flatMap((value, at) =>
    isSpread(node.arguments[at]) ? [] : [value ?? sampleFor(values[at - 1])],
  );
  const dynamic = node.arguments.some(isSpread) || (builder !== 'deployFix' && values[0] === undefined);
  return { file, line: lineOf(node), builder, args, dynamic };
}

const isSpread = (node: ts.Node | undefined): boolean => node !== undefined && ts.isSpreadElement(node);

const constantOf = (node: ts.Node): string | undefined => (ts.isStringLiteralLike(node) ? node.text : undefined);

/** A valid value after a flag or a subcommand. */
const SAMPLES: Readonly<Record<string, string>> = {
  '--wave': '1',
  '--alg': 'RS256',
  '--port': '0',
  rotate: 'stage',
};

const sampleFor = (flag: string | undefined): string => SAMPLES[flag ?? ''] ?? 'Sample';

const COMMAND_IN_TEXT = /\bnpm run [a-z]|\bnpx (?!--)[a-z]|\bsf (?:org|project|alias|data|config) [a-z]/;

/** Texts that contain a command which no builder wrote. `exempt` has the reason of each exception, by file. */
export const handwrittenCommands = (
  sources: readonly Source[],
  exempt: Readonly<Record<string, string>>,
): readonly Problem[] =>
  sources
    .filter(({ path }) => path !== BUILDER_FILE && exempt[path] === undefined)
    .flatMap(({ path, tree }) =>
      [...nodesIn(tree)]
        .filter((node) => isText(node) && COMMAND_IN_TEXT.test(node.text) && !isExample(node))
        .map((node) => ({ file: path, line: lineOf(node), message: 'writes a command without npmRun or sfCommand' })),
    );

const isText = (node: ts.Node): node is ts.LiteralLikeNode =>
  ts.isStringLiteralLike(node) || ts.isTemplateHead(node) || ts.isTemplateMiddle(node) || ts.isTemplateTail(node);

/** Whether a text is an example of --help, which `exampleCommands` reads. */
function isExample(node: ts.Node): boolean {
  for (let current = node.parent; !ts.isSourceFile(current); current = current.parent)
    if (ts.isPropertyAssignment(current) && current.name.getText() === 'examples') return true;
  return false;
}
