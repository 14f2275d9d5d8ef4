import { createRateLimit } from './rate-limit';
import type { Sessions } from './sessions';
import type { PublicKey, Signer } from './signer';

/** What of a request counts. Header names are in lower case; the body is never read. */
export interface HttpRequest {
  readonly method: string;
  /** Without the query, not decoded. */
  readonly path: string;
  readonly headers: Readonly<Record<string, string | undefined>>;
}

export interface HttpResponse {
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string;
}

export type Endpoint = (asked: HttpRequest) => Promise<HttpResponse>;

export interface EndpointOptions {
  readonly signer: Signer;
  readonly sessions: Sessions;
  /** Origins whose pages may ask for a token, exactly as browsers send them (https://shop.example.com); your own first. */
  readonly origins: readonly string[];
  /** Public keys to publish beside the signer's: the next one, before it signs, and the one before it. */
  readonly otherKeys?: readonly PublicKey[];
  /** How many tokens a session gets in a minute. */
  readonly tokensPerMinute?: number;
  readonly now?: () => Date;
}

export const TOKEN_PATH = '/token';
export const JWKS_PATH = '/.well-known/jwks.json';

/** A page has to send it, with any value. Neither a form nor an image can, and a page of another origin has to ask first. */
export const REQUIRED_HEADER = 'x-requested-with';

/** A token is for one browser and one moment: nothing may keep it, and no answer may be "not modified". */
const PRIVATE_HEADERS = { 'Cache-Control': 'no-store', 'X-Content-Type-Options': 'nosniff', Vary: 'Origin, Cookie' };

/** The keys are for everybody. An hour is short enough for a new key to be seen soon. */
const PUBLIC_HEADERS = {
  'Content-Type': 'application/json',
  'Cache-Control': 'public, max-age=3600',
  'X-Content-Type-Options': 'nosniff',
};

/**
 * A token endpoint: session in, identity token out, and the keys that the token is verified with.
 *
 *     POST /token                   200 { "identityToken": "…" }, or 401 for guests, 403, 405, 429
 *     GET  /.well-known/jwks.json   200 { "keys": [ … ] }
 */
export function createTokenEndpoint(options: EndpointOptions): Endpoint {
  const { signer, sessions, origins, otherKeys = [], now = () => new Date() } = options;
  const limiter = createRateLimit(options.tokensPerMinute ?? 20);
  const jwks: HttpResponse = {
    status: 200,
    headers: PUBLIC_HEADERS,
    body: JSON.stringify({ keys: [signer.publicKey, ...otherKeys] }),
  };

  async function issueToken({ headers }: HttpRequest): Promise<HttpResponse> {
    if (headers[REQUIRED_HEADER] === undefined || !isAllowedOrigin(origins, headers)) return emptyResponse(403);
    const session = await sessions.find(headers['cookie']);
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
    const cors = corsHeaders(origins, request.headers['origin']);
    if (method === 'OPTIONS') return emptyResponse(204, cors);
    const response = method === 'POST' ? await issueToken(request) : emptyResponse(405, { Allow: 'POST' });
    return { ...response, headers: { ...response.headers, ...cors } };
  };
}

/** An answer that says nothing but its status: a guest, or whoever tries something, learns no more. */
export const emptyResponse = (status: number, headers: Readonly<Record<string, string>> = {}): HttpResponse => ({
  status,
  headers: { ...PRIVATE_HEADERS, ...headers },
  body: '',
});

/** Browsers send Origin with every POST of a script; where something on the way removed it, Sec-Fetch-Site has to do. */
export const isAllowedOrigin = (origins: readonly string[], headers: HttpRequest['headers']): boolean =>
  headers['origin'] === undefined ? headers['sec-fetch-site'] === 'same-origin' : origins.includes(headers['origin']);

/** The allowance is the entry of our own list: what was sent is compared and never repeated. */
function corsHeaders(origins: readonly string[], origin: string | undefined): Readonly<Record<string, string>> {
  const allowed = origins.find((each) => each === origin);
  if (allowed === undefined) return {};
  return {
    'Access-Control-Allow-Origin': allowed,
    'Access-Control-Allow-Credentials': 'true',
    'Access-Control-Allow-Methods': 'POST',
    'Access-Control-Allow-Headers': REQUIRED_HEADER,
  };
}
