import { connectIdentity } from '../../web-client/identity';
import { advance, closeTabs, createToken, expireToken, fireChatReady, openTab, passedTokens } from './page';

const SECOND = 1000;
const MINUTE = 60 * SECOND;

let tab;
let getToken;
/** The reported states in order, with the reason after a colon. */
let states;

const onState = (state, reason) => states.push(reason ? `${state}: ${reason}` : state);
const connect = (options = {}) => connectIdentity({ getToken, onState, ...options });

beforeEach(() => {
  jest.useFakeTimers({ doNotFake: ['nextTick', 'setImmediate', 'queueMicrotask'] });
  jest.spyOn(Math, 'random').mockReturnValue(0);
  tab = openTab();
  states = [];
  getToken = jest.fn(async () => createToken());
});

afterEach(() => {
  closeTabs();
  jest.restoreAllMocks();
  jest.useRealTimers();
});

describe('before chat is ready', () => {
  it('requests no token', async () => {
    const identity = connect();
    await advance(SECOND);
    expect(getToken).not.toHaveBeenCalled();
    expect(identity.state).toBe('waiting');
    expect(states).toEqual([]);
  });

  it('fails after 30 seconds without chat, and recovers when chat becomes ready later', async () => {
    connect();
    await advance(30 * SECOND - 1);
    expect(states).toEqual([]);
    await advance(1);
    expect(states).toEqual(['failed: chat-not-loaded']);
    fireChatReady(tab);
    await advance();
    expect(states.at(-1)).toBe('token-set');
  });

  it('delays a login until chat is ready', async () => {
    const identity = connect();
    identity.login();
    await advance();
    expect(getToken).not.toHaveBeenCalled();
    expect(states).toEqual(['waiting']);
  });
});

describe('a chat client with an API before it is ready', () => {
  /** Creates an API that accepts no token until the ready event, as some versions might do. */
  function addEarlyApi() {
    const api = fireChatReady(new EventTarget());
    api.setIdentityToken.mockReturnValue(false);
    tab.embeddedservice_bootstrap = { userVerificationAPI: api };
    return api;
  }

  it('receives a token after its ready event and not before', async () => {
    const api = addEarlyApi();
    connect();
    await advance(2 * SECOND);
    expect(api.setIdentityToken).not.toHaveBeenCalled();
    fireChatReady(tab);
    await advance();
    expect(states).toEqual(['loading', 'token-set']);
  });

  it('receives no token on login before its ready event', async () => {
    const api = addEarlyApi();
    const identity = connect();
    identity.login();
    await advance(2 * SECOND);
    expect(api.setIdentityToken).not.toHaveBeenCalled();
    fireChatReady(tab);
    await advance();
    expect(states).toEqual(['waiting', 'loading', 'token-set']);
  });

  it('receives a token on login after the event timeout', async () => {
    const api = addEarlyApi();
    const identity = connect();
    await advance(4 * SECOND);
    api.setIdentityToken.mockReturnValue(true);
    identity.login();
    await advance();
    expect(states.at(-1)).toBe('token-set');
  });

  it('does not cause a failure if it becomes ready after the event timeout', async () => {
    addEarlyApi();
    connect();
    await advance(4 * SECOND);
    expect(states).toEqual(['loading', 'waiting']);
    fireChatReady(tab);
    await advance(SECOND);
    expect(states.slice(2)).toEqual(['loading', 'token-set']);
  });

  it('causes the reason not-set if it never fires its event', async () => {
    addEarlyApi();
    connect();
    await advance(30 * SECOND);
    expect(states).toEqual(['loading', 'waiting', 'failed: not-set']);
  });
});

