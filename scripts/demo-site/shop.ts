import { tokenEndpoint, trialSessions, withTrialLogin, type Endpoint } from '../lib/token-server';
import { comesFrom, empty, REQUIRED_HEADER, TOKEN_PATH, type Answer, type Asked } from '../lib/token-server/endpoint';
import type { LocalOrg } from '../local-org/index';
import { CUSTOMERS } from './customers';
import { TROUBLES, type Desk } from './desk';
import { readPage, shopFiles } from './files';
import type { SigningKey } from './project';
import { chatOf } from './snippet';
import { watchSteps } from './steps';
import { shopSigner } from './tokens';

export interface ShopOptions {
  readonly org: LocalOrg;
  readonly key: SigningKey;
  readonly desk: Desk;
  /** The shop's own origins; they are known only once it listens. */
  readonly origins: readonly string[];
  /** A page of the user's own, which is read anew for every look at it. */
  readonly page?: string | undefined;
}

export const PAGE_PATH = '/page';

/**
 * The shop: its page, the reference token endpoint, and for the panel the steps and the desk.
 *
 *     GET  /me              { "id": "C-1001" } or null
 *     GET  /setup           what the chat needs to know of the org, and who the customers are
 *     GET  /steps/<count>   the steps after the first so many
 *     POST /desk/<what>     lets something go wrong, or all be well again
 *     GET  /page            the user's own page
 */
export function shop({ org, key, desk, origins, page }: ShopOptions): Endpoint {
  const steps = watchSteps(org, desk);
  const sessions = trialSessions();
  const options = { signer: shopSigner(key, desk, steps), sessions, origins, now: desk.now };
  const customers = CUSTOMERS.map(({ id }) => id);
  const tokens = withTrialLogin(tokenEndpoint(options), { ...options, customers });
  const files = shopFiles();

  async function look(path: string, { cookie }: Asked['headers']): Promise<Answer | undefined> {
    const file = files.get(path);
    if (file) return { status: 200, headers: { ...safe(org.url), 'Content-Type': file.type }, body: file.text };
    if (path === PAGE_PATH && page !== undefined) return html(readPage(page));
    if (path === '/me') return json({ id: (await sessions.find(cookie))?.subject ?? null });
    if (path === '/setup') return json({ chat: chatOf(org), customers: CUSTOMERS });
    const [, count] = /^\/steps\/(\d{1,9})$/.exec(path) ?? [];
    return count === undefined ? undefined : json({ steps: steps.since(Number(count)), trouble: desk.trouble });
  }

  function decide(path: string): Answer {
    // What happened before the leap has to be collected by the clock of before.
    if (path === '/desk/expire') {
      steps.since(0);
      desk.leap();
    }
    const trouble = TROUBLES.find((each) => path === `/desk/${each}`);
    if (trouble) desk.trouble = trouble;
    return empty(trouble || path === '/desk/expire' ? 204 : 404);
  }

  return async (asked) => {
    const { method, path, headers } = asked;
    const seen = method === 'GET' ? await look(path, headers) : undefined;
    if (seen) return seen;
    if (method === 'POST' && path.startsWith('/desk/'))
      return headers[REQUIRED_HEADER] !== undefined && comesFrom(origins, headers) ? decide(path) : empty(403);
    if (path !== TOKEN_PATH || desk.trouble !== 'down') return tokens(asked);
    steps.add({ by: 'shop', title: 'The token service is down', tone: 'bad', facts: { status: '503' } });
    return empty(503);
  };
}

/** No policy of the shop's: the user's page may have scripts in it. */
const html = (body: string): Answer => ({
  status: 200,
  headers: { 'Content-Type': 'text/html; charset=utf-8', 'Cache-Control': 'no-store' },
  body,
});

const json = (value: unknown): Answer => ({
  status: 200,
  headers: { 'Content-Type': 'application/json', 'Cache-Control': 'no-store', 'X-Content-Type-Options': 'nosniff' },
  body: JSON.stringify(value),
});

/** Scripts of the shop and of the chat, and no others; the chat brings its own styles. */
const safe = (chat: string): Readonly<Record<string, string>> => ({
  'Content-Security-Policy': [
    `default-src 'self'`,
    `script-src 'self' ${chat}`,
    `style-src 'self' 'unsafe-inline' ${chat}`,
    `connect-src 'self' ${chat}`,
    `frame-src ${chat}`,
    `img-src 'self' data: ${chat}`,
    `base-uri 'none'; form-action 'self'; frame-ancestors 'none'`,
  ].join('; '),
  'Cache-Control': 'no-store',
  'X-Content-Type-Options': 'nosniff',
  'Referrer-Policy': 'no-referrer',
});
