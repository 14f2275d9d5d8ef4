/**
 * The DOM events on window between this component and the web client (the static resource customerIdentity). Either one can
 * start first.
 *
 *   component          web client
 *      ── ready ───────>      a user is logged in and the component can provide tokens, or the user selected Try Again
 *      <─ needed ───────      chat needs a token: when it starts, and each time a token has expired
 *      ── token ───────>      detail: the token for setIdentityToken
 *      ── failed ──────>      detail: why there is no token (REASON)
 *      <─ rejected ─────      chat didn't accept the token, or the web client made its last attempt
 *
 * If the web client starts first, it handles `ready`. If it starts last, it sends `needed`. The component calls preventDefault
 * on `needed` to show that it will respond. If no component does, the user is unverified.
 * Each detail is a string, because Lightning Locker and Lightning Web Security would pass an object as a proxy of the
 * component's sandbox. The events don't need a shared global variable, so both should allow them. This was tested only in
 * jsdom, not in an org.
 */
export const EVENT = Object.freeze({
  READY: 'customeridentityready',
  NEEDED: 'customeridentityneeded',
  TOKEN: 'customeridentitytoken',
  FAILED: 'customeridentityfailed',
  REJECTED: 'customeridentityrejected',
});

export const REASON = Object.freeze({
  /** Salesforce created no token. For example, the setting is incomplete, the session expired, or access is missing. */
  NOT_CREATED: 'token-not-created',
  /** Salesforce created tokens, but chat requested the next one immediately each time, because Salesforce rejected them. */
  REJECTED: 'rejected-by-salesforce',
  /** The site runs on LWR, where Salesforce doesn't support token-based user verification. */
  UNSUPPORTED: 'unsupported-site',
});
