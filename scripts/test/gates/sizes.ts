import ts from 'typescript';
import type { Problem } from './problem';
import { lineOf, nodesIn, type Source } from './sources';

/** A length in lines, comments and blanks included, and what is that long. */
export interface Size {
  readonly name: string;
  readonly lines: number;
}

/** Functions that have a name of their own. A callback is part of the function it stands in, and counted there. */
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

/** The smallest size that a share of all sizes does not exceed: 0.5 for the median. */
export function quantile(sizes: readonly Size[], share: number): number {
  const sorted = sizes.map(({ lines }) => lines).sort((a, b) => a - b);
  return sorted[Math.max(0, Math.ceil(sorted.length * share) - 1)] ?? 0;
}

/** The longest ones, for the message of a failed test. */
export const formatLargest = (sizes: readonly Size[], count = 10): string =>
  [...sizes]
    .sort((a, b) => b.lines - a.lines)
    .slice(0, count)
    .map(({ name, lines }) => `${lines} ${name}`)
    .join('\n');

export const explicitAnyProblems = (sources: readonly Source[]): Problem[] =>
  sources.flatMap(({ path, tree }) =>
    [...nodesIn(tree)]
      .filter(({ kind }) => kind === ts.SyntaxKind.AnyKeyword)
      .map((node) => ({ file: path, line: lineOf(node), message: 'the type any' })),
  );

const VAGUE_NAMES = new Set(['utils', 'util', 'helpers', 'helper', 'common', 'services', 'service', 'misc']);

/** Folders and files whose name says nothing about what they own. */
export const nameProblems = (sources: readonly Source[]): Problem[] =>
  sources
    .filter(({ path }) => path.split('/').some((part) => VAGUE_NAMES.has(part.replace(/\..*$/, ''))))
    .map(({ path }) => ({ file: path, line: 1, message: 'a module is a noun it owns' }));
