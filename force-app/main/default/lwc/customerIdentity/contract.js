/**
 * How this component and the page (the static resource customerIdentity) talk: DOM events on window, in both directions,
 * whichever of the two starts first.
 *
 *   component          page
 *      ── ready ───────>      someone is logged in and can be asked, or wants to try again
 *      <─ needed ───────      chat needs a token: at its start, and whenever the last one has expired
 *      ── token ───────>      detail: the token, for setIdentityToken
 *      ── failed ──────>      detail: why there will be none (REASON)
 *      <─ refused ──────      chat did not take the token, or the page has given up
 *
 * A page that starts first is told by `ready`; a page that starts last asks with `needed`. The component takes that question
 * by preventDefault, so that the page knows at once whether somebody will answer: for guests nobody does.
 * Every detail is a plain string: under Lightning Locker and Lightning Web Security an object would reach the page as a
 * proxy of the component's sandbox. Nothing here needs a shared global, so both should let it through; that is unproven,
 * because it was tried in jsdom only and not in an org.
 */
export const EVENT = Object.freeze({
  READY: 'customeridentityready',
  NEEDED: 'customeridentityneeded',
  TOKEN: 'customeridentitytoken',
  FAILED: 'customeridentityfailed',
  REFUSED: 'customeridentityrefused',
});

export const REASON = Object.freeze({
  /** Salesforce made no token: the setting is incomplete, the login has ended, the permission set is missing. */
  REFUSED: 'refused',
  /** Tokens were made, but chat kept asking for the next one at once: it does not accept them. */
  REPEATED: 'repeated',
  /** The site runs on LWR, where Salesforce does not support token-based user verification. */
  UNSUPPORTED: 'unsupported',
});
