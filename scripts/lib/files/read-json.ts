import { getNodeValue, parseTree, printParseErrorCode, type Node, type ParseError } from 'jsonc-parser';

/** A problem of a JSON text, with its 1-based line. */
export interface JsonProblem {
  readonly line: number;
  readonly message: string;
}

/** A parsed JSON text with the line of each value. */
export interface ParsedJson {
  /** The value as JSON.parse returns it; undefined if the text isn't JSON. */
  readonly value: unknown;
  /** 1-based line of each value by dotted path, e.g. `channels.0`; the root is the empty path. */
  readonly lines: ReadonlyMap<string, number>;
  readonly problems: readonly JsonProblem[];
}

/** Deeper JSON is rejected, because the reader is recursive. */
const MAX_DEPTH = 50;

/** Reads JSON strictly (no comments, no trailing commas, no duplicate members). Never throws. */
export function readJson(text: string): ParsedJson {
  const rejection = rejectReason(text);
  if (rejection) return { value: undefined, lines: new Map([['', 1]]), problems: [{ line: 1, message: rejection }] };
  const errors: ParseError[] = [];
  const lineAt = createLineFinder(text);
  const tree = parseTree(text.replace(/^\uFEFF/, ' '), errors, { disallowComments: true });
  // One mistake can cause several parser errors. Only the first error has a useful location.
  const [syntaxError] = errors.map(({ error, offset }) => ({
    line: lineAt(offset),
    message: `${printParseErrorCode(error)}.`,
  }));
  if (!tree || syntaxError)
    return { value: undefined, lines: new Map([['', 1]]), problems: syntaxError ? [syntaxError] : [] };
  const lines = new Map<string, number>();
  const problems = collectLines(tree, '', lines, lineAt);
  return { value: getNodeValue(tree) as unknown, lines, problems };
}

function rejectReason(text: string): string | undefined {
  if (text.replace(/^\uFEFF/, '').trim() === '') return 'The file is empty.';
  return maxNesting(text) > MAX_DEPTH ? `Values are nested more than ${MAX_DEPTH} levels deep.` : undefined;
}

const OPENING_BRACKETS: Readonly<Record<string, string>> = { ']': '[', '}': '{' };

/** The deepest nesting of brackets outside strings. Unmatched closing brackets are ignored. */
function maxNesting(text: string): number {
  const open: string[] = [];
  let [deepest, inString] = [0, false];
  for (let at = 0; at < text.length; at++) {
    const character = text.charAt(at);
    if (inString && character === '\\') at++;
    else if (character === '"' || character === '\n') inString = character === '"' && !inString;
    else if (!inString && (character === '[' || character === '{')) deepest = Math.max(deepest, open.push(character));
    else if (!inString && open.length > 0 && OPENING_BRACKETS[character] === open.at(-1)) open.pop();
  }
  return deepest;
}

type LineMap = Map<string, number>;
type LineAt = (offset: number) => number;

function collectLines(node: Node, path: string, lines: LineMap, lineAt: LineAt): readonly JsonProblem[] {
  lines.set(path, lineAt(node.offset));
  const children = node.children ?? [];
  if (node.type !== 'object')
    return children.flatMap((item, index) => collectLines(item, joinPath(path, String(index)), lines, lineAt));
  const names = new Set<string>();
  return children.flatMap((member) => collectMember(member, path, names, lines, lineAt));
}

function collectMember(
  member: Node,
  path: string,
  names: Set<string>,
  lines: LineMap,
  lineAt: LineAt,
): readonly JsonProblem[] {
  const [key, value] = member.children ?? [];
  const name = String(key?.value);
  const duplicate = names.has(name)
    ? [{ line: lineAt(member.offset), message: `Member "${name}" is declared twice.` }]
    : [];
  names.add(name);
  return value ? [...duplicate, ...collectLines(value, joinPath(path, name), lines, lineAt)] : duplicate;
}

const joinPath = (path: string, name: string): string => (path === '' ? name : `${path}.${name}`);

/** Converts offsets to lines in logarithmic time, because a file can contain thousands of values. */
function createLineFinder(text: string): LineAt {
  const newlines = [...text.matchAll(/\n/g)].map(({ index }) => index);
  return (offset) => {
    let [low, high] = [0, newlines.length];
    while (low < high) {
      const middle = (low + high) >> 1;
      if ((newlines[middle] ?? 0) < offset) low = middle + 1;
      else high = middle;
    }
    return low + 1;
  };
}
