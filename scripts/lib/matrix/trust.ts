/** How a component of an org stands to what config and source state. */
export type Standing = 'as stated' | 'differs' | 'missing' | 'only in the org';

/** A key that signatures are checked with. */
export interface TrustedKey {
  readonly name: string;
  readonly standing: Standing;
  readonly active: boolean;
  readonly kid: string | null;
  /** Whole days until its certificate ends, negative after that; null without a readable certificate. */
  readonly daysLeft: number | null;
}

/** What customers open. */
export interface Door {
  readonly name: string;
  readonly standing: Standing;
  readonly enabled: boolean;
}

/** A channel and its deployments. */
export interface TrustingChannel {
  readonly name: string;
  readonly standing: Standing;
  readonly active: boolean;
  /** Whether user verification is on. */
  readonly verifies: boolean;
  readonly deployments: readonly Door[];
}

/** A configuration of a channel that relies on a keyset. */
export interface Reliance {
  readonly configuration: string;
  readonly enabled: boolean;
  readonly channel: TrustingChannel;
}

/** One keyset: whose tokens it vouches for, with which keys, and who relies on it. */
export interface Trust {
  readonly keyset: string;
  readonly standing: Standing;
  readonly issuer: string | null;
  /** The JWKS endpoint that keys are fetched from, instead of keys in the org. */
  readonly endpoint: string | null;
  readonly keys: readonly TrustedKey[];
  readonly reliances: readonly Reliance[];
}

/** Whom one org trusts; without having been reached, nothing is known of it. */
export interface OrgTrust {
  readonly alias: string;
  readonly kind: string;
  readonly reached: boolean;
  readonly trusts: readonly Trust[];
  /** Channels without any configuration: guests only. */
  readonly unverified: readonly TrustingChannel[];
  /** Keys that no keyset lists. */
  readonly unused: readonly TrustedKey[];
}

/** The way from who signs a token to what customers open, per org: issuer, keyset, keys, configuration, channel, deployment. */
export type TrustMap = readonly OrgTrust[];
