/** @typedef {import('./types.js').Reason} Reason */

/**
 * Creates an error that contains only a reason, because any other detail could contain a token:
 *
 * - unreachable: no response, or status 429 or 5xx
 * - timeout: no response within 6 seconds
 * - invalid-response: a response without a token, such as a page, a redirect, status 304, or more than 16 KB
 * - expired: the token had already expired when it was received
 * - clock-skew: the token is expired only because the clock of this device is ahead of the clock of the endpoint
 * - not-set: the chat client didn't accept the token
 * - rejected-by-salesforce: the chat client accepted each token, but requested the next one immediately
 * - component-failed: the Lightning component couldn't provide a token
 * - chat-not-loaded: the chat client wasn't ready within 30 seconds
 *
 * @param {Reason} reason
 */
export const identityError = (reason) => Object.assign(new Error(reason), { reason });

/**
 * Returns the reason of an error. An error without a reason is a failed request.
 * @param {unknown} error
 * @returns {Reason}
 */
export const reasonOf = (error) => /** @type {{ reason?: Reason } | undefined} */ (error)?.reason ?? 'unreachable';
