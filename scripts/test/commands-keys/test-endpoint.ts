import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';

/** A loopback endpoint whose response a test can change at any time. */
export interface TestEndpoint {
  readonly url: string;
  answer: (request: IncomingMessage, response: ServerResponse) => void;
  /** Serves a document with the headers of a valid endpoint. */
  serve(document: unknown): void;
  close(): void;
}

/** Starts an endpoint on a free port. */
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
