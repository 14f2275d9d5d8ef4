import { json, type Request, type Response } from '../http/message';
import type { Handler, Route } from '../http/routes';
import { requirePublished } from '../chat-api/chat-deployment';
import { Rejection } from '../chat-api/rejection';
import type { Org } from '../org/org';
import { AUTHORIZATION_ROUTES } from './chat-api-authorization';
import { CONVERSATION_ROUTES } from './chat-api-conversation';
import { ENTRY_ROUTES } from './chat-api-entries';
import { EVENT_ROUTES } from './chat-api-events';

const CONFIG_PATH = /^\/embeddedservice\/v1\/embedded-service-config\/?$/;

/**
 * The Enhanced Chat API. In Salesforce it has its own host, https://<MyDomain>.my.salesforce-scrt.com. Here it uses the org's
 * port. It doesn't use sessions of the org.
 */
export const CHAT_API_ROUTES: readonly Route[] = [
  { method: 'GET', path: CONFIG_PATH, isPublic: true, handle: withRejectionResponse(config) },
  ...[...AUTHORIZATION_ROUTES, ...CONVERSATION_ROUTES, ...ENTRY_ROUTES, ...EVENT_ROUTES].map((route) => ({
    ...route,
    isPublic: true,
    handle: withRejectionResponse(route.handle),
  })),
];

/** Returns the published settings without a login. An error response has the member "text" instead of "message". */
function config(org: Org, { query }: Request): Response {
  try {
    const deployment = requirePublished(org, query.get('orgId') ?? '', query.get('esConfigName') ?? '');
    return json({ embeddedServiceConfig: deployment.config });
  } catch (error) {
    if (!(error instanceof Rejection)) throw error;
    return json({ text: error.message }, error.reason === 'unpublished' ? 412 : 404);
  }
}

// The member `code` is known only for status 400.
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
  429: 'TOO_MANY_REQUESTS',
};
