import { redactTokens } from '../token';

/** How long an answer may take, in milliseconds, and how large it may be; Salesforce's take a fraction of both. */
const REQUEST_TIMEOUT_MS = 10_000;
const MAX_RESPONSE_BYTES = 256 * 1024;

/** An answer of the runtime: JSON, or the reason why it cannot be used. `status` is absent where none came. */
export interface HttpReply {
  readonly status?: number;
  readonly body?: unknown;
  /** In words, without anything that could be part of a token. */
  readonly problem?: string;
}

export interface HttpRequest {
  readonly method: 'GET' | 'POST' | 'DELETE';
  readonly url: string;
  readonly body?: object;
  readonly bearer?: string;
  /** Milliseconds; for tests. */
  readonly timeoutMs?: number;
}

/** Asks the runtime once. Never throws, follows no redirect, and waits for nothing longer than its patience. */
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
    const signal = AbortSignal.timeout(timeoutMs);
    const response = await fetch(url, {
      method,
      headers,
      redirect: 'manual',
      signal,
      ...(body && { body: JSON.stringify(body) }),
    });
    return { status: response.status, ...(await parseBody(response)) };
  } catch (thrown) {
    return { problem: describeFailure(thrown, timeoutMs) };
  }
}

async function parseBody(response: Response): Promise<Pick<HttpReply, 'body' | 'problem'>> {
  const { status } = response;
  if (status >= 300 && status < 400) return { problem: `It redirects (${status}); the runtime never does.` };
  const text = await readText(response);
  if (text === undefined) return { problem: `The answer is larger than ${MAX_RESPONSE_BYTES / 1024} kB.` };
  if (text.trim() === '') return {};
  try {
    return { body: JSON.parse(text) as unknown };
  } catch {
    const type = redactTokens(response.headers.get('content-type') ?? 'no content type');
    return { problem: `The answer (${status}, ${type}) is not JSON.` };
  }
}

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

/** What fetch hides in causes: a code such as ENOTFOUND or CERT_HAS_EXPIRED. */
function describeFailure(thrown: unknown, timeoutMs: number): string {
  if (!(thrown instanceof Error)) return 'The connection failed.';
  if (thrown.name === 'TimeoutError') return `It did not answer within ${timeoutMs / 1000} seconds.`;
  const { code, message } = (thrown.cause ?? {}) as { code?: string; message?: string };
  return redactTokens(`The connection failed: ${code ?? message ?? thrown.message}.`);
}
