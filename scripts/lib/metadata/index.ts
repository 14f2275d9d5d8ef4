export { readXml } from './read-xml';
export { replaceExactly } from './replace';
export { overlay, mergeOverride, isSameValue } from './merge';
export { removeAt } from './replace';
export { writeManifest, writeXml } from './write-xml';
export {
  componentName,
  hasContentFiles,
  packagePath,
  parsePackageFiles,
  splitParts,
  withContents,
  type ContentFile,
  type PackageFiles,
} from './package-files';
export { writePackage } from './write-package';
export { elementToJson, membersToJson } from './to-json';
export { closestMatch } from './closest-match';
export type { ElementRow, Tables, TypeTable } from './type-tables';
export { elementsOf, elementOf, childType } from './element-types';
export { firstVersionOf, firstVersionOfValue, isOrgDependentElement, NEWEST_API_VERSION } from './first-versions';
