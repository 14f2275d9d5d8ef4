import ts from 'typescript';
import type { Problem } from './problem';
import { lineOf, nodesIn, type Source } from './sources';

/** A function and its length in lines, including comments and blank lines. */
export interface Size {
  readonly name: string;
  readonly lines: number;
}

/** Sizes of named functions. A callback counts as part of the function that contains it. */
export function functionSizes(sources: readonly Source[]): Size[] {
  return sources.flatMap(({ path, tree }) =>
    [...nodesIn(tree)].filter(isNamedFunction).map((node) => {
      const last = tree.getLineAndCharacterOfPosition(node.getEnd()).line + 1;
      return { name: `${path}:${lineOf(node)}`, lines: last - lineOf(node) + 1 };
    }),
  );
}

function isNamedFunction(node: ts.Node): boolean {
  if (ts.isArrowFunction(node) || ts.isFunctionExpression(node)) {
    return (
      ts.isVariableDeclaration(node.parent) ||
      ts.isPropertyDeclaration(node.parent) ||
      ts.isPropertyAssignment(node.parent)
    );
  }
  return ts.isFunctionLike(node) && 'body' in node && node.body !== undefined;
}

/** The smallest size that is at least as large as the given share of all sizes. The median is 0.5. */
export function quantile(sizes: readonly Size[], share: number): number {
  const sorted = sizes.map(({ lines }) => lines).sort((a, b) => a - b);
  return sorted[Math.max(0, Math.ceil(sorted.length * share) - 1)] ?? 0;
}

/** The longest functions, for the message of a failed test. */
export const formatLargest = (sizes: readonly Size[], count = 10): string =>
  [...sizes]
    .sort((a, b) => b.lines - a.lines)
    .slice(0, count)
    .map(({ name, lines }) => `${lines} ${name}`)
    .join('\n');

const VAGUE_NAMES = new Set(['utils', 'util', 'helpers', 'helper', 'common', 'services', 'service', 'misc']);

/** Reports folders and files with a name that doesn't describe their content. */
export const nameProblems = (sources: readonly Source[]): Problem[] =>
  sources
    .filter(({ path }) => path.split('/').some((part) => VAGUE_NAMES.has(part.replace(/\..*$/, ''))))
    .map(({ path }) => ({ file: path, line: 1, message: 'a module is a noun it owns' }));
