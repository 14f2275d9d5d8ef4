/** @typedef {{ setIdentityToken(token: object): unknown, clearSession(endsSession: boolean): Promise<void> }} Chat */

/**
 * Chat's API for verified customers, or nothing as long as chat is not ready: its client creates this object in the moment in
 * which it fires onEmbeddedMessagingReady, so that whoever comes too late for the event still sees it.
 */
export const chat = () =>
  /** @type {{ embeddedservice_bootstrap?: { userVerificationAPI?: Chat } }} */ (window).embeddedservice_bootstrap
    ?.userVerificationAPI;

/**
 * Whether chat took the token. Its client answers false for one that it does not want; what else it answers is not documented.
 * @param {string} identityToken
 */
export async function handOver(identityToken) {
  const api = /** @type {Chat} */ (chat());
  try {
    return (await api.setIdentityToken({ identityTokenType: 'JWT', identityToken })) !== false;
  } catch {
    return false;
  }
}

/**
 * Clears what chat knows of the customer. The reference writes the argument as a bare true.
 * @param {boolean} endsSession whether the session at Salesforce ends, too
 */
export async function clear(endsSession) {
  try {
    await chat()?.clearSession(endsSession);
  } catch {
    // There was nothing to clear.
  }
}
