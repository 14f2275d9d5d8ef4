import { json, type Request, type Response } from '../http/message';
import type { Handler, Route } from '../http/routes';
import { requirePublished } from '../chat-api/chat-deployment';
import { Rejection } from '../chat-api/rejection';
import type { Org } from '../org/org';
import { AUTHORIZATION_ROUTES } from './chat-api-authorization';
import { CONVERSATION_ROUTES } from './chat-api-conversation';
import { EVENT_ROUTES } from './chat-api-events';

const CONFIG_PATH = /^\/embeddedservice\/v1\/embedded-service-config\/?$/;

/**
 * The messaging runtime. At Salesforce it has a host of its own, https://<MyDomain>.my.salesforce-scrt.com; here it
 * shares the org's port. None of it takes a session of the org.
 */
export const CHAT_API_ROUTES: readonly Route[] = [
  { method: 'GET', path: CONFIG_PATH, isPublic: true, handle: withRejectionResponse(config) },
  ...[...AUTHORIZATION_ROUTES, ...CONVERSATION_ROUTES, ...EVENT_ROUTES].map((route) => ({
    ...route,
    isPublic: true,
    handle: withRejectionResponse(route.handle),
  })),
];

/** Public and without login, as the web client reads it. One that is not published is told with "text", not "message". */
function config(org: Org, { query }: Request): Response {
  try {
    const deployment = requirePublished(org, query.get('orgId') ?? '', query.get('esConfigName') ?? '');
    return json({ embeddedServiceConfig: deployment.config });
  } catch (error) {
    if (!(error instanceof Rejection)) throw error;
    return json({ text: error.message }, error.reason === 'unpublished' ? 412 : 404);
  }
}

// The code beside the message is known of status 400 only.
function withRejectionResponse(handle: Handler): Handler {
  return async (org, request, groups) => {
    try {
      return await handle(org, request, groups);
    } catch (error) {
      if (!(error instanceof Rejection)) throw error;
      return json({ code: ERROR_CODES[error.status], message: error.message }, error.status);
    }
  };
}

const ERROR_CODES: Readonly<Record<number, string>> = {
  400: 'BAD_REQUEST',
  401: 'UNAUTHORIZED',
  404: 'NOT_FOUND',
  412: 'PRECONDITION_FAILED',
};
