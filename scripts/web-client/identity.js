import { chat, clear, handOver } from './chat.js';
import { fetchFrom } from './endpoint.js';
import { failure, reasonOf } from './failure.js';
import { patientSource } from './source.js';
import { otherTabs } from './tabs.js';
import { pause, SECOND } from './time.js';

/** @import { GetToken, Identity, OnState, State } from './types.js' */

const CHAT_WITHIN = 30 * SECOND;
const CLEARED_WITHIN = 3 * SECOND;

/**
 * Tells Enhanced Chat who the customer is, whenever it needs to know. Call it before or after chat's script. The token comes from
 * tokenUrl (of this origin; POST; 401 for guests) or from getToken (nothing for guests).
 * @param {{ tokenUrl?: string, getToken?: GetToken, onState?: OnState }} options
 * @returns {Identity}
 */
export function connectIdentity({ tokenUrl, getToken = fetchFrom(tokenUrl), onState }) {
  const source = patientSource(getToken);
  /** @type {State} */
  let state = 'waiting';
  /** Whether a token is on its way; aborting `work` drops it. */
  let busy = false;
  let work = new AbortController();

  /** @type {OnState} */
  function tell(next, reason) {
    state = next;
    try {
      onState?.(next, reason);
    } catch (thrown) {
      // A mistake of the page is reported as one, and stops nothing here.
      setTimeout(() => {
        throw thrown;
      });
    }
  }

  /** @param {AbortSignal} signal */
  async function verify(signal) {
    const token = await source.get(signal);
    if (signal.aborted) return;
    // From here on chat may ask again, and does so at once when it does not accept this token.
    busy = false;
    if (token && !(await handOver(token))) throw failure('refused');
    if (!signal.aborted) tell(token ? 'verified' : 'guest');
  }

  function renew() {
    work.abort();
    work = new AbortController();
    const { signal } = work;
    busy = true;
    tell('loading');
    verify(signal).catch((thrown) => {
      if (signal.aborted) return;
      busy = false;
      tell('failed', reasonOf(thrown));
    });
  }

  function needed() {
    if (!busy && state !== 'ended') renew();
  }

  /** @param {boolean} endsSession */
  async function end(endsSession) {
    work.abort();
    tell('ended');
    await Promise.race([clear(endsSession), pause(CLEARED_WITHIN)]);
  }

  const tabs = otherTabs(() => void end(false));
  const listening = new AbortController();
  for (const type of ['onEmbeddedMessagingReady', 'onEmbeddedMessagingIdentityTokenExpired']) {
    window.addEventListener(type, needed, { signal: listening.signal });
  }
  const patience = setTimeout(() => state === 'waiting' && tell('failed', 'no-chat'), CHAT_WITHIN);
  if (chat()) renew();

  return {
    get state() {
      return state;
    },
    login() {
      source.reset();
      if (chat()) renew();
      else tell('waiting');
    },
    async logout() {
      if (!listening.signal.aborted) tabs.tell();
      await end(true);
    },
    stop() {
      work.abort();
      clearTimeout(patience);
      listening.abort();
      tabs.close();
    },
  };
}
