/** @typedef {{ setIdentityToken(token: object): unknown, clearSession(endsSession: boolean): Promise<void> }} ChatClient */

/**
 * Returns the user verification API of the chat client. In published copies of the client (versions 242 to 246) the API becomes
 * available when onEmbeddedMessagingReady is fired. Salesforce doesn't document whether this is true for all versions.
 */
export const chatClient = () =>
  /** @type {{ embeddedservice_bootstrap?: { userVerificationAPI?: ChatClient } }} */ (window).embeddedservice_bootstrap
    ?.userVerificationAPI;

/**
 * Passes a token to the chat client and returns whether the client accepted it. The client returns false for a token that it
 * doesn't accept. Its other return values aren't documented.
 * @param {string} identityToken
 */
export async function passToken(identityToken) {
  try {
    const client = /** @type {ChatClient} */ (chatClient());
    return (await client.setIdentityToken({ identityTokenType: 'JWT', identityToken })) !== false;
  } catch {
    return false;
  }
}

/**
 * Clears the customer's data in the chat client.
 * @param {boolean} endsSession whether to end the messaging session in Salesforce too
 */
export async function clearSession(endsSession) {
  try {
    await chatClient()?.clearSession(endsSession);
  } catch {
    // There is no session to clear.
  }
}
