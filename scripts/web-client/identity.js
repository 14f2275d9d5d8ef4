import { chatClient, clearSession, passToken } from './chat-client.js';
import { identityError, reasonOf } from './identity-error.js';
import { logoutChannel } from './logout-channel.js';
import { retryingSource } from './retrying-source.js';
import { delay, SECOND } from './time.js';
import { subjectOf } from './token.js';
import { tokenEndpoint } from './token-endpoint.js';

/** @import { GetToken, Identity, OnState, Reason, State } from './types.js' */

const READY_TIMEOUT = 30 * SECOND;
/** If the API of the chat client exists but no event arrives within this time, the event was fired before this code ran. */
const EVENT_TIMEOUT = 3 * SECOND;
const CLEAR_TIMEOUT = 3 * SECOND;

/**
 * Passes an identity token to Enhanced Chat each time the chat client needs one. Call it before or after the chat script loads.
 * The token comes from tokenUrl (same origin, POST; 401 for unverified users) or from getToken (no value for unverified users).
 * On a server, which renders the page, it does nothing.
 * @param {{ tokenUrl?: string, getToken?: GetToken, onState?: OnState }} options
 * @returns {Identity}
 */
export function connectIdentity({ tokenUrl, getToken, onState }) {
  if (typeof window === 'undefined') return { state: 'waiting', login() {}, async logout() {}, stop() {} };
  const source = retryingSource(getToken ?? tokenEndpoint(tokenUrl));
  /** @type {State} */
  let state = 'waiting';
  /** Whether the chat client can be called, and whether it fired an event. */
  let ready = false;
  let eventFired = false;
  /** The reason to report if the chat client never fires an event. @type {Reason} */
  let timeoutReason = 'chat-not-loaded';
  /** Whether a token is being requested. Aborting `request` discards it. */
  let requesting = false;
  let request = new AbortController();
  /** The subject of the last token, until chat is cleared. @type {string | undefined} */
  let customer;

  /** @type {OnState} */
  function setState(next, reason) {
    state = next;
    try {
      onState?.(next, reason);
    } catch (error) {
      // An error in the page's callback is reported as uncaught, and doesn't stop this code.
      setTimeout(() => {
        throw error;
      });
    }
  }

  /** @param {AbortSignal} signal */
  async function sendToken(signal) {
    const token = await source.get(signal);
    if (signal.aborted) return;
    const next = token ? subjectOf(token) : undefined;
    // Nobody else may see or continue the chat of a customer whose session ended.
    if (customer !== undefined && next !== customer) await (token ? clearChat(true) : end(true));
    if (signal.aborted) return;
    customer = next;
    // From here on the chat client can request another token. It does so immediately if Salesforce rejects this one.
    requesting = false;
    const accepted = token && (await passToken(token));
    if (signal.aborted) return;
    if (accepted !== false) setState(token ? 'token-set' : 'unverified');
    else if (eventFired) throw identityError('not-set');
    else {
      // A chat client that isn't ready doesn't accept a token either.
      timeoutReason = 'not-set';
      setState('waiting');
    }
  }

  function requestToken() {
    request.abort();
    request = new AbortController();
    const { signal } = request;
    requesting = true;
    setState('loading');
    sendToken(signal).catch((error) => {
      if (signal.aborted) return;
      requesting = false;
      setState('failed', reasonOf(error));
    });
  }

  /** @param {boolean} everywhere whether to end the chat in Salesforce and in the other tabs too */
  async function clearChat(everywhere) {
    customer = undefined;
    if (everywhere && !listeners.signal.aborted) otherTabs.send();
    await Promise.race([clearSession(everywhere), delay(CLEAR_TIMEOUT)]);
  }

  /** @param {boolean} everywhere */
  async function end(everywhere) {
    request.abort();
    // No event of the chat client requests a token from here on. The page may reload when the state is reported.
    state = 'logged-out';
    await clearChat(everywhere);
    if (state === 'logged-out') setState(state);
  }

  const otherTabs = logoutChannel(() => void end(false));
  const listeners = new AbortController();
  for (const type of ['onEmbeddedMessagingReady', 'onEmbeddedMessagingIdentityTokenExpired']) {
    window.addEventListener(
      type,
      () => {
        ready = eventFired = true;
        // Chat is also ready again after it was cleared. Then the page calls login when a customer logs in.
        if (!requesting && state !== 'logged-out' && state !== 'unverified') requestToken();
      },
      { signal: listeners.signal },
    );
  }
  const eventTimer = setTimeout(() => {
    ready ||= Boolean(chatClient());
    if (ready && state === 'waiting') requestToken();
  }, EVENT_TIMEOUT);
  const readyTimer = setTimeout(() => state === 'waiting' && setState('failed', timeoutReason), READY_TIMEOUT);

  return {
    get state() {
      return state;
    },
    login() {
      source.reset();
      if (ready) requestToken();
      else setState('waiting');
    },
    logout: () => end(true),
    stop() {
      request.abort();
      clearTimeout(eventTimer);
      clearTimeout(readyTimer);
      listeners.abort();
      otherTabs.close();
    },
  };
}
