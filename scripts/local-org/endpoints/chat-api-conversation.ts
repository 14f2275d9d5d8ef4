import { json, NO_CONTENT, type Request, type Response } from '../http/message';
import type { Route } from '../http/routes';
import type { Grant } from '../org/access-tokens';
import type { Conversation } from '../org/chat-store';
import type { Org } from '../org/org';
import { isNonEmptyString, parseJsonObject, type JsonObject } from '../chat-api/body';
import { requireConversation, endChat, entryJson, openConversation, receiveMessage } from '../chat-api/conversation';
import { Rejection } from '../chat-api/rejection';
import { requireGrant } from './chat-api-authorization';

const V2 = '\\/iamessage\\/api\\/v2\\/conversation';
const V1 = '\\/iamessage\\/v1\\/conversation';
const V1_LIST = '\\/iamessage\\/v1\\/queries\\/conversation';

/**
 * The endpoints for conversations that a page needs for a chat. (Messaging for In-App and Web API reference, conversations; v1 as
 * in public clients.) In v2, a message is in a wrapper with the name of the chat deployment. In v1, it has neither.
 */
export const CONVERSATION_ROUTES: readonly Omit<Route, 'isPublic'>[] = [
  { method: 'GET', path: pathPattern(`${V2}\\/list`), handle: list },
  { method: 'POST', path: pathPattern(V2), handle: create },
  { method: 'POST', path: pathPattern(`${V2}\\/([^/]+)\\/message`), handle: message },
  { method: 'GET', path: pathPattern(`${V2}\\/([^/]+)\\/entries`), handle: entries },
  { method: 'DELETE', path: pathPattern(`${V2}\\/([^/]+)`), handle: end },
  { method: 'POST', path: pathPattern(`${V1_LIST}\\/list`), handle: list },
  { method: 'POST', path: pathPattern(V1), handle: create },
  { method: 'POST', path: pathPattern(`${V1}\\/([^/]+)\\/message`), handle: message },
  { method: 'GET', path: pathPattern(`${V1_LIST}\\/([^/]+)\\/entries`), handle: entries },
  { method: 'DELETE', path: pathPattern(`${V1}\\/([^/]+)`), handle: end },
];

function pathPattern(path: string): RegExp {
  return new RegExp(`^${path}\\/?$`);
}

const isV2 = ({ path }: Request): boolean => path.startsWith('/iamessage/api/v2/');

function list(org: Org, request: Request): Response {
  const all = org.chats.conversationsOf(requireGrant(org, request).subject);
  const open = all.filter(({ endedAt }) => endedAt === undefined);
  const shown = request.query.get('inclClosedConvs') === 'true' ? all : open;
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
  const { conversationId } = members;
  const { identifier } = openConversation(org, grant, typeof conversationId === 'string' ? conversationId : '');
  return json({ conversationId: identifier }, 201);
}

// v2 requires the name of the chat deployment in each request that writes. v1 rejects it. (Observed in a live org)
function assertDeployment(request: Request, { deployment }: Grant, { esDeveloperName }: JsonObject): void {
  if (isV2(request) ? esDeveloperName !== deployment : esDeveloperName !== undefined) throw new Rejection('body');
}

function message(org: Org, request: Request, [id = '']: readonly string[]): Response {
  const grant = requireGrant(org, request);
  const conversation = requireConversation(org, grant, id);
  const members = parseJsonObject(request.body);
  assertDeployment(request, grant, members);
  const { id: messageId, text } = parseTextMessage(isV2(request) ? members['message'] : members);
  const entry = receiveMessage(org, grant, conversation, messageId, text);
  const body = { conversationEntries: [{ id: entry.identifier, clientTimestamp: entry.at }] };
  return isV2(request) ? json(body, 202) : json(body);
}

function parseTextMessage(message: unknown): { id: string; text: string } {
  const { id, messageType, staticContent } = (message ?? {}) as JsonObject;
  const { formatType, text } = (staticContent ?? {}) as JsonObject;
  const plain = messageType === 'StaticContentMessage' && formatType === 'Text';
  if (!plain || !isNonEmptyString(id) || !isNonEmptyString(text)) throw new Rejection('body');
  return { id, text };
}

function entries(org: Org, request: Request, [id = '']: readonly string[]): Response {
  const conversation = requireConversation(org, requireGrant(org, request), id);
  return json({ conversationEntries: conversation.entries.map((entry) => entryJson(conversation, entry)) });
}

function end(org: Org, request: Request, [id = '']: readonly string[]): Response {
  const grant = requireGrant(org, request);
  endChat(org, grant, requireConversation(org, grant, id));
  return NO_CONTENT;
}
