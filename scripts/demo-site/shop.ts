import { createTokenEndpoint, createDemoSessions, withDemoLogin, type Endpoint } from '../lib/token-server';
import {
  isAllowedOrigin,
  emptyResponse,
  REQUIRED_HEADER,
  TOKEN_PATH,
  type HttpResponse,
  type HttpRequest,
} from '../lib/token-server/endpoint';
import type { LocalOrg } from '../local-org/index';
import { CUSTOMERS } from './customers';
import { FAILURE_MODES, type FailureControls } from './failure-controls';
import { readPage, shopFiles } from './shop-files';
import type { SigningKey } from './demo-project';
import { chatSettings } from './code-snippet';
import { collectEvents } from './demo-events';
import { createShopSigner } from './shop-signer';

export interface ShopOptions {
  readonly org: LocalOrg;
  readonly key: SigningKey;
  readonly controls: FailureControls;
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
export function createShop({ org, key, controls, origins, page }: ShopOptions): Endpoint {
  const steps = collectEvents(org, controls);
  const sessions = createDemoSessions();
  const options = { signer: createShopSigner(key, controls, steps), sessions, origins, now: controls.now };
  const customers = CUSTOMERS.map(({ id }) => id);
  const tokens = withDemoLogin(createTokenEndpoint(options), { ...options, customers });
  const files = shopFiles();

  async function look(path: string, { cookie }: HttpRequest['headers']): Promise<HttpResponse | undefined> {
    const file = files.get(path);
    if (file)
      return { status: 200, headers: { ...securityHeaders(org.url), 'Content-Type': file.type }, body: file.content };
    if (path === PAGE_PATH && page !== undefined) return htmlResponse(readPage(page));
    if (path === '/me') return jsonResponse({ id: (await sessions.find(cookie))?.subject ?? null });
    if (path === '/setup') return jsonResponse({ chat: chatSettings(org), customers: CUSTOMERS });
    const [, count] = /^\/steps\/(\d{1,9})$/.exec(path) ?? [];
    return count === undefined
      ? undefined
      : jsonResponse({ steps: steps.since(Number(count)), trouble: controls.failureMode });
  }

  function decide(path: string): HttpResponse {
    // What happened before the leap has to be collected by the clock of before.
    if (path === '/desk/expire') {
      steps.since(0);
      controls.advanceClock();
    }
    const trouble = FAILURE_MODES.find((each) => path === `/desk/${each}`);
    if (trouble) controls.failureMode = trouble;
    return emptyResponse(trouble || path === '/desk/expire' ? 204 : 404);
  }

  return async (asked) => {
    const { method, path, headers } = asked;
    const seen = method === 'GET' ? await look(path, headers) : undefined;
    if (seen) return seen;
    if (method === 'POST' && path.startsWith('/desk/'))
      return headers[REQUIRED_HEADER] !== undefined && isAllowedOrigin(origins, headers)
        ? decide(path)
        : emptyResponse(403);
    if (path !== TOKEN_PATH || controls.failureMode !== 'down') return tokens(asked);
    steps.add({ by: 'shop', title: 'The token service is down', tone: 'bad', facts: { status: '503' } });
    return emptyResponse(503);
  };
}

/** No policy of the shop's: the user's page may have scripts in it. */
const htmlResponse = (body: string): HttpResponse => ({
  status: 200,
  headers: { 'Content-Type': 'text/html; charset=utf-8', 'Cache-Control': 'no-store' },
  body,
});

const jsonResponse = (value: unknown): HttpResponse => ({
  status: 200,
  headers: { 'Content-Type': 'application/json', 'Cache-Control': 'no-store', 'X-Content-Type-Options': 'nosniff' },
  body: JSON.stringify(value),
});

/** Scripts of the shop and of the chat, and no others; the chat brings its own styles. */
const securityHeaders = (chat: string): Readonly<Record<string, string>> => ({
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
