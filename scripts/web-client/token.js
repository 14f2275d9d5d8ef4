import { identityError } from './identity-error.js';
import { SECOND } from './time.js';

/**
 * Checks whether a token has expired at the given time. Like the chat client, it allows no clock tolerance. Fails with
 * `invalid-response` if the value isn't a JWT with an expiration date.
 * @param {string} token
 * @param {number} now
 */
export const hasExpired = (token, now) => !(Math.floor(now / SECOND) < readExpiration(token));

/**
 * Returns the customer of a token whose expiration date was checked.
 * @param {string} token
 */
export const subjectOf = (token) => String(readClaims(token)?.sub);

/** @param {string} token */
function readExpiration(token) {
  const exp = readClaims(token)?.exp;
  if (!Number.isFinite(exp)) throw identityError('invalid-response');
  return exp;
}

/** @param {string} token */
function readClaims(token) {
  try {
    const [, claims = ''] = token.split('.');
    return JSON.parse(atob(claims.replaceAll('-', '+').replaceAll('_', '/')));
  } catch {
    // The cause isn't reported, because it could contain a part of the token.
    return undefined;
  }
}
