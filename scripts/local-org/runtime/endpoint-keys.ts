import type { Org } from '../org/org';
import { keyOf, type Key } from './key';
import { Refusal } from './refusal';

const LARGEST_JWKS = 256 * 1024;
const LOOPBACK = ['127.0.0.1', '[::1]', 'localhost'];

interface Fetched {
  readonly at: number;
  readonly keys: Promise<readonly Key[]>;
}

const caches = new WeakMap<Org, Map<string, Fetched>>();

/**
 * The keys of a JWKS endpoint that have this kid. They are kept for a while, and fetched again when the kid is unknown:
 * neither is documented, so both are settings. An endpoint must answer anonymously over HTTPS (Metadata API guide; a
 * public walk through a live org); here http on loopback will do, too. Redirects are not followed.
 */
export async function endpointKeys(org: Org, url: string, kid: string): Promise<readonly Key[]> {
  const cache = caches.get(org) ?? new Map<string, Fetched>();
  caches.set(org, cache);
  const kept = cache.get(url);
  if (!kept || age(org, kept) >= org.runtime.jwksCache) return withKid(fetchAgain(org, cache, url), kid);
  const found = await withKid(kept, kid);
  if (found.length > 0) return found;
  const newest = cache.get(url) ?? kept;
  return mayRefetch(org, newest) ? withKid(fetchAgain(org, cache, url), kid) : withKid(newest, kid);
}

const age = (org: Org, { at }: Fetched): number => org.now().getTime() - at;

const withKid = async ({ keys }: Fetched, kid: string): Promise<readonly Key[]> =>
  (await keys).filter((key) => key.kid === kid);

function mayRefetch(org: Org, fetched: Fetched): boolean {
  const { jwksRefetch } = org.runtime;
  return jwksRefetch !== 'off' && age(org, fetched) >= jwksRefetch;
}

// Requests that come while it is fetched wait for the same answer. One that fails is not kept.
function fetchAgain(org: Org, cache: Map<string, Fetched>, url: string): Fetched {
  const fetched: Fetched = { at: org.now().getTime(), keys: download(org, url) };
  cache.set(url, fetched);
  fetched.keys.catch(() => cache.get(url) === fetched && cache.delete(url));
  return fetched;
}

async function download(org: Org, url: string): Promise<readonly Key[]> {
  if (!isAllowed(url)) throw new Refusal('endpoint');
  try {
    const signal = AbortSignal.any([AbortSignal.timeout(org.runtime.jwksTimeout), org.closing.signal]);
    const answer = await fetch(url, { redirect: 'error', headers: { accept: 'application/json' }, signal });
    if (!answer.ok) throw new Error(`The endpoint answered ${answer.status}`);
    return keysIn(await textOf(answer));
  } catch {
    throw new Refusal('endpoint');
  }
}

function isAllowed(text: string): boolean {
  if (!URL.canParse(text)) return false;
  const { protocol, hostname } = new URL(text);
  return protocol === 'https:' || (protocol === 'http:' && LOOPBACK.includes(hostname));
}

async function textOf(answer: Response): Promise<string> {
  const chunks: Uint8Array[] = [];
  let size = 0;
  for await (const chunk of (answer.body ?? []) as AsyncIterable<Uint8Array>) {
    size += chunk.length;
    if (size > LARGEST_JWKS) throw new Error('The key set is too large');
    chunks.push(chunk);
  }
  return Buffer.concat(chunks).toString('utf8');
}

function keysIn(text: string): readonly Key[] {
  const { keys } = JSON.parse(text) as { keys: readonly Readonly<Record<string, unknown>>[] };
  return keys.map((members) => keyOf(members, true));
}
