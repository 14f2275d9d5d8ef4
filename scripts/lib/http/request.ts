import { request as requestHttp, type IncomingMessage } from 'node:http';
import { request as requestHttps } from 'node:https';
import { lookupFor, PrivateAddressError, type Resolver } from './public-lookup';

export interface HttpOptions {
  readonly method?: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly body?: string;
  /** Limit for the whole exchange, also while the body is read, in milliseconds. */
  readonly timeoutMs: number;
  /** The body is truncated after this number of bytes. */
  readonly maxBytes: number;
  /** Resolves host names. Default: the resolver of the system. */
  readonly resolve?: Resolver;
}

export interface HttpResponse {
  readonly status: number;
  readonly headers: Headers;
  readonly body: Buffer;
  /** Whether the body is longer than the part that was read. */
  readonly truncated: boolean;
}

/**
 * Sends one request to a host on loopback or on the public internet, without following redirects. Rejects with a
 * PrivateAddressError for any other host, and with an error named TimeoutError without a complete response in time.
 */
export async function sendHttp(url: URL, options: HttpOptions): Promise<HttpResponse> {
  const { method = 'GET', headers, body, timeoutMs, maxBytes, resolve } = options;
  const signal = AbortSignal.timeout(timeoutMs);
  const lookup = lookupFor(url, resolve);
  const send = url.protocol === 'https:' ? requestHttps : requestHttp;
  try {
    const response = await new Promise<IncomingMessage>((settle, reject) => {
      send(url, { method, headers, signal, agent: false, ...(lookup && { lookup }) }, settle)
        .on('error', reject)
        .end(body);
    });
    return { status: response.statusCode ?? 0, headers: headersOf(response), ...(await readBody(response, maxBytes)) };
  } catch (thrown) {
    throw signal.aborted ? signal.reason : thrown;
  }
}

/** Repeated headers keep all of their values. */
function headersOf({ headersDistinct }: IncomingMessage): Headers {
  const headers = new Headers();
  for (const [name, values] of Object.entries(headersDistinct))
    for (const value of values ?? []) headers.append(name, value);
  return headers;
}

async function readBody(
  response: IncomingMessage,
  maxBytes: number,
): Promise<Pick<HttpResponse, 'body' | 'truncated'>> {
  const parts: Buffer[] = [];
  let length = 0;
  for await (const part of response) {
    parts.push(part as Buffer);
    length += (part as Buffer).length;
    if (length > maxBytes) return { body: Buffer.concat(parts).subarray(0, maxBytes), truncated: true };
  }
  return { body: Buffer.concat(parts), truncated: false };
}

/** Why a request failed, as part of a sentence. Contains no part of the request. */
export function httpFailureReason(thrown: unknown): string {
  if (!(thrown instanceof Error)) return String(thrown);
  if (thrown.name === 'TimeoutError') return 'No response arrived in time.';
  if (thrown instanceof PrivateAddressError) return thrown.message;
  const { code } = thrown as { code?: string };
  return [code, thrown.message].filter((part) => part !== undefined && part !== '').join(': ');
}
