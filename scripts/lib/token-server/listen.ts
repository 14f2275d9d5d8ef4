import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { empty, type Answer, type Endpoint } from './endpoint';

export interface Listening {
  readonly port: number;
  close(): Promise<void>;
}

export interface ListenOptions {
  /** 0 for any free port. */
  readonly port: number;
  /** Gets a line for each request: method, where a known path begins, status. Never a token, a cookie or a subject. */
  readonly log?: (line: string) => void;
}

/** A request has no body worth waiting for. Milliseconds; Node looks only every half minute by itself. */
const PATIENCE = { requestTimeout: 10_000, headersTimeout: 5_000, connectionsCheckingInterval: 1_000 };

/** Serves an endpoint on this machine alone; in front of customers stands your own server, with TLS. */
export async function listen(endpoint: Endpoint, { port, log = () => undefined }: ListenOptions): Promise<Listening> {
  const server = createServer(PATIENCE, (request, response) => void serve(endpoint, request, response, log));
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject).listen(port, '127.0.0.1', resolve);
  });
  return { port: (server.address() as AddressInfo).port, close: () => closed(server) };
}

async function serve(
  endpoint: Endpoint,
  request: IncomingMessage,
  response: ServerResponse,
  log: (line: string) => void,
): Promise<void> {
  const { method = '', url = '' } = request;
  const path = url.split('?', 1)[0] ?? '';
  const headers = Object.fromEntries(Object.entries(request.headers).map(([name, value]) => [name, String(value)]));
  const answer = await endpoint({ method, path, headers }).catch(failed(log));
  log(`${method} ${answer.status === 404 ? '(unknown path)' : `/${path.split('/')[1] ?? ''}`} ${answer.status}`);
  response.statusCode = answer.status;
  response.setHeaders(new Map(Object.entries(answer.headers))).end(answer.body);
}

/** The name of an error, and not its message: that could repeat what must not be in a log. */
const failed =
  (log: (line: string) => void) =>
  (thrown: unknown): Answer => {
    log(
      `${thrown instanceof Error ? thrown.name : 'Something'} was thrown where the session is looked up or the token made`,
    );
    return empty(500);
  };

const closed = (server: Server): Promise<void> =>
  new Promise((resolve) => {
    server.close(() => resolve());
    server.closeAllConnections();
  });
