import { advanceTraffic } from '../chat-api/traffic';
import { UNSUPPORTED_HEADER, UnsupportedError } from '../api-error';
import { bearerToken, json, type Request, type Response } from '../http/message';
import { findRoute, type Route } from '../http/routes';
import { completeReadyDeploys } from '../jobs/deploy';
import { logEvent, type Org } from '../org/org';
import { CHAT_API_PATH, preflightResponse, withCorsHeaders } from './cors';
import { BOOTSTRAP_ROUTES } from './bootstrap';
import { COMMUNITY_ROUTES } from './communities';
import { COLLECTION_ROUTES } from './collections';
import { DEPLOYMENT_SETUP_ROUTES } from './deployment-setup';
import { DEPLOY_REQUEST_ROUTES } from './deploy-request';
import { ORG_INFO_ROUTES } from './org-info';
import { PUBLISH_ROUTES } from './publish';
import { CHAT_API_ROUTES } from './chat-api';
import { QUERY_ROUTES } from './query';
import { INVALID_SESSION, NOT_FOUND, toRestError } from './rest-error';
import { SOAP_ROUTES } from './soap';
import { faultResponse } from './soap-message';
import { SOBJECT_ROUTES } from './sobjects';
import { MAX_API_VERSION } from '../versions';
import { TOKEN_ROUTES } from './login';
import { VERSION_ROUTES } from './versions';

const ROUTES: readonly Route[] = [
  ...SOAP_ROUTES,
  ...VERSION_ROUTES,
  ...TOKEN_ROUTES,
  ...QUERY_ROUTES,
  ...SOBJECT_ROUTES,
  ...COLLECTION_ROUTES,
  ...ORG_INFO_ROUTES,
  ...DEPLOY_REQUEST_ROUTES,
  ...DEPLOYMENT_SETUP_ROUTES,
  ...COMMUNITY_ROUTES,
  ...PUBLISH_ROUTES,
  ...CHAT_API_ROUTES,
  ...BOOTSTRAP_ROUTES,
];

/** Returns the response to a request. An error has Salesforce's format. Throws only a Disconnect. */
export async function handleRequest(org: Org, request: Request): Promise<Response> {
  const response = withCorsHeaders(org, request, preflightResponse(request) ?? (await dispatch(org, request)));
  if (response.headers?.['x-local-org'] !== undefined) reportUnsupported(org, request, response.status);
  return response;
}

function reportUnsupported(org: Org, request: Request, status: number): void {
  const { method, path } = request;
  logEvent(org, 'unsupported', { method, path, status });
  const call = `${method} ${path}${detailOf(request)}`;
  org.onUnsupported(`${org.alias}: ${call} is not supported by the local org (status ${status}).`);
}

const MAX_DETAIL = 120;

/** The part of a request that its path doesn't contain: the query, or the operation of a SOAP call and its types. */
function detailOf({ path, query, body }: Request): string {
  const text = path.startsWith('/services/Soap/') ? soapCall(body.toString('latin1', 0, 4_096)) : query.get('q');
  return text ? ` (${text.replace(/\s+/g, ' ').trim().slice(0, MAX_DETAIL)})` : '';
}

function soapCall(envelope: string): string {
  const [, operation = ''] = /<(?:[\w-]+:)?Body\b[^>]*>\s*<(?:[\w-]+:)?(\w+)/.exec(envelope) ?? [];
  const types = [...envelope.matchAll(/<(?:[\w-]+:)?type>([\w:.{}/-]+)</g)].map(([, type = '']) => type);
  return [operation, ...types].join(' ');
}

async function dispatch(org: Org, request: Request): Promise<Response> {
  try {
    advanceTraffic(org);
    if (completeReadyDeploys(org)) org.save();
    const match = findRoute(ROUTES, request);
    if (isNewerVersion(request.path)) return NOT_FOUND;
    if (needsSession(match?.route, request) && !org.sessions.has(bearerToken(request))) return INVALID_SESSION;
    return match ? await match.route.handle(org, request, match.groups) : unsupportedResponse(request);
  } catch (error) {
    return toRestError(error);
  }
}

/** A version that this org doesn't have yet. */
const isNewerVersion = (path: string): boolean =>
  Number(/^\/services\/data\/v(\d+)\.0(?:\/|$)/.exec(path)?.[1] ?? 0) > MAX_API_VERSION;

/** Salesforce checks the session before the path, and only below /services. */
const needsSession = (route: Route | undefined, { path }: Request): boolean =>
  route ? route.isPublic !== true : path.startsWith('/services/data/');

/** The response to a request without an endpoint. The Enhanced Chat API has errors of its own, and never answers with 401. */
function unsupportedResponse(request: Request): Response {
  const { method, path } = request;
  const message = `The requested resource does not exist: ${method} ${path} is not supported by the local org.`;
  if (CHAT_API_PATH.test(path)) return { ...json({ code: 'NOT_FOUND', message }, 404), headers: UNSUPPORTED_HEADER };
  const error = ROUTES.some((route) => route.path.test(path))
    ? new UnsupportedError('METHOD_NOT_ALLOWED', `HTTP Method '${method}' not allowed. ${message}`, 405)
    : new UnsupportedError('NOT_FOUND', message, 404);
  return path.startsWith('/services/Soap/') ? faultResponse(error) : toRestError(error);
}
