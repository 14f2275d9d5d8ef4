import type { KeyObject } from 'node:crypto';
import type { OrgView } from '../explain';
import type { TokenSource } from '../token';
import type { Change, Component, DesiredState, LiveState, UndeclaredTrust } from '../model';
import type { QueueFacts } from '../org';

/** The org to verify. */
export interface OrgUnderTest {
  readonly desired: DesiredState;
  readonly live: Pick<LiveState, 'facts' | 'components' | 'channels'>;
  /** The differences between desired and live state. */
  readonly changes: readonly Change[];
  /** What the org trusts although the desired state doesn't declare it. */
  readonly undeclaredTrust: readonly UndeclaredTrust[];
  /** By developer name. */
  readonly queues: ReadonlyMap<string, QueueFacts>;
  /** Origin of the Enhanced Chat API (SCRT2 URL). */
  readonly chatApiUrl: string;
}

export interface VerifyOptions {
  /** The source of valid identity tokens. Without it, the acceptance checks are inconclusive. */
  readonly source?: TokenSource;
  /** The reason why this org has no token source, as a sentence. */
  readonly noTokenReason: string;
  /** A private key that no org trusts. */
  readonly untrustedKey: KeyObject;
  /** The `sub` of the tokens. */
  readonly sub: string;
  readonly now: () => Date;
  /** Also read JWKS endpoints on this machine. */
  readonly allowLoopback: boolean;
  /** Timeout of one request to the Enhanced Chat API. */
  readonly timeoutMs?: number;
}

/** One channel of the org to verify. */
export interface ChannelContext {
  readonly org: OrgUnderTest;
  readonly options: VerifyOptions;
  readonly orgView: OrgView;
  /** The live channel. */
  readonly channel: Component;
}
