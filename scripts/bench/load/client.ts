import { Agent, request } from 'node:http';
import type { LoadRequest } from './requests';

/** A client that sends a request and returns whether the response is the expected one. */
export function createLoadClient(url: string): { send(request: LoadRequest): Promise<boolean>; close(): void } {
  const agent = new Agent({ keepAlive: true, maxSockets: 64 });
  return {
    send: (loadRequest) => sendRequest(agent, url, loadRequest),
    close: () => agent.destroy(),
  };
}

function sendRequest(agent: Agent, url: string, { path, body, status, contains }: LoadRequest): Promise<boolean> {
  return new Promise((resolve, reject) => {
    const headers = { 'content-type': 'application/json', 'content-length': Buffer.byteLength(body) };
    const outgoing = request(url + path, { method: 'POST', agent, headers }, (response) => {
      let text = '';
      response.setEncoding('utf8').on('data', (chunk: string) => (text += chunk));
      response.on('end', () => resolve(response.statusCode === status && text.includes(contains)));
      response.on('error', reject);
    });
    outgoing.on('error', reject);
    outgoing.end(body);
  });
}
