import { EXIT, ToolError, invalidFlagError } from '../../errors';
import {
  HttpError,
  PrivateAddressError,
  sendHttp,
  type HttpFailure,
  type HttpResponse,
  type Resolver,
} from '../../http';
import { isLoopback } from '../../model';
import { isPrivateHost } from '../../rules/host';

/** A response of an endpoint. Redirects are not followed. */
export interface EndpointResponse extends HttpResponse {
  /** Time until the body was complete. */
  readonly durationMs: number;
}

export interface DownloadOptions {
  readonly allowLoopback: boolean;
  /** Salesforce doesn't document its own timeout. */
  readonly timeoutMs?: number;
  /** Resolves host names. Default: the resolver of the system. */
  readonly resolve?: Resolver;
  /** The advice for an unsafe URL. Default: for the URL of a JWKS document. */
  readonly unsafeUrlFix?: string;
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
  { allowLoopback, timeoutMs = DEFAULT_TIMEOUT_MS, resolve, unsafeUrlFix }: DownloadOptions,
): Promise<EndpointResponse> {
  const { url, unsafe } = parseUrl(address, allowLoopback);
  if (!url) throw unsafeUrlError(unsafe, unsafeUrlFix);
  const start = performance.now();
  const headers = { accept: 'application/json', 'cache-control': 'no-cache' };
  const limits = { timeoutMs, maxBytes: MAX_BODY_BYTES };
  try {
    const response = await sendHttp(url, { headers, ...limits, ...(resolve && { resolve }) });
    return { ...response, durationMs: Math.round(performance.now() - start) };
  } catch (thrown) {
    if (thrown instanceof PrivateAddressError)
      throw unsafeUrlError(
        "Its host resolves to a loopback, private or reserved address, which Salesforce can't reach.",
        unsafeUrlFix,
      );
    if (thrown instanceof HttpError) throw unreachableError(url, thrown.failure);
    throw thrown;
  }
}

type ParsedUrl =
  { readonly url: URL; readonly unsafe?: undefined } | { readonly url?: undefined; readonly unsafe: string };

function parseUrl(address: string, allowLoopback: boolean): ParsedUrl {
  const url = URL.parse(address);
  if (!url) return { unsafe: "It isn't a URL." };
  if (url.username !== '' || url.password !== '') return { unsafe: 'It contains a user name or a password.' };
  if (isLoopback(url) && allowLoopback && /^https?:$/.test(url.protocol)) return { url };
  if (url.protocol !== 'https:')
    return { unsafe: "It doesn't use https, so anyone on the network path could replace the keys." };
  if (isPrivateHost(url.hostname))
    return { unsafe: "Its host is a loopback, private or reserved address, which Salesforce can't reach." };
  return { url };
}

/** The URL isn't printed, because it can contain a password. */
const unsafeUrlError = (why: string, fix = 'Use the public https URL of a JWKS document.'): ToolError =>
  invalidFlagError("Keys aren't read from this URL.", why, fix);

const unreachableError = (url: URL, { why, fix }: HttpFailure): ToolError =>
  new ToolError(
    'endpoint-unreachable',
    {
      what: `${url.origin}${url.pathname} couldn't be read.`,
      why,
      fix: fix ?? 'Check from outside your network that the endpoint responds: curl -i.',
    },
    { exit: EXIT.unreachable },
  );
