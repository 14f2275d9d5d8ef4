import { createRateLimit } from './rate-limit';
import type { Session, Sessions, TokenExchange } from './sessions';
import type { PublicKey, Signer } from './signer';

/** The parts of a request that the endpoint uses. Header names are in lowercase. The body is never read. */
export interface HttpRequest {
  readonly method: string;
  /** Without the query; not decoded. */
  readonly path: string;
  readonly headers: Readonly<Record<string, string | undefined>>;
}

export interface HttpResponse {
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string;
}

export type Endpoint = (request: HttpRequest) => Promise<HttpResponse>;

export interface EndpointOptions {
  readonly signer: Signer;
  readonly sessions: Sessions;
  /** Origins whose pages can request a token, exactly as browsers send them (https://shop.example.com). */
  readonly origins: readonly string[];
  /** More public keys to publish: the new key before it signs, and the old key after it signed. */
  readonly otherKeys?: readonly PublicKey[];
  /** Accepts a token of an identity provider (Authorization: Bearer) instead of a session. */
  readonly exchange?: TokenExchange;
  /** Tokens per session and minute. */
  readonly tokensPerMinute?: number;
  readonly now?: () => Date;
}

export const TOKEN_PATH = '/token';
export const JWKS_PATH = '/.well-known/jwks.json';

/** Required in each request, with any value. A form or an image can't send it, and for a page of another origin the browser asks first (CORS). */
export const REQUIRED_HEADER = 'x-requested-with';

/** Prevents caches from storing a token and browsers from reusing one (304). */
const PRIVATE_HEADERS = { 'Cache-Control': 'no-store', 'X-Content-Type-Options': 'nosniff', Vary: 'Origin, Cookie' };

/** The keys are public. After an hour, every cache has a new key. */
const PUBLIC_HEADERS = {
  'Content-Type': 'application/json',
  'Cache-Control': 'public, max-age=3600',
  'X-Content-Type-Options': 'nosniff',
};

/**
 * Returns a token endpoint: it issues an identity token for a session and serves the keys that verify the token.
 *
 *     POST /token                   200 { "identityToken": "…" }, or 401 without a session, 403, 405, 429, 503 if the keys of
 *                                   the identity provider can't be read
 *     GET  /.well-known/jwks.json   200 { "keys": [ … ] }
 */
export function createTokenEndpoint(options: EndpointOptions): Endpoint {
  const { signer, origins, otherKeys = [], now = () => new Date() } = options;
  const limiter = createRateLimit(options.tokensPerMinute ?? 20);
  const jwks: HttpResponse = {
    status: 200,
    headers: PUBLIC_HEADERS,
    body: JSON.stringify({ keys: [signer.publicKey, ...otherKeys] }),
  };

  async function issueToken({ headers }: HttpRequest): Promise<HttpResponse> {
    if (headers[REQUIRED_HEADER] === undefined || !isAllowedOrigin(origins, headers)) return emptyResponse(403);
    const session = await findSession(headers, options);
    if (session === 'unavailable') return emptyResponse(503);
    if (!session) return emptyResponse(401);
    const wait = limiter(session.id, now().getTime());
    if (wait > 0) return emptyResponse(429, { 'Retry-After': String(wait) });
    const identityToken = await signer.mint(session.subject, now());
    const body = JSON.stringify({ identityToken });
    return { status: 200, headers: { ...PRIVATE_HEADERS, 'Content-Type': 'application/json' }, body };
  }

  return async (request) => {
    const { method, path } = request;
    if (path === JWKS_PATH)
      return method === 'GET' || method === 'HEAD' ? jwks : emptyResponse(405, { Allow: 'GET, HEAD' });
    if (path !== TOKEN_PATH) return emptyResponse(404);
    const cors = corsHeaders(options, request.headers['origin']);
    if (method === 'OPTIONS') return emptyResponse(204, cors);
    const response = method === 'POST' ? await issueToken(request) : emptyResponse(405, { Allow: 'POST' });
    return { ...response, headers: { ...response.headers, ...cors } };
  };
}

/** A request with a token of the provider doesn't fall back to the session: it could be the one of another customer. */
async function findSession(
  headers: HttpRequest['headers'],
  { sessions, exchange }: EndpointOptions,
): Promise<Session | 'unavailable' | undefined> {
  const authorization = headers['authorization'];
  if (authorization === undefined || !exchange) return sessions.find(headers['cookie']);
  const [, token] = /^Bearer +([\w.-]+)$/i.exec(authorization) ?? [];
  return token === undefined ? undefined : exchange(token).catch(() => 'unavailable' as const);
}

/** A response with a status only, so that an attacker learns nothing else. */
export const emptyResponse = (status: number, headers: Readonly<Record<string, string>> = {}): HttpResponse => ({
  status,
  headers: { ...PRIVATE_HEADERS, ...headers },
  body: '',
});

/** Browsers send Origin with each POST of a script. If a proxy removed it, Sec-Fetch-Site decides. */
export const isAllowedOrigin = (origins: readonly string[], headers: HttpRequest['headers']): boolean =>
  headers['origin'] === undefined ? headers['sec-fetch-site'] === 'same-origin' : origins.includes(headers['origin']);

/** Returns the configured origin, never the text that was sent. */
function corsHeaders(
  { origins, exchange }: EndpointOptions,
  origin: string | undefined,
): Readonly<Record<string, string>> {
  const allowed = origins.find((each) => each === origin);
  if (allowed === undefined) return {};
  return {
    'Access-Control-Allow-Origin': allowed,
    'Access-Control-Allow-Credentials': 'true',
    'Access-Control-Allow-Methods': 'POST',
    'Access-Control-Allow-Headers': exchange ? `${REQUIRED_HEADER}, authorization` : REQUIRED_HEADER,
  };
}