describe('when chat is ready', () => {
  it('passes a token of type JWT', async () => {
    const identity = connect();
    const api = fireChatReady(tab);
    await advance();
    const [[argument]] = api.setIdentityToken.mock.calls;
    expect(argument).toEqual({ identityTokenType: 'JWT', identityToken: await getToken.mock.results[0].value });
    expect(states).toEqual(['loading', 'token-set']);
    expect(identity.state).toBe('token-set');
  });

  it('leaves only the chat timeout running', async () => {
    connect();
    fireChatReady(tab);
    await advance();
    await advance(3 * SECOND);
    expect(jest.getTimerCount()).toBe(1);
  });

  it('passes a token after 3 seconds if chat was ready before the call', async () => {
    const api = fireChatReady(tab);
    connect();
    await advance(3 * SECOND - 1);
    expect(getToken).not.toHaveBeenCalled();
    await advance(1);
    expect(passedTokens(api)).toHaveLength(1);
    expect(states).toEqual(['loading', 'token-set']);
  });

  it('does not report a missing chat later', async () => {
    connect();
    fireChatReady(tab);
    await advance(MINUTE);
    expect(states).toEqual(['loading', 'token-set']);
  });

  it('makes one request, even if chat requests a token several times', async () => {
    getToken.mockImplementation(() => new Promise(() => {}));
    connect();
    const api = fireChatReady(tab);
    expireToken(tab);
    fireChatReady(tab);
    await advance();
    expect(getToken).toHaveBeenCalledTimes(1);
    expect(api.setIdentityToken).not.toHaveBeenCalled();
  });

  it.each([
    ['undefined', undefined],
    ['null', null],
    ['an empty string', ''],
  ])('treats %s as an unverified user and passes no token', async (_, value) => {
    getToken.mockResolvedValue(value);
    connect();
    const api = fireChatReady(tab);
    await advance(MINUTE);
    expect(states).toEqual(['loading', 'unverified']);
    expect(api.setIdentityToken).not.toHaveBeenCalled();
    expect(getToken).toHaveBeenCalledTimes(1);
  });

  it('works without a callback', async () => {
    connect({ onState: undefined });
    const api = fireChatReady(tab);
    await advance();
    expect(passedTokens(api)).toHaveLength(1);
  });

  it('continues if the callback throws, and reports the error as uncaught', async () => {
    const callbackError = new Error('from the callback');
    const rethrown = [];
    const timers = jest.spyOn(globalThis, 'setTimeout').mockImplementation((task, delay) => {
      if (delay !== undefined) return 0;
      try {
        task();
      } catch (thrown) {
        rethrown.push(thrown);
      }
      return 0;
    });
    const onThrow = jest.fn(() => {
      throw callbackError;
    });
    const identity = connect({ onState: onThrow });
    fireChatReady(tab);
    await new Promise(setImmediate);
    timers.mockRestore();
    expect(identity.state).toBe('token-set');
    expect(rethrown).toEqual([callbackError, callbackError]);
  });
});

describe('when the token has expired', () => {
  it('passes the next one immediately', async () => {
    connect();
    const api = fireChatReady(tab);
    await advance(61 * MINUTE);
    expireToken(tab);
    await advance();
    expect(new Set(passedTokens(api)).size).toBe(2);
    expect(states.slice(2)).toEqual(['loading', 'token-set']);
  });

  it('passes a token within 30 seconds even if the first two attempts time out', async () => {
    connect();
    const api = fireChatReady(tab);
    await advance(61 * MINUTE);
    getToken.mockImplementationOnce(() => new Promise(() => {}));
    getToken.mockImplementationOnce(() => new Promise(() => {}));
    jest.mocked(Math.random).mockReturnValue(0.999);
    expireToken(tab);
    await advance(15 * SECOND);
    expect(passedTokens(api)).toHaveLength(2);
    expect(states.at(-1)).toBe('token-set');
  });
});

describe('a token that Salesforce rejects', () => {
  /** Makes chat accept each token and request the next one immediately. */
  const rejectTokens = (api) =>
    api.setIdentityToken.mockImplementation(() => {
      expireToken(tab);
      return true;
    });

  it('is requested three times with delays, then fails', async () => {
    connect();
    const api = fireChatReady(tab);
    rejectTokens(api);
    await advance(499);
    expect(passedTokens(api)).toHaveLength(1);
    await advance(1);
    expect(passedTokens(api)).toHaveLength(2);
    await advance(999);
    expect(passedTokens(api)).toHaveLength(2);
    await advance(1);
    expect(passedTokens(api)).toHaveLength(3);
    await advance(MINUTE - 2 * SECOND);
    expect(getToken).toHaveBeenCalledTimes(3);
    expect(states.filter((each) => each !== 'loading')).toEqual(['failed: rejected-by-salesforce']);
  });

  it('is requested again after a random delay of up to twice the time', async () => {
    jest.mocked(Math.random).mockReturnValue(0.5);
    connect();
    const api = fireChatReady(tab);
    rejectTokens(api);
    await advance(749);
    expect(passedTokens(api)).toHaveLength(1);
    await advance(1);
    expect(passedTokens(api)).toHaveLength(2);
  });

  it('is requested again after a minute without requests, and on login', async () => {
    const identity = connect();
    const api = fireChatReady(tab);
    rejectTokens(api);
    await advance(2 * SECOND);
    expireToken(tab);
    await advance(10 * SECOND);
    expect(getToken).toHaveBeenCalledTimes(3);
    api.setIdentityToken.mockReturnValue(true);
    identity.login();
    await advance();
    expect(states.at(-1)).toBe('token-set');
    rejectTokens(api);
    await advance(MINUTE + 1);
    expireToken(tab);
    await advance(10 * SECOND);
    expect(getToken).toHaveBeenCalledTimes(7);
    expect(states.at(-1)).toBe('failed: rejected-by-salesforce');
  });

  it('is not requested again within a minute after the last attempt', async () => {
    connect();
    const api = fireChatReady(tab);
    rejectTokens(api);
    await advance(2 * SECOND);
    await advance(MINUTE - 1500);
    expireToken(tab);
    await advance();
    expect(getToken).toHaveBeenCalledTimes(3);
    await advance(1);
    expireToken(tab);
    await advance();
    expect(getToken).toHaveBeenCalledTimes(4);
  });
});

