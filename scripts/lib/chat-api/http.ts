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
}

/** Sends one request. Never throws, follows no redirect, and stops after the timeout, also while it reads the body. */
export async function sendRequest({
  method,
  url,
  body,
  bearer,
  timeoutMs = REQUEST_TIMEOUT_MS,
}: HttpRequest): Promise<HttpReply> {
  const headers = {
    accept: 'application/json',
    ...(body && { 'content-type': 'application/json' }),
    ...(bearer !== undefined && { authorization: `Bearer ${bearer}` }),
  };
  try {
    const response = await fetch(url, {
      ...{ method, headers, redirect: 'manual', signal: AbortSignal.timeout(timeoutMs) },
      ...(body && { body: JSON.stringify(body) }),
    });
    return { status: response.status, ...(await parseBody(response)) };
  } catch (thrown) {
    return { problem: describeFailure(thrown, timeoutMs) };
  }
}

async function parseBody(response: Response): Promise<Pick<HttpReply, 'body' | 'problem'>> {
  const { status } = response;
  if (status >= 300 && status < 400)
    return { problem: `The response is a redirect (${status}), which the Enhanced Chat API never sends.` };
  const text = await readText(response);
  if (text === undefined) return { problem: `The response is larger than ${MAX_RESPONSE_BYTES / 1024} KB.` };
  if (text.trim() === '') return {};
  try {
    return { body: JSON.parse(text) as unknown };
  } catch {
    const type = redactTokens(response.headers.get('content-type') ?? 'no content type');
    return { problem: `The response (${status}, ${type}) isn't JSON.` };
  }
}

/** Returns undefined if the body is too large. */
async function readText(response: Response): Promise<string | undefined> {
  const chunks: Uint8Array[] = [];
  let length = 0;
  for await (const chunk of response.body ?? []) {
    chunks.push(chunk as Uint8Array);
    length += (chunk as Uint8Array).length;
    if (length > MAX_RESPONSE_BYTES) return undefined;
  }
  return Buffer.concat(chunks).toString('utf8');
}

/** `fetch` puts the code of a failure, such as ENOTFOUND or CERT_HAS_EXPIRED, in the cause. */
function describeFailure(thrown: unknown, timeoutMs: number): string {
  if (!(thrown instanceof Error)) return 'The connection failed.';
  if (thrown.name === 'TimeoutError') return `No response arrived within ${timeoutMs / 1000} seconds.`;
  const { code, message } = (thrown.cause ?? {}) as { code?: string; message?: string };
  return redactTokens(`The connection failed: ${code ?? message ?? thrown.message}.`);
}
