export { certificateMapOf, describeKeyJson, jwksUriOf } from './json-shape';
export { describeJsonSyntax } from './json-syntax';
export { isAuthority, selectLeaf, type LeafReading } from './leaf';
export type { KeyItem, Layout } from './pem';
export { LAYOUT_MESSAGES, readRsaPrivateKey } from './private-key';
export type { KeyFileProblem } from './problem';
export { readKeyFileBytes } from './read-file';
export { certificatesOf, MAX_KEY_FILE_BYTES, readKeyFile } from './read-key-file';
