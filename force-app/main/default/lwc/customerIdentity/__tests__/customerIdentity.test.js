import { createElement } from 'lwc';
import CustomerIdentity from 'c/customerIdentity';
import mint from '@salesforce/apex/CustomerIdentityToken.mint';
import { EVENT, REASON } from '../contract';

jest.mock('@salesforce/user/isGuest', () => ({ default: false }), { virtual: true });
jest.mock('@salesforce/apex/CustomerIdentityToken.mint', () => ({ default: jest.fn() }), { virtual: true });

const PASSING = 'c.Customer_Identity_Passing';
const PASSED = 'c.Customer_Identity_Passed';
const FAILED = 'c.Customer_Identity_Failed';

/** Everything the component told the page, oldest first. */
let told;

const record = ({ type, detail }) => told.push(detail === null ? type : [type, detail]);

/** Whether the component has taken the question. */
const ask = () => !window.dispatchEvent(new CustomEvent(EVENT.NEEDED, { cancelable: true }));

const refuse = () => window.dispatchEvent(new CustomEvent(EVENT.REFUSED));

/** Lets promises settle and the page render, with `milliseconds` gone by. */
const pass = (milliseconds = 0) => jest.advanceTimersByTimeAsync(milliseconds);

function show(properties = {}) {
  const element = createElement('c-customer-identity', { is: CustomerIdentity });
  Object.assign(element, { showStatus: true, ...properties });
  document.body.appendChild(element);
  return element;
}

const query = (element, selector) => element.shadowRoot.querySelector(selector);
const statusOf = (element) => query(element, '[role="status"]').textContent;

beforeEach(() => {
  jest.useFakeTimers();
  told = [];
  for (const type of [EVENT.READY, EVENT.TOKEN, EVENT.FAILED]) window.addEventListener(type, record);
});

afterEach(() => {
  document.body.replaceChildren();
  for (const type of [EVENT.READY, EVENT.TOKEN, EVENT.FAILED]) window.removeEventListener(type, record);
  delete window.LWR;
  jest.resetAllMocks();
  jest.useRealTimers();
});

describe('before chat asks', () => {
  it('says that it can be asked, and gets no token yet', async () => {
    const element = show();
    await pass();
    expect(told).toEqual([EVENT.READY]);
    expect(mint).not.toHaveBeenCalled();
    expect(statusOf(element)).toBe('');
  });
});

describe('loading', () => {
  it('takes the question, so that the page knows that somebody answers', () => {
    mint.mockReturnValue(new Promise(() => {}));
    show();
    expect(ask()).toBe(true);
    expect(ask()).toBe(true);
  });

  it('announces politely that chat is being told', async () => {
    mint.mockReturnValue(new Promise(() => {}));
    const element = show();
    ask();
    await pass();
    expect(statusOf(element)).toBe(PASSING);
    expect(query(element, '[role="alert"]')).toBeNull();
  });

  it('makes one token, however often chat asks meanwhile', async () => {
    mint.mockReturnValue(new Promise(() => {}));
    show();
    ask();
    ask();
    await pass();
    ask();
    await pass();
    expect(mint).toHaveBeenCalledTimes(1);
  });
});

describe('verified', () => {
  it('hands the token to the page as a plain string and says so', async () => {
    mint.mockResolvedValue('header.claims.signature');
    const element = show();
    ask();
    await pass();
    expect(told).toEqual([EVENT.READY, [EVENT.TOKEN, 'header.claims.signature']]);
    expect(statusOf(element)).toBe(PASSED);
  });

  it('asks Apex for nobody in particular', async () => {
    mint.mockResolvedValue('token');
    show();
    ask();
    await pass();
    expect(mint).toHaveBeenCalledWith();
  });

  it('gets a new token when the last one has expired, without a pause', async () => {
    mint.mockResolvedValueOnce('first').mockResolvedValueOnce('second');
    show();
    ask();
    await pass(60 * 60 * 1000);
    ask();
    await pass();
    expect(told.slice(1)).toEqual([
      [EVENT.TOKEN, 'first'],
      [EVENT.TOKEN, 'second'],
    ]);
  });

  it('shows nothing when the status is switched off', async () => {
    mint.mockResolvedValue('token');
    const element = show({ showStatus: false });
    ask();
    await pass();
    expect(element.shadowRoot.textContent).toBe('');
  });
});

