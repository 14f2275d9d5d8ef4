/** The state of a component in an org compared with the desired state. */
export type SyncState = 'in sync' | 'drifted' | 'missing' | 'unmanaged';

/** A key that verifies signatures. */
export interface TrustedKey {
  readonly name: string;
  readonly syncState: SyncState;
  readonly active: boolean;
  readonly kid: string | null;
  /** Whole days until its certificate expires, negative after that; null without a valid certificate. */
  readonly daysLeft: number | null;
}

/** A chat deployment that customers use. */
export interface ChatDeploymentRef {
  readonly name: string;
  readonly syncState: SyncState;
  readonly enabled: boolean;
}

/** A channel and its chat deployments. */
export interface ChannelRef {
  readonly name: string;
  readonly syncState: SyncState;
  readonly active: boolean;
  /** Whether user verification is on. */
  readonly verifies: boolean;
  readonly chatDeployments: readonly ChatDeploymentRef[];
}

/** A user verification configuration of a channel that uses a keyset. */
export interface AuthorizationRef {
  readonly configurationName: string;
  readonly enabled: boolean;
  readonly channel: ChannelRef;
}

/** One keyset: its issuer, its keys, and the authorizations that use it. */
export interface KeysetTrust {
  readonly keyset: string;
  readonly syncState: SyncState;
  readonly issuer: string | null;
  /** The JWKS endpoint that Salesforce downloads the keys from; null for uploaded keys. */
  readonly endpoint: string | null;
  readonly keys: readonly TrustedKey[];
  readonly authorizations: readonly AuthorizationRef[];
}

/** The trust of one org. The lists are empty if the org is unreachable. */
export interface OrgTrust {
  readonly alias: string;
  readonly kind: string;
  readonly reached: boolean;
  /** The trust in the org that its desired state doesn't declare, as sentences. */
  readonly undeclared: readonly string[];
  /** The trust that the org file accepts, with its end and its reason. */
  readonly accepted: readonly string[];
  readonly keysets: readonly KeysetTrust[];
  /** Channels without a user verification configuration. */
  readonly unverifiedChannels: readonly ChannelRef[];
  /** Keys that no keyset lists. */
  readonly unusedKeys: readonly TrustedKey[];
}

/** The trust chain of each org: issuer, keyset, keys, user verification configuration, channel, and chat deployment. */
export type TrustMap = readonly OrgTrust[];
