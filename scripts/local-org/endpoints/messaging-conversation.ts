import { json, NO_CONTENT, type Request, type Response } from '../http/exchange';
import type { Route } from '../http/routes';
import type { Grant } from '../org/access-tokens';
import type { Conversation } from '../org/messaging';
import type { Org } from '../org/org';
import { isText, membersOf, type Members } from '../runtime/body';
import { conversationOf, endChat, entryOf, openConversation, takeMessage } from '../runtime/conversation';
import { Refusal } from '../runtime/refusal';
import { grantOf } from './messaging-authorization';

const V2 = '\\/iamessage\\/api\\/v2\\/conversation';
const V1 = '\\/iamessage\\/v1\\/conversation';
const V1_LIST = '\\/iamessage\\/v1\\/queries\\/conversation';

/**
 * As much of conversations as a page needs for a whole chat (Messaging for In-App and Web API reference, conversations;
 * v1 as public clients use it). In v2 a message is wrapped and names its deployment, in v1 neither.
 */
export const CONVERSATION_ROUTES: readonly Omit<Route, 'open'>[] = [
  { method: 'GET', path: exactly(`${V2}\\/list`), handle: list },
  { method: 'POST', path: exactly(V2), handle: create },
  { method: 'POST', path: exactly(`${V2}\\/([^/]+)\\/message`), handle: message },
  { method: 'GET', path: exactly(`${V2}\\/([^/]+)\\/entries`), handle: entries },
  { method: 'DELETE', path: exactly(`${V2}\\/([^/]+)`), handle: end },
  { method: 'POST', path: exactly(`${V1_LIST}\\/list`), handle: list },
  { method: 'POST', path: exactly(V1), handle: create },
  { method: 'POST', path: exactly(`${V1}\\/([^/]+)\\/message`), handle: message },
  { method: 'GET', path: exactly(`${V1_LIST}\\/([^/]+)\\/entries`), handle: entries },
  { method: 'DELETE', path: exactly(`${V1}\\/([^/]+)`), handle: end },
];

function exactly(path: string): RegExp {
  return new RegExp(`^${path}\\/?$`);
}

const isV2 = ({ path }: Request): boolean => path.startsWith('/iamessage/api/v2/');

function list(org: Org, request: Request): Response {
  const all = org.messaging.conversationsOf(grantOf(org, request).subject);
  const open = all.filter(({ endedAt }) => endedAt === undefined);
  const shown = request.query.get('inclClosedConvs') === 'true' ? all : open;
  return json({
    openConversationsFound: open.length,
    closedConversationsFound: all.length - open.length,
    conversations: shown.map(summaryOf),
  });
}

function summaryOf({ identifier, startedAt, endedAt }: Conversation) {
  const endTimestamp = endedAt === undefined ? null : Date.parse(endedAt);
  return { conversationId: identifier, startTimestamp: Date.parse(startedAt), endTimestamp };
}

function create(org: Org, request: Request): Response {
  const grant = grantOf(org, request);
  const members = membersOf(request.body);
  checkDeployment(request, grant, members);
  const { conversationId } = members;
  const { identifier } = openConversation(org, grant, typeof conversationId === 'string' ? conversationId : '');
  return json({ conversationId: identifier }, 201);
}

// v2 names the deployment in every request that writes; v1 refuses to be told. (Seen in a live org)
function checkDeployment(request: Request, { deployment }: Grant, { esDeveloperName }: Members): void {
  if (isV2(request) ? esDeveloperName !== deployment : esDeveloperName !== undefined) throw new Refusal('body');
}

function message(org: Org, request: Request, [id = '']: readonly string[]): Response {
  const grant = grantOf(org, request);
  const conversation = conversationOf(org, grant, id);
  const members = membersOf(request.body);
  checkDeployment(request, grant, members);
  const { id: messageId, text } = textIn(isV2(request) ? members['message'] : members);
  const entry = takeMessage(org, grant, conversation, messageId, text);
  const answer = { conversationEntries: [{ id: entry.identifier, clientTimestamp: entry.at }] };
  return isV2(request) ? json(answer, 202) : json(answer);
}

function textIn(message: unknown): { id: string; text: string } {
  const { id, messageType, staticContent } = (message ?? {}) as Members;
  const { formatType, text } = (staticContent ?? {}) as Members;
  const plain = messageType === 'StaticContentMessage' && formatType === 'Text';
  if (!plain || !isText(id) || !isText(text)) throw new Refusal('body');
  return { id, text };
}

function entries(org: Org, request: Request, [id = '']: readonly string[]): Response {
  const conversation = conversationOf(org, grantOf(org, request), id);
  return json({ conversationEntries: conversation.entries.map((entry) => entryOf(conversation, entry)) });
}

function end(org: Org, request: Request, [id = '']: readonly string[]): Response {
  const grant = grantOf(org, request);
  endChat(org, grant, conversationOf(org, grant, id));
  return NO_CONTENT;
}
