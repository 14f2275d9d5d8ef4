import { connectIdentity } from '../../web-client/identity';
import { advance, closeTabs, createToken, expireToken, fireChatReady, openTab, passedTokens } from './page';

const OTHER_CUSTOMER = { sub: 'grace' };

let tab;
let api;
let session;
let states;
let identities;

/** Connects a page whose token endpoint answers for the current session of the site. */
function connect(onState) {
  const getToken = async () => (session ? createToken(300, session) : undefined);
  const identity = connectIdentity({ getToken, onState });
  identities.push(identity);
  return identity;
}

/** Fires the event of an expired token. The request waits up to 1 second, because it isn't the first one. */
async function expire() {
  expireToken(tab);
  await advance(1000);
}

beforeEach(async () => {
  jest.useFakeTimers({ doNotFake: ['nextTick', 'setImmediate', 'queueMicrotask'] });
  tab = openTab();
  states = [];
  identities = [];
  session = { sub: 'ada' };
  connect((state) => states.push(state));
  api = fireChatReady(tab);
  await advance();
  states = [];
});

afterEach(() => {
  for (const identity of identities) identity.stop();
  closeTabs();
  jest.useRealTimers();
});

describe('a session that ended', () => {
  beforeEach(() => {
    session = undefined;
  });

  it('clears chat when chat requests the next token', async () => {
    await expire();
    expect(api.clearSession.mock.calls).toEqual([[true]]);
    expect(api.setIdentityToken).toHaveBeenCalledTimes(1);
    expect(states).toEqual(['loading', 'logged-out']);
  });

  it('sends no further request when chat is ready again after the clearing', async () => {
    const fireReady = () => tab.dispatchEvent(new Event('onEmbeddedMessagingReady'));
    api.clearSession.mockImplementation(async () => void fireReady());
    await expire();
    expect(states).toEqual(['loading', 'logged-out']);
    fireReady();
    await advance(2000);
    expect(states).toEqual(['loading', 'logged-out']);
    expect(api.clearSession).toHaveBeenCalledTimes(1);
  });

  it('is reported after 3 seconds if chat never responds', async () => {
    api.clearSession.mockReturnValue(new Promise(() => {}));
    identities[0].login();
    await advance(2999);
    expect(states).toEqual(['loading']);
    await advance(1);
    expect(states).toEqual(['loading', 'logged-out']);
  });

  it('clears chat in the other tabs', async () => {
    const sent = jest.fn();
    const otherTab = new BroadcastChannel('customer-identity');
    otherTab.onmessage = sent;
    await expire();
    expect(sent).toHaveBeenCalledTimes(1);
  });

  it('ends in the same state in two tabs that notice it at the same time', async () => {
    session = { sub: 'ada' };
    const otherStates = [];
    connect((state) => otherStates.push(state)).login();
    tab.dispatchEvent(new Event('onEmbeddedMessagingReady'));
    await advance(1000);
    session = undefined;
    // The messages of the two tabs cross.
    const { postMessage } = BroadcastChannel.prototype;
    jest.spyOn(BroadcastChannel.prototype, 'postMessage').mockImplementation(function sendLater(data) {
      setTimeout(() => postMessage.call(this, data), 10);
    });
    for (const identity of identities) identity.login();
    await advance(1000);
    jest.restoreAllMocks();
    for (const reported of [states, otherStates])
      expect(reported.slice(reported.lastIndexOf('token-set') + 1)).toEqual(['loading', 'logged-out', 'logged-out']);
  });

  it('clears chat before another customer gets it', async () => {
    identities[0].login();
    await advance();
    expect(states).toEqual(['loading', 'logged-out']);
    session = OTHER_CUSTOMER;
    identities[0].login();
    await advance();
    expect(api.clearSession).toHaveBeenCalledTimes(1);
    expect(api.clearSession.mock.invocationCallOrder[0]).toBeLessThan(api.setIdentityToken.mock.invocationCallOrder[1]);
    expect(states.slice(2)).toEqual(['loading', 'token-set']);
  });

  it('passes no token that was requested before a logout during the clearing', async () => {
    api.clearSession.mockReturnValueOnce(new Promise((resolve) => setTimeout(resolve, 100)));
    session = OTHER_CUSTOMER;
    identities[0].login();
    await advance(50);
    void identities[0].logout();
    await advance(1000);
    expect(api.setIdentityToken).toHaveBeenCalledTimes(1);
    expect(states).toEqual(['loading', 'logged-out']);
  });
});

it('sends no further request for an unverified user when chat is ready again', async () => {
  await identities[0].logout();
  session = undefined;
  identities[0].login();
  await advance();
  tab.dispatchEvent(new Event('onEmbeddedMessagingReady'));
  await advance(2000);
  expect(states).toEqual(['logged-out', 'loading', 'unverified']);
});

it('clears chat in this tab when the session ended in another tab', async () => {
  new BroadcastChannel('customer-identity').postMessage('');
  await advance();
  expect(api.clearSession.mock.calls).toEqual([[false]]);
  expect(states).toEqual(['logged-out']);
});

it('clears chat before it passes a token of another customer', async () => {
  session = OTHER_CUSTOMER;
  await expire();
  expect(api.clearSession.mock.calls).toEqual([[true]]);
  expect(api.clearSession.mock.invocationCallOrder[0]).toBeLessThan(api.setIdentityToken.mock.invocationCallOrder[1]);
  expect(states).toEqual(['loading', 'token-set']);
});

it('keeps chat when the next token has the same customer', async () => {
  await expire();
  expect(api.clearSession).not.toHaveBeenCalled();
  expect(passedTokens(api)).toHaveLength(2);
  expect(states).toEqual(['loading', 'token-set']);
});

it('clears nothing after a logout', async () => {
  await identities[0].logout();
  session = undefined;
  identities[0].login();
  await advance();
  expect(api.clearSession.mock.calls).toEqual([[true]]);
  expect(states.at(-1)).toBe('unverified');
});
