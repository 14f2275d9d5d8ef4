export { commandSource } from './command';
export { keySource, readPrivateKey, thumbprintOf } from './key-file';
export type { TokenSource, Wish } from './source';
