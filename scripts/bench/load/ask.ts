import { Agent, request } from 'node:http';
import type { Question } from './questions';

/** Sends a question and tells whether the answer is the one that is due. */
export function asker(url: string): { ask(question: Question): Promise<boolean>; close(): void } {
  const agent = new Agent({ keepAlive: true, maxSockets: 64 });
  return {
    ask: (question) => send(agent, url, question),
    close: () => agent.destroy(),
  };
}

function send(agent: Agent, url: string, { path, body, status, contains }: Question): Promise<boolean> {
  return new Promise((resolve, reject) => {
    const headers = { 'content-type': 'application/json', 'content-length': Buffer.byteLength(body) };
    const outgoing = request(url + path, { method: 'POST', agent, headers }, (answer) => {
      let text = '';
      answer.setEncoding('utf8').on('data', (chunk: string) => (text += chunk));
      answer.on('end', () => resolve(answer.statusCode === status && text.includes(contains)));
      answer.on('error', reject);
    });
    outgoing.on('error', reject);
    outgoing.end(body);
  });
}
