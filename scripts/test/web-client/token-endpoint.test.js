import { connectIdentity } from '../../web-client/identity';
import { advance, closeTabs, createToken, endlessResponse, fireChatReady, openTab, passedTokens } from './page';

let api;
let identity;
let states;

const onState = (state, reason) => states.push(reason ? `${state}: ${reason}` : state);

/** Connects chat to an endpoint that returns these responses in order, and then repeats the last one. */
async function connectTo(...responses) {
  for (const response of responses.slice(0, -1)) fetch.mockImplementationOnce(response);
  fetch.mockImplementation(responses.at(-1));
  const tab = openTabWith(fetch);
  identity = connectIdentity({ tokenUrl: '/token', onState });
  api = fireChatReady(tab);
  await advance(10_000);
}

function openTabWith(fetchMock) {
  const tab = openTab();
  globalThis.fetch = fetchMock;
  return tab;
}

const respond = (body, init) => async () => new Response(body, init);
const json = (value, init) => respond(JSON.stringify(value), init);

beforeEach(() => {
  jest.useFakeTimers({ doNotFake: ['nextTick', 'setImmediate', 'queueMicrotask'] });
  states = [];
  openTab();
});

afterEach(() => {
  identity?.stop();
  closeTabs();
  jest.useRealTimers();
});

it('requests a token with the session cookie and without the cache', async () => {
  await connectTo(json({ identityToken: createToken() }));
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
])('passes the token of a response in %s', async (_, format) => {
  const token = createToken();
  await connectTo(respond(format(token)));
  expect(passedTokens(api)).toEqual([token]);
  expect(states).toEqual(['loading', 'token-set']);
});

it.each([[401], [204]])('treats status %i as an unverified user', async (status) => {
  await connectTo(respond(null, { status }));
  expect(states).toEqual(['loading', 'unverified']);
  expect(fetch).toHaveBeenCalledTimes(1);
});

it.each([[429], [500], [502], [503], [599]])('makes three attempts for status %i, then fails', async (status) => {
  await connectTo(respond('down', { status }));
  expect(states).toEqual(['loading', 'failed: unreachable']);
  expect(fetch).toHaveBeenCalledTimes(3);
});

it('recovers when the next response is valid', async () => {
  await connectTo(respond('down', { status: 500 }), json({ identityToken: createToken() }));
  expect(states).toEqual(['loading', 'token-set']);
});

it('makes three attempts if the network is down', async () => {
  await connectTo(async () => {
    throw new TypeError('Failed to fetch');
  });
  expect(states).toEqual(['loading', 'failed: unreachable']);
  expect(fetch).toHaveBeenCalledTimes(3);
});

describe('fails without a retry for an invalid response', () => {
  it.each([
    ['status 304', respond(null, { status: 304 })],
    ['status 403', respond('', { status: 403 })],
    ['status 404', respond('', { status: 404 })],
    ['status 499', respond('', { status: 499 })],
    ['status 201 with a token', json({ identityToken: createToken() }, { status: 201 })],
    ['a redirect', async () => ({ type: 'opaqueredirect', status: 0, headers: new Headers(), body: null })],
    ['an HTML page', respond('<!doctype html><title>Log in</title>')],
    ['an empty body', respond('')],
    ['no body', respond(null)],
    ['JSON without a token', json({ token: 'x' })],
    ['JSON null', respond('null')],
    ['JSON with a token that is not a string', json({ identityToken: 42 })],
    ['bytes that are not valid text', respond(new Uint8Array([0xff, 0xfe, 0x00, 0xc3]))],
    ['a token of more than 16 KB', async () => new Response(createToken(300, { filler: 'x'.repeat(16_384) }))],
  ])('%s', async (_, response) => {
    await connectTo(response);
    expect(states).toEqual(['loading', 'failed: invalid-response']);
    expect(fetch).toHaveBeenCalledTimes(1);
    expect(passedTokens(api)).toEqual([]);
  });

  it('an endless body, after reading 16 KB of it', async () => {
    const { read, response } = endlessResponse();
    await connectTo(async () => response);
    expect(states).toEqual(['loading', 'failed: invalid-response']);
    expect(read.canceled).toBe(true);
    expect(read.bytes).toBeLessThan(20_000);
  });

  it('an endless body that cannot be canceled', async () => {
    const body = new ReadableStream({
      pull: (controller) => controller.enqueue(new Uint8Array(20_000).fill(97)),
      cancel: () => Promise.reject(new Error('stuck')),
    });
    await connectTo(async () => new Response(body));
    expect(states).toEqual(['loading', 'failed: invalid-response']);
  });
});

it('accepts a response of 16 KB', async () => {
  const token = createToken();
  await connectTo(respond(token.padEnd(16_384)));
  expect(passedTokens(api)).toEqual([token]);
});

it('reads a response that arrives in chunks', async () => {
  const token = createToken(300, { sub: 'é' });
  const bytes = new TextEncoder().encode(JSON.stringify({ identityToken: token, name: 'é' }));
  const body = new ReadableStream({
    start(controller) {
      for (const byte of bytes) controller.enqueue(Uint8Array.of(byte));
      controller.close();
    },
  });
  await connectTo(async () => new Response(body));
  expect(passedTokens(api)).toEqual([token]);
});

it('times out if the body never arrives', async () => {
  await connectTo(async () => new Response(new ReadableStream()));
  await advance(20_000);
  expect(states).toEqual(['loading', 'failed: timeout']);
  expect(fetch).toHaveBeenCalledTimes(3);
});

describe('a token that has expired according to the clock of this device', () => {
  const servedBefore = (seconds) => ({ headers: { date: new Date(Date.now() - seconds * 1000).toUTCString() } });

  it('fails with clock-skew if it has not expired according to the endpoint', async () => {
    await connectTo(async () => new Response(createToken(-300), servedBefore(600)));
    expect(states).toEqual(['loading', 'failed: clock-skew']);
    expect(fetch).toHaveBeenCalledTimes(1);
  });

  it('fails with expired if it has expired according to both clocks', async () => {
    await connectTo(async () => new Response(createToken(-300), servedBefore(0)));
    expect(states).toEqual(['loading', 'failed: expired']);
  });

  it.each([
    ['returns no date', {}],
    ['returns an invalid date', { headers: { date: 'today' } }],
  ])('fails with expired if the endpoint %s', async (_, init) => {
    await connectTo(async () => new Response(createToken(-300), init));
    expect(states).toEqual(['loading', 'failed: expired']);
  });

  it('passes a valid token if the clock of this device is behind', async () => {
    await connectTo(async () => new Response(createToken(300), servedBefore(-200)));
    expect(states).toEqual(['loading', 'token-set']);
  });
});

describe('the tokenUrl option', () => {
  it.each([[undefined], [''], ['https://id.example.com/token'], ['//id.example.com/token'], ['javascript:alert(1)']])(
    'throws for a URL that is missing or of another origin: %p',
    (tokenUrl) => {
      expect(() => connectIdentity({ tokenUrl })).toThrow(TypeError);
      expect(() => connectIdentity({ tokenUrl })).toThrow('Specify a tokenUrl of this origin, or getToken.');
    },
  );

  it.each([['/token'], ['token?for=chat'], ['https://shop.example.com/token']])(
    'accepts a URL of the same origin: %s',
    (tokenUrl) => {
      connectIdentity({ tokenUrl }).stop();
    },
  );
});