describe('error', () => {
  it('tries again by itself after 1 and 2 seconds, then gives up and says why', async () => {
    mint.mockRejectedValue(new Error('refused'));
    const element = show();
    ask();
    await pass(999);
    expect(mint).toHaveBeenCalledTimes(1);
    await pass(1);
    expect(mint).toHaveBeenCalledTimes(2);
    await pass(2000);
    expect(mint).toHaveBeenCalledTimes(3);
    expect(told).toEqual([EVENT.READY, [EVENT.FAILED, REASON.REFUSED]]);
    expect(query(element, '[role="alert"] p').textContent).toBe(FAILED);
    expect(statusOf(element)).toBe('');
  });

  it('recovers when a later try succeeds', async () => {
    mint.mockRejectedValueOnce(new Error('refused')).mockResolvedValueOnce('token');
    const element = show();
    ask();
    await pass(1000);
    expect(told).toEqual([EVENT.READY, [EVENT.TOKEN, 'token']]);
    expect(statusOf(element)).toBe(PASSED);
  });

  it('stops when chat accepts no token and asks for the next one at once', async () => {
    mint.mockResolvedValue('token');
    window.addEventListener(EVENT.TOKEN, ask);
    show();
    ask();
    await pass(30_000);
    window.removeEventListener(EVENT.TOKEN, ask);
    expect(mint).toHaveBeenCalledTimes(3);
    expect(told.at(-1)).toEqual([EVENT.FAILED, REASON.REPEATED]);
  });

  it('is what members see when the page says that chat did not take the token', async () => {
    mint.mockResolvedValue('token');
    const element = show();
    ask();
    await pass();
    refuse();
    await pass();
    expect(query(element, '[role="alert"] p').textContent).toBe(FAILED);
    expect(statusOf(element)).toBe('');
    expect(told.filter(([type]) => type === EVENT.FAILED)).toEqual([]);
  });

  it.each([
    ['token', (settle) => settle.resolve('token')],
    ['refusal', (settle) => settle.reject(new Error('refused'))],
  ])('stays when a %s comes after the page has given up', async (_, arrive) => {
    const settle = {};
    mint.mockReturnValue(new Promise((resolve, reject) => Object.assign(settle, { resolve, reject })));
    const element = show();
    ask();
    await pass();
    refuse();
    arrive(settle);
    await pass(30_000);
    expect(query(element, '[role="alert"] p').textContent).toBe(FAILED);
    expect(told).toEqual([EVENT.READY]);
    expect(mint).toHaveBeenCalledTimes(1);
  });

  it('has a button with a name, which lets the page ask again', async () => {
    mint.mockRejectedValue(new Error('refused'));
    const element = show({ maxAttempts: 1 });
    ask();
    await pass();
    mint.mockResolvedValue('token');
    const button = query(element, '[role="alert"] button');
    expect(button.textContent).toBe('c.Customer_Identity_Try_Again');
    expect(button.type).toBe('button');
    window.addEventListener(EVENT.READY, ask, { once: true });
    button.click();
    await pass();
    expect(told.at(-2)).toBe(EVENT.READY);
    expect(statusOf(element)).toBe(PASSED);
    expect(query(element, '[role="alert"]')).toBeNull();
  });

  it('is shown even when the status is switched off', async () => {
    mint.mockRejectedValue(new Error('refused'));
    const element = show({ showStatus: false, maxAttempts: 1 });
    ask();
    await pass();
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
  ])('of %p attempts in the builder makes %p', async (maxAttempts, expected) => {
    mint.mockRejectedValue(new Error('refused'));
    show({ maxAttempts });
    ask();
    await pass(30_000);
    expect(mint).toHaveBeenCalledTimes(expected);
  });
});

describe('after the component has left the page', () => {
  it('no longer answers', async () => {
    show().remove();
    expect(ask()).toBe(false);
    refuse();
    await pass();
    expect(mint).not.toHaveBeenCalled();
  });

  it('ends a pause', async () => {
    mint.mockRejectedValue(new Error('refused'));
    const element = show();
    ask();
    await pass();
    element.remove();
    await pass(30_000);
    expect(mint).toHaveBeenCalledTimes(1);
  });

  it.each([
    ['token', (settle) => settle.resolve('token')],
    ['refusal', (settle) => settle.reject(new Error('refused'))],
  ])('keeps a late %s to itself', async (_, arrive) => {
    const settle = {};
    mint.mockReturnValue(new Promise((resolve, reject) => Object.assign(settle, { resolve, reject })));
    const element = show();
    ask();
    await pass();
    element.remove();
    arrive(settle);
    await pass(30_000);
    expect(told).toEqual([EVENT.READY]);
    expect(mint).toHaveBeenCalledTimes(1);
  });
});

describe('on an LWR site', () => {
  it('refuses to work, says why, and offers no second try', async () => {
    window.LWR = {};
    const element = show();
    expect(ask()).toBe(true);
    await pass();
    expect(mint).not.toHaveBeenCalled();
    expect(told).toEqual([
      [EVENT.FAILED, REASON.UNSUPPORTED],
      [EVENT.FAILED, REASON.UNSUPPORTED],
    ]);
    expect(query(element, '[role="alert"]').textContent).toBe('c.Customer_Identity_Unsupported_Site');
    expect(query(element, 'button')).toBeNull();
  });
});
