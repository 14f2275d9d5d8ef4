import { connectIdentity } from './identity.js';
import { identityError } from './identity-error.js';

/** @import { GetToken, Identity, OnState } from './types.js' */

// The events of the Lightning component customerIdentity. Its file events.js describes them.
const READY = 'customeridentityready';
const NEEDED = 'customeridentityneeded';
const TOKEN = 'customeridentitytoken';
const FAILED = 'customeridentityfailed';
const REJECTED = 'customeridentityrejected';

/**
 * Connects the chat client to the tokens of the Lightning component customerIdentity.
 * @param {{ onState?: OnState }} [options]
 * @returns {Identity}
 */
export function connectComponent({ onState } = {}) {
  const identity = connectIdentity({
    getToken: componentSource(),
    onState(state, reason) {
      if (state === 'failed' && reason !== 'chat-not-loaded') window.dispatchEvent(new CustomEvent(REJECTED));
      onState?.(state, reason);
    },
  });
  const onReady = () => {
    if (identity.state !== 'logged-out') identity.login();
  };
  window.addEventListener(READY, onReady);
  const { stop } = identity;
  identity.stop = () => {
    window.removeEventListener(READY, onReady);
    stop();
  };
  return identity;
}

/**
 * A component calls preventDefault if a user is logged in. If no component does, the user is unverified. A site replaces the
 * components without a page load, so a page without a component doesn't mean that the session of an earlier one has ended.
 * @returns {GetToken}
 */
function componentSource() {
  let hasResponded = false;
  return (signal) =>
    new Promise((resolve, reject) => {
      const fail = () => reject(identityError('component-failed'));
      window.addEventListener(TOKEN, (event) => resolve(/** @type {CustomEvent<string>} */ (event).detail), { signal });
      window.addEventListener(FAILED, fail, { signal });
      if (!window.dispatchEvent(new CustomEvent(NEEDED, { cancelable: true }))) hasResponded = true;
      else if (hasResponded) fail();
      else resolve(undefined);
    });
}
