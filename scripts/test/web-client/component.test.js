import { connectComponent } from '../../web-client/component';
import { chatReady, closeTabs, expire, handedTo, openTab, pass, tokenFor } from './page';

let tab;
let told;
/** How often the page asked the component. */
let asked;

const onState = (state, reason) => told.push(reason ? `${state}: ${reason}` : state);
const tell = (type, detail) => tab.dispatchEvent(new CustomEvent(type, { detail }));

/** A Lightning component on the page, with a member logged in. */
function member(answer) {
  tab.addEventListener('customeridentityneeded', (event) => {
    asked += 1;
    event.preventDefault();
    answer();
  });
}

beforeEach(() => {
  jest.useFakeTimers({ doNotFake: ['nextTick', 'setImmediate', 'queueMicrotask'] });
  tab = openTab();
  told = [];
  asked = 0;
});

afterEach(() => {
  closeTabs();
  jest.useRealTimers();
});

it('asks the component, and hands its token over', async () => {
  const token = tokenFor();
  member(() => setTimeout(() => tell('customeridentitytoken', token), 100));
  connectComponent({ onState });
  const api = chatReady(tab);
  await pass(100);
  expect(handedTo(api)).toEqual([token]);
  expect(told).toEqual(['loading', 'verified']);
});

it('takes an answer that comes at once, and needs nobody to tell', async () => {
  const token = tokenFor();
  member(() => tell('customeridentitytoken', token));
  const identity = connectComponent();
  const api = chatReady(tab);
  await pass();
  expect(handedTo(api)).toEqual([token]);
  expect(identity.state).toBe('verified');
});

it('asks again when the token has expired', async () => {
  member(() => tell('customeridentitytoken', tokenFor()));
  connectComponent({ onState });
  const api = chatReady(tab);
  await pass();
  expire(tab);
  await pass(1000);
  expect(asked).toBe(2);
  expect(new Set(handedTo(api)).size).toBe(2);
});

it('takes a page on which no component answers for one with a guest', async () => {
  connectComponent({ onState });
  chatReady(tab);
  await pass();
  expect(told).toEqual(['loading', 'guest']);
});

it('asks when the component comes later', async () => {
  connectComponent({ onState });
  const api = chatReady(tab);
  await pass();
  member(() => tell('customeridentitytoken', tokenFor()));
  tell('customeridentityready');
  await pass();
  expect(handedTo(api)).toHaveLength(1);
  expect(told.at(-1)).toBe('verified');
});

it('waits for chat when the component comes first', async () => {
  connectComponent({ onState });
  member(() => tell('customeridentitytoken', tokenFor()));
  tell('customeridentityready');
  await pass();
  expect(asked).toBe(0);
  chatReady(tab);
  await pass();
  expect(told.at(-1)).toBe('verified');
});

it('does not ask after a logout, whatever the component says', async () => {
  member(() => tell('customeridentitytoken', tokenFor()));
  const identity = connectComponent({ onState });
  chatReady(tab);
  await pass();
  await identity.logout();
  tell('customeridentityready');
  await pass();
  expect(asked).toBe(1);
  expect(told.at(-1)).toBe('ended');
});

it('gives up when the component does', async () => {
  member(() => tell('customeridentityfailed', 'refused'));
  connectComponent({ onState });
  chatReady(tab);
  await pass(10_000);
  expect(told).toEqual(['loading', 'failed: component']);
  expect(asked).toBe(1);
});

it('tells the component when chat did not take the token, and not when it did', async () => {
  const refused = jest.fn();
  tab.addEventListener('customeridentityrefused', refused);
  member(() => tell('customeridentitytoken', tokenFor()));
  connectComponent({ onState });
  const api = chatReady(tab);
  await pass();
  expect(refused).not.toHaveBeenCalled();
  api.setIdentityToken.mockReturnValue(false);
  expire(tab);
  await pass(1000);
  expect(refused).toHaveBeenCalledTimes(1);
  expect(told.at(-1)).toBe('failed: refused');
});

it('does not trouble members when there is no chat', async () => {
  const refused = jest.fn();
  tab.addEventListener('customeridentityrefused', refused);
  connectComponent({ onState });
  await pass(30_000);
  expect(told).toEqual(['failed: no-chat']);
  expect(refused).not.toHaveBeenCalled();
});

it('hears only the answer to its own question', async () => {
  member(() => undefined);
  const identity = connectComponent({ onState });
  const api = chatReady(tab);
  await pass();
  identity.stop();
  tell('customeridentitytoken', tokenFor());
  tell('customeridentityready');
  tell('customeridentityfailed');
  await pass(10_000);
  expect(handedTo(api)).toEqual([]);
  expect(told).toEqual(['loading']);
});
