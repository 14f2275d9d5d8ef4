import { connectIdentity } from '../../web-client/identity';
import { chatReady, closeTabs, expire, openTab, pass, tokenFor } from './page';

let tab;
let told;
let identities;

const onState = (state) => told.push(state);
const getToken = async () => tokenFor();

function connect(options = {}) {
  const identity = connectIdentity({ getToken, onState, ...options });
  identities.push(identity);
  return identity;
}

/** What only a logout stores. */
const logoutElsewhere = (key = 'customer-identity') => tab.dispatchEvent(Object.assign(new Event('storage'), { key }));

beforeEach(() => {
  jest.useFakeTimers({ doNotFake: ['nextTick', 'setImmediate', 'queueMicrotask'] });
  tab = openTab();
  told = [];
  identities = [];
});

afterEach(() => {
  for (const identity of identities) identity.stop();
  closeTabs();
  jest.useRealTimers();
});

describe('logout', () => {
  it('clears chat and ends its session, as the reference writes it', async () => {
    const identity = connect();
    const api = chatReady(tab);
    await pass();
    await identity.logout();
    expect(api.clearSession.mock.calls).toEqual([[true]]);
    expect(identity.state).toBe('ended');
  });

  it('lets no token through that was on its way', async () => {
    const identity = connect({ getToken: () => new Promise((resolve) => setTimeout(() => resolve(tokenFor()), 100)) });
    const api = chatReady(tab);
    await pass(50);
    await identity.logout();
    await pass(1000);
    expect(api.setIdentityToken).not.toHaveBeenCalled();
    expect(told).toEqual(['loading', 'ended']);
  });

  it('stays logged out when chat is ready again, until the page says that somebody is logged in', async () => {
    const identity = connect();
    const api = chatReady(tab);
    await pass();
    api.clearSession.mockImplementation(async () => void tab.dispatchEvent(new Event('onEmbeddedMessagingReady')));
    await identity.logout();
    expire(tab);
    await pass(1000);
    expect(told).toEqual(['loading', 'verified', 'ended']);
    identity.login();
    await pass();
    expect(told.slice(3)).toEqual(['loading', 'verified']);
  });

  it('is done after 3 seconds although chat never says so', async () => {
    const identity = connect();
    chatReady(tab).clearSession.mockReturnValue(new Promise(() => {}));
    await pass();
    const done = jest.fn();
    void identity.logout().then(done);
    await pass(2999);
    expect(done).not.toHaveBeenCalled();
    await pass(1);
    expect(done).toHaveBeenCalled();
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
  ])('is done although chat %s', async (_, clearSession) => {
    const identity = connect();
    chatReady(tab).clearSession.mockImplementation(clearSession);
    await pass();
    await expect(identity.logout()).resolves.toBeUndefined();
  });

  it('is done where there is no chat, and after the connection was ended', async () => {
    const identity = connect();
    await identity.logout();
    identity.stop();
    await expect(identity.logout()).resolves.toBeUndefined();
    expect(told).toEqual(['ended', 'ended']);
  });
});

describe('a logout in another tab', () => {
  it('clears this one and hands nothing over any more', async () => {
    const here = connect();
    const there = connect({ onState: undefined });
    const api = chatReady(tab);
    await pass();
    void there.logout();
    await pass();
    expect(api.clearSession.mock.calls).toEqual([[false], [true]]);
    expect(here.state).toBe('ended');
    expire(tab);
    await pass(1000);
    expect(told).toEqual(['loading', 'verified', 'ended']);
  });

  it('is no longer heard after stop', async () => {
    const here = connect();
    const there = connect({ onState: undefined });
    here.stop();
    void there.logout();
    await pass();
    expect(told).toEqual([]);
  });
});

describe('in a browser without BroadcastChannel', () => {
  beforeEach(() => {
    delete globalThis.BroadcastChannel;
  });

  it('tells the other tabs through storage, and stores a time', async () => {
    void connect().logout();
    await pass();
    expect(tab.localStorage.setItem.mock.calls).toEqual([['customer-identity', String(Date.now())]]);
  });

  it('hears of a logout, and of nothing else', async () => {
    connect();
    chatReady(tab);
    await pass();
    logoutElsewhere('something else');
    expect(told.at(-1)).toBe('verified');
    logoutElsewhere();
    expect(told.at(-1)).toBe('ended');
  });

  it('goes on where storage is forbidden', async () => {
    const identity = connect();
    tab.localStorage.setItem.mockImplementation(() => {
      throw new Error('SecurityError');
    });
    await expect(identity.logout()).resolves.toBeUndefined();
  });

  it('stops to listen', async () => {
    connect().stop();
    logoutElsewhere();
    expect(told).toEqual([]);
  });
});
