import { identityError } from './identity-error.js';
import { hasExpired } from './token.js';

/** @typedef {import('./types.js').GetToken} GetToken */

/** In characters. A token has about 1,000. */
const MAX_LENGTH = 16384;

/**
 * Returns a function that requests tokens from an endpoint of the page's own origin. The browser sends the session cookie only
 * to that origin. For an endpoint of another origin, the page must provide its own function.
 * @param {string | undefined} url
 * @returns {GetToken}
 */
export function tokenEndpoint(url) {
  if (!url || new URL(url, location.href).origin !== location.origin)
    throw new TypeError('Specify a tokenUrl of this origin, or getToken.');
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
    if (status === 429 || status >= 500) throw identityError('unreachable');
    if (status !== 200) throw identityError('invalid-response');
    const token = parseToken(await readText(response));
    const serverTime = Date.parse(response.headers.get('date') ?? '');
    if (hasExpired(token, Date.now()) && !hasExpired(token, serverTime)) throw identityError('clock-skew');
    return token;
  };
}

/**
 * Reads the token from { "identityToken": "..." }. If the text isn't JSON, the whole text is the token.
 * @param {string} text
 */
function parseToken(text) {
  try {
    return JSON.parse(text).identityToken;
  } catch {
    return text.trim();
  }
}

/**
 * Reads the body of a response up to the maximum length.
 * @param {Response} response
 */
async function readText({ body }) {
  if (!body) return '';
  const reader = body.pipeThrough(new TextDecoderStream()).getReader();
  let text = '';
  for (;;) {
    const { done, value } = await reader.read();
    if (done) return text;
    text += value;
    if (text.length > MAX_LENGTH) {
      reader.cancel().catch(() => undefined);
      throw identityError('invalid-response');
    }
  }
}
