export { spanOf, verifyAge } from './age';
export { readSealed, runsIn, snapshotPath, snapshotsOf, writeSealed } from './files';
export { keepIn } from './keep';
export type { LeftOut, Sealed, SealedOrg } from './seal';
