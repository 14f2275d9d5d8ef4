import { connectComponent } from '../../web-client/component';
import { advance, closeTabs, createToken, expireToken, fireChatReady, openTab, passedTokens } from './page';

let tab;
let states;
/** The number of requests to the component. */
let requestCount;

const onState = (state, reason) => states.push(reason ? `${state}: ${reason}` : state);
const dispatch = (type, detail) => tab.dispatchEvent(new CustomEvent(type, { detail }));

/** Adds a Lightning component with a logged-in user to the page. */
function addComponent(respond) {
  tab.addEventListener('customeridentityneeded', (event) => {
    requestCount += 1;
    event.preventDefault();
    respond();
  });
}

beforeEach(() => {
  jest.useFakeTimers({ doNotFake: ['nextTick', 'setImmediate', 'queueMicrotask'] });
  tab = openTab();
  states = [];
  requestCount = 0;
});

afterEach(() => {
  closeTabs();
  jest.useRealTimers();
});

it('requests a token from the component and passes it to chat', async () => {
  const token = createToken();
  addComponent(() => setTimeout(() => dispatch('customeridentitytoken', token), 100));
  connectComponent({ onState });
  const api = fireChatReady(tab);
  await advance(100);
  expect(passedTokens(api)).toEqual([token]);
  expect(states).toEqual(['loading', 'token-set']);
});

it('accepts an immediate response and works without a callback', async () => {
  const token = createToken();
  addComponent(() => dispatch('customeridentitytoken', token));
  const identity = connectComponent();
  const api = fireChatReady(tab);
  await advance();
  expect(passedTokens(api)).toEqual([token]);
  expect(identity.state).toBe('token-set');
});

it('requests another token when chat reports an expired token', async () => {
  addComponent(() => dispatch('customeridentitytoken', createToken()));
  connectComponent({ onState });
  const api = fireChatReady(tab);
  await advance();
  expireToken(tab);
  await advance(1000);
  expect(requestCount).toBe(2);
  expect(new Set(passedTokens(api)).size).toBe(2);
});

it('reports an unverified user if no component responds', async () => {
  connectComponent({ onState });
  fireChatReady(tab);
  await advance();
  expect(states).toEqual(['loading', 'unverified']);
});

it('keeps chat on a page of the site that has no component, and requests a token when there is one again', async () => {
  let isOnPage = true;
  tab.addEventListener('customeridentityneeded', (event) => {
    if (!isOnPage) return;
    event.preventDefault();
    dispatch('customeridentitytoken', createToken());
  });
  connectComponent({ onState });
  const api = fireChatReady(tab);
  await advance();
  isOnPage = false;
  expireToken(tab);
  await advance(1000);
  expect(states.slice(2)).toEqual(['loading', 'failed: component-failed']);
  isOnPage = true;
  dispatch('customeridentityready');
  await advance();
  expect(states.slice(4)).toEqual(['loading', 'token-set']);
  expect(api.clearSession).not.toHaveBeenCalled();
});

it('requests a token when the component loads later', async () => {
  connectComponent({ onState });
  const api = fireChatReady(tab);
  await advance();
  addComponent(() => dispatch('customeridentitytoken', createToken()));
  dispatch('customeridentityready');
  await advance();
  expect(passedTokens(api)).toHaveLength(1);
  expect(states.at(-1)).toBe('token-set');
});

it('waits for chat if the component loads first', async () => {
  connectComponent({ onState });
  addComponent(() => dispatch('customeridentitytoken', createToken()));
  dispatch('customeridentityready');
  await advance();
  expect(requestCount).toBe(0);
  fireChatReady(tab);
  await advance();
  expect(states.at(-1)).toBe('token-set');
});

it('requests no token after a logout, even if the component becomes ready', async () => {
  addComponent(() => dispatch('customeridentitytoken', createToken()));
  const identity = connectComponent({ onState });
  fireChatReady(tab);
  await advance();
  await identity.logout();
  dispatch('customeridentityready');
  await advance();
  expect(requestCount).toBe(1);
  expect(states.at(-1)).toBe('logged-out');
});

it('fails when the component fails', async () => {
  addComponent(() => dispatch('customeridentityfailed', 'token-not-created'));
  connectComponent({ onState });
  fireChatReady(tab);
  await advance(10_000);
  expect(states).toEqual(['loading', 'failed: component-failed']);
  expect(requestCount).toBe(1);
});

it('notifies the component only if chat does not accept the token', async () => {
  const onRejected = jest.fn();
  tab.addEventListener('customeridentityrejected', onRejected);
  addComponent(() => dispatch('customeridentitytoken', createToken()));
  connectComponent({ onState });
  const api = fireChatReady(tab);
  await advance();
  expect(onRejected).not.toHaveBeenCalled();
  api.setIdentityToken.mockReturnValue(false);
  expireToken(tab);
  await advance(1000);
  expect(onRejected).toHaveBeenCalledTimes(1);
  expect(states.at(-1)).toBe('failed: not-set');
});

it('does not notify the component if chat never loads', async () => {
  const onRejected = jest.fn();
  tab.addEventListener('customeridentityrejected', onRejected);
  connectComponent({ onState });
  await advance(30_000);
  expect(states).toEqual(['failed: chat-not-loaded']);
  expect(onRejected).not.toHaveBeenCalled();
});

it('ignores responses after stop', async () => {
  addComponent(() => undefined);
  const identity = connectComponent({ onState });
  const api = fireChatReady(tab);
  await advance();
  identity.stop();
  dispatch('customeridentitytoken', createToken());
  dispatch('customeridentityready');
  dispatch('customeridentityfailed');
  await advance(10_000);
  expect(passedTokens(api)).toEqual([]);
  expect(states).toEqual(['loading']);
});
