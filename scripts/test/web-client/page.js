/**
 * The page around the web client, as far as it uses it: a window with events, chat's API, an endpoint, other tabs. What is
 * faked is the browser's edge; what happens between is the client's own.
 */
const { Buffer } = require('node:buffer');

const encoded = (value) => Buffer.from(JSON.stringify(value)).toString('base64url');

/** A token that lives so many seconds from now on; the browser never looks at its signature. */
export const tokenFor = (life = 300, claims = {}) =>
  [
    { alg: 'RS256', kid: 'k', typ: 'JWT' },
    { sub: 'ada', exp: Math.floor(Date.now() / 1000) + life, ...claims },
  ]
    .map(encoded)
    .concat(`signature${(made += 1)}`)
    .join('.');
let made = 0;

/** Lets promises settle, with so many milliseconds gone by. */
export const pass = (milliseconds = 0) => jest.advanceTimersByTimeAsync(milliseconds);

/** Every open channel, as the tabs of one browser share them. */
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

/** A browser tab without chat. */
export function openTab() {
  const tab = Object.assign(new EventTarget(), { localStorage: { setItem: jest.fn() } });
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

/** Chat becomes ready: its API appears and its event is fired. */
export function chatReady(tab) {
  const api = { setIdentityToken: jest.fn(() => true), clearSession: jest.fn(async () => undefined) };
  tab.embeddedservice_bootstrap = { userVerificationAPI: api };
  tab.dispatchEvent(new Event('onEmbeddedMessagingReady'));
  return api;
}

/** Chat asks for a new token. */
export const expire = (tab) => tab.dispatchEvent(new Event('onEmbeddedMessagingIdentityTokenExpired'));

/** The tokens that chat was handed, oldest first. */
export const handedTo = (api) => api.setIdentityToken.mock.calls.map(([{ identityToken }]) => identityToken);

/** An endless answer; tells how much of it was read, and whether somebody ended it. */
export function endless() {
  const read = { bytes: 0, ended: false };
  const body = new ReadableStream({
    pull(controller) {
      read.bytes += 1024;
      controller.enqueue(new Uint8Array(1024).fill(97));
    },
    cancel() {
      read.ended = true;
    },
  });
  return { read, response: new Response(body) };
}
