import { readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import ts from 'typescript';
import type { ElementRow, Tables, TypeTable } from './tables';

/** Where the tables come from: the package that Salesforce generates from the Metadata WSDL. */
export const TYPES_FILE = require.resolve('@salesforce/types/metadata').replace(/\.js$/, '.d.ts');

/**
 * Reads the element tables of `roots`, and of every complex type below them, out of the declarations of
 * `@salesforce/types`. A declaration of a form that was not there before stops the generation.
 */
export function generateTables(roots: readonly string[], file = TYPES_FILE): Tables {
  const declared = declarationsIn(file);
  const types: Record<string, TypeTable> = {};
  const waiting = [...roots];
  for (let name = waiting.shift(); name !== undefined; name = waiting.shift()) {
    if (name in types) continue;
    const table = tableOf(name, declared);
    types[name] = table;
    waiting.push(...Object.values(table).flatMap((row) => (row.of === undefined ? [] : [row.of])));
  }
  return { source: `@salesforce/types ${versionOf(file)}`, types: sorted(types) };
}

type Declarations = ReadonlyMap<string, ts.TypeNode>;

function declarationsIn(file: string): Declarations {
  const parsed = ts.createSourceFile(file, readFileSync(file, 'utf8'), ts.ScriptTarget.Latest);
  return new Map(parsed.statements.filter(ts.isTypeAliasDeclaration).map((node) => [node.name.text, node.type]));
}

function versionOf(file: string): string {
  const manifest: unknown = JSON.parse(readFileSync(join(dirname(file), '..', 'package.json'), 'utf8'));
  return (manifest as { version: string }).version;
}

function tableOf(name: string, declared: Declarations): TypeTable {
  const node = declared.get(name);
  if (!node) throw new Error(`@salesforce/types declares no type ${name}.`);
  return sorted(Object.fromEntries(membersOf(node, declared).map((member) => rowOf(member, declared))));
}

/** The members of an object type; `Metadata & { ... }` brings along the members of its base. */
function membersOf(node: ts.TypeNode, declared: Declarations): readonly ts.PropertySignature[] {
  if (ts.isTypeLiteralNode(node)) return node.members.filter(ts.isPropertySignature);
  if (ts.isIntersectionTypeNode(node)) return node.types.flatMap((part) => membersOf(part, declared));
  const target = ts.isTypeReferenceNode(node) ? declared.get(nameOf(node)) : undefined;
  if (!target) throw new Error(`Not an object type: ${ts.SyntaxKind[node.kind]}`);
  return membersOf(target, declared);
}

function rowOf(member: ts.PropertySignature, declared: Declarations): [string, ElementRow] {
  if (!member.type || !ts.isIdentifier(member.name)) throw new Error('A member without a name or a type.');
  const list = ts.isArrayTypeNode(member.type);
  const item = ts.isArrayTypeNode(member.type) ? member.type.elementType : member.type;
  return [member.name.text, { ...valueOf(item, declared), required: !list && !member.questionToken, list }];
}

const PLAIN = new Map<ts.SyntaxKind, 'string' | 'boolean' | 'number'>([
  [ts.SyntaxKind.StringKeyword, 'string'],
  [ts.SyntaxKind.BooleanKeyword, 'boolean'],
  [ts.SyntaxKind.NumberKeyword, 'number'],
]);

/** What an element holds. An enumeration without values in the WSDL is a plain string. */
function valueOf(node: ts.TypeNode, declared: Declarations): Pick<ElementRow, 'type' | 'values' | 'of'> {
  const plain = PLAIN.get(node.kind);
  if (plain) return { type: plain };
  if (ts.isUnionTypeNode(node) || ts.isLiteralTypeNode(node)) return { type: 'enum', values: literalsOf(node) };
  if (!ts.isTypeReferenceNode(node)) throw new Error(`A value of a new form: ${ts.SyntaxKind[node.kind]}`);
  const target = declared.get(nameOf(node));
  if (!target) throw new Error(`@salesforce/types declares no type ${nameOf(node)}.`);
  if (ts.isTypeLiteralNode(target) || ts.isIntersectionTypeNode(target)) return { type: 'complex', of: nameOf(node) };
  return valueOf(target, declared);
}

function literalsOf(node: ts.UnionTypeNode | ts.LiteralTypeNode): readonly string[] {
  return (ts.isUnionTypeNode(node) ? node.types : [node]).map((part) => {
    if (ts.isLiteralTypeNode(part) && ts.isStringLiteral(part.literal)) return part.literal.text;
    throw new Error(`An enumeration with a value of a new form: ${ts.SyntaxKind[part.kind]}`);
  });
}

const nameOf = (node: ts.TypeReferenceNode): string => (ts.isIdentifier(node.typeName) ? node.typeName.text : '');

const sorted = <T>(record: Readonly<Record<string, T>>): Record<string, T> =>
  Object.fromEntries(Object.entries(record).sort(([left], [right]) => (left < right ? -1 : 1)));
