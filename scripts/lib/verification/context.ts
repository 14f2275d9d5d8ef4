import type { KeyObject } from 'node:crypto';
import type { OrgView } from '../explain';
import type { TokenSource } from '../token';
import type { Change, Component, DesiredState, LiveState } from '../model';
import type { QueueFacts } from '../org';

/** The org that is proven: what it should hold, what it holds, and where its messaging runtime answers. */
export interface OrgUnderTest {
  readonly desired: DesiredState;
  readonly live: Pick<LiveState, 'facts' | 'components' | 'channels'>;
  /** What differs between the two. */
  readonly changes: readonly Change[];
  /** By developer name. */
  readonly queues: ReadonlyMap<string, QueueFacts>;
  /** Origin of the messaging runtime. */
  readonly chatApiUrl: string;
}

/** What a proof is made with. */
export interface VerifyOptions {
  /** Where good tokens come from; without it nothing is proven of them. */
  readonly source?: TokenSource;
  /** Why there is none for this org, for a sentence. */
  readonly noTokenReason: string;
  /** A private key that no org trusts. */
  readonly untrustedKey: KeyObject;
  /** The `sub` of the customer that tokens are for. */
  readonly sub: string;
  readonly now: () => Date;
  readonly allowLoopback: boolean;
  /** Milliseconds to wait for an answer of the runtime. */
  readonly timeoutMs?: number;
}

/** One channel under proof. */
export interface ChannelContext {
  readonly org: OrgUnderTest;
  readonly options: VerifyOptions;
  readonly orgView: OrgView;
  /** The channel as the org has it. */
  readonly channel: Component;
}
