import fc from 'fast-check';
import { connectIdentity } from '../../web-client/identity';
import { chatReady, closeTabs, expire, openTab, pass, tokenFor } from './page';

/** In every token below, and nowhere else; base64url of it would be seen as well. */
const SECRET = 'c2VjcmV0';

const secretToken = (life) => `${tokenFor(life).split('.').slice(0, 2).join('.')}.${SECRET}`;

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
  fc.integer({ min: -1000, max: 1000 }).map((life) => JSON.stringify({ identityToken: secretToken(life) })),
  fc.constant('x'.repeat(50_000)),
);

const BODILESS = [204, 304];
const statuses = fc.oneof(
  { weight: 3, arbitrary: fc.constant(200) },
  fc.integer({ min: 200, max: 599 }),
  fc.constantFrom(...BODILESS),
);

const dates = fc.oneof(fc.constant(undefined), fc.date({ noInvalidDate: true }).map(String), fc.constant('today'));

/** What an endpoint may do: answer with anything, fail, fall silent, throw what is no error, send what is no answer. */
const answers = fc.oneof(
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

/** What chat may do with a token. */
const chats = fc.oneof(
  fc.anything({ maxDepth: 1 }).map((value) => () => value),
  fc.constant(() => true),
  fc.constant(() => false),
  fc.anything({ maxDepth: 1 }).map((thrown) => () => {
    throw thrown;
  }),
  fc.constant((tab) => expire(tab)),
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

const STATES = ['waiting', 'loading', 'verified', 'guest', 'failed', 'ended'];
const REASONS = ['unreachable', 'slow', 'unusable', 'expired', 'clock', 'refused', 'rejected', 'no-chat'];

/** Everything that may be heard beside the page's own callback: the console, and what nobody caught. */
const heard = [];
const uncaught = (thrown) => heard.push(thrown);

beforeAll(() => {
  for (const name of ['log', 'info', 'warn', 'error', 'debug', 'trace']) {
    jest.spyOn(console, name).mockImplementation((...said) => heard.push(said));
  }
  process.on('unhandledRejection', uncaught).on('uncaughtException', uncaught);
});

afterAll(() => {
  process.off('unhandledRejection', uncaught).off('uncaughtException', uncaught);
  jest.restoreAllMocks();
});

async function take(step, { tab, api, identity }) {
  if (typeof step === 'number') return pass(step);
  if (step === 'ready') tab.dispatchEvent(new Event('onEmbeddedMessagingReady'));
  if (step === 'expired') expire(tab);
  if (step === 'storage') tab.dispatchEvent(Object.assign(new Event('storage'), { key: 'customer-identity' }));
  if (step === 'nonsense') api.clearSession.mockRejectedValueOnce(undefined);
  if (step === 'login' || step === 'stop') identity[step]();
  if (step === 'logout') void identity.logout();
  return pass();
}

it('survives 10,000 endpoints, chats and customers, with no uncaught error and no token in a log', async () => {
  const run = fc.asyncProperty(answers, answers, chats, steps, async (first, later, takes, script) => {
    jest.useFakeTimers({ doNotFake: ['nextTick', 'setImmediate', 'queueMicrotask'] });
    const tab = openTab();
    fetch.mockImplementationOnce(first).mockImplementation(later);
    const told = [];
    const identity = connectIdentity({ tokenUrl: '/token', onState: (...all) => told.push(all) });
    const api = chatReady(tab);
    api.setIdentityToken.mockImplementation(() => takes(tab));
    for (const step of script) await take(step, { tab, api, identity });
    await pass(30_000);
    identity.stop();
    await pass(10_000);
    for (const [state, reason] of told) {
      expect(STATES).toContain(state);
      if (reason !== undefined) expect(REASONS).toContain(reason);
    }
    // The page is told, and nothing else hears of it: no token in what is told, none in storage, nothing in a log.
    expect(JSON.stringify([told, heard, tab.localStorage.setItem.mock.calls])).not.toContain(SECRET);
    closeTabs();
    jest.useRealTimers();
  });
  await fc.assert(run, { numRuns: 10_000, seed: Number(process.env.SEED ?? Date.now()) });
  await new Promise(setImmediate);
  expect(heard).toEqual([]);
}, 240_000);
