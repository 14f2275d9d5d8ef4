/** @typedef {{ setIdentityToken(token: object): unknown, clearSession(endsSession: boolean): Promise<void> }} Chat */

/**
 * Chat's API for verified customers. In published copies of the client (versions 242 to 246) it appears in the moment in which
 * onEmbeddedMessagingReady is fired; nothing promises that it does so in all versions.
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
