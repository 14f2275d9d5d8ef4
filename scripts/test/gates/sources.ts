import { readFileSync } from 'node:fs';
import { posix, relative, sep } from 'node:path';
import ts from 'typescript';
import { listFiles } from './list-files';

/** A script and its imports. Paths are relative to the scripts folder. */
export interface Source {
  readonly path: string;
  readonly tree: ts.SourceFile;
  readonly imports: readonly Import[];
}

export interface Import {
  readonly line: number;
  /** The import as written in the source. */
  readonly from: string;
  /** The imported script, if it is in this project. */
  readonly to?: string;
}

const isTest = (path: string): boolean => path.startsWith('test/');

/** All scripts except the tests. */
export const readSources = (scripts: string): Source[] => readScripts(scripts, (path) => !isTest(path));

/** All tests, and the scripts that they use. */
export const readTests = (scripts: string): Source[] => readScripts(scripts, isTest);

function readScripts(scripts: string, selects: (path: string) => boolean): Source[] {
  const files = listFiles(scripts, '.ts', '.mts').map((file) => relative(scripts, file).split(sep).join('/'));
  const selected = files.filter(selects);
  return parseSources(new Map(selected.map((path) => [path, readFileSync(posix.join(scripts, path), 'utf8')])));
}

export function parseSources(texts: ReadonlyMap<string, string>): Source[] {
  return [...texts].map(([path, text]) => {
    const tree = ts.createSourceFile(path, text, ts.ScriptTarget.Latest, true);
    return {
      path,
      tree,
      imports: [...importsIn(tree)].map(({ line, from }) => ({ line, from, ...resolveTarget(path, from, texts) })),
    };
  });
}

/** All nodes of a tree, starting with the root. */
export function* nodesIn(node: ts.Node): Iterable<ts.Node> {
  yield node;
  const children: ts.Node[] = [];
  ts.forEachChild(node, (child) => void children.push(child));
  for (const child of children) yield* nodesIn(child);
}

export const lineOf = (node: ts.Node): number => {
  const tree = node.getSourceFile();
  return tree.getLineAndCharacterOfPosition(node.getStart(tree)).line + 1;
};

/** Static imports, re-exports, `import()`, `require()`, and imports in types. All of them are dependencies. */
function* importsIn(tree: ts.SourceFile): Iterable<{ line: number; from: string }> {
  for (const node of nodesIn(tree)) {
    const specifier = specifierOf(node);
    if (specifier && ts.isStringLiteralLike(specifier)) yield { line: lineOf(node), from: specifier.text };
  }
}

function specifierOf(node: ts.Node): ts.Node | undefined {
  if (ts.isImportDeclaration(node) || ts.isExportDeclaration(node)) return node.moduleSpecifier;
  if (ts.isExternalModuleReference(node)) return node.expression;
  if (ts.isImportTypeNode(node) && ts.isLiteralTypeNode(node.argument)) return node.argument.literal;
  if (!ts.isCallExpression(node)) return undefined;
  const loads = node.expression.kind === ts.SyntaxKind.ImportKeyword || node.expression.getText() === 'require';
  return loads ? node.arguments[0] : undefined;
}

/**
 * Resolves a relative import to a file of this project, or to its written path, so that the import rules can check it.
 */
function resolveTarget(path: string, from: string, texts: ReadonlyMap<string, string>): { to?: string } {
  if (!from.startsWith('.')) return {};
  const resolved = posix.join(posix.dirname(path), from);
  const stem = resolved.replace(/\.m?js$/, '');
  const endings = ['.ts', '.mts', '/index.ts'];
  return { to: endings.map((ending) => stem + ending).find((file) => texts.has(file)) ?? resolved };
}
