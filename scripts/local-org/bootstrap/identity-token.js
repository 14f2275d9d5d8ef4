/** Reads an identity token. Returns undefined for one that is invalid, or expired by the clock of the browser. */
export function readIdentityToken(token) {
  const claims = claimsOf(token);
  const isValid = claims && typeof claims.exp === 'number' && !isPast(claims.exp);
  return isValid ? { token, expiresAt: claims.exp, user: claims.sub } : undefined;
}

/** Checks whether a time in seconds since 1970 has passed. Allows no clock skew. */
export const isPast = (seconds) => Math.floor(Date.now() / 1000) >= seconds;

/** Returns the unverified payload of a JWT; undefined for any other value. */
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
