import type { Problem } from './problem';
import type { TypeMember, Shape, WsdlTypes } from './wsdl-types';
import { MalformedXmlError, readXml, type XmlElement } from './xml';

const NAMESPACE = 'http://soap.sforce.com/2006/04/metadata';

/**
 * Elements whose source format differs from the WSDL. The design attributes of a bundle are encoded text in the WSDL
 * and XML in source. The cross-check compares them with the component.
 */
const NOT_IN_WSDL = new Set(['LightningComponentBundle.targetConfigs']);

/** Patterns for the text of an element. XML Schema also allows 1 and 0 for booleans. */
const TEXT_PATTERNS = {
  text: () => true,
  number: (text: string) => text !== '' && Number.isFinite(Number(text)),
  boolean: (text: string) => ['true', 'false', '1', '0'].includes(text),
};

/** Text pattern of each XML Schema type. An element of any type must have an xsi:type. */
const SCHEMA_TYPES: Readonly<Record<string, keyof typeof TEXT_PATTERNS>> = {
  'xsd:string': 'text',
  'xsd:date': 'text',
  'xsd:dateTime': 'text',
  'xsd:picklist': 'text',
  'xsd:double': 'number',
  'xsd:int': 'number',
  'xsd:boolean': 'boolean',
};

/**
 * Checks a metadata file against the WSDL: well-formedness, known and required elements, enums, Booleans, and numbers.
 */
export function metadataProblems(file: string, text: string, types: WsdlTypes): Problem[] {
  try {
    const root = readXml(text);
    return [...rootProblems(root, types)].map(({ line, message }) => ({ file, line, message }));
  } catch (thrown) {
    if (thrown instanceof MalformedXmlError)
      return [{ file, line: thrown.line, message: `not well-formed: ${thrown.message}` }];
    throw thrown;
  }
}

type LocatedProblem = Omit<Problem, 'file'>;

const problemAt = ({ line }: XmlElement, message: string): LocatedProblem => ({ line, message });

function* rootProblems(root: XmlElement, types: WsdlTypes): Iterable<LocatedProblem> {
  const shape = types.named(root.name);
  if (root.attributes['xmlns'] !== NAMESPACE)
    yield problemAt(root, `<${root.name}> is not in the namespace ${NAMESPACE}`);
  if (shape?.kind !== 'record') yield problemAt(root, `<${root.name}> is no metadata type`);
  else yield* recordProblems(root, shape.members, types);
}

function* problemsOf(element: XmlElement, shape: Shape, types: WsdlTypes): Iterable<LocatedProblem> {
  if (element.attributes['xsi:nil'] === 'true') return;
  if (shape.kind === 'record') yield* recordProblems(element, shape.members, types);
  else if (element.children.length > 0) yield problemAt(element, `<${element.name}> holds elements instead of a value`);
  else yield* valueProblems(element, shape);
}

function* valueProblems(element: XmlElement, shape: Exclude<Shape, { kind: 'record' }>): Iterable<LocatedProblem> {
  const { name, text } = element;
  if (shape.kind === 'unknown') yield* anyProblems(element);
  else if (shape.kind === 'enum' && !shape.values.has(text)) {
    yield problemAt(element, `<${name}> is "${text}" and not one of ${[...shape.values].join(', ')}`);
  } else if (shape.kind !== 'enum' && !TEXT_PATTERNS[shape.kind](text)) {
    yield problemAt(element, `<${name}> is "${text}" and not a ${shape.kind}`);
  }
}

function* anyProblems(element: XmlElement): Iterable<LocatedProblem> {
  const type = element.attributes['xsi:type'] ?? '';
  const kind = SCHEMA_TYPES[type];
  if (!kind)
    yield problemAt(
      element,
      `<${element.name}> has the xsi:type "${type}" and not one of ${Object.keys(SCHEMA_TYPES).join(', ')}`,
    );
  else yield* valueProblems(element, { kind });
}

function* recordProblems(
  element: XmlElement,
  members: ReadonlyMap<string, TypeMember>,
  types: WsdlTypes,
): Iterable<LocatedProblem> {
  if (element.text !== '') yield problemAt(element, `<${element.name}> holds text instead of elements`);
  const present = new Set<string>();
  for (const child of element.children) {
    const member = members.get(child.name);
    if (!member) yield problemAt(child, `<${element.name}> has no element <${child.name}>`);
    else if (present.has(child.name) && !member.repeats) yield problemAt(child, `<${child.name}> stands here twice`);
    else if (!NOT_IN_WSDL.has(`${element.name}.${child.name}`))
      yield* problemsOf(child, types.shapeOf(member.type), types);
    present.add(child.name);
  }
  for (const [name, { required }] of members) {
    if (required && !present.has(name))
      yield problemAt(element, `<${element.name}> lacks <${name}>, which is required`);
  }
}
