import { createTokenEndpoint, createDemoSessions, withDemoLogin, type Endpoint } from '../lib/token-server';
import {
  isAllowedOrigin,
  emptyResponse,
  REQUIRED_HEADER,
  TOKEN_PATH,
  type HttpResponse,
  type HttpRequest,
} from '../lib/token-server/endpoint';
import { chatSettings } from '../lib/client-kit/web-snippet';
import type { ChannelConnection } from '../lib/client-kit/channel-connection';
import type { LocalOrg } from '../local-org/index';
import { CUSTOMERS } from './customers';
import { FAILURE_MODES, type FailureControls } from './failure-controls';
import { readPage, shopFiles } from './shop-files';
import type { SigningKey } from './demo-project';
import { collectEvents } from './demo-events';
import { createShopSigner } from './shop-signer';

export interface ShopOptions {
  readonly org: LocalOrg;
  readonly key: SigningKey;
  readonly connection: ChannelConnection;
  readonly controls: FailureControls;
  /** The origins of the shop. They are added when it listens. */
  readonly origins: readonly string[];
  /** The path of a page of the user. It is read for each request. */
  readonly page?: string | undefined;
}

export const PAGE_PATH = '/page';

/**
 * The shop: its page, the reference token endpoint, and the endpoints of the inspector.
 *
 *     GET  /me               { "id": "C-1001" }, or null as the ID
 *     GET  /setup            the settings of chat and the customers
 *     GET  /events/<count>   the events after the first <count>, and the simulated failure
 *     POST /failure/<mode>   simulates a failure, or ends it
 *     GET  /page             the page of the user
 */
export function createShop({ org, key, connection, controls, origins, page }: ShopOptions): Endpoint {
  const events = collectEvents(org, controls);
  const sessions = createDemoSessions();
  const options = { signer: createShopSigner(key, controls, events), sessions, origins, now: controls.now };
  const customers = CUSTOMERS.map(({ id }) => id);
  const tokens = withDemoLogin(createTokenEndpoint(options), { ...options, customers });
  const files = shopFiles();

  async function respondToGet(path: string, { cookie }: HttpRequest['headers']): Promise<HttpResponse | undefined> {
    const file = files.get(path);
    if (file)
      return { status: 200, headers: { ...securityHeaders(org.url), 'Content-Type': file.type }, body: file.content };
    if (path === PAGE_PATH && page !== undefined) return htmlResponse(readPage(page));
    if (path === '/me') return jsonResponse({ id: (await sessions.find(cookie))?.subject ?? null });
    if (path === '/setup') return jsonResponse({ chat: chatSettings(connection), customers: CUSTOMERS });
    const [, count] = /^\/events\/(\d{1,9})$/.exec(path) ?? [];
    return count === undefined
      ? undefined
      : jsonResponse({ events: events.since(Number(count)), failure: controls.failureMode });
  }

  function setFailure(path: string): HttpResponse {
    // Earlier events of the org must be collected before the clock changes.
    if (path === '/failure/expire') {
      events.since(0);
      controls.advanceClock();
    }
    const mode = FAILURE_MODES.find((each) => path === `/failure/${each}`);
    if (mode) controls.failureMode = mode;
    return emptyResponse(mode || path === '/failure/expire' ? 204 : 404);
  }

  return async (request) => {
    const { method, path, headers } = request;
    const response = method === 'GET' ? await respondToGet(path, headers) : undefined;
    if (response) return response;
    if (method === 'POST' && path.startsWith('/failure/'))
      return headers[REQUIRED_HEADER] !== undefined && isAllowedOrigin(origins, headers)
        ? setFailure(path)
        : emptyResponse(403);
    if (path !== TOKEN_PATH || controls.failureMode !== 'down') return tokens(request);
    events.add({ by: 'shop', title: 'The token service is unavailable', tone: 'bad', facts: { status: '503' } });
    return emptyResponse(503);
  };
}

/** A page of the user, without the content security policy of the shop, because it may have inline scripts. */
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

/** Allows the scripts of the shop and of chat only. Chat has inline styles. */
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
