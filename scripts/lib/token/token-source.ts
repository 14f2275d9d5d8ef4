/** The token that is requested. */
export interface TokenSpec {
  readonly org: string;
  readonly orgId: string;
  readonly channel: string;
  /** The `sub`. */
  readonly subject: string;
  /** The issuer that the org expects. */
  readonly issuer: string;
  /** The kid of the key that the org expects, if known. */
  readonly kid?: string;
  /** The algorithm (alg) that this key declares, if any. */
  readonly alg?: string;
  readonly now: Date;
  /** Encoded header and claims, with a dot between them, that the token must consist of. They can be invalid on purpose. */
  readonly toSign?: string;
}

/** Provides identity tokens: from the customer's own token service, or signed with a private key. */
export interface TokenSource {
  /** Returns a token. Throws a ToolError that contains no part of a token. */
  getToken(spec: TokenSpec): Promise<string>;
}
