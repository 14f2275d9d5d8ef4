/**
 * Mocks of the browser APIs that the web client uses: a window with events, the API of the chat client, an endpoint, and other
 * tabs.
 */
const { Buffer } = require('node:buffer');

const encode = (value) => Buffer.from(JSON.stringify(value)).toString('base64url');

/** Creates a token with a lifetime in seconds. The browser never checks its signature. */
export const createToken = (lifetime = 300, claims = {}) =>
  [
    { alg: 'RS256', kid: 'k', typ: 'JWT' },
    { sub: 'ada', exp: Math.floor(Date.now() / 1000) + lifetime, ...claims },
  ]
    .map(encode)
    .concat(`signature${(tokenCount += 1)}`)
    .join('.');
let tokenCount = 0;

/** Advances the clock and settles promises. */
export const advance = (milliseconds = 0) => jest.advanceTimersByTimeAsync(milliseconds);

/** The open channels of all tabs. */
const channels = new Set();

class Channel {
  onmessage = undefined;

  constructor(name) {
    this.name = name;
    channels.add(this);
  }

  postMessage(data) {
    if (!channels.has(this)) throw new Error('InvalidStateError');
    for (const other of channels) if (other !== this && other.name === this.name) other.onmessage?.({ data });
  }

  close() {
    channels.delete(this);
  }
}

/** Opens a browser tab without chat. */
export function openTab() {
  const tab = Object.assign(new EventTarget(), { localStorage: { setItem: jest.fn() }, BroadcastChannel: Channel });
  Object.assign(globalThis, {
    window: tab,
    location: new URL('https://shop.example.com/cart'),
    localStorage: tab.localStorage,
    BroadcastChannel: Channel,
    fetch: jest.fn(),
  });
  return tab;
}

export function closeTabs() {
  channels.clear();
  for (const name of ['window', 'location', 'localStorage', 'BroadcastChannel', 'fetch', 'document'])
    delete globalThis[name];
}

/** Adds the API of the chat client and fires its ready event. */
export function fireChatReady(tab) {
  const api = { setIdentityToken: jest.fn(() => true), clearSession: jest.fn(async () => undefined) };
  tab.embeddedservice_bootstrap = { userVerificationAPI: api };
  tab.dispatchEvent(new Event('onEmbeddedMessagingReady'));
  return api;
}

/** Fires the event with which chat requests a new token. */
export const expireToken = (tab) => tab.dispatchEvent(new Event('onEmbeddedMessagingIdentityTokenExpired'));

/** Returns the tokens passed to chat in order. */
export const passedTokens = (api) => api.setIdentityToken.mock.calls.map(([{ identityToken }]) => identityToken);

/** Creates an endless response, and records how much of it was read and whether it was canceled. */
export function endlessResponse() {
  const read = { bytes: 0, canceled: false };
  const body = new ReadableStream({
    pull(controller) {
      read.bytes += 1024;
      controller.enqueue(new Uint8Array(1024).fill(97));
    },
    cancel() {
      read.canceled = true;
    },
  });
  return { read, response: new Response(body) };
}
