import ts from 'typescript';
import { nodesIn, type Source } from './sources';

/** The union types whose members are codes. */
const CODE_TYPES: ReadonlySet<string> = new Set(['ErrorCode', 'KeyFileCode']);
/** The properties and parameters that hold a code. */
const CODE_NAMES: ReadonlySet<string> = new Set(['rule', 'code']);
const CODE = /^[a-z0-9]+(?:-[a-z0-9]+)*$/;

/** A code and the first file that has it. */
export type Codes = ReadonlyMap<string, string>;

/**
 * Every code of an error or a finding that the source contains: the members of the union types, the keys of the rule tables, and
 * each text that is given to a property or a parameter called `rule` or `code`.
 */
export function codesIn(sources: readonly Source[]): Codes {
  const files = sources.filter(({ path }) => path.startsWith('lib/'));
  const parameters = new Map(files.map(({ path, tree }) => [path, codeParameters(tree)]));
  const codes = files.flatMap(({ path, tree, imports }) => {
    // Several files have functions of the same name. The later entries of a map hide the earlier ones.
    const nearest = [...parameters.keys(), ...imports.flatMap(({ to }) => to ?? []), path];
    const functions = new Map(nearest.flatMap((file) => parameters.get(file) ?? []));
    return [...nodesIn(tree)].flatMap((node) => codesOf(node, functions)).map((code) => [code, path] as const);
  });
  return new Map(codes.reverse());
}

type CodeParameter = readonly [functionName: string, index: number];

/** The functions of a file with a parameter for a code, and the parameters that are such functions. */
function codeParameters(tree: ts.SourceFile): readonly CodeParameter[] {
  const nodes = [...nodesIn(tree)];
  const functions = new Map(nodes.flatMap(codeParameter));
  const typed = nodes.filter(ts.isParameter).flatMap(({ name, type }): readonly CodeParameter[] => {
    const index = functions.get(type?.getText() ?? '');
    return index === undefined ? [] : [[name.getText(), index]];
  });
  return [...functions, ...typed];
}

function codesOf(node: ts.Node, functions: ReadonlyMap<string, number>): readonly string[] {
  if (ts.isTypeAliasDeclaration(node) && CODE_TYPES.has(node.name.text)) return membersOf(node.type);
  if (ts.isPropertyAssignment(node) && CODE_NAMES.has(node.name.getText())) return textsOf(node.initializer);
  if (!ts.isCallExpression(node)) return [];
  if (node.expression.getText() === 'defineRules') return keysOf(node.arguments[0]);
  const index = functions.get(calledName(node.expression));
  const argument = index === undefined ? undefined : node.arguments.flatMap(elementsOf)[index];
  return argument ? textsOf(argument) : [];
}

/** The elements of a list that is spread, or the argument itself. */
function elementsOf(argument: ts.Expression): readonly ts.Expression[] {
  if (!ts.isSpreadElement(argument)) return [argument];
  const [list] = [...nodesIn(argument)].filter(ts.isArrayLiteralExpression);
  return list?.elements ?? [];
}

function calledName(expression: ts.Expression): string {
  if (ts.isCallExpression(expression)) return calledName(expression.expression);
  return ts.isPropertyAccessExpression(expression) ? expression.name.text : expression.getText();
}

/** The name of a function, or of its type, with a parameter for a code, and the position of the parameter. */
function codeParameter(node: ts.Node): readonly CodeParameter[] {
  if (!ts.isFunctionLike(node)) return [];
  const index = node.parameters.findIndex(({ name }) => CODE_NAMES.has(name.getText()));
  return index < 0 ? [] : [[nameOf(node), index]];
}

/** The name of a function. A function that another one returns has the name of that one. */
function nameOf(node: ts.Node): string {
  const { name } = node as ts.Node & { readonly name?: ts.Node };
  return name || ts.isSourceFile(node) ? (name?.getText() ?? '') : nameOf(node.parent);
}

const membersOf = (type: ts.TypeNode): readonly string[] =>
  ts.isUnionTypeNode(type)
    ? type.types.flatMap((member) =>
        ts.isLiteralTypeNode(member) && ts.isStringLiteral(member.literal) ? [member.literal.text] : [],
      )
    : [];

const keysOf = (table: ts.Node | undefined): readonly string[] =>
  table && ts.isObjectLiteralExpression(table)
    ? table.properties.flatMap(({ name }) =>
        name && (ts.isStringLiteralLike(name) || ts.isIdentifier(name)) ? [name.text] : [],
      )
    : [];

/** The texts that an expression can have, if they are codes. */
function textsOf(expression: ts.Expression): readonly string[] {
  if (ts.isConditionalExpression(expression))
    return [...textsOf(expression.whenTrue), ...textsOf(expression.whenFalse)];
  return ts.isStringLiteralLike(expression) && CODE.test(expression.text) ? [expression.text] : [];
}
