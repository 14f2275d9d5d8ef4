import { revokeToken, type ChatApiClient, type ExchangeResult, type TokenBudget } from '../chat-api';

type Granted = Extract<ExchangeResult, { kind: 'granted' }>;

/** The response to one token request. An access token that was granted is revoked already. */
export type TokenResponse = Exclude<ExchangeResult, Granted> | (Granted & { readonly revokeProblem?: string });

/** The statuses of a rejection. A server error, too many requests, or a missing path reject nothing. */
const REJECTION_STATUSES: ReadonlySet<number> = new Set([400, 401, 403, 412]);

/** Whether a response rejects a token. */
export const isRejection = (response: TokenResponse): boolean =>
  response.kind === 'rejected' && REJECTION_STATUSES.has(response.status);

const RATE_LIMIT_STATUS = 429;

/**
 * Sends the token requests of one verification within the budget of the org. After the org has rejected a request because of
 * its limit, no further request is sent: the limit is shared with the customers of the org.
 */
export class TokenRequests {
  readonly #budget: TokenBudget;
  #isLimited = false;

  constructor(budget: TokenBudget) {
    this.#budget = budget;
  }

  /** `exchange` makes its token when it runs, because a token can expire while it waits for the budget. */
  send(client: ChatApiClient, exchange: () => Promise<ExchangeResult>): Promise<TokenResponse> {
    return this.#budget.run(async () => {
      if (this.#isLimited) return NOT_SENT;
      const response = await exchange();
      if (response.kind === 'rejected' && response.status === RATE_LIMIT_STATUS) this.#isLimited = true;
      if (response.kind !== 'granted') return response;
      const revokeProblem = await revokeToken(client, response.accessToken);
      return { ...response, ...(revokeProblem !== undefined && { revokeProblem }) };
    });
  }
}

const NOT_SENT: TokenResponse = {
  kind: 'unexpected',
  reason:
    'Not sent: the org responded with 429, so it has no token requests left for its customers (200 a minute). Fix: verify when fewer customers start chats, or with a lower --token-budget.',
};
