import { identityError } from './identity-error.js';
import { SECOND } from './time.js';

/**
 * Checks whether a token has expired at the given time. Like the chat client, it allows no clock tolerance. Fails with
 * `invalid-response` if the value isn't a JWT with an expiration date.
 * @param {string} token
 * @param {number} now
 */
export const hasExpired = (token, now) => !(Math.floor(now / SECOND) < readExpiration(token));

/** @param {string} token */
function readExpiration(token) {
  let exp;
  try {
    const [, claims = ''] = token.split('.');
    exp = JSON.parse(atob(claims.replaceAll('-', '+').replaceAll('_', '/'))).exp;
  } catch {
    // Reported below without the cause, because the cause could contain a part of the token.
  }
  if (!Number.isFinite(exp)) throw identityError('invalid-response');
  return exp;
}
