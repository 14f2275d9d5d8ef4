import { isEndpointUrl } from '../endpoint-url';
import type { Org } from '../org/org';
import { parseKey, type Key } from './key';
import { Rejection } from './rejection';

const KB = 1024;

/** The largest JWKS document. No source says how large it can be. */
const MAX_JWKS_BYTES = { '200-KB': 256 * KB, '1-MB': 2048 * KB, less: 64 * KB } as const;

interface CachedKeys {
  readonly fetchedAt: number;
  readonly keys: Promise<readonly Key[]>;
}

const caches = new WeakMap<Org, Map<string, CachedKeys>>();

/**
 * Returns the keys of a JWKS endpoint with this kid. The keys are cached, and requested again if the kid is unknown. Neither
 * is documented, so both are settings. An endpoint must be available over HTTPS without authentication (Metadata API guide;
 * public walkthrough of a live org). This org also allows http on loopback. Whether redirects are followed isn't documented either.
 */
export async function findEndpointKeys(org: Org, url: string, kid: string): Promise<readonly Key[]> {
  const cache = caches.get(org) ?? new Map<string, CachedKeys>();
  caches.set(org, cache);
  const cached = cache.get(url);
  if (!cached || age(org, cached) >= org.chatApi.jwksCache) return withKid(fetchAndCache(org, cache, url), kid);
  const matches = await withKid(cached, kid);
  if (matches.length > 0) return matches;
  const newest = cache.get(url) ?? cached;
  return canRefetch(org, newest) ? withKid(fetchAndCache(org, cache, url), kid) : withKid(newest, kid);
}

const age = (org: Org, { fetchedAt }: CachedKeys): number => org.now().getTime() - fetchedAt;

const withKid = async ({ keys }: CachedKeys, kid: string): Promise<readonly Key[]> =>
  (await keys).filter((key) => key.kid === kid);

function canRefetch(org: Org, fetched: CachedKeys): boolean {
  const { jwksRefetch } = org.chatApi;
  return jwksRefetch !== 'off' && age(org, fetched) >= jwksRefetch;
}

// Concurrent requests wait for the same response. A failed response isn't cached.
function fetchAndCache(org: Org, cache: Map<string, CachedKeys>, url: string): CachedKeys {
  const fetched: CachedKeys = { fetchedAt: org.now().getTime(), keys: fetchKeys(org, url) };
  cache.set(url, fetched);
  fetched.keys.catch(() => cache.get(url) === fetched && cache.delete(url));
  return fetched;
}

async function fetchKeys(org: Org, url: string): Promise<readonly Key[]> {
  if (!isEndpointUrl(url)) throw new Rejection('endpoint');
  try {
    const signal = AbortSignal.any([AbortSignal.timeout(org.chatApi.jwksTimeout), org.closing.signal]);
    const redirect = org.assumptions.jwksRedirect === 'followed' ? 'follow' : 'error';
    const response = await fetch(url, { redirect, headers: { accept: 'application/json' }, signal });
    if (!response.ok) throw new Error(`The endpoint returned status ${response.status}`);
    assertContentType(org, response);
    return parseKeys(org, await readLimitedText(response, MAX_JWKS_BYTES[org.assumptions.jwksSize]));
  } catch {
    throw new Rejection('endpoint');
  }
}

function assertContentType({ assumptions }: Org, { headers }: Response): void {
  const isJson = headers.get('content-type')?.includes('json') ?? false;
  if (assumptions.jwksContentType === 'checked' && !isJson) throw new Error("The JWKS document isn't JSON");
}

async function readLimitedText(response: Response, maxBytes: number): Promise<string> {
  const chunks: Uint8Array[] = [];
  let size = 0;
  for await (const chunk of (response.body ?? []) as AsyncIterable<Uint8Array>) {
    size += chunk.length;
    if (size > maxBytes) throw new Error('The JWKS document is too large');
    chunks.push(chunk);
  }
  return Buffer.concat(chunks).toString('utf8');
}

type Members = Readonly<Record<string, unknown>>;

function parseKeys({ assumptions }: Org, text: string): readonly Key[] {
  const { keys } = JSON.parse(text) as { keys: readonly Members[] };
  if (assumptions.jwksUnusableKey === 'document-rejected' && !keys.every(isSigningKey))
    throw new Error('The JWKS document has a key that is not an RSA key for signatures');
  const usable = keys
    .filter((members) => assumptions.jwksAlg === 'optional' || members['alg'] !== undefined)
    .filter((members) => assumptions.jwksX5c === 'optional' || members['x5c'] !== undefined)
    .map((members) => parseKey(members, true));
  if (assumptions.jwksSameKid === 'any') return usable;
  return usable.filter(({ kid }, index) => usable.findIndex((other) => other.kid === kid) === index);
}

const isSigningKey = ({ kty, use = 'sig' }: Members): boolean => kty === 'RSA' && use === 'sig';
