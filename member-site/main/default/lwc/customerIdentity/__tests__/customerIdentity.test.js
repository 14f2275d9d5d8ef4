import { createElement } from 'lwc';
import CustomerIdentity from 'c/customerIdentity';
import mint from '@salesforce/apex/CustomerIdentityToken.mint';
import { EVENT, REASON } from '../events';

jest.mock('@salesforce/user/isGuest', () => ({ default: false }), { virtual: true });
jest.mock('@salesforce/apex/CustomerIdentityToken.mint', () => ({ default: jest.fn() }), { virtual: true });

const SENDING = 'c.Customer_Identity_Sending';
const SENT = 'c.Customer_Identity_Sent';
const FAILED = 'c.Customer_Identity_Failed';

/** The events that the component dispatched, in order. */
let dispatched;

const recordEvent = ({ type, detail }) => dispatched.push(detail === null ? type : [type, detail]);

/** Requests a token, and returns whether the component will respond. */
const requestToken = () => !window.dispatchEvent(new CustomEvent(EVENT.NEEDED, { cancelable: true }));

const rejectToken = () => window.dispatchEvent(new CustomEvent(EVENT.REJECTED));

/** Advances the clock, settles promises, and renders the component. */
const advance = (milliseconds = 0) => jest.advanceTimersByTimeAsync(milliseconds);

function createComponent(properties = {}) {
  const element = createElement('c-customer-identity', { is: CustomerIdentity });
  Object.assign(element, { showStatus: true, ...properties });
  document.body.appendChild(element);
  return element;
}

const query = (element, selector) => element.shadowRoot.querySelector(selector);
const statusOf = (element) => query(element, '[role="status"]').textContent;

beforeEach(() => {
  jest.useFakeTimers();
  dispatched = [];
  for (const type of [EVENT.READY, EVENT.TOKEN, EVENT.FAILED]) window.addEventListener(type, recordEvent);
});

afterEach(() => {
  document.body.replaceChildren();
  for (const type of [EVENT.READY, EVENT.TOKEN, EVENT.FAILED]) window.removeEventListener(type, recordEvent);
  delete window.LWR;
  jest.resetAllMocks();
  jest.useRealTimers();
});

describe('before chat requests a token', () => {
  it('dispatches ready and creates no token', async () => {
    const element = createComponent();
    await advance();
    expect(dispatched).toEqual([EVENT.READY]);
    expect(mint).not.toHaveBeenCalled();
    expect(statusOf(element)).toBe('');
  });
});

describe('loading', () => {
  it('prevents the default of the request to show that it will respond', () => {
    mint.mockReturnValue(new Promise(() => {}));
    createComponent();
    expect(requestToken()).toBe(true);
    expect(requestToken()).toBe(true);
  });

  it('shows the status while the token is created', async () => {
    mint.mockReturnValue(new Promise(() => {}));
    const element = createComponent();
    requestToken();
    await advance();
    expect(statusOf(element)).toBe(SENDING);
    expect(query(element, '[role="alert"]')).toBeNull();
  });

  it('creates one token for several requests', async () => {
    mint.mockReturnValue(new Promise(() => {}));
    createComponent();
    requestToken();
    requestToken();
    await advance();
    requestToken();
    await advance();
    expect(mint).toHaveBeenCalledTimes(1);
  });
});

describe('token sent', () => {
  it('dispatches the token as a string and shows the status', async () => {
    mint.mockResolvedValue('header.claims.signature');
    const element = createComponent();
    requestToken();
    await advance();
    expect(dispatched).toEqual([EVENT.READY, [EVENT.TOKEN, 'header.claims.signature']]);
    expect(statusOf(element)).toBe(SENT);
  });

  it('calls Apex without an argument', async () => {
    mint.mockResolvedValue('token');
    createComponent();
    requestToken();
    await advance();
    expect(mint).toHaveBeenCalledWith();
  });

  it('creates another token without a delay after a token has expired', async () => {
    mint.mockResolvedValueOnce('first').mockResolvedValueOnce('second');
    createComponent();
    requestToken();
    await advance(60 * 60 * 1000);
    requestToken();
    await advance();
    expect(dispatched.slice(1)).toEqual([
      [EVENT.TOKEN, 'first'],
      [EVENT.TOKEN, 'second'],
    ]);
  });

  it('shows nothing if the status is hidden', async () => {
    mint.mockResolvedValue('token');
    const element = createComponent({ showStatus: false });
    requestToken();
    await advance();
    expect(element.shadowRoot.textContent).toBe('');
  });
});

