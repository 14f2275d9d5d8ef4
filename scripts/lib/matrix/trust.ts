/** How a component of an org stands to what config and source state. */
export type SyncState = 'in sync' | 'drifted' | 'missing' | 'unmanaged';

/** A key that signatures are checked with. */
export interface TrustedKey {
  readonly name: string;
  readonly syncState: SyncState;
  readonly active: boolean;
  readonly kid: string | null;
  /** Whole days until its certificate ends, negative after that; null without a readable certificate. */
  readonly daysLeft: number | null;
}

/** What customers open. */
export interface ChatDeploymentRef {
  readonly name: string;
  readonly syncState: SyncState;
  readonly enabled: boolean;
}

/** A channel and its deployments. */
export interface ChannelRef {
  readonly name: string;
  readonly syncState: SyncState;
  readonly active: boolean;
  /** Whether user verification is on. */
  readonly verifies: boolean;
  readonly chatDeployments: readonly ChatDeploymentRef[];
}

/** A configuration of a channel that relies on a keyset. */
export interface AuthorizationRef {
  readonly configurationName: string;
  readonly enabled: boolean;
  readonly channel: ChannelRef;
}

/** One keyset: whose tokens it vouches for, with which keys, and who relies on it. */
export interface KeysetTrust {
  readonly keyset: string;
  readonly syncState: SyncState;
  readonly issuer: string | null;
  /** The JWKS endpoint that keys are fetched from, instead of keys in the org. */
  readonly endpoint: string | null;
  readonly keys: readonly TrustedKey[];
  readonly authorizations: readonly AuthorizationRef[];
}

/** Whom one org trusts; without having been reached, nothing is known of it. */
export interface OrgTrust {
  readonly alias: string;
  readonly kind: string;
  readonly reached: boolean;
  readonly keysets: readonly KeysetTrust[];
  /** Channels without any configuration: guests only. */
  readonly unverifiedChannels: readonly ChannelRef[];
  /** Keys that no keyset lists. */
  readonly unusedKeys: readonly TrustedKey[];
}

/** The way from who signs a token to what customers open, per org: issuer, keyset, keys, configuration, channel, deployment. */
export type TrustMap = readonly OrgTrust[];
