import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { connectIdentity } from '../../web-client/identity';
import { advance, closeTabs, createToken, expireToken, fireChatReady, openTab } from './page';

let tab;
let states;
let identities;

const onState = (state) => states.push(state);
const getToken = async () => createToken();

function connect(options = {}) {
  const identity = connectIdentity({ getToken, onState, ...options });
  identities.push(identity);
  return identity;
}

/** Simulates the storage event of a logout in another tab. */
const fireStorageEvent = (key = 'customer-identity') => tab.dispatchEvent(Object.assign(new Event('storage'), { key }));

beforeEach(() => {
  jest.useFakeTimers({ doNotFake: ['nextTick', 'setImmediate', 'queueMicrotask'] });
  tab = openTab();
  states = [];
  identities = [];
});

afterEach(() => {
  for (const identity of identities) identity.stop();
  closeTabs();
  jest.useRealTimers();
});

describe('logout', () => {
  it('clears chat and ends its session', async () => {
    const identity = connect();
    const api = fireChatReady(tab);
    await advance();
    await identity.logout();
    expect(api.clearSession.mock.calls).toEqual([[true]]);
    expect(identity.state).toBe('logged-out');
  });

  it.each([
    ['this tab', (identity) => void identity.logout()],
    ['another tab', () => new BroadcastChannel('customer-identity').postMessage('')],
  ])('in %s is reported after chat was cleared, so that the page can reload then', async (_, logOut) => {
    const identity = connect();
    const api = fireChatReady(tab);
    await advance();
    api.clearSession.mockReturnValue(new Promise((resolve) => setTimeout(resolve, 100)));
    logOut(identity);
    await advance(99);
    tab.dispatchEvent(new Event('onEmbeddedMessagingReady'));
    await advance();
    expect(states).toEqual(['loading', 'token-set']);
    await advance(1);
    expect(states).toEqual(['loading', 'token-set', 'logged-out']);
  });

  it("doesn't report a logout after a login during the clearing", async () => {
    const identity = connect();
    const api = fireChatReady(tab);
    await advance();
    api.clearSession.mockReturnValueOnce(new Promise((resolve) => setTimeout(resolve, 100)));
    void identity.logout();
    identity.login();
    await advance(2000);
    expect(states).toEqual(['loading', 'token-set', 'loading', 'token-set']);
  });

  it('discards a token that is being requested', async () => {
    const identity = connect({
      getToken: () => new Promise((resolve) => setTimeout(() => resolve(createToken()), 100)),
    });
    const api = fireChatReady(tab);
    await advance(50);
    await identity.logout();
    await advance(1000);
    expect(api.setIdentityToken).not.toHaveBeenCalled();
    expect(states).toEqual(['loading', 'logged-out']);
  });

  it('stays logged out when chat becomes ready again, until the page calls login', async () => {
    const identity = connect();
    const api = fireChatReady(tab);
    await advance();
    api.clearSession.mockImplementation(async () => void tab.dispatchEvent(new Event('onEmbeddedMessagingReady')));
    await identity.logout();
    expireToken(tab);
    await advance(1000);
    expect(states).toEqual(['loading', 'token-set', 'logged-out']);
    identity.login();
    await advance();
    expect(states.slice(3)).toEqual(['loading', 'token-set']);
  });

  it('resolves after 3 seconds if chat never responds', async () => {
    const identity = connect();
    fireChatReady(tab).clearSession.mockReturnValue(new Promise(() => {}));
    await advance();
    const onDone = jest.fn();
    void identity.logout().then(onDone);
    await advance(2999);
    expect(onDone).not.toHaveBeenCalled();
    await advance(1);
    expect(onDone).toHaveBeenCalled();
  });

  it.each([
    [
      'rejects',
      async () => {
        throw new Error('not ready');
      },
    ],
    [
      'throws',
      () => {
        throw new Error('broken');
      },
    ],
  ])('resolves if chat %s', async (_, clearSession) => {
    const identity = connect();
    fireChatReady(tab).clearSession.mockImplementation(clearSession);
    await advance();
    await expect(identity.logout()).resolves.toBeUndefined();
  });

  it('resolves without chat and after stop', async () => {
    const identity = connect();
    await identity.logout();
    identity.stop();
    await expect(identity.logout()).resolves.toBeUndefined();
    expect(states).toEqual(['logged-out', 'logged-out']);
  });
});

describe('the code of the guide', () => {
  const guide = readFileSync(join(__dirname, '../../guides/client.md'), 'utf8');
  const [, code] = /^ *```js\n(.*?customerIdentity\.logout.*?)^ *```$/ms.exec(guide);
  const names = ['customerIdentity', 'fetch', 'location', 'alert'];
  const logOut = Object.getPrototypeOf(async () => {}).constructor(...names, code);

  it.each([
    ['reloads the page when the session has ended', async () => new Response(null, { status: 204 }), 1],
    ["doesn't reload the page when the server fails", async () => new Response(null, { status: 503 }), 0],
    [
      "doesn't reload the page without a network",
      async () => {
        throw new TypeError('Failed to fetch');
      },
      0,
    ],
  ])('ends the chat and %s', async (_, endSession, reloads) => {
    const identity = connect();
    const api = fireChatReady(tab);
    await advance();
    const [reload, alert] = [jest.fn(), jest.fn()];
    await logOut(identity, endSession, { reload }, alert);
    expect(api.clearSession.mock.calls).toEqual([[true]]);
    expect(reload).toHaveBeenCalledTimes(reloads);
    expect(alert).toHaveBeenCalledTimes(1 - reloads);
  });
});

describe('a logout in another tab', () => {
  it('clears chat in this tab and passes no more tokens', async () => {
    const thisTab = connect();
    const otherTab = connect({ onState: undefined });
    const api = fireChatReady(tab);
    await advance();
    void otherTab.logout();
    await advance();
    expect(api.clearSession.mock.calls).toEqual([[false], [true]]);
    expect(thisTab.state).toBe('logged-out');
    expireToken(tab);
    await advance(1000);
    expect(states).toEqual(['loading', 'token-set', 'logged-out']);
  });

  it('is ignored after stop', async () => {
    const thisTab = connect();
    const otherTab = connect({ onState: undefined });
    thisTab.stop();
    void otherTab.logout();
    await advance();
    expect(states).toEqual([]);
  });
});

describe('in a browser without BroadcastChannel', () => {
  beforeEach(() => {
    delete window.BroadcastChannel;
  });

  it('notifies the other tabs through storage and stores only the time', async () => {
    void connect().logout();
    await advance();
    expect(tab.localStorage.setItem.mock.calls).toEqual([['customer-identity', String(Date.now())]]);
  });

  it('handles only the storage event of a logout', async () => {
    connect();
    fireChatReady(tab);
    await advance();
    fireStorageEvent('other-key');
    expect(states.at(-1)).toBe('token-set');
    fireStorageEvent();
    await advance();
    expect(states.at(-1)).toBe('logged-out');
  });

  it('resolves if storage is blocked', async () => {
    const identity = connect();
    tab.localStorage.setItem.mockImplementation(() => {
      throw new Error('SecurityError');
    });
    await expect(identity.logout()).resolves.toBeUndefined();
  });

  it('ignores storage events after stop', async () => {
    connect().stop();
    fireStorageEvent();
    expect(states).toEqual([]);
  });
});
