import { connectIdentity } from '../../web-client/identity';
import { chatReady, closeTabs, expire, handedTo, openTab, pass, tokenFor } from './page';

const SECOND = 1000;
const MINUTE = 60 * SECOND;

let tab;
let getToken;
/** What the page was told, oldest first; a reason behind a colon. */
let told;

const onState = (state, reason) => told.push(reason ? `${state}: ${reason}` : state);
const connect = (options = {}) => connectIdentity({ getToken, onState, ...options });

beforeEach(() => {
  jest.useFakeTimers({ doNotFake: ['nextTick', 'setImmediate', 'queueMicrotask'] });
  jest.spyOn(Math, 'random').mockReturnValue(0);
  tab = openTab();
  told = [];
  getToken = jest.fn(async () => tokenFor());
});

afterEach(() => {
  closeTabs();
  jest.restoreAllMocks();
  jest.useRealTimers();
});

describe('before chat is ready', () => {
  it('asks for no token', async () => {
    const identity = connect();
    await pass(SECOND);
    expect(getToken).not.toHaveBeenCalled();
    expect(identity.state).toBe('waiting');
    expect(told).toEqual([]);
  });

  it('says after 30 seconds that there is no chat, and goes on when it comes after all', async () => {
    connect();
    await pass(30 * SECOND - 1);
    expect(told).toEqual([]);
    await pass(1);
    expect(told).toEqual(['failed: no-chat']);
    chatReady(tab);
    await pass();
    expect(told.at(-1)).toBe('verified');
  });

  it('keeps a login for later', async () => {
    const identity = connect();
    identity.login();
    await pass();
    expect(getToken).not.toHaveBeenCalled();
    expect(told).toEqual(['waiting']);
  });
});

describe('a chat whose API is there before it is ready', () => {
  /** As some versions might do it: every method refuses until the event. */
  function apiFirst() {
    const api = chatReady(new EventTarget());
    api.setIdentityToken.mockReturnValue(false);
    tab.embeddedservice_bootstrap = { userVerificationAPI: api };
    return api;
  }

  it('gets a token with its event, and none before', async () => {
    const api = apiFirst();
    connect();
    await pass(2 * SECOND);
    expect(api.setIdentityToken).not.toHaveBeenCalled();
    chatReady(tab);
    await pass();
    expect(told).toEqual(['loading', 'verified']);
  });

  it('gets none after a login either', async () => {
    const api = apiFirst();
    const identity = connect();
    identity.login();
    await pass(2 * SECOND);
    expect(api.setIdentityToken).not.toHaveBeenCalled();
    chatReady(tab);
    await pass();
    expect(told).toEqual(['waiting', 'loading', 'verified']);
  });

  it('may be asked by a login once the event must have been missed', async () => {
    const api = apiFirst();
    const identity = connect();
    await pass(4 * SECOND);
    api.setIdentityToken.mockReturnValue(true);
    identity.login();
    await pass();
    expect(told.at(-1)).toBe('verified');
  });

  it('is no failure when it takes longer', async () => {
    apiFirst();
    connect();
    await pass(4 * SECOND);
    expect(told).toEqual(['loading', 'waiting']);
    chatReady(tab);
    await pass(SECOND);
    expect(told.slice(2)).toEqual(['loading', 'verified']);
  });

  it('has refused when it never fires its event', async () => {
    apiFirst();
    connect();
    await pass(30 * SECOND);
    expect(told).toEqual(['loading', 'waiting', 'failed: refused']);
  });
});

