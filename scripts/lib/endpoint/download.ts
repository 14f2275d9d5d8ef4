import { EXIT, ToolError, invalidFlagError } from '../errors';
import { isPrivateHost } from '../rules/host';

/** A response of an endpoint. Redirects are not followed. */
export interface EndpointResponse {
  readonly status: number;
  readonly headers: Headers;
  readonly body: Buffer;
  /** Whether the body is longer than the part that was read. */
  readonly truncated: boolean;
  /** Time until the body was complete. */
  readonly durationMs: number;
}

export interface DownloadOptions {
  readonly allowLoopback: boolean;
  /** Salesforce doesn't document its own timeout. */
  readonly timeoutMs?: number;
}

const DEFAULT_TIMEOUT_MS = 10_000;
const MAX_BODY_BYTES = 1024 * 1024;

/** Whether a text is a URL rather than a file path. */
export const isUrl = (text: string): boolean => /^[a-z][a-z0-9+.-]+:\/\//i.test(text);

/**
 * Sends one GET request as Salesforce does: HTTPS, no login, no redirects. Throws `invalid-flag` for an unsafe URL and
 * `endpoint-unreachable` if no response arrives.
 */
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
  if (!url) throw unsafeUrlError("It isn't a URL.");
  if (url.username !== '' || url.password !== '') throw unsafeUrlError('It contains a user name or a password.');
  const local = ['127.0.0.1', '[::1]', 'localhost'].includes(url.hostname);
  if (local && allowLoopback && /^https?:$/.test(url.protocol)) return url;
  if (url.protocol !== 'https:')
    throw unsafeUrlError("It doesn't use https, so anyone on the network path could replace the keys.");
  if (isPrivateHost(url.hostname))
    throw unsafeUrlError("Its host is a loopback, private or reserved address, which Salesforce can't reach.");
  return url;
}

/** The URL isn't printed, because it can contain a password. */
const unsafeUrlError = (why: string): ToolError =>
  invalidFlagError("Keys aren't read from this URL.", why, 'Use the public https URL of a JWKS document.');

/** `fetch` puts the code of a failure, such as ENOTFOUND or CERT_HAS_EXPIRED, in the cause. */
function fetchErrorReason(thrown: unknown): string {
  if (!(thrown instanceof Error)) return String(thrown);
  if (thrown.name === 'TimeoutError') return 'No response arrived in time.';
  const { cause } = thrown;
  const { code, message } = (cause ?? {}) as { code?: string; message?: string };
  return [code, message ?? thrown.message].filter((part) => part !== undefined && part !== '').join(': ');
}

const unreachableError = (url: URL, why: string): ToolError =>
  new ToolError(
    'endpoint-unreachable',
    {
      what: `${url.origin}${url.pathname} couldn't be read.`,
      why,
      fix: 'Check from outside your network that the endpoint responds: curl -i.',
    },
    { exit: EXIT.unreachable },
  );
