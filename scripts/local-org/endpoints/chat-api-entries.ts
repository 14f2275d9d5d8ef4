import { json, type Request, type Response } from '../http/message';
import { parseMultipart } from '../http/multipart';
import type { Route } from '../http/routes';
import type { Org } from '../org/org';
import { isNonEmptyString, parseJsonObject, parseOptionalObject, type JsonObject } from '../chat-api/body';
import { entryJson, receiveFile, receiveMessage, requireConversation } from '../chat-api/conversation';
import { parseEntryQuery, selectEntries } from '../chat-api/entries';
import { Rejection } from '../chat-api/rejection';
import { countRequest } from '../chat-api/request-limit';
import { transcriptOf } from '../chat-api/transcript';
import type { Conversation, Entry } from '../org/chat-store';
import { requireGrant } from './chat-api-authorization';
import { assertDeployment } from './chat-api-conversation';
import { pathPattern, V1_CONVERSATION, V1_QUERIES, V2_CONVERSATION } from './chat-api-paths';

/**
 * The endpoints for the entries of a conversation. (Messaging for In-App and Web API reference, conversations; v1 as in the public
 * Retrofit interface `RestApi` of the Android SDK.) In v2, a message is in a wrapper with the name of the chat deployment. In v1,
 * it has neither.
 */
export const ENTRY_ROUTES: readonly Omit<Route, 'isPublic'>[] = [
  ...entryRoutes(V2_CONVERSATION, 'acknowledge-entries'),
  ...entryRoutes(V1_CONVERSATION, 'deliveryAcknowledgeEntries'),
  { method: 'POST', path: pathPattern(`${V1_CONVERSATION}/([^/]+)/readAcknowledgeEntry`), handle: acknowledgeEntry },
  { method: 'GET', path: pathPattern(`${V2_CONVERSATION}/([^/]+)/entries`), handle: entries },
  { method: 'GET', path: pathPattern(`${V1_QUERIES}/([^/]+)/entries`), handle: entries },
  { method: 'POST', path: pathPattern(`${V1_QUERIES}/([^/]+)/entries`), handle: entries },
];

function entryRoutes(base: string, receipts: string): readonly Omit<Route, 'isPublic'>[] {
  const path = (name: string): RegExp => pathPattern(`${base}/([^/]+)/${name}`);
  return [
    { method: 'POST', path: path('message'), handle: message },
    { method: 'POST', path: path('file'), handle: file },
    { method: 'POST', path: path('entry'), handle: typingIndicator },
    { method: 'POST', path: path(receipts), handle: acknowledgeEntries },
    { method: 'GET', path: path('transcript'), handle: transcript },
  ];
}

const isV2 = ({ path }: Request): boolean => path.startsWith('/iamessage/api/v2/');

function message(org: Org, request: Request, [id = '']: readonly string[]): Response {
  const grant = requireGrant(org, request);
  const conversation = requireConversation(org, grant, id);
  const members = parseJsonObject(request.body);
  assertDeployment(request, grant, members);
  const { id: messageId, text } = parseTextMessage(isV2(request) ? members['message'] : members);
  countRequest(org, 'message', conversation.identifier);
  return accepted(request, receiveMessage(org, grant, conversation, messageId, text));
}

function accepted(request: Request, { identifier, at }: Entry): Response {
  const body = { conversationEntries: [{ id: identifier, clientTimestamp: at }] };
  return isV2(request) ? json(body, 202) : json(body);
}

function parseTextMessage(value: unknown): { id: string; text: string } {
  const { id, messageType, staticContent } = (value ?? {}) as JsonObject;
  const { formatType, text } = (staticContent ?? {}) as JsonObject;
  const plain = messageType === 'StaticContentMessage' && formatType === 'Text';
  if (!plain || !isNonEmptyString(id) || !isNonEmptyString(text)) throw new Rejection('body');
  return { id, text };
}

/**
 * Adds a file. The request has a part `messageEntry` with JSON and one with the content: `fileData` in v2, `file` in v1. The JSON
 * has the members of a message request, with fileId instead of the content. (Public clients)
 */
function file(org: Org, request: Request, [id = '']: readonly string[]): Response {
  const grant = requireGrant(org, request);
  const conversation = requireConversation(org, grant, id);
  const parts = parseMultipart(request.body, request.headers['content-type'] ?? '');
  const members = parseJsonObject(parts.get('messageEntry') ?? Buffer.alloc(0));
  assertDeployment(request, grant, members);
  const { id: messageId, fileId, text } = (isV2(request) ? (members['message'] ?? {}) : members) as JsonObject;
  const content = [...parts].find(([name]) => name !== 'messageEntry')?.[1];
  if (!content || !isNonEmptyString(messageId) || !isNonEmptyString(fileId)) throw new Rejection('body');
  countRequest(org, 'message', conversation.identifier);
  const attachment = { id: fileId, length: content.length, text: isNonEmptyString(text) ? text : '' };
  return accepted(request, receiveFile(org, grant, conversation, messageId, attachment));
}

const INDICATORS: readonly unknown[] = ['TypingStartedIndicator', 'TypingStoppedIndicator'];

/** Indicators aren't entries that a client can read later. */
function typingIndicator(org: Org, request: Request, [id = '']: readonly string[]): Response {
  requireOwn(org, request, id);
  const { entryType, id: indicatorId } = parseJsonObject(request.body);
  // The Android SDK sends only the type.
  if (!INDICATORS.includes(entryType) || (isV2(request) && !isNonEmptyString(indicatorId))) throw new Rejection('body');
  return received(request);
}

function acknowledgeEntries(org: Org, request: Request, [id = '']: readonly string[]): Response {
  requireOwn(org, request, id);
  const { acks } = parseJsonObject(request.body);
  if (!Array.isArray(acks) || acks.length === 0 || !acks.every(isReceipt)) throw new Rejection('body');
  return received(request);
}

function acknowledgeEntry(org: Org, request: Request, [id = '']: readonly string[]): Response {
  requireOwn(org, request, id);
  if (!isReceipt(parseJsonObject(request.body))) throw new Rejection('body');
  return received(request);
}

/** Whether Salesforce rejects the receipt of an entry that doesn't exist isn't documented. */
const isReceipt = (value: unknown): boolean => isNonEmptyString(((value ?? {}) as JsonObject)['conversationEntryId']);

const received = (request: Request): Response => json({}, isV2(request) ? 202 : 200);

/** A mobile SDK sends the parameters as a JSON body, other clients in the query. */
function entries(org: Org, request: Request, [id = '']: readonly string[]): Response {
  const conversation = requireOwn(org, request, id);
  const query = parseEntryQuery({ ...parseOptionalObject(request.body), ...Object.fromEntries(request.query) });
  return json({
    conversationEntries: selectEntries(conversation.entries, query).map((entry) => entryJson(conversation, entry)),
  });
}

function transcript(org: Org, request: Request, [id = '']: readonly string[]): Response {
  return { status: 200, type: 'application/pdf', body: transcriptOf(requireOwn(org, request, id)) };
}

const requireOwn = (org: Org, request: Request, id: string): Conversation =>
  requireConversation(org, requireGrant(org, request), id);
