/** token-set: the chat client accepted the token. logged-out: the customer logged out, or the session ended. */
export type State = 'waiting' | 'loading' | 'token-set' | 'unverified' | 'failed' | 'logged-out';

/** Why the state is `failed`. The guide client.md describes each reason. */
export type Reason =
  | 'unreachable'
  | 'timeout'
  | 'invalid-response'
  | 'expired'
  | 'clock-skew'
  | 'not-set'
  | 'rejected-by-salesforce'
  | 'component-failed'
  | 'chat-not-loaded';

/** Returns the token of the logged-in customer, or no value for an unverified user. */
export type GetToken = (signal: AbortSignal) => string | null | undefined | Promise<string | null | undefined>;

export interface Options {
  /** The token endpoint on the origin of the page (POST; 401 for unverified users). */
  tokenUrl?: string;
  /** Used instead of `tokenUrl`. */
  getToken?: GetToken;
  onState?: (state: State, reason?: Reason) => void;
}

export interface Identity {
  readonly state: State;
  /** Requests a token after a login without a page load, or to try again. */
  login(): void;
  /** Ends the chat in all tabs. End the session on the server first. Never rejects; takes up to 3 seconds. */
  logout(): Promise<void>;
  /** Removes all listeners and timers. */
  stop(): void;
}

/**
 * Passes an identity token to Enhanced Chat each time the chat client needs one. Call it before or after the chat script loads. On a
 * server it does nothing.
 */
export function connectIdentity(options: Options): Identity;
