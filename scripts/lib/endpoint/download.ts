import { EXIT, ToolError } from '../errors';
import { isPrivateHost } from '../rules/host';

/** An answer of an endpoint, as it came: a redirect is not followed. */
export interface Answer {
  readonly status: number;
  readonly headers: Headers;
  readonly body: Buffer;
  /** Whether the body was longer than what is read of it. */
  readonly cut: boolean;
  /** Milliseconds until the whole body was there. */
  readonly took: number;
}

export interface DownloadOptions {
  readonly allowLoopback: boolean;
  /** Milliseconds; Salesforce does not say how long it waits. */
  readonly patience?: number;
}

const PATIENCE = 10_000;
const MOST = 1024 * 1024;

/** Whether a text is meant as an address rather than as a file. */
export const isAddress = (text: string): boolean => /^[a-z][a-z0-9+.-]+:\/\//i.test(text);

/** Reads an address as Salesforce would: over https, without a login, without following a redirect. */
export async function download(
  address: string,
  { allowLoopback, patience = PATIENCE }: DownloadOptions,
): Promise<Answer> {
  const url = verifiedUrl(address, allowLoopback);
  const start = performance.now();
  try {
    const headers = { accept: 'application/json', 'cache-control': 'no-cache' };
    const response = await fetch(url, { redirect: 'manual', signal: AbortSignal.timeout(patience), headers });
    const { body, cut } = await readBody(response);
    return {
      status: response.status,
      headers: response.headers,
      body,
      cut,
      took: Math.round(performance.now() - start),
    };
  } catch (thrown) {
    throw unreachable(url, reasonOf(thrown));
  }
}

async function readBody(response: Response): Promise<Pick<Answer, 'body' | 'cut'>> {
  const parts: Uint8Array[] = [];
  let length = 0;
  for await (const part of response.body ?? []) {
    parts.push(part as Uint8Array);
    length += (part as Uint8Array).length;
    if (length > MOST) return { body: Buffer.concat(parts).subarray(0, MOST), cut: true };
  }
  return { body: Buffer.concat(parts), cut: false };
}

function verifiedUrl(address: string, allowLoopback: boolean): URL {
  const url = URL.parse(address);
  if (!url) throw refused('It is no URL.');
  if (url.username !== '' || url.password !== '') throw refused('It has a user name or a password in it.');
  const local = ['127.0.0.1', '[::1]', 'localhost'].includes(url.hostname);
  if (local && allowLoopback && /^https?:$/.test(url.protocol)) return url;
  if (url.protocol !== 'https:')
    throw refused('It is not https: whoever is on the way could put keys of their own there.');
  if (isPrivateHost(url.hostname))
    throw refused('It is a loopback, private or reserved address, which Salesforce cannot reach.');
  return url;
}

/** The address is not repeated: it may hold a password. */
const refused = (why: string): ToolError =>
  new ToolError(
    'bad-flag',
    { what: 'Keys are not read from this address.', why, fix: 'Use the public https address of a JWKS.' },
    { exit: EXIT.invalid },
  );

/** What fetch hides in causes: a code such as ENOTFOUND or CERT_HAS_EXPIRED. */
function reasonOf(thrown: unknown): string {
  if (!(thrown instanceof Error)) return String(thrown);
  if (thrown.name === 'TimeoutError') return 'It did not answer in time.';
  const { cause } = thrown;
  const { code, message } = (cause ?? {}) as { code?: string; message?: string };
  return [code, message ?? thrown.message].filter((part) => part !== undefined && part !== '').join(': ');
}

const unreachable = (url: URL, why: string): ToolError =>
  new ToolError(
    'endpoint-unreachable',
    {
      what: `${url.origin}${url.pathname} could not be read.`,
      why,
      fix: 'Look whether it answers: curl -i, from outside your network.',
    },
    { exit: EXIT.unreachable },
  );
