export { commandSource } from './command';
export { keySource, privateKeyOf, readPrivateKey, thumbprintOf } from './key-file';
export type { TokenSource, Wish } from './source';
