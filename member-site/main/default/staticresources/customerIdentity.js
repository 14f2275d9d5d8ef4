/* Generated from scripts/web-client. See scripts/guides/client.md. */
(() => {
  'use strict';
  const chatClient = () => window.embeddedservice_bootstrap?.userVerificationAPI;
  async function passToken(identityToken) {
    try {
      const client = chatClient();
      return (await client.setIdentityToken({ identityTokenType: 'JWT', identityToken })) !== false;
    } catch {
      return false;
    }
  }
  async function clearSession(endsSession) {
    try {
      await chatClient()?.clearSession(endsSession);
    } catch {}
  }
  const identityError = (reason) => Object.assign(new Error(reason), { reason });
  const reasonOf = (error) => error?.reason ?? 'unreachable';
  const CHANNEL_NAME = 'customer-identity';
  const logoutChannel = (onLogout) => (window.BroadcastChannel ? broadcastChannel(onLogout) : storageChannel(onLogout));
  function broadcastChannel(onLogout) {
    const channel = new BroadcastChannel(CHANNEL_NAME);
    channel.onmessage = onLogout;
    return { send: () => channel.postMessage(''), close: () => channel.close() };
  }
  function storageChannel(onLogout) {
    const onStorage = ({ key }) => {
      if (key === CHANNEL_NAME) onLogout();
    };
    window.addEventListener('storage', onStorage);
    return {
      send() {
        try {
          localStorage.setItem(CHANNEL_NAME, String(Date.now()));
        } catch {}
      },
      close: () => window.removeEventListener('storage', onStorage),
    };
  }
  const SECOND = 1000;
  const delay = (milliseconds) => new Promise((resolve) => setTimeout(resolve, milliseconds));
  function withTimeout(milliseconds, task, outerSignal) {
    const controller = new AbortController();
    const abort = () => controller.abort();
    outerSignal.addEventListener('abort', abort);
    let timer;
    const timeout = new Promise((_, reject) => {
      timer = setTimeout(reject, milliseconds, identityError('timeout'));
    });
    return Promise.race([timeout, Promise.resolve(controller.signal).then(task)]).finally(() => {
      clearTimeout(timer);
      abort();
    });
  }
  const hasExpired = (token, now) => !(Math.floor(now / SECOND) < readExpiration(token));
  const subjectOf = (token) => String(readClaims(token)?.sub);
  function readExpiration(token) {
    const exp = readClaims(token)?.exp;
    if (!Number.isFinite(exp)) throw identityError('invalid-response');
    return exp;
  }
  function readClaims(token) {
    try {
      const [, claims = ''] = token.split('.');
      return JSON.parse(atob(claims.replaceAll('-', '+').replaceAll('_', '/')));
    } catch {
      return undefined;
    }
  }
  const MAX_ATTEMPTS = 3;
  const ATTEMPT_TIMEOUT = 6 * SECOND;
  const RESET_AFTER = 60 * SECOND;
  function retryingSource(getToken) {
    let attempts = 0;
    let lastAttempt = 0;
    let reason;
    async function nextAttempt() {
      const now = performance.now();
      if (now - lastAttempt > RESET_AFTER) attempts = 0;
      if (attempts === MAX_ATTEMPTS) throw identityError(reason);
      lastAttempt = now;
      attempts += 1;
      if (attempts > 1) await delay(SECOND * 2 ** (attempts - 3) * (1 + Math.random()));
    }
    return {
      async get(signal) {
        for (;;) {
          await nextAttempt();
          if (signal.aborted) return undefined;
          try {
            const token = await withTimeout(ATTEMPT_TIMEOUT, getToken, signal);
            if (token && hasExpired(token, Date.now())) throw identityError('expired');
            reason = 'rejected-by-salesforce';
            return token;
          } catch (error) {
            reason = reasonOf(error);
            if (reason !== 'unreachable' && reason !== 'timeout') throw error;
          }
        }
      },
      reset() {
        attempts = 0;
      },
    };
  }
  const MAX_LENGTH = 16384;
  function tokenEndpoint(url) {
    if (!url || new URL(url, location.href).origin !== location.origin)
      throw new TypeError('Specify a tokenUrl of this origin, or getToken.');
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
      if (status === 429 || status >= 500) throw identityError('unreachable');
      if (status !== 200) throw identityError('invalid-response');
      const token = parseToken(await readText(response));
      const serverTime = Date.parse(response.headers.get('date') ?? '');
      if (hasExpired(token, Date.now()) && !hasExpired(token, serverTime)) throw identityError('clock-skew');
      return token;
    };
  }
  function parseToken(text) {
    try {
      return JSON.parse(text).identityToken;
    } catch {
      return text.trim();
    }
  }
  async function readText({ body }) {
    if (!body) return '';
    const reader = body.pipeThrough(new TextDecoderStream()).getReader();
    let text = '';
    for (;;) {
      const { done, value } = await reader.read();
      if (done) return text;
      text += value;
      if (text.length > MAX_LENGTH) {
        reader.cancel().catch(() => undefined);
        throw identityError('invalid-response');
      }
    }
  }
  const READY_TIMEOUT = 30 * SECOND;
  const EVENT_TIMEOUT = 3 * SECOND;
  const CLEAR_TIMEOUT = 3 * SECOND;
  function connectIdentity({ tokenUrl, getToken, onState }) {
    if (typeof window === 'undefined') return { state: 'waiting', login() {}, async logout() {}, stop() {} };
    const source = retryingSource(getToken ?? tokenEndpoint(tokenUrl));
    let state = 'waiting';
    let ready = false;
    let eventFired = false;
    let timeoutReason = 'chat-not-loaded';
    let requesting = false;
    let request = new AbortController();
    let customer;
    function setState(next, reason) {
      state = next;
      try {
        onState?.(next, reason);
      } catch (error) {
        setTimeout(() => {
          throw error;
        });
      }
    }
    async function sendToken(signal) {
      const token = await source.get(signal);
      if (signal.aborted) return;
      const next = token ? subjectOf(token) : undefined;
      if (customer !== undefined && next !== customer) await (token ? clearChat(true) : end(true));
      if (signal.aborted) return;
      customer = next;
      requesting = false;
      const accepted = token && (await passToken(token));
      if (signal.aborted) return;
      if (accepted !== false) setState(token ? 'token-set' : 'unverified');
      else if (eventFired) throw identityError('not-set');
      else {
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
    async function clearChat(everywhere) {
      customer = undefined;
      if (everywhere && !listeners.signal.aborted) otherTabs.send();
      await Promise.race([clearSession(everywhere), delay(CLEAR_TIMEOUT)]);
    }
    async function end(everywhere) {
      request.abort();
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
  const READY = 'customeridentityready';
  const NEEDED = 'customeridentityneeded';
  const TOKEN = 'customeridentitytoken';
  const FAILED = 'customeridentityfailed';
  const REJECTED = 'customeridentityrejected';
  function connectComponent({ onState } = {}) {
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
  function componentSource() {
    let hasResponded = false;
    return (signal) =>
      new Promise((resolve, reject) => {
        const fail = () => reject(identityError('component-failed'));
        window.addEventListener(TOKEN, (event) => resolve(event.detail), { signal });
        window.addEventListener(FAILED, fail, { signal });
        if (!window.dispatchEvent(new CustomEvent(NEEDED, { cancelable: true }))) hasResponded = true;
        else if (hasResponded) fail();
        else resolve(undefined);
      });
  }
  const { tokenUrl, component } = document.currentScript?.dataset ?? {};
  function startFromAttributes() {
    if (tokenUrl !== undefined) return connectIdentity({ tokenUrl });
    return component === undefined ? {} : connectComponent();
  }
  Object.assign(window, {
    customerIdentity: Object.assign(startFromAttributes(), { connectIdentity, connectComponent }),
  });
})();
