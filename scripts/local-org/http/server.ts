import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { BrokenOff, type Manner } from '../fault';
import type { Request, Response } from './exchange';

// Salesforce takes at most 39 MB of zip; base64 and the envelope add a third.
const LARGEST_BODY = 60 * 1024 * 1024;

/** A server on loopback that is up. */
export interface Listener {
  readonly port: number;
  /** Drops every connection and listens again after so many milliseconds: what comes between is refused. */
  goAway(milliseconds: number): void;
  close(): Promise<void>;
}

/**
 * Serves on 127.0.0.1 only. The answer function turns what it cannot answer into an error response; a BrokenOff that it
 * throws is done to the connection.
 */
export async function listen(port: number, answer: (request: Request) => Promise<Response>): Promise<Listener> {
  const server = createServer((incoming, outgoing) => void serve(incoming, outgoing, answer));
  server.keepAliveTimeout = 60_000;
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject);
    server.listen(port, '127.0.0.1', resolve);
  });
  const taken = (server.address() as AddressInfo).port;
  let back: NodeJS.Timeout | undefined;
  return {
    port: taken,
    goAway(milliseconds) {
      clearTimeout(back);
      server.close();
      server.closeAllConnections();
      back = setTimeout(() => server.listen(taken, '127.0.0.1'), milliseconds);
    },
    close() {
      clearTimeout(back);
      return closeAll(server);
    },
  };
}

async function serve(
  incoming: IncomingMessage,
  outgoing: ServerResponse,
  answer: (request: Request) => Promise<Response>,
): Promise<void> {
  try {
    const request = await readRequest(incoming);
    send(outgoing, await answer(request));
  } catch (error) {
    if (error instanceof BrokenOff) breakOff(outgoing, error.manner);
    // The client went away, or sent more than any deployment may have: there is nobody to explain it to.
    else outgoing.destroy();
  }
}

function breakOff(outgoing: ServerResponse, manner: Manner): void {
  if (manner === 'cut') outgoing.destroy();
  if (manner === 'gateway') outgoing.writeHead(503, { 'content-type': 'text/html' }).end('Service Unavailable');
  // The length that is announced never comes.
  if (manner === 'torn')
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
  const url = targetOf(incoming.url ?? '/');
  const { method = 'GET', headers } = incoming;
  return { method, path: url.pathname, query: url.searchParams, headers, body: await readBody(incoming) };
}

// Clients that logged in with an instance URL ending in a slash ask for //services/...; URL would take that for a host.
function targetOf(target: string): URL {
  const path = `/${target.replace(/^\/+/, '')}`;
  return URL.canParse(path, 'http://127.0.0.1') ? new URL(path, 'http://127.0.0.1') : new URL('http://127.0.0.1/');
}

async function readBody(incoming: IncomingMessage): Promise<Buffer> {
  const chunks: Buffer[] = [];
  let size = 0;
  for await (const chunk of incoming as AsyncIterable<Buffer>) {
    size += chunk.length;
    if (size > LARGEST_BODY) throw new Error('The request is too large');
    chunks.push(chunk);
  }
  return Buffer.concat(chunks);
}

async function closeAll(server: Server): Promise<void> {
  const closed = new Promise<void>((resolve) => server.close(() => resolve()));
  server.closeAllConnections();
  await closed;
}