describe('when chat is ready', () => {
  it('hands a token over, as a JWT', async () => {
    const identity = connect();
    const api = chatReady(tab);
    await pass();
    const [[argument]] = api.setIdentityToken.mock.calls;
    expect(argument).toEqual({ identityTokenType: 'JWT', identityToken: await getToken.mock.results[0].value });
    expect(told).toEqual(['loading', 'verified']);
    expect(identity.state).toBe('verified');
  });

  it('leaves no timer behind but the one that waits for chat', async () => {
    connect();
    chatReady(tab);
    await pass();
    await pass(3 * SECOND);
    expect(jest.getTimerCount()).toBe(1);
  });

  it('does so after three seconds when chat was ready before anybody listened', async () => {
    const api = chatReady(tab);
    connect();
    await pass(3 * SECOND - 1);
    expect(getToken).not.toHaveBeenCalled();
    await pass(1);
    expect(handedTo(api)).toHaveLength(1);
    expect(told).toEqual(['loading', 'verified']);
  });

  it('says nothing of a missing chat later', async () => {
    connect();
    chatReady(tab);
    await pass(MINUTE);
    expect(told).toEqual(['loading', 'verified']);
  });

  it('asks once, however often chat says so meanwhile', async () => {
    getToken.mockImplementation(() => new Promise(() => {}));
    connect();
    const api = chatReady(tab);
    expire(tab);
    chatReady(tab);
    await pass();
    expect(getToken).toHaveBeenCalledTimes(1);
    expect(api.setIdentityToken).not.toHaveBeenCalled();
  });

  it.each([
    ['nothing', undefined],
    ['null', null],
    ['an empty text', ''],
  ])('takes %s for a guest, who is no failure and unknown to chat', async (_, none) => {
    getToken.mockResolvedValue(none);
    connect();
    const api = chatReady(tab);
    await pass(MINUTE);
    expect(told).toEqual(['loading', 'guest']);
    expect(api.setIdentityToken).not.toHaveBeenCalled();
    expect(getToken).toHaveBeenCalledTimes(1);
  });

  it('works without anybody to tell', async () => {
    connect({ onState: undefined });
    const api = chatReady(tab);
    await pass();
    expect(handedTo(api)).toHaveLength(1);
  });

  it('goes on when the page throws, and lets the page see its mistake', async () => {
    const mistake = new Error('of the page');
    const rethrown = [];
    const later = jest.spyOn(globalThis, 'setTimeout').mockImplementation((work, delay) => {
      if (delay !== undefined) return 0;
      try {
        work();
      } catch (thrown) {
        rethrown.push(thrown);
      }
      return 0;
    });
    const onThrow = jest.fn(() => {
      throw mistake;
    });
    const identity = connect({ onState: onThrow });
    chatReady(tab);
    await new Promise(setImmediate);
    later.mockRestore();
    expect(identity.state).toBe('verified');
    expect(rethrown).toEqual([mistake, mistake]);
  });
});

describe('when the token has expired', () => {
  it('hands the next one over at once', async () => {
    connect();
    const api = chatReady(tab);
    await pass(61 * MINUTE);
    expire(tab);
    await pass();
    expect(new Set(handedTo(api)).size).toBe(2);
    expect(told.slice(2)).toEqual(['loading', 'verified']);
  });

  it('answers within 30 seconds even when the first two attempts are lost', async () => {
    connect();
    const api = chatReady(tab);
    await pass(61 * MINUTE);
    getToken.mockImplementationOnce(() => new Promise(() => {}));
    getToken.mockImplementationOnce(() => new Promise(() => {}));
    jest.mocked(Math.random).mockReturnValue(0.999);
    expire(tab);
    await pass(15 * SECOND);
    expect(handedTo(api)).toHaveLength(2);
    expect(told.at(-1)).toBe('verified');
  });
});

describe('a token that the org does not accept', () => {
  /** Chat takes every token and asks for the next one at once. */
  const rejecting = (api) =>
    api.setIdentityToken.mockImplementation(() => {
      expire(tab);
      return true;
    });

  it('is replaced three times, with pauses, and then given up', async () => {
    connect();
    const api = chatReady(tab);
    rejecting(api);
    await pass(499);
    expect(handedTo(api)).toHaveLength(1);
    await pass(1);
    expect(handedTo(api)).toHaveLength(2);
    await pass(999);
    expect(handedTo(api)).toHaveLength(2);
    await pass(1);
    expect(handedTo(api)).toHaveLength(3);
    await pass(MINUTE - 2 * SECOND);
    expect(getToken).toHaveBeenCalledTimes(3);
    expect(told.filter((each) => each !== 'loading')).toEqual(['failed: rejected']);
  });

  it('waits up to twice as long by chance', async () => {
    jest.mocked(Math.random).mockReturnValue(0.5);
    connect();
    const api = chatReady(tab);
    rejecting(api);
    await pass(749);
    expect(handedTo(api)).toHaveLength(1);
    await pass(1);
    expect(handedTo(api)).toHaveLength(2);
  });

  it('is tried again after more than a calm minute, and on the wish of the page', async () => {
    const identity = connect();
    const api = chatReady(tab);
    rejecting(api);
    await pass(2 * SECOND);
    expire(tab);
    await pass(10 * SECOND);
    expect(getToken).toHaveBeenCalledTimes(3);
    api.setIdentityToken.mockReturnValue(true);
    identity.login();
    await pass();
    expect(told.at(-1)).toBe('verified');
    rejecting(api);
    await pass(MINUTE + 1);
    expire(tab);
    await pass(10 * SECOND);
    expect(getToken).toHaveBeenCalledTimes(7);
    expect(told.at(-1)).toBe('failed: rejected');
  });

  it('counts the minute from the last attempt', async () => {
    connect();
    const api = chatReady(tab);
    rejecting(api);
    await pass(2 * SECOND);
    await pass(MINUTE - 1500);
    expire(tab);
    await pass();
    expect(getToken).toHaveBeenCalledTimes(3);
    await pass(1);
    expire(tab);
    await pass();
    expect(getToken).toHaveBeenCalledTimes(4);
  });
});

