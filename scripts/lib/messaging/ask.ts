import { withoutTokens } from '../token';

/** How long an answer may take, in milliseconds, and how large it may be; Salesforce's take a fraction of both. */
const PATIENCE = 10_000;
const MOST = 256 * 1024;

/** An answer of the runtime: JSON, or the reason why it cannot be used. `status` is absent where none came. */
export interface Reply {
  readonly status?: number;
  readonly body?: unknown;
  /** In words, without anything that could be part of a token. */
  readonly problem?: string;
}

export interface Question {
  readonly method: 'GET' | 'POST' | 'DELETE';
  readonly url: string;
  readonly body?: object;
  readonly bearer?: string;
  /** Milliseconds; for tests. */
  readonly patience?: number;
}

/** Asks the runtime once. Never throws, follows no redirect, and waits for nothing longer than its patience. */
export async function ask({ method, url, body, bearer, patience = PATIENCE }: Question): Promise<Reply> {
  const headers = {
    accept: 'application/json',
    ...(body && { 'content-type': 'application/json' }),
    ...(bearer !== undefined && { authorization: `Bearer ${bearer}` }),
  };
  try {
    const signal = AbortSignal.timeout(patience);
    const response = await fetch(url, {
      method,
      headers,
      redirect: 'manual',
      signal,
      ...(body && { body: JSON.stringify(body) }),
    });
    return { status: response.status, ...(await contentOf(response)) };
  } catch (thrown) {
    return { problem: reasonOf(thrown, patience) };
  }
}

async function contentOf(response: Response): Promise<Pick<Reply, 'body' | 'problem'>> {
  const { status } = response;
  if (status >= 300 && status < 400) return { problem: `It redirects (${status}); the runtime never does.` };
  const text = await textOf(response);
  if (text === undefined) return { problem: `The answer is larger than ${MOST / 1024} kB.` };
  if (text.trim() === '') return {};
  try {
    return { body: JSON.parse(text) as unknown };
  } catch {
    const type = withoutTokens(response.headers.get('content-type') ?? 'no content type');
    return { problem: `The answer (${status}, ${type}) is not JSON.` };
  }
}

async function textOf(response: Response): Promise<string | undefined> {
  const parts: Uint8Array[] = [];
  let length = 0;
  for await (const part of response.body ?? []) {
    parts.push(part as Uint8Array);
    length += (part as Uint8Array).length;
    if (length > MOST) return undefined;
  }
  return Buffer.concat(parts).toString('utf8');
}

/** What fetch hides in causes: a code such as ENOTFOUND or CERT_HAS_EXPIRED. */
function reasonOf(thrown: unknown, patience: number): string {
  if (!(thrown instanceof Error)) return 'The connection failed.';
  if (thrown.name === 'TimeoutError') return `It did not answer within ${patience / 1000} seconds.`;
  const { code, message } = (thrown.cause ?? {}) as { code?: string; message?: string };
  return withoutTokens(`The connection failed: ${code ?? message ?? thrown.message}.`);
}
