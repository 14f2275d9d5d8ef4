import type { KeyObject } from 'node:crypto';
import type { Picture } from '../chain';
import type { TokenSource } from '../issuer';
import type { Change, Component, Desired, Snapshot } from '../model';
import type { QueueFacts } from '../org';

/** The org that is proven: what it should hold, what it holds, and where its messaging runtime answers. */
export interface Subject {
  readonly desired: Desired;
  readonly live: Pick<Snapshot, 'facts' | 'components' | 'channels'>;
  /** What differs between the two. */
  readonly changes: readonly Change[];
  /** By developer name. */
  readonly queues: ReadonlyMap<string, QueueFacts>;
  /** Origin of the messaging runtime. */
  readonly runtime: string;
}

/** What a proof is made with. */
export interface Means {
  /** Where good tokens come from; without it nothing is proven of them. */
  readonly source?: TokenSource;
  /** Why there is none for this org, for a sentence. */
  readonly sourceless: string;
  /** A private key that no org trusts. */
  readonly stranger: KeyObject;
  /** The `sub` of the customer that tokens are for. */
  readonly sub: string;
  readonly now: () => Date;
  readonly allowLoopback: boolean;
  /** Milliseconds to wait for an answer of the runtime. */
  readonly patience?: number;
}

/** One channel under proof. */
export interface Stage {
  readonly subject: Subject;
  readonly means: Means;
  readonly picture: Picture;
  /** The channel as the org has it. */
  readonly channel: Component;
}