describe('a getToken function that fails', () => {
  it.each([
    ['unreachable', new TypeError('Failed to fetch')],
    ['unreachable', undefined],
    ['timeout', Object.assign(new Error(), { reason: 'timeout' })],
  ])('is called three times, then reports the reason %s', async (reason, thrown) => {
    getToken.mockRejectedValue(thrown);
    connect();
    fireChatReady(tab);
    await advance(499);
    expect(getToken).toHaveBeenCalledTimes(1);
    await advance(1);
    expect(getToken).toHaveBeenCalledTimes(2);
    await advance(SECOND);
    expect(getToken).toHaveBeenCalledTimes(3);
    expect(states).toEqual(['loading', `failed: ${reason}`]);
  });

  it('can throw instead of rejecting', async () => {
    getToken.mockImplementation(() => {
      throw new Error('thrown');
    });
    connect();
    fireChatReady(tab);
    await advance(2 * SECOND);
    expect(states).toEqual(['loading', 'failed: unreachable']);
  });

  it('is not called again within a minute, and reports the same reason', async () => {
    getToken.mockRejectedValue(new Error('down'));
    connect();
    fireChatReady(tab);
    await advance(2 * SECOND);
    expireToken(tab);
    await advance();
    expect(states.slice(2)).toEqual(['loading', 'failed: unreachable']);
    expect(getToken).toHaveBeenCalledTimes(3);
  });

  it('can succeed on the next attempt', async () => {
    getToken.mockRejectedValueOnce(new Error('down'));
    connect();
    fireChatReady(tab);
    await advance(SECOND);
    expect(states).toEqual(['loading', 'token-set']);
  });

  it('is aborted after 6 seconds per attempt, and a late token is discarded', async () => {
    let signal;
    getToken.mockImplementationOnce((attemptSignal) => {
      signal = attemptSignal;
      return new Promise((resolve) => setTimeout(() => resolve(createToken(300, { sub: 'late' })), 6600));
    });
    connect();
    const api = fireChatReady(tab);
    await advance(5999);
    expect(signal.aborted).toBe(false);
    await advance(1);
    expect(signal.aborted).toBe(true);
    await advance(MINUTE);
    expect(passedTokens(api)).toEqual([await getToken.mock.results[1].value]);
  });

  it('is called once if the failure is not retryable', async () => {
    getToken.mockRejectedValue(Object.assign(new Error(), { reason: 'component-failed' }));
    connect();
    fireChatReady(tab);
    await advance(10 * SECOND);
    expect(getToken).toHaveBeenCalledTimes(1);
    expect(states).toEqual(['loading', 'failed: component-failed']);
  });
});

describe('the check of a token', () => {
  it('rejects a token that has expired according to the clock of this device', async () => {
    getToken.mockImplementation(async () => createToken(0));
    connect();
    const api = fireChatReady(tab);
    await advance(10 * SECOND);
    expect(states).toEqual(['loading', 'failed: expired']);
    expect(api.setIdentityToken).not.toHaveBeenCalled();
    expect(getToken).toHaveBeenCalledTimes(1);
  });

  it('accepts a token that expires in 1 second', async () => {
    getToken.mockImplementation(async () => createToken(1));
    connect();
    fireChatReady(tab);
    await advance();
    expect(states.at(-1)).toBe('token-set');
  });

  it('accepts - and _ from base64url', async () => {
    getToken.mockImplementation(async () => createToken(300, { sub: '~~~???>>>ÿÿÿ' }));
    connect();
    const api = fireChatReady(tab);
    await advance();
    expect(passedTokens(api)[0].split('.')[1]).toMatch(/-.*_|_.*-/);
    expect(states.at(-1)).toBe('token-set');
  });

  it.each([
    ['text that is not a token', 'not a token'],
    ['an object', { token: 'x' }],
    ['a number', 42],
    ['a payload that is not JSON', 'a.bm90IGpzb24.c'],
    ['a payload of null', `a.${Buffer.from('null').toString('base64url')}.c`],
    ['no expiration date', `a.${Buffer.from('{}').toString('base64url')}.c`],
    ['an expiration date that is not a number', `a.${Buffer.from('{"exp":"never"}').toString('base64url')}.c`],
    ['an infinite expiration date', `a.${Buffer.from('{"exp":1e999}').toString('base64url')}.c`],
  ])('rejects %s', async (_, value) => {
    getToken.mockResolvedValue(value);
    connect();
    const api = fireChatReady(tab);
    await advance(10 * SECOND);
    expect(states).toEqual(['loading', 'failed: invalid-response']);
    expect(api.setIdentityToken).not.toHaveBeenCalled();
    expect(getToken).toHaveBeenCalledTimes(1);
  });
});

