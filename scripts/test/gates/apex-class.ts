import { readFileSync } from 'node:fs';
import { parsers } from 'prettier-plugin-apex';
import type { ParserOptions } from 'prettier';

/** What the cross-check wants to know of an Apex class. */
export interface ApexClass {
  /** Static methods that a component may call. Apex names ignore case, the import of a component does not. */
  readonly auraEnabled: ReadonlySet<string>;
  /** Custom labels that the class uses, with the line. */
  readonly labels: readonly { readonly name: string; readonly line: number }[];
}

/** A node of the tree that Salesforce's own parser makes, as prettier-plugin-apex hands it on. */
interface Node {
  readonly '@class'?: string;
  readonly [member: string]: unknown;
}

interface Identifier {
  readonly value: string;
  readonly loc: { readonly line: number };
}

/** Reads a class with Salesforce's parser, by way of the formatter: about 20 ms a class. */
export async function parseApexClass(file: string): Promise<ApexClass> {
  const text = readFileSync(file, 'utf8');
  const nodes = [...nodesIn(await parse(file, text))];
  return {
    auraEnabled: new Set(nodes.filter(isKind('MethodDecl')).filter(isCallable).map(nameOf)),
    labels: nodes.filter(isKind('Expr$VariableExpr')).flatMap(labelIn),
  };
}

async function parse(file: string, text: string): Promise<unknown> {
  const options = { apexStandaloneParser: 'native', originalText: text, parser: 'apex' } as unknown as ParserOptions;
  try {
    return await parsers['apex']?.parse(text, options);
  } catch (cause) {
    throw new Error(`${file} does not parse`, { cause });
  }
}

function* nodesIn(value: unknown): Iterable<Node> {
  if (typeof value !== 'object' || value === null) return;
  if ('@class' in value) yield value as Node;
  for (const child of Object.values(value)) yield* nodesIn(child);
}

const isKind =
  (kind: string) =>
  (node: Node): boolean =>
    node['@class'] === `apex.jorje.data.ast.${kind}`;

const nameOf = (node: Node): string => (node['name'] as Identifier).value;

function isCallable(method: Node): boolean {
  const modifiers = method['modifiers'] as readonly Node[];
  const annotations = modifiers.filter(isKind('Modifier$Annotation')).map((node) => nameOf(node).toLowerCase());
  return annotations.includes('auraenabled') && modifiers.some(isKind('Modifier$StaticModifier'));
}

/** `System.Label.X` and `Label.X` are variables whose dotted name says so. */
function labelIn(variable: Node): ApexClass['labels'] {
  const names = variable['names'] as readonly Identifier[];
  const [label, owner, ...rest] = [...names].reverse();
  const isLabel = owner?.value.toLowerCase() === 'label' && rest.every(({ value }) => value.toLowerCase() === 'system');
  return label && isLabel ? [{ name: label.value, line: label.loc.line }] : [];
}
