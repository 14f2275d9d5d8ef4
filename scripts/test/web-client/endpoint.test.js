import { connectIdentity } from '../../web-client/identity';
import { chatReady, closeTabs, endless, handedTo, openTab, pass, tokenFor } from './page';

let api;
let identity;
let told;

const onState = (state, reason) => told.push(reason ? `${state}: ${reason}` : state);

/** Joins chat to an endpoint that gives these answers, one a request, the last one for ever. */
async function ask(...answers) {
  for (const answer of answers.slice(0, -1)) fetch.mockImplementationOnce(answer);
  fetch.mockImplementation(answers.at(-1));
  const tab = openTabWith(fetch);
  identity = connectIdentity({ tokenUrl: '/token', onState });
  api = chatReady(tab);
  await pass(10_000);
}

function openTabWith(fake) {
  const tab = openTab();
  globalThis.fetch = fake;
  return tab;
}

const answer = (body, init) => async () => new Response(body, init);
const json = (value, init) => answer(JSON.stringify(value), init);

beforeEach(() => {
  jest.useFakeTimers({ doNotFake: ['nextTick', 'setImmediate', 'queueMicrotask'] });
  told = [];
  openTab();
});

afterEach(() => {
  identity?.stop();
  closeTabs();
  jest.useRealTimers();
});

it('is asked as a page of the same origin, and never from a cache', async () => {
  await ask(json({ identityToken: tokenFor() }));
  expect(fetch.mock.calls).toEqual([
    [
      '/token',
      {
        method: 'POST',
        headers: { 'X-Requested-With': 'customer-identity' },
        credentials: 'same-origin',
        cache: 'no-store',
        redirect: 'manual',
        signal: expect.any(AbortSignal),
      },
    ],
  ]);
});

it.each([
  ['JSON', (token) => JSON.stringify({ identityToken: token })],
  ['plain text', (token) => token],
  ['text with a line break', (token) => `${token}\n`],
])('hands over the token of an answer in %s', async (_, written) => {
  const token = tokenFor();
  await ask(answer(written(token)));
  expect(handedTo(api)).toEqual([token]);
  expect(told).toEqual(['loading', 'verified']);
});

it.each([[401], [204]])('%i is a guest', async (status) => {
  await ask(answer(null, { status }));
  expect(told).toEqual(['loading', 'guest']);
  expect(fetch).toHaveBeenCalledTimes(1);
});

it.each([[429], [500], [502], [503], [599]])('%i may pass: asked three times, and then told', async (status) => {
  await ask(answer('down', { status }));
  expect(told).toEqual(['loading', 'failed: unreachable']);
  expect(fetch).toHaveBeenCalledTimes(3);
});

it('recovers when the next answer is good', async () => {
  await ask(answer('down', { status: 500 }), json({ identityToken: tokenFor() }));
  expect(told).toEqual(['loading', 'verified']);
});

it('a network that is down may pass', async () => {
  await ask(async () => {
    throw new TypeError('Failed to fetch');
  });
  expect(told).toEqual(['loading', 'failed: unreachable']);
  expect(fetch).toHaveBeenCalledTimes(3);
});

