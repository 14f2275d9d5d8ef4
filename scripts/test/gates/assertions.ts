import ts from 'typescript';
import type { Problem } from './problem';
import { lineOf, nodesIn, type Source } from './sources';

/** Whether a node is a call of `assert` or of one of its methods. */
const isAssertion = (node: ts.Node): boolean =>
  ts.isCallExpression(node) && /^assert\b/.test(node.expression.getText()) && !ts.isCallExpression(node.expression);

const hasAssertion = (node: ts.Node): boolean => [...nodesIn(node)].some(isAssertion);

/** Why an assertion, or a collected text, may be lost without a failed test. */
function problemOf(node: ts.Node): string | undefined {
  if (ts.isBinaryExpression(node) && node.operatorToken.kind === ts.SyntaxKind.PlusEqualsToken) {
    const reads = ts.isAwaitExpression(node.right);
    return reads ? 'the left side is read before the await: await first, then add' : undefined;
  }
  if (ts.isCatchClause(node) && hasAssertion(node.block))
    return 'nothing is checked if nothing is thrown: use assert.throws or assert.rejects';
  const handles = ts.isCallExpression(node) && ts.isPropertyAccessExpression(node.expression);
  if (handles && node.expression.name.text === 'catch' && node.arguments.some(hasAssertion))
    return 'nothing is checked if the promise resolves: use assert.rejects';
  return undefined;
}

/** Reports patterns in tests whose check may never happen. */
export const assertionProblems = (sources: readonly Source[]): Problem[] =>
  sources.flatMap(({ path, tree }) =>
    [...nodesIn(tree)].flatMap((node) => {
      const message = problemOf(node);
      return message === undefined ? [] : [{ file: path, line: lineOf(node), message }];
    }),
  );
