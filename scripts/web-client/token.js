import { failure } from './failure.js';
import { SECOND } from './time.js';

/**
 * Whether a token has expired, as chat's client judges it: no leeway, and by the clock that it is given. Fails with `unusable`
 * for what is no token.
 * @param {string} token
 * @param {number} now
 */
export const hasExpired = (token, now) => !(Math.floor(now / SECOND) < expiryOf(token));

/** @param {string} token */
function expiryOf(token) {
  let exp;
  try {
    const [, claims = ''] = token.split('.');
    exp = JSON.parse(atob(claims.replaceAll('-', '+').replaceAll('_', '/'))).exp;
  } catch {
    // Told below without its cause, which could repeat a part of the token.
  }
  if (!Number.isFinite(exp)) throw failure('unusable');
  return exp;
}
