import { failure } from './failure.js';
import { hasExpired } from './token.js';

/** @typedef {import('./types.js').GetToken} GetToken */

/** Characters. A token has about a thousand. */
const LARGEST = 16384;

/**
 * Gets tokens from an endpoint of the page's own origin, because only there the customer's session goes along. A page of
 * another origin needs a function of its own.
 * @param {string | undefined} url
 * @returns {GetToken}
 */
export function fetchFrom(url) {
  if (!url || new URL(url, location.href).origin !== location.origin)
    throw new TypeError('connectIdentity needs a tokenUrl of this origin, or a getToken.');
  return async (signal) => {
    const response = await fetch(url, {
      method: 'POST',
      headers: { 'X-Requested-With': 'customer-identity' },
      credentials: 'same-origin',
      cache: 'no-store',
      redirect: 'manual',
      signal,
    });
    const { status } = response;
    if (status === 401 || status === 204) return undefined;
    if (status === 429 || status >= 500) throw failure('unreachable');
    if (status !== 200) throw failure('unusable');
    const token = tokenIn(await textOf(response));
    const served = Date.parse(response.headers.get('date') ?? '');
    if (hasExpired(token, Date.now()) && !hasExpired(token, served)) throw failure('clock');
    return token;
  };
}

/**
 * The token in { "identityToken": "..." }, or the whole text.
 * @param {string} text
 */
function tokenIn(text) {
  try {
    return JSON.parse(text).identityToken;
  } catch {
    return text.trim();
  }
}

/**
 * Reads an answer, but no endless one.
 * @param {Response} response
 */
async function textOf({ body }) {
  if (!body) return '';
  const reader = body.pipeThrough(new TextDecoderStream()).getReader();
  let text = '';
  for (let part = await reader.read(); !part.done; part = await reader.read()) {
    text += part.value;
    if (text.length > LARGEST) {
      reader.cancel().catch(() => undefined);
      throw failure('unusable');
    }
  }
  return text;
}
