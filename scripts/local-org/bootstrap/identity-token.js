/** What the client understands of an identity token; undefined for one it refuses, by the clock of the browser. */
export function readIdentityToken(token) {
  const claims = claimsOf(token);
  const isGood = claims && typeof claims.exp === 'number' && !isPast(claims.exp);
  return isGood ? { token, expires: claims.exp, user: claims.sub } : undefined;
}

/** Whether a moment, in seconds, is over. No clock is allowed to be wrong. */
export const isPast = (seconds) => Math.floor(Date.now() / 1000) >= seconds;

/** The payload of a JWT, unverified; undefined when there is none. */
export function claimsOf(token) {
  try {
    const payload = token.split('.')[1].replaceAll('-', '+').replaceAll('_', '/');
    const bytes = Uint8Array.from(atob(payload), (letter) => letter.charCodeAt(0));
    const claims = JSON.parse(new TextDecoder().decode(bytes));
    return typeof claims === 'object' && claims !== null ? claims : undefined;
  } catch {
    return undefined;
  }
}
