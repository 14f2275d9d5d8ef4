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
  const hopeless = whyHopeless(text);
  if (hopeless) return { value: undefined, lines: new Map([['', 1]]), problems: [{ line: 1, message: hopeless }] };
  const errors: ParseError[] = [];
  const lineAt = lineFinder(text);
  const tree = parseTree(text.replace(/^\uFEFF/, ' '), errors, { disallowComments: true });
  // One slip makes the parser stumble more than once; the first place is the one to look at.
  const [slip] = errors.map(({ error, offset }) => ({
    line: lineAt(offset),
    message: `${printParseErrorCode(error)}.`,
  }));
  if (!tree || slip) return { value: undefined, lines: new Map([['', 1]]), problems: slip ? [slip] : [] };
  const lines = new Map<string, number>();
  const problems = walk(tree, '', lines, lineAt);
  return { value: getNodeValue(tree) as unknown, lines, problems };
}

function whyHopeless(text: string): string | undefined {
  if (text.replace(/^\uFEFF/, '').trim() === '') return 'The file is empty.';
  return nesting(text) > DEEPEST ? `Values are nested more than ${DEEPEST} levels deep.` : undefined;
}

const PAIRS: Readonly<Record<string, string>> = { ']': '[', '}': '{' };

/** The deepest nesting of brackets outside of strings; a closing bracket that closes nothing counts for nothing. */
function nesting(text: string): number {
  const open: string[] = [];
  let [deepest, quoted] = [0, false];
  for (let at = 0; at < text.length; at++) {
    const letter = text.charAt(at);
    if (quoted && letter === '\\') at++;
    else if (letter === '"' || letter === '\n') quoted = letter === '"' && !quoted;
    else if (!quoted && (letter === '[' || letter === '{')) deepest = Math.max(deepest, open.push(letter));
    else if (!quoted && open.length > 0 && PAIRS[letter] === open.at(-1)) open.pop();
  }
  return deepest;
}

type Lines = Map<string, number>;
type LineAt = (offset: number) => number;

function walk(node: Node, path: string, lines: Lines, lineAt: LineAt): readonly JsonProblem[] {
  lines.set(path, lineAt(node.offset));
  const children = node.children ?? [];
  if (node.type !== 'object')
    return children.flatMap((item, index) => walk(item, join(path, String(index)), lines, lineAt));
  const named = new Set<string>();
  return children.flatMap((member) => walkMember(member, path, named, lines, lineAt));
}

function walkMember(
  member: Node,
  path: string,
  named: Set<string>,
  lines: Lines,
  lineAt: LineAt,
): readonly JsonProblem[] {
  const [key, value] = member.children ?? [];
  const name = String(key?.value);
  const twice = named.has(name) ? [{ line: lineAt(member.offset), message: `"${name}" is stated twice.` }] : [];
  named.add(name);
  return value ? [...twice, ...walk(value, join(path, name), lines, lineAt)] : twice;
}

const join = (path: string, name: string): string => (path === '' ? name : `${path}.${name}`);

/** Turns offsets into lines in logarithmic time, for a file may hold thousands of values. */
function lineFinder(text: string): LineAt {
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