describe('a chat client that does not accept the token', () => {
  it.each([
    ['returns false', () => false],
    ['resolves with false', async () => false],
    [
      'throws',
      () => {
        throw new Error('no');
      },
    ],
    [
      'rejects',
      async () => {
        throw new Error('no');
      },
    ],
  ])('causes the reason not-set without a retry if it %s', async (_, implementation) => {
    connect();
    fireChatReady(tab).setIdentityToken.mockImplementation(implementation);
    await advance(10 * SECOND);
    expect(states).toEqual(['loading', 'failed: not-set']);
    expect(getToken).toHaveBeenCalledTimes(1);
  });

  it('can request a token again later', async () => {
    connect();
    const api = fireChatReady(tab);
    api.setIdentityToken.mockReturnValueOnce(false);
    await advance();
    expireToken(tab);
    await advance(SECOND);
    expect(states).toEqual(['loading', 'failed: not-set', 'loading', 'token-set']);
  });

  it.each([[undefined], [null], ['yes']])('accepts the token if it returns %p', async (value) => {
    connect();
    fireChatReady(tab).setIdentityToken.mockReturnValue(value);
    await advance();
    expect(states.at(-1)).toBe('token-set');
  });

  it('causes the reason not-set if it has no API', async () => {
    connect();
    tab.dispatchEvent(new Event('onEmbeddedMessagingReady'));
    await advance();
    expect(states).toEqual(['loading', 'failed: not-set']);
  });
});

describe('login', () => {
  it('requests a new token and discards the previous request', async () => {
    let previous;
    getToken.mockImplementationOnce(
      (signal) =>
        new Promise((resolve) => {
          previous = { signal, resolve };
        }),
    );
    const identity = connect();
    const api = fireChatReady(tab);
    await advance();
    identity.login();
    expect(previous.signal.aborted).toBe(true);
    previous.resolve(createToken(300, { sub: 'previous' }));
    await advance();
    expect(passedTokens(api)).toEqual([await getToken.mock.results[1].value]);
    expect(states).toEqual(['loading', 'loading', 'token-set']);
  });

  it('ignores a late failure of the previous request', async () => {
    getToken.mockImplementationOnce(
      () =>
        new Promise((_, reject) =>
          setTimeout(() => reject(Object.assign(new Error(), { reason: 'component-failed' })), 100),
        ),
    );
    const identity = connect();
    fireChatReady(tab);
    await advance();
    identity.login();
    await advance(10 * SECOND);
    expect(states).toEqual(['loading', 'loading', 'token-set']);
    expect(getToken).toHaveBeenCalledTimes(2);
  });

  it('resets the attempt count', async () => {
    getToken.mockRejectedValue(new Error('down'));
    const identity = connect();
    fireChatReady(tab);
    await advance(2 * SECOND);
    getToken.mockImplementation(async () => createToken());
    identity.login();
    await advance();
    expect(states.at(-1)).toBe('token-set');
  });
});

describe('stop', () => {
  it('aborts the request, removes the listeners, and clears the timers', async () => {
    let requestSignal;
    getToken.mockImplementationOnce((signal) => {
      requestSignal = signal;
      return new Promise((resolve) => setTimeout(() => resolve(createToken()), 100));
    });
    const identity = connect();
    const api = fireChatReady(tab);
    await advance();
    identity.stop();
    expect(requestSignal.aborted).toBe(true);
    expireToken(tab);
    await advance(MINUTE);
    expect(passedTokens(api)).toEqual([]);
    expect(states).toEqual(['loading']);
    expect(jest.getTimerCount()).toBe(0);
  });

  it('ignores later token requests from chat', async () => {
    const identity = connect();
    fireChatReady(tab);
    await advance();
    identity.stop();
    expireToken(tab);
    await advance(MINUTE);
    expect(getToken).toHaveBeenCalledTimes(1);
  });

  it('clears the chat timeout', async () => {
    connect().stop();
    await advance(MINUTE);
    expect(states).toEqual([]);
  });
});
