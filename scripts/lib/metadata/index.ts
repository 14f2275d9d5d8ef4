export { readXml, type ReadResult } from './read';
export type { XmlProblem } from './well-formed';
export { exactly } from './exactly';
export { overlay, override, sameValue } from './merge';
export { remove } from './remove';
export { packagePath, writeManifest, writePackage, writeXml } from './write';
