import type { KeyObject } from 'node:crypto';

/** What a token is for. */
export interface TokenSpec {
  readonly org: string;
  readonly orgId: string;
  readonly channel: string;
  /** The `sub`. */
  readonly subject: string;
  /** The issuer that the org expects. */
  readonly issuer: string;
  /** The key that the org expects it to be signed with, where that is known. */
  readonly kid?: string;
  readonly now: Date;
}

/** Where tokens come from: the customer's own issuer, or a private key that is at hand. */
export interface TokenSource {
  /** A token for a wish; throws a ToolError that repeats nothing of it. */
  getToken(spec: TokenSpec): Promise<string>;
  /** The private key, where it is at hand: only then can tokens be made that are wrong in one single point. */
  readonly key?: KeyObject;
}
