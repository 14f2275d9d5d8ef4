import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { emptyResponse, type HttpResponse, type Endpoint } from './endpoint';

export interface RunningServer {
  readonly port: number;
  close(): Promise<void>;
}

export interface ListenOptions {
  /** 0 for any free port. */
  readonly port: number;
  /** Receives one line per request: method, first part of a known path, status. Never a token, a cookie or a subject. */
  readonly log?: (line: string) => void;
}

/** Requests have no body, so short timeouts (in milliseconds) suffice. Node.js checks only every 30 seconds by default. */
const TIMEOUTS = { requestTimeout: 10_000, headersTimeout: 5_000, connectionsCheckingInterval: 1_000 };

/** Serves an endpoint on the loopback interface only. Customers need your own server with TLS in front. */
export async function listen(
  endpoint: Endpoint,
  { port, log = () => undefined }: ListenOptions,
): Promise<RunningServer> {
  const server = createServer(TIMEOUTS, (request, response) => void handleRequest(endpoint, request, response, log));
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject).listen(port, '127.0.0.1', resolve);
  });
  return { port: (server.address() as AddressInfo).port, close: () => closeServer(server) };
}

async function handleRequest(
  endpoint: Endpoint,
  request: IncomingMessage,
  response: ServerResponse,
  log: (line: string) => void,
): Promise<void> {
  const { method = '', url = '' } = request;
  const path = url.split('?', 1)[0] ?? '';
  const headers = Object.fromEntries(Object.entries(request.headers).map(([name, value]) => [name, String(value)]));
  const result = await endpoint({ method, path, headers }).catch(toErrorResponse(log));
  log(`${method} ${result.status === 404 ? '(unknown path)' : `/${path.split('/')[1] ?? ''}`} ${result.status}`);
  response.statusCode = result.status;
  response.setHeaders(new Map(Object.entries(result.headers))).end(result.body);
}

/** Logs the name of an error without its message, which can contain a secret. */
const toErrorResponse =
  (log: (line: string) => void) =>
  (thrown: unknown): HttpResponse => {
    log(`${thrown instanceof Error ? thrown.name : 'Unknown error'} in the session lookup or the signer`);
    return emptyResponse(500);
  };

const closeServer = (server: Server): Promise<void> =>
  new Promise((resolve) => {
    server.close(() => resolve());
    server.closeAllConnections();
  });
