import { bearerToken, type Request, type Response } from '../http/message';
import { findRoute, type Route } from '../http/routes';
import { completeReadyDeploys } from '../jobs/deploy';
import type { Org } from '../org/org';
import { preflightResponse, withCorsHeaders } from './cors';
import { BOOTSTRAP_ROUTES } from './bootstrap';
import { DEPLOYMENT_SETUP_ROUTES } from './deployment-setup';
import { DEPLOY_REQUEST_ROUTES } from './deploy-request';
import { PUBLISH_ROUTES } from './publish';
import { CHAT_API_ROUTES } from './chat-api';
import { QUERY_ROUTES } from './query';
import { INVALID_SESSION, NOT_FOUND, toRestError } from './rest-error';
import { SOAP_ROUTES } from './soap';
import { SOBJECT_ROUTES } from './sobjects';
import { TOKEN_ROUTES } from './login';
import { VERSION_ROUTES } from './versions';

const ROUTES: readonly Route[] = [
  ...SOAP_ROUTES,
  ...VERSION_ROUTES,
  ...TOKEN_ROUTES,
  ...QUERY_ROUTES,
  ...SOBJECT_ROUTES,
  ...DEPLOY_REQUEST_ROUTES,
  ...DEPLOYMENT_SETUP_ROUTES,
  ...PUBLISH_ROUTES,
  ...CHAT_API_ROUTES,
  ...BOOTSTRAP_ROUTES,
];

/** Returns the response to a request. An error has Salesforce's format. Throws only a Disconnect. */
export async function handleRequest(org: Org, request: Request): Promise<Response> {
  return withCorsHeaders(org, request, preflightResponse(request) ?? (await dispatch(org, request)));
}

async function dispatch(org: Org, request: Request): Promise<Response> {
  try {
    if (completeReadyDeploys(org)) org.save();
    const match = findRoute(ROUTES, request);
    if (!match?.route.isPublic && !org.sessions.has(bearerToken(request))) return INVALID_SESSION;
    return match ? await match.route.handle(org, request, match.groups) : NOT_FOUND;
  } catch (error) {
    return toRestError(error);
  }
}
