import { failure } from './failure.js';
import { connectIdentity } from './identity.js';

/** @import { GetToken, Identity, OnState } from './types.js' */

// The events of the Lightning component customerIdentity; its contract.js tells their meaning.
const READY = 'customeridentityready';
const NEEDED = 'customeridentityneeded';
const TOKEN = 'customeridentitytoken';
const FAILED = 'customeridentityfailed';
const REFUSED = 'customeridentityrefused';

/**
 * The same with tokens of the Lightning component customerIdentity.
 * @param {{ onState?: OnState }} [options]
 * @returns {Identity}
 */
export function connectComponent({ onState } = {}) {
  const identity = connectIdentity({
    getToken: askComponent,
    onState(state, reason) {
      if (state === 'failed' && reason !== 'no-chat') window.dispatchEvent(new CustomEvent(REFUSED));
      onState?.(state, reason);
    },
  });
  const heard = () => {
    if (identity.state !== 'ended') identity.login();
  };
  window.addEventListener(READY, heard);
  const { stop } = identity;
  identity.stop = () => {
    window.removeEventListener(READY, heard);
    stop();
  };
  return identity;
}

/**
 * A component that has somebody logged in takes the question by preventDefault; where none does, there is a guest.
 * @type {GetToken}
 */
const askComponent = (signal) =>
  new Promise((resolve, reject) => {
    window.addEventListener(TOKEN, (event) => resolve(/** @type {CustomEvent<string>} */ (event).detail), { signal });
    window.addEventListener(FAILED, () => reject(failure('component')), { signal });
    if (window.dispatchEvent(new CustomEvent(NEEDED, { cancelable: true }))) resolve(undefined);
  });
