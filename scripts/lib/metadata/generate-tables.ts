import { readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import ts from 'typescript';
import type { ElementRow, Tables, TypeTable } from './type-tables';

/** The source of the tables: a package that Salesforce generates from the Metadata WSDL. */
export const DECLARATIONS_FILE = require.resolve('@salesforce/types/metadata').replace(/\.js$/, '.d.ts');

/**
 * Reads the element tables of `roots`, and of every complex type below them, from the declarations of `@salesforce/types`.
 * Throws if a declaration has an unsupported form.
 */
export function generateTables(roots: readonly string[], file = DECLARATIONS_FILE): Tables {
  const declarations = readDeclarations(file);
  const types: Record<string, TypeTable> = {};
  const queue = [...roots];
  for (let name = queue.shift(); name !== undefined; name = queue.shift()) {
    if (name in types) continue;
    const table = tableOf(name, declarations);
    types[name] = table;
    queue.push(...Object.values(table).flatMap((row) => (row.of === undefined ? [] : [row.of])));
  }
  return { source: `@salesforce/types ${packageVersion(file)}`, types: sortByName(types) };
}

type Declarations = ReadonlyMap<string, ts.TypeNode>;

function readDeclarations(file: string): Declarations {
  const sourceFile = ts.createSourceFile(file, readFileSync(file, 'utf8'), ts.ScriptTarget.Latest);
  return new Map(sourceFile.statements.filter(ts.isTypeAliasDeclaration).map((node) => [node.name.text, node.type]));
}

function packageVersion(file: string): string {
  const manifest: unknown = JSON.parse(readFileSync(join(dirname(file), '..', 'package.json'), 'utf8'));
  return (manifest as { version: string }).version;
}

function tableOf(name: string, declared: Declarations): TypeTable {
  const node = declared.get(name);
  if (!node) throw new Error(`@salesforce/types declares no type ${name}.`);
  return sortByName(Object.fromEntries(membersOf(node, declared).map((member) => rowOf(member, declared))));
}

/** The members of an object type; `Metadata & { ... }` includes the members of its base. */
function membersOf(node: ts.TypeNode, declared: Declarations): readonly ts.PropertySignature[] {
  if (ts.isTypeLiteralNode(node)) return node.members.filter(ts.isPropertySignature);
  if (ts.isIntersectionTypeNode(node)) return node.types.flatMap((part) => membersOf(part, declared));
  const target = ts.isTypeReferenceNode(node) ? declared.get(nameOf(node)) : undefined;
  if (!target) throw new Error(`Not an object type: ${ts.SyntaxKind[node.kind]}`);
  return membersOf(target, declared);
}

function rowOf(member: ts.PropertySignature, declared: Declarations): [string, ElementRow] {
  if (!member.type || !ts.isIdentifier(member.name)) throw new Error('A member has no name or no type.');
  const list = ts.isArrayTypeNode(member.type);
  const item = ts.isArrayTypeNode(member.type) ? member.type.elementType : member.type;
  return [member.name.text, { ...valueType(item, declared), required: !list && !member.questionToken, list }];
}

const PRIMITIVE_TYPES = new Map<ts.SyntaxKind, 'string' | 'boolean' | 'number'>([
  [ts.SyntaxKind.StringKeyword, 'string'],
  [ts.SyntaxKind.BooleanKeyword, 'boolean'],
  [ts.SyntaxKind.NumberKeyword, 'number'],
]);

/** The value type of an element. An enumeration without values in the WSDL is a string. */
function valueType(node: ts.TypeNode, declared: Declarations): Pick<ElementRow, 'type' | 'values' | 'of'> {
  const primitive = PRIMITIVE_TYPES.get(node.kind);
  if (primitive) return { type: primitive };
  if (ts.isUnionTypeNode(node) || ts.isLiteralTypeNode(node)) return { type: 'enum', values: literalsOf(node) };
  if (!ts.isTypeReferenceNode(node)) throw new Error(`Unsupported value type: ${ts.SyntaxKind[node.kind]}`);
  const target = declared.get(nameOf(node));
  if (!target) throw new Error(`@salesforce/types declares no type ${nameOf(node)}.`);
  if (ts.isTypeLiteralNode(target) || ts.isIntersectionTypeNode(target)) return { type: 'complex', of: nameOf(node) };
  return valueType(target, declared);
}

function literalsOf(node: ts.UnionTypeNode | ts.LiteralTypeNode): readonly string[] {
  return (ts.isUnionTypeNode(node) ? node.types : [node]).map((part) => {
    if (ts.isLiteralTypeNode(part) && ts.isStringLiteral(part.literal)) return part.literal.text;
    throw new Error(`Unsupported enumeration value: ${ts.SyntaxKind[part.kind]}`);
  });
}

const nameOf = (node: ts.TypeReferenceNode): string => (ts.isIdentifier(node.typeName) ? node.typeName.text : '');

const sortByName = <T>(record: Readonly<Record<string, T>>): Record<string, T> =>
  Object.fromEntries(Object.entries(record).sort(([left], [right]) => (left < right ? -1 : 1)));