describe('error', () => {
  it('retries after 1 and 2 seconds, then fails with a reason', async () => {
    mint.mockRejectedValue(new Error('no access'));
    const element = createComponent();
    requestToken();
    await advance(999);
    expect(mint).toHaveBeenCalledTimes(1);
    await advance(1);
    expect(mint).toHaveBeenCalledTimes(2);
    await advance(2000);
    expect(mint).toHaveBeenCalledTimes(3);
    expect(dispatched).toEqual([EVENT.READY, [EVENT.FAILED, REASON.NOT_CREATED]]);
    expect(query(element, '[role="alert"] p').textContent).toBe(FAILED);
    expect(statusOf(element)).toBe('');
  });

  it('recovers if a later attempt succeeds', async () => {
    mint.mockRejectedValueOnce(new Error('no access')).mockResolvedValueOnce('token');
    const element = createComponent();
    requestToken();
    await advance(1000);
    expect(dispatched).toEqual([EVENT.READY, [EVENT.TOKEN, 'token']]);
    expect(statusOf(element)).toBe(SENT);
  });

  it('stops if chat requests the next token immediately each time', async () => {
    mint.mockResolvedValue('token');
    window.addEventListener(EVENT.TOKEN, requestToken);
    createComponent();
    requestToken();
    await advance(30_000);
    window.removeEventListener(EVENT.TOKEN, requestToken);
    expect(mint).toHaveBeenCalledTimes(3);
    expect(dispatched.at(-1)).toEqual([EVENT.FAILED, REASON.REJECTED]);
  });

  it('shows an error when the web client reports a rejected token', async () => {
    mint.mockResolvedValue('token');
    const element = createComponent();
    requestToken();
    await advance();
    rejectToken();
    await advance();
    expect(query(element, '[role="alert"] p').textContent).toBe(FAILED);
    expect(statusOf(element)).toBe('');
    expect(dispatched.filter(([type]) => type === EVENT.FAILED)).toEqual([]);
  });

  it.each([
    ['token', (settle) => settle.resolve('token')],
    ['failure', (settle) => settle.reject(new Error('no access'))],
  ])('keeps the error if a %s arrives after the web client reported a rejected token', async (_, settleRequest) => {
    const settle = {};
    mint.mockReturnValue(new Promise((resolve, reject) => Object.assign(settle, { resolve, reject })));
    const element = createComponent();
    requestToken();
    await advance();
    rejectToken();
    settleRequest(settle);
    await advance(30_000);
    expect(query(element, '[role="alert"] p').textContent).toBe(FAILED);
    expect(dispatched).toEqual([EVENT.READY]);
    expect(mint).toHaveBeenCalledTimes(1);
  });

  it('has a Try Again button that lets the web client request a token', async () => {
    mint.mockRejectedValue(new Error('no access'));
    const element = createComponent({ maxAttempts: 1 });
    requestToken();
    await advance();
    mint.mockResolvedValue('token');
    const button = query(element, '[role="alert"] button');
    expect(button.textContent).toBe('c.Customer_Identity_Try_Again');
    expect(button.type).toBe('button');
    window.addEventListener(EVENT.READY, requestToken, { once: true });
    button.click();
    await advance();
    expect(dispatched.at(-2)).toBe(EVENT.READY);
    expect(statusOf(element)).toBe(SENT);
    expect(query(element, '[role="alert"]')).toBeNull();
  });

  it('shows the error if the status is hidden', async () => {
    mint.mockRejectedValue(new Error('no access'));
    const element = createComponent({ showStatus: false, maxAttempts: 1 });
    requestToken();
    await advance();
    expect(query(element, '[role="alert"] p').textContent).toBe(FAILED);
  });

  it.each([
    [1, 1],
    ['2', 2],
    [5, 5],
    [99, 5],
    [-1, 1],
    [undefined, 3],
    ['many', 3],
  ])('limits a setting of %p to %p attempts', async (maxAttempts, expected) => {
    mint.mockRejectedValue(new Error('no access'));
    createComponent({ maxAttempts });
    requestToken();
    await advance(30_000);
    expect(mint).toHaveBeenCalledTimes(expected);
  });
});

describe('after the component is removed', () => {
  it('has removed each of its listeners', () => {
    const added = jest.spyOn(window, 'addEventListener');
    const removed = jest.spyOn(window, 'removeEventListener');
    createComponent().remove();
    const customEvents = ({ mock }) => mock.calls.filter(([type]) => type.startsWith('customeridentity'));
    expect(customEvents(added).map(([type]) => type)).toEqual(['customeridentityneeded', 'customeridentityrejected']);
    expect(customEvents(removed)).toEqual(customEvents(added));
    jest.restoreAllMocks();
  });

  it('does not respond', async () => {
    createComponent().remove();
    expect(requestToken()).toBe(false);
    rejectToken();
    await advance();
    expect(mint).not.toHaveBeenCalled();
  });

  it('cancels a scheduled request', async () => {
    mint.mockRejectedValue(new Error('no access'));
    const element = createComponent();
    requestToken();
    await advance();
    element.remove();
    await advance(30_000);
    expect(mint).toHaveBeenCalledTimes(1);
  });

  it.each([
    ['token', (settle) => settle.resolve('token')],
    ['failure', (settle) => settle.reject(new Error('no access'))],
  ])('ignores a late %s', async (_, settleRequest) => {
    const settle = {};
    mint.mockReturnValue(new Promise((resolve, reject) => Object.assign(settle, { resolve, reject })));
    const element = createComponent();
    requestToken();
    await advance();
    element.remove();
    settleRequest(settle);
    await advance(30_000);
    expect(dispatched).toEqual([EVENT.READY]);
    expect(mint).toHaveBeenCalledTimes(1);
  });
});

describe('on an LWR site', () => {
  it('shows an error without a Try Again button', async () => {
    window.LWR = {};
    const element = createComponent();
    expect(requestToken()).toBe(true);
    await advance();
    expect(mint).not.toHaveBeenCalled();
    expect(dispatched).toEqual([
      [EVENT.FAILED, REASON.UNSUPPORTED],
      [EVENT.FAILED, REASON.UNSUPPORTED],
    ]);
    expect(query(element, '[role="alert"]').textContent).toBe('c.Customer_Identity_Unsupported_Site');
    expect(query(element, 'button')).toBeNull();
  });
});
