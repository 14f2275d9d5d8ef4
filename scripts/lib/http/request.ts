import { request as requestHttp, type IncomingMessage } from 'node:http';
import { request as requestHttps } from 'node:https';
import { TLSSocket } from 'node:tls';
import { explainHttpFailure, type HttpFailure } from './failure';
import { proxyAgent, proxyFor } from './proxy';
import { assertPublic, lookupFor, PrivateAddressError, type Resolver } from './public-lookup';

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
  /** The TLS connection; absent for http. */
  readonly tls?: TlsFacts;
}

export interface TlsFacts {
  /** Such as `TLSv1.3`. */
  readonly protocol: string;
  /** When the certificate of the server expires. */
  readonly expiresAt: Date;
}

/** The error of a request without a complete response. */
export class HttpError extends Error {
  readonly failure: HttpFailure;

  constructor(thrown: unknown, timeoutMs: number, proxy: URL | undefined) {
    const failure = explainHttpFailure(thrown, timeoutMs, proxy);
    super(failure.why, { cause: thrown });
    this.failure = failure;
  }
}

/**
 * Sends one request to a host on loopback or on the public internet, without following redirects. A request goes through the
 * proxy of HTTPS_PROXY or HTTP_PROXY unless NO_PROXY lists its host; NODE_EXTRA_CA_CERTS applies to both. Without a proxy, the
 * addresses of the host are checked where the connection is made. A proxy resolves the name itself, so only the host in the URL
 * is checked then: it may not be a private address or a local name. Rejects with a PrivateAddressError for a host that isn't
 * public, and with an HttpError without a complete response in time.
 */
export async function sendHttp(url: URL, options: HttpOptions): Promise<HttpResponse> {
  assertPublic(url);
  let proxy: URL | undefined;
  const signal = AbortSignal.timeout(options.timeoutMs);
  try {
    proxy = proxyFor(url);
    const response = await openResponse(url, options, signal, proxy);
    const tls = tlsFacts(response);
    return {
      status: response.statusCode ?? 0,
      headers: headersOf(response),
      ...(tls && { tls }),
      ...(await readBody(response, options.maxBytes)),
    };
  } catch (thrown) {
    if (thrown instanceof PrivateAddressError) throw thrown;
    throw new HttpError(signal.aborted ? signal.reason : thrown, options.timeoutMs, proxy);
  }
}

function openResponse(
  url: URL,
  { method = 'GET', headers, body, resolve }: HttpOptions,
  signal: AbortSignal,
  proxy: URL | undefined,
): Promise<IncomingMessage> {
  const lookup = proxy ? undefined : lookupFor(url, resolve);
  const agent = proxy ? proxyAgent(url, proxy) : false;
  const send = url.protocol === 'https:' ? requestHttps : requestHttp;
  return new Promise((settle, reject) => {
    send(url, { method, headers, signal, agent, ...(lookup && { lookup }) }, settle)
      .on('error', reject)
      .end(body);
  });
}

/** Read before the body, because a closed connection has no certificate. */
function tlsFacts({ socket }: IncomingMessage): TlsFacts | undefined {
  if (!(socket instanceof TLSSocket)) return undefined;
  return { protocol: socket.getProtocol() ?? 'unknown', expiresAt: new Date(socket.getPeerCertificate().valid_to) };
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
