export { readXml, type ReadResult, type XmlProblem } from './read';
export { overlay, override, sameValue } from './merge';
export { remove } from './remove';
export { packagePath, writeManifest, writePackage, writeXml } from './write';
