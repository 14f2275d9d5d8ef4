/**
 * @typedef {'waiting' | 'loading' | 'token-set' | 'unverified' | 'failed' | 'logged-out'} State
 *   token-set: the chat client accepted the token. logged-out: the customer logged out, or the session ended.
 * @typedef {'unreachable' | 'timeout' | 'invalid-response' | 'expired' | 'clock-skew' | 'not-set' | 'rejected-by-salesforce' | 'component-failed' | 'chat-not-loaded'} Reason
 * @typedef {(signal: AbortSignal) => string | null | undefined | Promise<string | null | undefined>} GetToken
 * @typedef {(state: State, reason?: Reason) => void} OnState
 * @typedef {{ readonly state: State, login(): void, logout(): Promise<void>, stop(): void }} Identity
 *   login: requests a token after a login or to try again. logout: ends the chat in all tabs; never rejects.
 */
export {};
