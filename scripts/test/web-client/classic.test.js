import { chatReady, closeTabs, handedTo, openTab, pass, tokenFor } from './page';

let tab;

/** Runs the classic script as a tag with these data attributes would. */
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

it('starts with the endpoint that the tag names', async () => {
  const token = tokenFor();
  fetch.mockResolvedValue(new Response(token));
  const identity = load({ dataset: { tokenUrl: '/token' } });
  const api = chatReady(tab);
  await pass();
  expect(fetch.mock.calls[0][0]).toBe('/token');
  expect(handedTo(api)).toEqual([token]);
  expect(identity.state).toBe('verified');
  await identity.logout();
  expect(identity.state).toBe('ended');
});

it('starts with the component when the tag says so', async () => {
  tab.addEventListener('customeridentityneeded', (event) => {
    event.preventDefault();
    tab.dispatchEvent(new CustomEvent('customeridentitytoken', { detail: tokenFor() }));
  });
  const identity = load({ dataset: { component: '' } });
  chatReady(tab);
  await pass();
  expect(identity.state).toBe('verified');
});

it.each([
  ['says neither', { dataset: {} }],
  ['is no classic one', null],
])('starts nothing when the tag %s, but can be called', async (_, tag) => {
  const { connectIdentity, connectComponent, state } = load(tag);
  expect(state).toBeUndefined();
  connectIdentity({ tokenUrl: '/token' }).stop();
  connectComponent().stop();
});
