import { advance, closeTabs, createToken, fireChatReady, openTab, passedTokens } from './page';

let tab;

/** Runs the classic script as the script element of a page. */
function load(currentScript) {
  globalThis.document = { currentScript };
  jest.isolateModules(() => require('../../web-client/classic'));
  return tab.customerIdentity;
}

beforeEach(() => {
  jest.useFakeTimers({ doNotFake: ['nextTick', 'setImmediate', 'queueMicrotask'] });
  tab = openTab();
});

afterEach(() => {
  tab.customerIdentity.stop?.();
  closeTabs();
  jest.useRealTimers();
});

it('connects to the endpoint in data-token-url', async () => {
  const token = createToken();
  fetch.mockResolvedValue(new Response(token));
  const identity = load({ dataset: { tokenUrl: '/token' } });
  const api = fireChatReady(tab);
  await advance();
  expect(fetch.mock.calls[0][0]).toBe('/token');
  expect(passedTokens(api)).toEqual([token]);
  expect(identity.state).toBe('token-set');
  await identity.logout();
  expect(identity.state).toBe('logged-out');
});

it('connects to the component with data-component', async () => {
  tab.addEventListener('customeridentityneeded', (event) => {
    event.preventDefault();
    tab.dispatchEvent(new CustomEvent('customeridentitytoken', { detail: createToken() }));
  });
  const identity = load({ dataset: { component: '' } });
  fireChatReady(tab);
  await advance();
  expect(identity.state).toBe('token-set');
});

it.each([
  ['has no data attributes', { dataset: {} }],
  ["isn't available", null],
])('connects nothing if the script element %s, but exports both functions', async (_, scriptElement) => {
  const { connectIdentity, connectComponent, state } = load(scriptElement);
  expect(state).toBeUndefined();
  connectIdentity({ tokenUrl: '/token' }).stop();
  connectComponent().stop();
});
