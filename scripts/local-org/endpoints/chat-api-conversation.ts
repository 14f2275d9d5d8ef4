import { json, NO_CONTENT, type Request, type Response } from '../http/message';
import type { Route } from '../http/routes';
import type { Grant } from '../org/access-tokens';
import type { Conversation } from '../org/chat-store';
import type { Org } from '../org/org';
import { isNonEmptyString, parseJsonObject, parseOptionalObject, type JsonObject } from '../chat-api/body';
import { endChat, endSession, isRouted, openConversation, requireConversation } from '../chat-api/conversation';
import { pageLimit } from '../chat-api/entries';
import { Rejection } from '../chat-api/rejection';
import { countRequest } from '../chat-api/request-limit';
import { requireGrant } from './chat-api-authorization';
import { pathPattern, V1_CONVERSATION, V1_QUERIES, V2_CONVERSATION } from './chat-api-paths';

/**
 * The endpoints for conversations. (Messaging for In-App and Web API reference, conversations; v1 as in the public Retrofit interface
 * `RestApi` of the Android SDK.) The routing status also has the path of the conversation, as in a public client.
 */
export const CONVERSATION_ROUTES: readonly Omit<Route, 'isPublic'>[] = [
  { method: 'GET', path: pathPattern(`${V2_CONVERSATION}/list`), handle: list },
  { method: 'POST', path: pathPattern(V2_CONVERSATION), handle: create },
  { method: 'GET', path: pathPattern(`${V2_CONVERSATION}/([^/]+)(?:/routing-status)?`), handle: routingStatus },
  { method: 'DELETE', path: pathPattern(`${V2_CONVERSATION}/([^/]+)`), handle: end },
  { method: 'DELETE', path: pathPattern(`${V2_CONVERSATION}/([^/]+)/session`), handle: leave },
  { method: 'POST', path: pathPattern(`${V1_QUERIES}/list`), handle: list },
  { method: 'POST', path: pathPattern(V1_CONVERSATION), handle: create },
  { method: 'DELETE', path: pathPattern(`${V1_CONVERSATION}/([^/]+)`), handle: end },
  { method: 'DELETE', path: pathPattern(`${V1_CONVERSATION}/([^/]+)/session`), handle: leave },
  { method: 'POST', path: pathPattern('/iamessage/v1/device/registerDeviceCapabilities'), handle: registerDevice },
];

/** In v2, the parameters are in the query. In v1, they are members of the body with longer names. */
function list(org: Org, request: Request): Response {
  const all = org.chats.conversationsOf(requireGrant(org, request).subject);
  const open = all.filter(({ endedAt }) => endedAt === undefined);
  const { includeClosedConversations, limit } = parseOptionalObject(request.body);
  const withClosed = request.query.get('inclClosedConvs') === 'true' || includeClosedConversations === true;
  const shown = (withClosed ? all : open).slice(0, pageLimit(request.query.get('limit') ?? limit));
  return json({
    openConversationsFound: open.length,
    closedConversationsFound: all.length - open.length,
    conversations: shown.map(conversationSummary),
  });
}

function conversationSummary({ identifier, startedAt, endedAt }: Conversation) {
  const endTimestamp = endedAt === undefined ? null : Date.parse(endedAt);
  return { conversationId: identifier, startTimestamp: Date.parse(startedAt), endTimestamp };
}

function create(org: Org, request: Request): Response {
  const grant = requireGrant(org, request);
  const members = parseJsonObject(request.body);
  assertDeployment(request, grant, members);
  countRequest(org, 'conversation', grant.session);
  const { conversationId } = members;
  const { identifier } = openConversation(org, grant, typeof conversationId === 'string' ? conversationId : '');
  return json({ conversationId: identifier }, 201);
}

/**
 * Throws a Rejection for a request that names another chat deployment. v2 requires the name in each request that writes, except
 * receipts and typing indicators. v1 rejects it. (Observed in a live org; sample app)
 */
export function assertDeployment(request: Request, { deployment }: Grant, { esDeveloperName }: JsonObject): void {
  const isV2 = request.path.startsWith('/iamessage/api/v2/');
  if (isV2 ? esDeveloperName !== deployment : esDeveloperName !== undefined) throw new Rejection('body');
}

/** The values are those that the sample app lists. That a conversation without a rep needs routing is an assumption. */
function routingStatus(org: Org, request: Request, [id = '']: readonly string[]): Response {
  const conversation = requireConversation(org, requireGrant(org, request), id);
  return json({ conversationId: id, routingStatus: isRouted(conversation) ? 'ROUTED' : 'NEEDS_ROUTING' });
}

function end(org: Org, request: Request, [id = '']: readonly string[]): Response {
  const grant = requireGrant(org, request);
  endChat(org, grant, requireConversation(org, grant, id));
  return NO_CONTENT;
}

function leave(org: Org, request: Request, [id = '']: readonly string[]): Response {
  const grant = requireGrant(org, request);
  endSession(org, grant, requireConversation(org, grant, id));
  return NO_CONTENT;
}

/** This org sends no push notifications, so it doesn't keep the device token. (`RegisterDeviceRequest` of the Android SDK) */
function registerDevice(org: Org, request: Request): Response {
  requireGrant(org, request);
  if (!isNonEmptyString(parseJsonObject(request.body)['pushServiceProvider'])) throw new Rejection('body');
  return json({});
}
