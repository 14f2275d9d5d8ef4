export { spanOf, verifyAge } from './age';
export { readSealed, runsIn, snapshotPath, snapshotsOf, writeSealed } from './files';
export type { LeftOut, Sealed, SealedOrg } from './seal';
