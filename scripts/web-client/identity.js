import { chat, clear, handOver } from './chat.js';
import { fetchFrom } from './endpoint.js';
import { failure, reasonOf } from './failure.js';
import { patientSource } from './source.js';
import { otherTabs } from './tabs.js';
import { pause, SECOND } from './time.js';

/** @import { GetToken, Identity, OnState, Reason, State } from './types.js' */

const CHAT_WITHIN = 30 * SECOND;
/** After so long without the event of a chat whose API is there, the event was fired before anybody listened. */
const EVENT_WITHIN = 3 * SECOND;
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
  /** Whether chat may be asked, whether it has said so itself, and what a chat that never does is taken for. */
  let ready = false;
  let heard = false;
  /** @type {Reason} */
  let silence = 'no-chat';
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
    const taken = token && (await handOver(token));
    if (signal.aborted) return;
    if (taken !== false) tell(token ? 'verified' : 'guest');
    else if (heard) throw failure('refused');
    else {
      // A chat that is not ready refuses as well.
      silence = 'refused';
      tell('waiting');
    }
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
    window.addEventListener(
      type,
      () => {
        ready = heard = true;
        needed();
      },
      { signal: listening.signal },
    );
  }
  const late = setTimeout(() => {
    ready ||= Boolean(chat());
    if (ready && state === 'waiting') renew();
  }, EVENT_WITHIN);
  const patience = setTimeout(() => state === 'waiting' && tell('failed', silence), CHAT_WITHIN);

  return {
    get state() {
      return state;
    },
    login() {
      source.reset();
      if (ready) renew();
      else tell('waiting');
    },
    async logout() {
      if (!listening.signal.aborted) tabs.tell();
      await end(true);
    },
    stop() {
      work.abort();
      clearTimeout(late);
      clearTimeout(patience);
      listening.abort();
      tabs.close();
    },
  };
}
