import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { Disconnect, type DisconnectKind } from '../api-error';
import type { Request, Response } from './message';

// Salesforce accepts zip files of up to 39 MB. Base64 and the envelope add a third.
const MAX_BODY_BYTES = 60 * 1024 * 1024;

/** A running server on loopback. */
export interface Listener {
  readonly port: number;
  /** Closes all connections, and refuses new ones for a number of milliseconds. */
  stopListening(milliseconds: number): void;
  close(): Promise<void>;
}

/**
 * Starts a server on 127.0.0.1. The handler must return a response for each request, or throw a Disconnect, which is applied
 * to the connection.
 */
export async function listen(port: number, handler: (request: Request) => Promise<Response>): Promise<Listener> {
  const server = createServer((incoming, outgoing) => void serve(incoming, outgoing, handler));
  server.keepAliveTimeout = 60_000;
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject);
    server.listen(port, '127.0.0.1', resolve);
  });
  const boundPort = (server.address() as AddressInfo).port;
  let restartTimer: NodeJS.Timeout | undefined;
  return {
    port: boundPort,
    stopListening(milliseconds) {
      clearTimeout(restartTimer);
      server.close();
      server.closeAllConnections();
      restartTimer = setTimeout(() => server.listen(boundPort, '127.0.0.1'), milliseconds);
    },
    close() {
      clearTimeout(restartTimer);
      return closeServer(server);
    },
  };
}

async function serve(
  incoming: IncomingMessage,
  outgoing: ServerResponse,
  handler: (request: Request) => Promise<Response>,
): Promise<void> {
  try {
    const request = await readRequest(incoming);
    send(outgoing, await handler(request));
  } catch (error) {
    if (error instanceof Disconnect) disconnect(incoming, outgoing, error.kind);
    // The client disconnected, or the request is too large.
    else outgoing.destroy();
  }
}

function disconnect({ url = '/', socket }: IncomingMessage, outgoing: ServerResponse, kind: DisconnectKind): void {
  if (kind === 'dropped') outgoing.destroy();
  // The same server, but another host than the one that clients log in to.
  if (kind === 'redirected')
    outgoing.writeHead(302, { location: `http://localhost:${socket.localPort ?? 0}${url}` }).end();
  if (kind === 'gateway') outgoing.writeHead(503, { 'content-type': 'text/html' }).end('Service Unavailable');
  // The body is shorter than its content-length.
  if (kind === 'truncated')
    outgoing
      .writeHead(200, { 'content-type': 'application/json', 'content-length': 1_000 })
      .write('{"', () => setImmediate(() => outgoing.destroy()));
}

function send(outgoing: ServerResponse, { status, type, body, headers, stream }: Response): void {
  outgoing.writeHead(status, { ...headers, ...(type && { 'content-type': type }) });
  if (!stream) return void outgoing.end(body);
  outgoing.flushHeaders();
  outgoing.once(
    'close',
    stream((text) => outgoing.write(text)),
  );
}

async function readRequest(incoming: IncomingMessage): Promise<Request> {
  const url = parseTarget(incoming.url ?? '/');
  const { method = 'GET', headers } = incoming;
  return { method, path: url.pathname, query: url.searchParams, headers, body: await readBody(incoming) };
}

// A client whose instance URL ends with a slash requests //services/..., which URL would parse as a host.
function parseTarget(target: string): URL {
  const path = `/${target.replace(/^\/+/, '')}`;
  return URL.canParse(path, 'http://127.0.0.1') ? new URL(path, 'http://127.0.0.1') : new URL('http://127.0.0.1/');
}

async function readBody(incoming: IncomingMessage): Promise<Buffer> {
  const chunks: Buffer[] = [];
  let size = 0;
  for await (const chunk of incoming as AsyncIterable<Buffer>) {
    size += chunk.length;
    if (size > MAX_BODY_BYTES) throw new Error('The request is too large');
    chunks.push(chunk);
  }
  return Buffer.concat(chunks);
}

async function closeServer(server: Server): Promise<void> {
  const closed = new Promise<void>((resolve) => server.close(() => resolve()));
  server.closeAllConnections();
  await closed;
}
