export { buildMatrix, type Cell, type Column, type Matrix, type OrgReading, type Row } from './matrix';
export { buildTrustMap } from './trust-map';
export type {
  ChatDeploymentRef,
  OrgTrust,
  AuthorizationRef,
  SyncState,
  KeysetTrust,
  TrustedKey,
  ChannelRef,
  TrustMap,
} from './trust';
