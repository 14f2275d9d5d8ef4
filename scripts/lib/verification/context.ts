import type { KeyObject } from 'node:crypto';
import type { ChatApiClient, TokenBudget } from '../chat-api';
import type { OrgView } from '../explain';
import type { TokenSource } from '../token';
import type { Change, Component, DesiredState, LiveState, UndeclaredTrust } from '../model';
import type { QueueFacts, SigningReading } from '../org';
import type { Attacker } from './attacker';
import type { TokenRequests } from './token-requests';

/** The org to verify. */
export interface OrgUnderTest {
  readonly desired: DesiredState;
  readonly live: Pick<LiveState, 'facts' | 'components' | 'channels' | 'signerRecords' | 'signerCertificate'>;
  /** The differences between desired and live state. */
  readonly changes: readonly Change[];
  /** The trust in the org that the desired state doesn't declare. */
  readonly undeclaredTrust: readonly UndeclaredTrust[];
  /** By developer name. */
  readonly queues: ReadonlyMap<string, QueueFacts>;
  /** Origin of the Enhanced Chat API (SCRT2 URL). */
  readonly chatApiUrl: string;
  /** When the live state was read. */
  readonly readAt: Date;
}

export interface VerifyOptions {
  /** Reads the trust again, and what may sign tokens in the org. */
  readonly readTrust: () => Promise<TrustAtEnd>;
  /** Gets valid identity tokens from the token service of the customer. */
  readonly tokenCommand?: TokenSource;
  /**
   * Private keys. The one of a key that a channel trusts signs its tokens; those of inactive or removed keys sign tokens that
   * the channel must reject.
   */
  readonly privateKeys: readonly KeyObject[];
  /** The reason why this org has no valid tokens, as a sentence. */
  readonly noTokenReason: string;
  readonly attacker: Attacker;
  /** The `sub` of the tokens. */
  readonly sub: string;
  readonly now: () => Date;
  /** Also read JWKS endpoints on this machine. */
  readonly allowLoopback: boolean;
  /** The hours that the rotation of a keyset waits for caches. */
  readonly cacheHours: (keyset: string) => number;
  /** Limits the token requests to this org. */
  readonly budget: TokenBudget;
  /** Undocumented rejection checks that may fail, by name, with what accepts that. */
  readonly tolerated: ReadonlyMap<string, string>;
  /** Milliseconds to wait until a publication takes effect. Default: no wait. */
  readonly publishTimeoutMs?: number;
  /** Timeout of one request to the Enhanced Chat API. */
  readonly timeoutMs?: number;
}

/** What is read after the last token was sent. */
export interface TrustAtEnd {
  /** What the org trusts although the desired state doesn't declare it. */
  readonly undeclaredTrust: readonly UndeclaredTrust[];
  readonly signing: SigningReading;
}

/** The values that all checks of an org share. */
export interface OrgContext {
  readonly org: OrgUnderTest;
  readonly options: VerifyOptions;
  readonly orgView: OrgView;
  readonly requests: TokenRequests;
}

/** One channel of the org to verify. */
export interface ChannelContext extends OrgContext {
  /** The live channel. */
  readonly channel: Component;
}

/** One chat deployment that tokens are sent to. */
export interface ChatContext extends ChannelContext {
  readonly client: ChatApiClient;
}
