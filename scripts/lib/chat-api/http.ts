import { HttpError, PrivateAddressError, sendHttp, type HttpResponse, type Resolver } from '../http';
import { redactTokens } from '../token';

/** Salesforce needs a fraction of both limits. */
const REQUEST_TIMEOUT_MS = 10_000;
const MAX_RESPONSE_BYTES = 256 * 1024;

/** A response of the Enhanced Chat API. `status` is absent if no response arrived. */
export interface HttpReply {
  readonly status?: number;
  /** The parsed JSON; absent if the response is empty or can't be used. */
  readonly body?: unknown;
  /** The reason why the response can't be used, in sentences that contain no part of a token. */
  readonly problem?: string;
}

export interface HttpRequest {
  readonly method: 'GET' | 'POST' | 'DELETE';
  readonly url: string;
  readonly body?: object;
  readonly bearer?: string;
  readonly timeoutMs?: number;
  /** Resolves host names. Default: the resolver of the system. */
  readonly resolve?: Resolver;
}

/** Sends one request. Never throws, follows no redirect, and stops after the timeout, also while it reads the body. */
export async function sendRequest({
  method,
  url,
  body,
  bearer,
  timeoutMs = REQUEST_TIMEOUT_MS,
  resolve,
}: HttpRequest): Promise<HttpReply> {
  const headers = {
    accept: 'application/json',
    ...(body && { 'content-type': 'application/json' }),
    ...(bearer !== undefined && { authorization: `Bearer ${bearer}` }),
  };
  try {
    const response = await sendHttp(new URL(url), {
      method,
      headers,
      timeoutMs,
      maxBytes: MAX_RESPONSE_BYTES,
      ...(body && { body: JSON.stringify(body) }),
      ...(resolve && { resolve }),
    });
    return { status: response.status, ...parseBody(response) };
  } catch (thrown) {
    return { problem: describeFailure(thrown) };
  }
}

function parseBody({ status, headers, body, truncated }: HttpResponse): Pick<HttpReply, 'body' | 'problem'> {
  if (status >= 300 && status < 400)
    return { problem: `The response is a redirect (${status}), which the Enhanced Chat API never sends.` };
  if (truncated) return { problem: `The response is larger than ${MAX_RESPONSE_BYTES / 1024} KB.` };
  const text = body.toString('utf8');
  if (text.trim() === '') return {};
  try {
    return { body: JSON.parse(text) as unknown };
  } catch {
    const type = redactTokens(headers.get('content-type') ?? 'no content type');
    return { problem: `The response (${status}, ${type}) isn't JSON.` };
  }
}

function describeFailure(thrown: unknown): string {
  if (thrown instanceof PrivateAddressError) return `The host isn't on the public internet. ${thrown.message}`;
  if (thrown instanceof HttpError) return redactTokens(thrown.message);
  return 'The connection failed.';
}
