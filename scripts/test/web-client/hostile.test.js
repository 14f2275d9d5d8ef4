import fc from 'fast-check';
import { connectIdentity } from '../../web-client/identity';
import { advance, closeTabs, createToken, expireToken, fireChatReady, openTab } from './page';

/** Part of each token below and of nothing else. Also recognizable in base64url. */
const SECRET = 'c2VjcmV0';

const secretToken = (lifetime) => `${createToken(lifetime).split('.').slice(0, 2).join('.')}.${SECRET}`;

const bodies = fc.oneof(
  fc.string({ maxLength: 300 }),
  fc.string({ unit: 'binary', maxLength: 300 }),
  fc.json({ maxDepth: 3 }),
  fc.uint8Array({ maxLength: 300 }),
  fc
    .record({ identityToken: fc.anything({ maxDepth: 2 }) }, { requiredKeys: [] })
    .map((value) => JSON.stringify(value)),
  fc.array(fc.base64String({ maxLength: 60 }), { maxLength: 5 }).map((parts) => parts.join('.')),
  fc.json({ maxDepth: 1 }).map((claims) => `h.${Buffer.from(claims).toString('base64url')}.${SECRET}`),
  fc.integer({ min: -1000, max: 1000 }).map(secretToken),
  fc.integer({ min: -1000, max: 1000 }).map((lifetime) => JSON.stringify({ identityToken: secretToken(lifetime) })),
  fc.constant('x'.repeat(50_000)),
);

const BODILESS = [204, 304];
const statuses = fc.oneof(
  { weight: 3, arbitrary: fc.constant(200) },
  fc.integer({ min: 200, max: 599 }),
  fc.constantFrom(...BODILESS),
);

const dates = fc.oneof(fc.constant(undefined), fc.date({ noInvalidDate: true }).map(String), fc.constant('today'));

/** Behavior of an endpoint: any response, a failure, no response, a thrown value, or a value that is not a response. */
const endpoints = fc.oneof(
  {
    weight: 6,
    arbitrary: fc.record({ status: statuses, body: bodies, date: dates }).map(({ status, body, date }) => async () => {
      const headers = date === undefined ? {} : { date };
      return new Response(BODILESS.includes(status) ? null : body, { status, headers });
    }),
  },
  fc.anything().map((thrown) => async () => {
    throw thrown;
  }),
  fc.anything({ maxDepth: 1 }).map((value) => async () => value),
  fc.constant(() => new Promise(() => {})),
  fc.constant(async () => Response.error()),
);

/** Behavior of the chat client when it receives a token. */
const chatClients = fc.oneof(
  fc.anything({ maxDepth: 1 }).map((value) => () => value),
  fc.constant(() => true),
  fc.constant(() => false),
  fc.anything({ maxDepth: 1 }).map((thrown) => () => {
    throw thrown;
  }),
  fc.constant((tab) => expireToken(tab)),
  fc.constant(() => new Promise(() => {})),
  fc.string().map((thrown) => () => Promise.reject(thrown)),
);

const steps = fc.array(
  fc.oneof(
    fc.constantFrom('ready', 'expired', 'login', 'logout', 'stop', 'storage', 'nonsense'),
    fc.integer({ min: 0, max: 70_000 }),
  ),
  { maxLength: 8 },
);

const STATES = ['waiting', 'loading', 'token-set', 'unverified', 'failed', 'logged-out'];
const REASONS = [
  'unreachable',
  'timeout',
  'invalid-response',
  'expired',
  'clock-skew',
  'not-set',
  'rejected-by-salesforce',
  'chat-not-loaded',
];

/** Console output and uncaught errors. */
const output = [];
const onUncaught = (error) => output.push(error);

beforeAll(() => {
  for (const name of ['log', 'info', 'warn', 'error', 'debug', 'trace']) {
    jest.spyOn(console, name).mockImplementation((...args) => output.push(args));
  }
  process.on('unhandledRejection', onUncaught).on('uncaughtException', onUncaught);
});

afterAll(() => {
  process.off('unhandledRejection', onUncaught).off('uncaughtException', onUncaught);
  jest.restoreAllMocks();
});

async function runStep(step, { tab, api, identity }) {
  if (typeof step === 'number') return advance(step);
  if (step === 'ready') tab.dispatchEvent(new Event('onEmbeddedMessagingReady'));
  if (step === 'expired') expireToken(tab);
  if (step === 'storage') tab.dispatchEvent(Object.assign(new Event('storage'), { key: 'customer-identity' }));
  if (step === 'nonsense') api.clearSession.mockRejectedValueOnce(undefined);
  if (step === 'login' || step === 'stop') identity[step]();
  if (step === 'logout') void identity.logout();
  return advance();
}

it('handles 10,000 random endpoints, chat clients, and customers without an uncaught error or a logged token', async () => {
  const run = fc.asyncProperty(endpoints, endpoints, chatClients, steps, async (first, later, acceptToken, script) => {
    jest.useFakeTimers({ doNotFake: ['nextTick', 'setImmediate', 'queueMicrotask'] });
    const tab = openTab();
    fetch.mockImplementationOnce(first).mockImplementation(later);
    const states = [];
    const identity = connectIdentity({ tokenUrl: '/token', onState: (...args) => states.push(args) });
    const api = fireChatReady(tab);
    api.setIdentityToken.mockImplementation(() => acceptToken(tab));
    for (const step of script) await runStep(step, { tab, api, identity });
    await advance(30_000);
    identity.stop();
    await advance(10_000);
    for (const [state, reason] of states) {
      expect(STATES).toContain(state);
      if (reason !== undefined) expect(REASONS).toContain(reason);
    }
    // No state, log, or storage contains a token.
    expect(JSON.stringify([states, output, tab.localStorage.setItem.mock.calls])).not.toContain(SECRET);
    closeTabs();
    jest.useRealTimers();
  });
  await fc.assert(run, { numRuns: 10_000, seed: Number(process.env.SEED ?? Date.now()) });
  await new Promise(setImmediate);
  expect(output).toEqual([]);
}, 240_000);