describe('a source that fails', () => {
  it.each([
    ['unreachable', new TypeError('Failed to fetch')],
    ['unreachable', undefined],
    ['slow', Object.assign(new Error(), { reason: 'slow' })],
  ])('is asked three times; then the page is told: %s', async (reason, thrown) => {
    getToken.mockRejectedValue(thrown);
    connect();
    chatReady(tab);
    await pass(499);
    expect(getToken).toHaveBeenCalledTimes(1);
    await pass(1);
    expect(getToken).toHaveBeenCalledTimes(2);
    await pass(SECOND);
    expect(getToken).toHaveBeenCalledTimes(3);
    expect(told).toEqual(['loading', `failed: ${reason}`]);
  });

  it('may throw instead of rejecting', async () => {
    getToken.mockImplementation(() => {
      throw new Error('at once');
    });
    connect();
    chatReady(tab);
    await pass(2 * SECOND);
    expect(told).toEqual(['loading', 'failed: unreachable']);
  });

  it('is still the reason when chat asks again within the minute', async () => {
    getToken.mockRejectedValue(new Error('down'));
    connect();
    chatReady(tab);
    await pass(2 * SECOND);
    expire(tab);
    await pass();
    expect(told.slice(2)).toEqual(['loading', 'failed: unreachable']);
    expect(getToken).toHaveBeenCalledTimes(3);
  });

  it('recovers with the next attempt', async () => {
    getToken.mockRejectedValueOnce(new Error('down'));
    connect();
    chatReady(tab);
    await pass(SECOND);
    expect(told).toEqual(['loading', 'verified']);
  });

  it('has 6 seconds an attempt; then it is aborted, and what it brings later is dropped', async () => {
    let signal;
    getToken.mockImplementationOnce((given) => {
      signal = given;
      return new Promise((resolve) => setTimeout(() => resolve(tokenFor(300, { sub: 'late' })), 6600));
    });
    connect();
    const api = chatReady(tab);
    await pass(5999);
    expect(signal.aborted).toBe(false);
    await pass(1);
    expect(signal.aborted).toBe(true);
    await pass(MINUTE);
    expect(handedTo(api)).toEqual([await getToken.mock.results[1].value]);
  });

  it('is asked once when trying again would not help', async () => {
    getToken.mockRejectedValue(Object.assign(new Error(), { reason: 'component' }));
    connect();
    chatReady(tab);
    await pass(10 * SECOND);
    expect(getToken).toHaveBeenCalledTimes(1);
    expect(told).toEqual(['loading', 'failed: component']);
  });
});

describe('a token that cannot be right', () => {
  it('is not handed over when it has expired by the clock of this browser', async () => {
    getToken.mockImplementation(async () => tokenFor(0));
    connect();
    const api = chatReady(tab);
    await pass(10 * SECOND);
    expect(told).toEqual(['loading', 'failed: expired']);
    expect(api.setIdentityToken).not.toHaveBeenCalled();
    expect(getToken).toHaveBeenCalledTimes(1);
  });

  it('has a last second', async () => {
    getToken.mockImplementation(async () => tokenFor(1));
    connect();
    chatReady(tab);
    await pass();
    expect(told.at(-1)).toBe('verified');
  });

  it('may have - and _ in it, as base64url does', async () => {
    getToken.mockImplementation(async () => tokenFor(300, { sub: '~~~???>>>ÿÿÿ' }));
    connect();
    const api = chatReady(tab);
    await pass();
    expect(handedTo(api)[0].split('.')[1]).toMatch(/-.*_|_.*-/);
    expect(told.at(-1)).toBe('verified');
  });

  it.each([
    ['no token', 'not a token'],
    ['an object', { token: 'x' }],
    ['a number', 42],
    ['a payload that is no JSON', 'a.bm90IGpzb24.c'],
    ['a payload of null', `a.${Buffer.from('null').toString('base64url')}.c`],
    ['no expiry', `a.${Buffer.from('{}').toString('base64url')}.c`],
    ['an expiry that is no number', `a.${Buffer.from('{"exp":"never"}').toString('base64url')}.c`],
    ['an expiry that is no time', `a.${Buffer.from('{"exp":1e999}').toString('base64url')}.c`],
  ])('is not handed over: %s', async (_, answer) => {
    getToken.mockResolvedValue(answer);
    connect();
    const api = chatReady(tab);
    await pass(10 * SECOND);
    expect(told).toEqual(['loading', 'failed: unusable']);
    expect(api.setIdentityToken).not.toHaveBeenCalled();
    expect(getToken).toHaveBeenCalledTimes(1);
  });
});

