import { createServer, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';

/** A request that the fake received. */
export interface ReceivedRequest {
  readonly method: string;
  readonly path: string;
  readonly query: Readonly<Record<string, string>>;
  readonly authorization: string | undefined;
  readonly body: Readonly<Record<string, unknown>>;
}

export type Handler = (request: ReceivedRequest, response: ServerResponse) => void;

/** A JSON response. */
export const json =
  (status: number, body: unknown): Handler =>
  (_request, response) =>
    void response.writeHead(status, { 'content-type': 'application/json' }).end(JSON.stringify(body));

export interface FakeChatApi {
  readonly url: string;
  readonly requests: ReceivedRequest[];
  /** Responds to the requests from now on. */
  handle: Handler;
  close(): void;
}

/** Starts an HTTP server on loopback that stands for the Enhanced Chat API. */
export async function startFakeChatApi(): Promise<FakeChatApi> {
  const requests: ReceivedRequest[] = [];
  const server = createServer((request, response) => {
    let text = '';
    request.on('data', (chunk: Buffer) => (text += chunk.toString()));
    request.on('end', () => {
      const { pathname, searchParams } = new URL(request.url ?? '', 'http://localhost');
      const received: ReceivedRequest = {
        method: request.method ?? '',
        path: pathname,
        query: Object.fromEntries(searchParams),
        authorization: request.headers.authorization,
        body: JSON.parse(text || '{}') as ReceivedRequest['body'],
      };
      requests.push(received);
      fake.handle(received, response);
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const fake: FakeChatApi = {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    requests,
    handle: json(500, {}),
    close: () => {
      server.close();
      server.closeAllConnections();
    },
  };
  return fake;
}
