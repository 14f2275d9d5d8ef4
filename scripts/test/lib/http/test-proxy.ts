import { createServer, type IncomingMessage } from 'node:http';
import { connect, type AddressInfo, type Socket } from 'node:net';

/** A loopback HTTP proxy that records what it is asked for. */
export interface TestProxy {
  readonly url: string;
  /** Each request: `CONNECT host:port`, or the method and URL of an http request. */
  readonly log: string[];
  /** The status of its responses, unless a tunnel leads somewhere. */
  status: number;
  /** The port on this machine that every tunnel leads to. */
  tunnelTo: number | undefined;
  close(): void;
}

/** Starts a proxy on a free port. Without `tunnelTo`, it rejects every request, so nothing leaves this machine. */
export async function startProxy(): Promise<TestProxy> {
  const sockets = new Set<Socket>();
  const server = createServer((request, response) => {
    proxy.log.push(`${request.method ?? ''} ${request.url ?? ''}`);
    response.writeHead(proxy.status).end();
  });
  server.on('connect', (request: IncomingMessage, socket: Socket) => {
    proxy.log.push(`CONNECT ${request.url ?? ''}`);
    socket.on('error', () => socket.destroy());
    if (proxy.tunnelTo === undefined) return void socket.end(`HTTP/1.1 ${proxy.status} Rejected\r\n\r\n`);
    const target = connect(proxy.tunnelTo, '127.0.0.1', () => {
      socket.write('HTTP/1.1 200 Connection established\r\n\r\n');
      target.pipe(socket).pipe(target);
    });
    target.on('error', () => socket.destroy());
    socket.on('close', () => target.destroy());
  });
  server.on('connection', (socket) => sockets.add(socket));
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const proxy: TestProxy = {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    log: [],
    status: 502,
    tunnelTo: undefined,
    close() {
      sockets.forEach((socket) => socket.destroy());
      server.close();
    },
  };
  return proxy;
}
