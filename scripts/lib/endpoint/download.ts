import { EXIT, ToolError, invalidFlagError } from '../errors';
import { isPrivateHost } from '../rules/host';

/** An answer of an endpoint, as it came: a redirect is not followed. */
export interface EndpointResponse {
  readonly status: number;
  readonly headers: Headers;
  readonly body: Buffer;
  /** Whether the body was longer than what is read of it. */
  readonly truncated: boolean;
  /** Milliseconds until the whole body was there. */
  readonly durationMs: number;
}

export interface DownloadOptions {
  readonly allowLoopback: boolean;
  /** Milliseconds; Salesforce does not say how long it waits. */
  readonly timeoutMs?: number;
}

const DEFAULT_TIMEOUT_MS = 10_000;
const MAX_BODY_BYTES = 1024 * 1024;

/** Whether a text is meant as an address rather than as a file. */
export const isUrl = (text: string): boolean => /^[a-z][a-z0-9+.-]+:\/\//i.test(text);

/** Reads an address as Salesforce would: over https, without a login, without following a redirect. */
export async function download(
  address: string,
  { allowLoopback, timeoutMs = DEFAULT_TIMEOUT_MS }: DownloadOptions,
): Promise<EndpointResponse> {
  const url = parseSafeUrl(address, allowLoopback);
  const start = performance.now();
  try {
    const headers = { accept: 'application/json', 'cache-control': 'no-cache' };
    const response = await fetch(url, { redirect: 'manual', signal: AbortSignal.timeout(timeoutMs), headers });
    const { body, truncated } = await readBody(response);
    return {
      status: response.status,
      headers: response.headers,
      body,
      truncated,
      durationMs: Math.round(performance.now() - start),
    };
  } catch (thrown) {
    throw unreachableError(url, fetchErrorReason(thrown));
  }
}

async function readBody(response: Response): Promise<Pick<EndpointResponse, 'body' | 'truncated'>> {
  const parts: Uint8Array[] = [];
  let length = 0;
  for await (const part of response.body ?? []) {
    parts.push(part as Uint8Array);
    length += (part as Uint8Array).length;
    if (length > MAX_BODY_BYTES) return { body: Buffer.concat(parts).subarray(0, MAX_BODY_BYTES), truncated: true };
  }
  return { body: Buffer.concat(parts), truncated: false };
}

function parseSafeUrl(address: string, allowLoopback: boolean): URL {
  const url = URL.parse(address);
  if (!url) throw unsafeUrlError('It is no URL.');
  if (url.username !== '' || url.password !== '') throw unsafeUrlError('It has a user name or a password in it.');
  const local = ['127.0.0.1', '[::1]', 'localhost'].includes(url.hostname);
  if (local && allowLoopback && /^https?:$/.test(url.protocol)) return url;
  if (url.protocol !== 'https:')
    throw unsafeUrlError('It is not https: whoever is on the way could put keys of their own there.');
  if (isPrivateHost(url.hostname))
    throw unsafeUrlError('It is a loopback, private or reserved address, which Salesforce cannot reach.');
  return url;
}

/** The address is not repeated: it may hold a password. */
const unsafeUrlError = (why: string): ToolError =>
  invalidFlagError('Keys are not read from this address.', why, 'Use the public https address of a JWKS.');

/** What fetch hides in causes: a code such as ENOTFOUND or CERT_HAS_EXPIRED. */
function fetchErrorReason(thrown: unknown): string {
  if (!(thrown instanceof Error)) return String(thrown);
  if (thrown.name === 'TimeoutError') return 'It did not answer in time.';
  const { cause } = thrown;
  const { code, message } = (cause ?? {}) as { code?: string; message?: string };
  return [code, message ?? thrown.message].filter((part) => part !== undefined && part !== '').join(': ');
}

const unreachableError = (url: URL, why: string): ToolError =>
  new ToolError(
    'endpoint-unreachable',
    {
      what: `${url.origin}${url.pathname} could not be read.`,
      why,
      fix: 'Look whether it answers: curl -i, from outside your network.',
    },
    { exit: EXIT.unreachable },
  );
