import { createServer, type Server } from 'node:http';
import { ToolError } from '../errors';

/** A response of the endpoint. */
export interface ServedResponse {
  /** Default: 200. */
  readonly status?: number;
  /** Default: JSON. */
  readonly headers?: Readonly<Record<string, string>>;
  readonly body: string;
}

/**
 * A JWKS endpoint on this machine. Salesforce reaches it under a public URL: a tunnel of the user forwards it to the port. Each
 * document has its own path, so that each is cached separately.
 */
export class Endpoint {
  readonly #publicUrl: string;
  readonly #documents = new Map<string, ServedResponse>();
  readonly #requests = new Map<string, number>();
  readonly #server: Server;

  constructor(publicUrl: string) {
    this.#publicUrl = publicUrl.replace(/\/$/, '');
    this.#server = createServer(({ url = '' }, response) => {
      const name = url.slice(url.lastIndexOf('/') + 1).replace(/\?.*$/, '');
      this.#requests.set(name, this.requestsFor(name) + 1);
      const {
        status = 200,
        headers = { 'content-type': 'application/json' },
        body,
      } = this.#documents.get(name) ?? MISSING;
      response.writeHead(status, headers).end(body);
    });
  }

  /** The public URL of a document. */
  urlOf(name: string): string {
    return `${this.#publicUrl}/${name}`;
  }

  /** Serves a document, and replaces an earlier one of this name. */
  serve(name: string, response: ServedResponse): void {
    this.#documents.set(name, response);
  }

  /** The number of requests for a document. */
  requestsFor(name: string): number {
    return this.#requests.get(name) ?? 0;
  }

  /** Listens on loopback. 0: any port. Returns the port. Throws `port-taken`. */
  async listen(port: number): Promise<number> {
    await new Promise<void>((resolve, reject) => {
      this.#server.once('error', (cause) => reject(portError(port, cause)));
      this.#server.listen(port, '127.0.0.1', resolve);
    });
    const address = this.#server.address();
    return typeof address === 'object' && address !== null ? address.port : port;
  }

  close(): void {
    this.#server.close();
    this.#server.closeAllConnections();
  }
}

const MISSING: ServedResponse = { status: 404, body: '{}' };

const portError = (port: number, cause: Error): ToolError =>
  new ToolError(
    'port-taken',
    {
      what: `The endpoint can't listen on port ${port}. Nothing was changed.`,
      why: cause.message,
      fix: 'End the program that uses the port, or choose another one with --listen.',
    },
    { cause },
  );
