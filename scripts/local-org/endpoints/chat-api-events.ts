import type { Request, Response } from '../http/message';
import type { Route } from '../http/routes';
import type { ChatEvent } from '../org/chat-events';
import type { Org } from '../org/org';
import { Rejection } from '../chat-api/rejection';
import { requireGrant } from './chat-api-authorization';

const PING_INTERVAL_MS = 20_000;

/**
 * The event stream of a customer's conversations. Accept, Authorization, and X-Org-Id (15 characters) are required. Whether
 * Last-Event-Id is required too is a setting. Without it, the stream starts with the next event. (API reference, Server-Sent Events;
 * Salesforce playbook for Teams agents)
 */
export const EVENT_ROUTES: readonly Omit<Route, 'isPublic'>[] = [
  { method: 'GET', path: /^\/eventrouter\/v1\/sse\/?$/, handle: stream },
];

function stream(org: Org, request: Request): Response {
  const { subject } = requireGrant(org, request);
  const { accept = '', 'x-org-id': orgId } = request.headers;
  const lastEventId = startOf(org, request);
  if (!accept.includes('text/event-stream') || !orgId) throw new Rejection('stream-headers');
  if (orgId !== org.orgId.slice(0, 15)) throw new Rejection('org-header');
  return {
    status: 200,
    type: 'text/event-stream;charset=UTF-8',
    body: '',
    headers: { 'cache-control': 'no-store' },
    stream: (write) => {
      const stop = org.chatEvents.listen(subject, lastEventId, (event) => write(formatEvent(event)));
      const pings = setInterval(() => write('event:ping\ndata:0\n\n'), PING_INTERVAL_MS);
      return () => {
        clearInterval(pings);
        stop();
      };
    },
  };
}

function startOf(org: Org, { headers }: Request): number {
  const text = String(headers['last-event-id'] ?? '');
  if (text === '' && org.chatApi.lastEventId === 'optional') return org.chatEvents.lastId;
  if (!/^\d+$/.test(text)) throw new Rejection('stream-headers');
  return Number(text);
}

function formatEvent({ id, type, data }: ChatEvent): string {
  return `id:${id}\nevent:${type}\ndata:${JSON.stringify(data)}\n\n`;
}
