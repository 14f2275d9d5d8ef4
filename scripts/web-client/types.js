/**
 * @typedef {'waiting' | 'loading' | 'verified' | 'guest' | 'failed' | 'ended'} State
 *   verified: chat took the token; ended: logged out, here or in another tab
 * @typedef {'unreachable' | 'slow' | 'unusable' | 'expired' | 'clock' | 'refused' | 'rejected' | 'component' | 'no-chat'} Reason
 * @typedef {(signal: AbortSignal) => string | null | undefined | Promise<string | null | undefined>} GetToken
 * @typedef {(state: State, reason?: Reason) => void} OnState
 * @typedef {{ readonly state: State, login(): void, logout(): Promise<void>, stop(): void }} Identity
 *   login asks now: after a login, or to try again; logout ends the chat in all tabs, and never rejects
 */
export {};