describe('an answer that is no token is unusable and not asked for again', () => {
  it.each([
    ['304, although nothing was cached', answer(null, { status: 304 })],
    ['403', answer('', { status: 403 })],
    ['404', answer('', { status: 404 })],
    ['499', answer('', { status: 499 })],
    ['201 with a token', json({ identityToken: tokenFor() }, { status: 201 })],
    ['a redirect', async () => ({ type: 'opaqueredirect', status: 0, headers: new Headers(), body: null })],
    ['a page', answer('<!doctype html><title>Log in</title>')],
    ['nothing', answer('')],
    ['no body', answer(null)],
    ['JSON without a token', json({ token: 'x' })],
    ['JSON null', answer('null')],
    ['JSON with another kind of token', json({ identityToken: 42 })],
    ['bytes that are no text', answer(new Uint8Array([0xff, 0xfe, 0x00, 0xc3]))],
    ['a token of more than 16 kB', async () => new Response(tokenFor(300, { filler: 'x'.repeat(16_384) }))],
  ])('%s', async (_, given) => {
    await ask(given);
    expect(told).toEqual(['loading', 'failed: unusable']);
    expect(fetch).toHaveBeenCalledTimes(1);
    expect(handedTo(api)).toEqual([]);
  });

  it('an endless one, of which no more is read', async () => {
    const { read, response } = endless();
    await ask(async () => response);
    expect(told).toEqual(['loading', 'failed: unusable']);
    expect(read.ended).toBe(true);
    expect(read.bytes).toBeLessThan(20_000);
  });

  it('an endless one that cannot even be ended', async () => {
    const body = new ReadableStream({
      pull: (controller) => controller.enqueue(new Uint8Array(20_000).fill(97)),
      cancel: () => Promise.reject(new Error('stuck')),
    });
    await ask(async () => new Response(body));
    expect(told).toEqual(['loading', 'failed: unusable']);
  });
});

it('takes up to 16 kB', async () => {
  const token = tokenFor();
  await ask(answer(token.padEnd(16_384)));
  expect(handedTo(api)).toEqual([token]);
});

it('reads an answer that comes in pieces', async () => {
  const token = tokenFor(300, { sub: 'é' });
  const bytes = new TextEncoder().encode(JSON.stringify({ identityToken: token, name: 'é' }));
  const body = new ReadableStream({
    start(controller) {
      for (const byte of bytes) controller.enqueue(Uint8Array.of(byte));
      controller.close();
    },
  });
  await ask(async () => new Response(body));
  expect(handedTo(api)).toEqual([token]);
});

it('an answer whose body never comes is slow', async () => {
  await ask(async () => new Response(new ReadableStream()));
  await pass(20_000);
  expect(told).toEqual(['loading', 'failed: slow']);
  expect(fetch).toHaveBeenCalledTimes(3);
});

describe('a token that has expired by the clock of this browser', () => {
  const served = (ago) => ({ headers: { date: new Date(Date.now() - ago * 1000).toUTCString() } });

  it('shows a clock that is ahead, when it has not by the clock of the endpoint', async () => {
    await ask(async () => new Response(tokenFor(-300), served(600)));
    expect(told).toEqual(['loading', 'failed: clock']);
    expect(fetch).toHaveBeenCalledTimes(1);
  });

  it('is an old one, when it has by both clocks', async () => {
    await ask(async () => new Response(tokenFor(-300), served(0)));
    expect(told).toEqual(['loading', 'failed: expired']);
  });

  it.each([
    ['tells no time', {}],
    ['tells one that is none', { headers: { date: 'today' } }],
  ])('is expired, when the endpoint %s', async (_, init) => {
    await ask(async () => new Response(tokenFor(-300), init));
    expect(told).toEqual(['loading', 'failed: expired']);
  });

  it('is nobody’s trouble the other way round: a clock that is behind', async () => {
    await ask(async () => new Response(tokenFor(300), served(-200)));
    expect(told).toEqual(['loading', 'verified']);
  });
});

describe('a page that names no endpoint of its own origin', () => {
  it.each([[undefined], [''], ['https://id.example.com/token'], ['//id.example.com/token'], ['javascript:alert(1)']])(
    'gets an error at once: %p',
    (tokenUrl) => {
      expect(() => connectIdentity({ tokenUrl })).toThrow(TypeError);
      expect(() => connectIdentity({ tokenUrl })).toThrow('tokenUrl of this origin, or a getToken');
    },
  );

  it.each([['/token'], ['token?for=chat'], ['https://shop.example.com/token']])('or it does: %s', (tokenUrl) => {
    connectIdentity({ tokenUrl }).stop();
  });
});
