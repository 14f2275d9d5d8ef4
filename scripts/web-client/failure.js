/** @typedef {import('./types.js').Reason} Reason */

/**
 * An error that says nothing but why there is no verified customer, because anything more could repeat a token:
 *
 * - unreachable: no answer, a 5xx or a 429
 * - slow: no answer within 6 seconds
 * - unusable: an answer without a token: a page, a redirect, a 304, more than 16 kB
 * - expired: the token had ended when it came
 * - clock: the same, because the clock of this device is ahead of the endpoint's
 * - refused: chat did not take the token
 * - rejected: chat took it and asked for the next one at once, again and again
 * - component: the Lightning component gave up
 * - no-chat: chat was not ready within 30 seconds
 *
 * @param {Reason} reason
 */
export const failure = (reason) => Object.assign(new Error(reason), { reason });

/**
 * The reason of whatever was thrown; what has none of its own is a request that failed.
 * @param {unknown} thrown
 * @returns {Reason}
 */
export const reasonOf = (thrown) => /** @type {{ reason?: Reason } | undefined} */ (thrown)?.reason ?? 'unreachable';
