export { readXml } from './read-xml';
export { replaceExactly } from './replace';
export { overlay, mergeOverride, isSameValue } from './merge';
export { removeAt } from './replace';
export { packagePath, writeManifest, writePackage, writeXml } from './write-xml';
export { closestMatch } from './closest-match';
export type { ElementRow, Tables, TypeTable } from './type-tables';
export { elementsOf, elementOf, childType } from './element-types';
export { firstVersionOf, firstVersionOfValue, NEWEST_API_VERSION } from './first-versions';
