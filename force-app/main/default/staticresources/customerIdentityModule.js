/* Generated from scripts/web-client by npm run generate. How to use it: scripts/guides/client.md. */
// @ts-nocheck
/**
 * @typedef {'waiting' | 'loading' | 'verified' | 'guest' | 'failed' | 'ended'} State
 *   verified: chat took the token; ended: logged out, here or in another tab
 * @typedef {'unreachable' | 'slow' | 'unusable' | 'expired' | 'clock' | 'refused' | 'rejected' | 'component' | 'no-chat'} Reason
 * @typedef {(signal: AbortSignal) => string | null | undefined | Promise<string | null | undefined>} GetToken
 * @typedef {(state: State, reason?: Reason) => void} OnState
 * @typedef {{ readonly state: State, login(): void, logout(): Promise<void>, stop(): void }} Identity
 *   login asks now: after a login, or to try again; logout ends the chat in all tabs, and never rejects
 */
const chat = () => window.embeddedservice_bootstrap?.userVerificationAPI;
async function handOver(identityToken) {
  const api = chat();
  try {
    return (await api.setIdentityToken({ identityTokenType: 'JWT', identityToken })) !== false;
  } catch {
    return false;
  }
}
async function clear(endsSession) {
  try {
    await chat()?.clearSession(endsSession);
  } catch {}
}
const failure = (reason) => Object.assign(new Error(reason), { reason });
const reasonOf = (thrown) => thrown?.reason ?? 'unreachable';
const SECOND = 1000;
const pause = (milliseconds) => new Promise((resolve) => setTimeout(resolve, milliseconds));
function within(milliseconds, work, outer) {
  const inner = new AbortController();
  const abort = () => inner.abort();
  outer.addEventListener('abort', abort);
  let timer;
  const late = new Promise((_, reject) => {
    timer = setTimeout(() => reject(failure('slow')), milliseconds);
  });
  return Promise.race([late, Promise.resolve(inner.signal).then(work)]).finally(() => {
    clearTimeout(timer);
    abort();
  });
}
const hasExpired = (token, now) => !(Math.floor(now / SECOND) < expiryOf(token));
function expiryOf(token) {
  let exp;
  try {
    const [, claims = ''] = token.split('.');
    exp = JSON.parse(atob(claims.replaceAll('-', '+').replaceAll('_', '/'))).exp;
  } catch {}
  if (!Number.isFinite(exp)) throw failure('unusable');
  return exp;
}
const LARGEST = 16384;
function fetchFrom(url) {
  if (!url || new URL(url, location.href).origin !== location.origin)
    throw new TypeError('connectIdentity needs a tokenUrl of this origin, or a getToken.');
  return async (signal) => {
    const response = await fetch(url, {
      method: 'POST',
      headers: { 'X-Requested-With': 'customer-identity' },
      credentials: 'same-origin',
      cache: 'no-store',
      redirect: 'manual',
      signal,
    });
    const { status } = response;
    if (status === 401 || status === 204) return undefined;
    if (status === 429 || status >= 500) throw failure('unreachable');
    if (status !== 200) throw failure('unusable');
    const token = tokenIn(await textOf(response));
    const served = Date.parse(response.headers.get('date') ?? '');
    if (hasExpired(token, Date.now()) && !hasExpired(token, served)) throw failure('clock');
    return token;
  };
}
function tokenIn(text) {
  try {
    return JSON.parse(text).identityToken;
  } catch {
    return text.trim();
  }
}
async function textOf({ body }) {
  if (!body) return '';
  const reader = body.pipeThrough(new TextDecoderStream()).getReader();
  let text = '';
  for (let part = await reader.read(); !part.done; part = await reader.read()) {
    text += part.value;
    if (text.length > LARGEST) {
      reader.cancel().catch(() => undefined);
      throw failure('unusable');
    }
  }
  return text;
}
const MOST = 3;
const TIMEOUT = 6 * SECOND;
const CALM = 60 * SECOND;
const PASSING = new Set(['unreachable', 'slow']);
function patientSource(getToken) {
  let count = 0;
  let last = 0;
  let reason;
  async function attempt() {
    const now = performance.now();
    if (now - last > CALM) count = 0;
    if (count === MOST) throw failure(reason);
    last = now;
    count += 1;
    if (count > 1) await pause(SECOND * 2 ** (count - 3) * (1 + Math.random()));
  }
  return {
    async get(signal) {
      for (;;) {
        await attempt();
        if (signal.aborted) return undefined;
        try {
          const token = await within(TIMEOUT, getToken, signal);
          if (token && hasExpired(token, Date.now())) throw failure('expired');
          reason = 'rejected';
          return token;
        } catch (thrown) {
          reason = reasonOf(thrown);
          if (!PASSING.has(reason)) throw thrown;
        }
      }
    },
    reset() {
      count = 0;
    },
  };
}
const NAME = 'customer-identity';
const otherTabs = (onLogout) => (typeof BroadcastChannel === 'function' ? channelTo(onLogout) : storageTo(onLogout));
function channelTo(onLogout) {
  const channel = new BroadcastChannel(NAME);
  channel.onmessage = onLogout;
  return { tell: () => channel.postMessage('logout'), close: () => channel.close() };
}
function storageTo(onLogout) {
  const heard = ({ key }) => {
    if (key === NAME) onLogout();
  };
  window.addEventListener('storage', heard);
  return {
    tell() {
      try {
        localStorage.setItem(NAME, String(Date.now()));
      } catch {}
    },
    close: () => window.removeEventListener('storage', heard),
  };
}
const CHAT_WITHIN = 30 * SECOND;
const EVENT_WITHIN = 3 * SECOND;
const CLEARED_WITHIN = 3 * SECOND;
/**
 * Tells Enhanced Chat who the customer is, whenever it needs to know. Call it before or after chat's script. The token comes from
 * tokenUrl (of this origin; POST; 401 for guests) or from getToken (nothing for guests).
 * @param {{ tokenUrl?: string, getToken?: GetToken, onState?: OnState }} options
 * @returns {Identity}
 */
function connectIdentity({ tokenUrl, getToken = fetchFrom(tokenUrl), onState }) {
  const source = patientSource(getToken);
  let state = 'waiting';
  let ready = false;
  let heard = false;
  let silence = 'no-chat';
  let busy = false;
  let work = new AbortController();
  function tell(next, reason) {
    state = next;
    try {
      onState?.(next, reason);
    } catch (thrown) {
      setTimeout(() => {
        throw thrown;
      });
    }
  }
  async function verify(signal) {
    const token = await source.get(signal);
    if (signal.aborted) return;
    busy = false;
    const taken = token && (await handOver(token));
    if (signal.aborted) return;
    if (taken !== false) tell(token ? 'verified' : 'guest');
    else if (heard) throw failure('refused');
    else {
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
export { connectIdentity };
