export { matrixOf, type Cell, type Column, type Matrix, type Reading, type Row } from './matrix';
export { trustMapOf } from './trust-map';
export type { Door, OrgTrust, Reliance, Standing, Trust, TrustedKey, TrustingChannel, TrustMap } from './trust';
