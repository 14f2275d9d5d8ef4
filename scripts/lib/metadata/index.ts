export { readXml, type ReadResult } from './read-xml';
export type { XmlProblem } from './well-formed';
export { replaceExactly } from './replace';
export { overlay, mergeOverride, isSameValue } from './merge';
export { removeAt } from './replace';
export { packagePath, writeManifest, writePackage, writeXml } from './write-xml';
export { closestMatch } from './closest-match';
export type { ElementRow, Tables, TypeTable } from './type-tables';
export { elementsOf, elementOf, childType, isListElement, isNumberElement } from './element-types';
