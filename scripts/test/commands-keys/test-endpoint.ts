import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';

/** An endpoint on loopback whose answer a test may change at any time. */
export interface TestEndpoint {
  readonly url: string;
  answer: (request: IncomingMessage, response: ServerResponse) => void;
  /** Serves a document as an endpoint should. */
  serve(document: unknown): void;
  close(): void;
}

/** Starts an endpoint at a port of the system's choosing. */
export async function startEndpoint(): Promise<TestEndpoint> {
  const server = createServer((request, response) => endpoint.answer(request, response));
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));

  const endpoint: TestEndpoint = {
    close() {
      server.closeAllConnections();
      server.close();
    },
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}/jwks.json`,
    answer: (_request, response) => void response.end(),
    serve(document) {
      const text = typeof document === 'string' ? document : JSON.stringify(document);
      endpoint.answer = (_request, response) =>
        void response
          .writeHead(200, { 'content-type': 'application/json', 'cache-control': 'public, max-age=3600' })
          .end(text);
    },
  };
  return endpoint;
}