describe('a chat that refuses the token', () => {
  it.each([
    ['answers false', () => false],
    ['promises false', async () => false],
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
  ])('%s: the page is told, and nothing is tried again', async (_, answer) => {
    connect();
    chatReady(tab).setIdentityToken.mockImplementation(answer);
    await pass(10 * SECOND);
    expect(told).toEqual(['loading', 'failed: refused']);
    expect(getToken).toHaveBeenCalledTimes(1);
  });

  it('may be asked again later', async () => {
    connect();
    const api = chatReady(tab);
    api.setIdentityToken.mockReturnValueOnce(false);
    await pass();
    expire(tab);
    await pass(SECOND);
    expect(told).toEqual(['loading', 'failed: refused', 'loading', 'verified']);
  });

  it.each([[undefined], [null], ['yes']])('an answer of %p is no refusal', async (answer) => {
    connect();
    chatReady(tab).setIdentityToken.mockReturnValue(answer);
    await pass();
    expect(told.at(-1)).toBe('verified');
  });

  it('fires its event but has no API: refused', async () => {
    connect();
    tab.dispatchEvent(new Event('onEmbeddedMessagingReady'));
    await pass();
    expect(told).toEqual(['loading', 'failed: refused']);
  });
});

describe('login', () => {
  it('asks again, and drops what was under way', async () => {
    let first;
    getToken.mockImplementationOnce(
      (signal) =>
        new Promise((resolve) => {
          first = { signal, resolve };
        }),
    );
    const identity = connect();
    const api = chatReady(tab);
    await pass();
    identity.login();
    expect(first.signal.aborted).toBe(true);
    first.resolve(tokenFor(300, { sub: 'the one before' }));
    await pass();
    expect(handedTo(api)).toEqual([await getToken.mock.results[1].value]);
    expect(told).toEqual(['loading', 'loading', 'verified']);
  });

  it('keeps a late failure of the one before to itself', async () => {
    getToken.mockImplementationOnce(
      () =>
        new Promise((_, reject) => setTimeout(() => reject(Object.assign(new Error(), { reason: 'component' })), 100)),
    );
    const identity = connect();
    chatReady(tab);
    await pass();
    identity.login();
    await pass(10 * SECOND);
    expect(told).toEqual(['loading', 'loading', 'verified']);
    expect(getToken).toHaveBeenCalledTimes(2);
  });

  it('starts the count again', async () => {
    getToken.mockRejectedValue(new Error('down'));
    const identity = connect();
    chatReady(tab);
    await pass(2 * SECOND);
    getToken.mockImplementation(async () => tokenFor());
    identity.login();
    await pass();
    expect(told.at(-1)).toBe('verified');
  });
});

describe('stop', () => {
  it('lets nothing happen any more', async () => {
    let given;
    getToken.mockImplementationOnce((signal) => {
      given = signal;
      return new Promise((resolve) => setTimeout(() => resolve(tokenFor()), 100));
    });
    const identity = connect();
    const api = chatReady(tab);
    await pass();
    identity.stop();
    expect(given.aborted).toBe(true);
    expire(tab);
    await pass(MINUTE);
    expect(handedTo(api)).toEqual([]);
    expect(told).toEqual(['loading']);
    expect(jest.getTimerCount()).toBe(0);
  });

  it('is not undone when chat asks again', async () => {
    const identity = connect();
    chatReady(tab);
    await pass();
    identity.stop();
    expire(tab);
    await pass(MINUTE);
    expect(getToken).toHaveBeenCalledTimes(1);
  });

  it('ends the wait for chat', async () => {
    connect().stop();
    await pass(MINUTE);
    expect(told).toEqual([]);
  });
});
