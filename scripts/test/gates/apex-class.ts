import { parseApex, type ApexNode as Node } from './apex-tree';

/** The parts of an Apex class that the cross-check compares. */
export interface ApexClass {
  /** The static methods that a component can call. The import of a component is case-sensitive, unlike Apex. */
  readonly auraEnabled: ReadonlySet<string>;
  /** The custom labels that the class uses, with the line. */
  readonly labels: readonly { readonly name: string; readonly line: number }[];
}

interface Identifier {
  readonly value: string;
  readonly loc: { readonly line: number };
}

/** Reads the parts of an Apex class. */
export async function parseApexClass(file: string): Promise<ApexClass> {
  const nodes = [...nodesIn(await parseApex(file))];
  return {
    auraEnabled: new Set(nodes.filter(isKind('MethodDecl')).filter(isCallable).map(nameOf)),
    labels: nodes.filter(isKind('Expr$VariableExpr')).flatMap(labelIn),
  };
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

/** Returns the label of a variable with the name System.Label.X or Label.X. */
function labelIn(variable: Node): ApexClass['labels'] {
  const names = variable['names'] as readonly Identifier[];
  const [label, owner, ...rest] = [...names].reverse();
  const isLabel = owner?.value.toLowerCase() === 'label' && rest.every(({ value }) => value.toLowerCase() === 'system');
  return label && isLabel ? [{ name: label.value, line: label.loc.line }] : [];
}
