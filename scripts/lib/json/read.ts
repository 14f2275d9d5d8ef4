import { getNodeValue, parseTree, printParseErrorCode, type Node, type ParseError } from 'jsonc-parser';

/** What is wrong with a JSON text, and on which line. */
export interface JsonProblem {
  readonly line: number;
  readonly message: string;
}

/** A JSON text with the line of everything in it. */
export interface JsonFile {
  /** The value as JSON.parse would give it; undefined when the text is not JSON. */
  readonly value: unknown;
  /** 1-based line of each value by dotted path, e.g. `channels.0`; the root is the empty path. */
  readonly lines: ReadonlyMap<string, number>;
  readonly problems: readonly JsonProblem[];
}

/** Deeper JSON is refused rather than walked. */
const DEEPEST = 50;

/** Reads JSON strictly (no comments, no trailing commas, no member twice). Never throws. */
export function readJson(text: string): JsonFile {
  const errors: ParseError[] = [];
  const lineAt = lineFinder(text);
  const tree = text.length > 0 && nesting(text) <= DEEPEST ? parse(text, errors) : undefined;
  // One slip makes the parser stumble more than once; the first place is the one to look at.
  const syntax = errors.slice(0, 1).map(({ error, offset }) => ({
    line: lineAt(offset),
    message: `${printParseErrorCode(error)}.`,
  }));
  if (!tree || syntax.length > 0) {
    return { value: undefined, lines: new Map([['', 1]]), problems: syntax.length > 0 ? syntax : [whyNot(text)] };
  }
  const lines = new Map<string, number>();
  const problems = walk(tree, '', lines, lineAt);
  return { value: getNodeValue(tree) as unknown, lines, problems };
}

const parse = (text: string, errors: ParseError[]): Node | undefined =>
  parseTree(text.replace(/^\uFEFF/, ' '), errors, { disallowComments: true });

const whyNot = (text: string): JsonProblem => ({
  line: 1,
  message: text.trim() === '' ? 'The file is empty.' : `Values are nested more than ${DEEPEST} levels deep.`,
});

/** The deepest nesting of brackets, strings left out, counted without recursion. */
function nesting(text: string): number {
  let [depth, deepest] = [0, 0];
  for (const [bracket] of text.matchAll(/"(?:[^"\\]|\\.)*"|[[\]{}]/g)) {
    if (bracket === '[' || bracket === '{') deepest = Math.max(deepest, ++depth);
    if (bracket === ']' || bracket === '}') depth--;
  }
  return deepest;
}

function walk(
  node: Node,
  path: string,
  lines: Map<string, number>,
  lineAt: (offset: number) => number,
): readonly JsonProblem[] {
  lines.set(path, lineAt(node.offset));
  if (node.type === 'object') return (node.children ?? []).flatMap((member) => walkMember(member, path, lines, lineAt));
  return (node.children ?? []).flatMap((item, index) => walk(item, join(path, String(index)), lines, lineAt));
}

function walkMember(
  member: Node,
  path: string,
  lines: Map<string, number>,
  lineAt: (offset: number) => number,
): readonly JsonProblem[] {
  const [name, value] = member.children ?? [];
  const at = join(path, String(name?.value));
  const twice = lines.has(at)
    ? [{ line: lineAt(member.offset), message: `"${String(name?.value)}" is stated twice.` }]
    : [];
  return value ? [...twice, ...walk(value, at, lines, lineAt)] : twice;
}

const join = (path: string, name: string): string => (path === '' ? name : `${path}.${name}`);

/** Turns offsets into lines in logarithmic time, for a file may hold thousands of values. */
function lineFinder(text: string): (offset: number) => number {
  const ends = [...text.matchAll(/\n/g)].map(({ index }) => index);
  return (offset) => {
    let [low, high] = [0, ends.length];
    while (low < high) {
      const middle = (low + high) >> 1;
      if ((ends[middle] ?? 0) < offset) low = middle + 1;
      else high = middle;
    }
    return low + 1;
  };
}
