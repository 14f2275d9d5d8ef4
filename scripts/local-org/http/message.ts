import type { IncomingHttpHeaders } from 'node:http';

/** A request with its complete body. */
export interface Request {
  readonly method: string;
  /** without the query, with one leading slash */
  readonly path: string;
  readonly query: URLSearchParams;
  readonly headers: IncomingHttpHeaders;
  readonly body: Buffer;
}

export interface Response {
  readonly status: number;
  readonly type: string;
  readonly body: string;
  readonly headers?: Readonly<Record<string, string>>;
  /** writes more text after the body until the client disconnects; returns a function that stops it */
  readonly stream?: (write: (text: string) => void) => () => void;
}

export function json(value: unknown, status = 200): Response {
  return { status, type: 'application/json;charset=UTF-8', body: JSON.stringify(value) };
}

export function xml(body: string, status = 200): Response {
  return { status, type: 'text/xml;charset=UTF-8', body };
}

export const NO_CONTENT: Response = { status: 204, type: '', body: '' };

/** The token of an Authorization header with the scheme Bearer, or OAuth (older clients). */
export function bearerToken(request: Request): string | undefined {
  return /^(?:Bearer|OAuth)\s+(\S+)$/i.exec(request.headers.authorization ?? '')?.[1];
}

/** The body as JSON; undefined if it isn't JSON. */
export function parseJsonBody(request: Request): unknown {
  try {
    return JSON.parse(request.body.toString('utf8'));
  } catch {
    return undefined;
  }
}
