import { randomUUID } from 'node:crypto';
import { PREFIX, recordId } from '../identifiers';
import { isVerified, type Grant } from '../org/access-tokens';
import type { ChatSession, Conversation, Entry } from '../org/chat-store';
import type { Org } from '../org/org';
import { Rejection } from './rejection';

/** The service rep of this org, who answers each message of the customer. */
export const SERVICE_REP_NAME = 'Local Representative';

/**
 * Opens a conversation with the UUID that the client created. A verified user's conversation stays open on all devices and
 * channels of the same configuration, so it is resumed. (Help, overview of user verification; observed in a live org)
 */
export function openConversation(org: Org, grant: Grant, identifier: string): Conversation {
  assertUsableIdentifier(org, grant, identifier);
  const conversation = findOpenConversation(org, grant) ?? createConversation(org, grant, identifier);
  if (!activeSession(conversation)) startSession(org, grant, conversation);
  org.save();
  return conversation;
}

/** Returns a conversation of this customer. Throws a Rejection for a conversation of another customer. */
export function requireConversation(org: Org, { subject }: Grant, identifier: string): Conversation {
  const conversation = org.chats.conversation(identifier);
  if (conversation?.subject !== subject) throw new Rejection('conversation');
  return conversation;
}

/** Adds a message of the customer and the answer of the service rep. Starts a session if none is active. */
export function receiveMessage(
  org: Org,
  grant: Grant,
  conversation: Conversation,
  identifier: string,
  text: string,
): Entry {
  return receive(org, grant, conversation, textPayload(identifier, text), org.reply(text, grant.subject));
}

/** A file that a customer sent. This org keeps its size, not its content. */
export interface Attachment {
  readonly id: string;
  readonly length: number;
  /** the message that comes with the file; can be empty */
  readonly text: string;
}

/** Adds a file of the customer and the answer of the service rep. Starts a session if none is active. */
export function receiveFile(
  org: Org,
  grant: Grant,
  conversation: Conversation,
  identifier: string,
  attachment: Attachment,
): Entry {
  const { id, length, text } = attachment;
  const content = { formatType: 'Attachments', text, attachments: [{ id, length }] };
  return receive(org, grant, conversation, messagePayload(identifier, content), `You sent a file of ${length} bytes.`);
}

function receive(org: Org, grant: Grant, conversation: Conversation, payload: MessagePayload, answer: string): Entry {
  if (conversation.endedAt) throw new Rejection('conversation-ended');
  if (!activeSession(conversation)) startSession(org, grant, conversation);
  const entry = addAndEmit(org, grant, conversation, 'EndUser', payload.id, payload);
  const answerId = randomUUID();
  addAndEmit(org, grant, conversation, 'Agent', answerId, textPayload(answerId, answer));
  org.save();
  return entry;
}

/** Ends the session; the conversation stays open. (API reference, end messaging session) */
export function endSession(org: Org, grant: Grant, conversation: Conversation): void {
  const session = activeSession(conversation);
  if (session) {
    session.endedAt = org.now().toISOString();
    addSystemEntry(org, grant, conversation, sessionStatusPayload(session));
  }
  org.save();
}

/** Whether a service rep takes part in a conversation. */
export const isRouted = (conversation: Conversation): boolean => activeSession(conversation) !== undefined;

/**
 * Ends the session. For an unverified user, also ends the conversation. (Help, considerations and limitations)
 */
export function endChat(org: Org, grant: Grant, conversation: Conversation): void {
  endSession(org, grant, conversation);
  if (!isVerified(grant)) {
    conversation.endedAt = org.now().toISOString();
    addSystemEntry(org, grant, conversation, { entryType: 'CloseConversation' });
  }
  org.save();
}

// The API reference requires lowercase. Both messages were observed in live orgs.
function assertUsableIdentifier(org: Org, { subject }: Grant, identifier: string): void {
  const uuid = /^[\da-f]{8}-[\da-f]{4}-4[\da-f]{3}-[89ab][\da-f]{3}-[\da-f]{12}$/i;
  if (!uuid.test(identifier)) throw new Rejection('conversation-id');
  if (identifier !== identifier.toLowerCase()) throw new Rejection('conversation-id-case');
  const existing = org.chats.conversation(identifier);
  if (existing && existing.subject !== subject) throw new Rejection('conversation-id-in-use');
}

function findOpenConversation(org: Org, { subject }: Grant): Conversation | undefined {
  return org.chats.conversationsOf(subject).find((conversation) => !conversation.endedAt);
}

function createConversation(org: Org, grant: Grant, identifier: string): Conversation {
  const { subject, channel } = grant;
  const at = org.now().toISOString();
  if (!org.chats.endUser(subject)) {
    const id = recordId(PREFIX.messagingEndUser, org.orgId, subject);
    org.chats.addEndUser({ id, subject, channel, createdDate: at });
  }
  const id = recordId(PREFIX.conversation, org.orgId, identifier);
  const conversation = { identifier, id, subject, startedAt: at, sessions: [], entries: [] };
  org.chats.addConversation(conversation);
  return conversation;
}

const activeSession = ({ sessions }: Conversation) => sessions.find(({ endedAt }) => endedAt === undefined);

function startSession(org: Org, grant: Grant, conversation: Conversation): void {
  const id = recordId(PREFIX.messagingSession, conversation.id, String(conversation.sessions.length));
  const session = { id, channel: grant.channel, startedAt: org.now().toISOString() };
  conversation.sessions.push(session);
  addSystemEntry(org, grant, conversation, { entryType: 'RoutingResult', routingType: 'Initial', failureType: 'None' });
  addSystemEntry(org, grant, conversation, {
    entryType: 'ParticipantChanged',
    entries: [{ operation: 'add', displayName: SERVICE_REP_NAME, participant: { role: 'Agent', appType: 'agent' } }],
  });
  addSystemEntry(org, grant, conversation, sessionStatusPayload(session));
}

// These are the members that public pages read.
function sessionStatusPayload({ id, startedAt, endedAt }: ChatSession): Entry['payload'] {
  const ended = endedAt !== undefined;
  return {
    entryType: 'SessionStatusChanged',
    sessionId: id,
    sessionStatus: ended ? 'Ended' : 'Active',
    sessionStatusPrev: ended ? 'Active' : 'Waiting',
    sessionStartTime: Date.parse(startedAt),
    sessionEndTime: endedAt === undefined ? null : Date.parse(endedAt),
    sessionEndedByRole: ended ? 'EndUser' : null,
  };
}

type MessagePayload = Entry['payload'] & { readonly id: string };

const textPayload = (id: string, text: string): MessagePayload => messagePayload(id, { formatType: 'Text', text });

function messagePayload(id: string, staticContent: object): MessagePayload {
  return { entryType: 'Message', id, abstractMessage: { messageType: 'StaticContentMessage', id, staticContent } };
}

function addSystemEntry(org: Org, grant: Grant, conversation: Conversation, payload: Entry['payload']): void {
  const identifier = randomUUID();
  addAndEmit(org, grant, conversation, 'System', identifier, { ...payload, id: identifier });
}

const EVENT_TYPES: Readonly<Record<string, string>> = {
  Message: 'CONVERSATION_MESSAGE',
  RoutingResult: 'CONVERSATION_ROUTING_RESULT',
  ParticipantChanged: 'CONVERSATION_PARTICIPANT_CHANGED',
  SessionStatusChanged: 'CONVERSATION_SESSION_STATUS_CHANGED',
  CloseConversation: 'CONVERSATION_CLOSE_CONVERSATION',
};

function addAndEmit(
  org: Org,
  grant: Grant,
  conversation: Conversation,
  sender: Entry['sender'],
  identifier: string,
  payload: Entry['payload'],
): Entry {
  const entry = { identifier, at: org.now().getTime(), sender, payload };
  org.chats.addEntry(conversation, entry);
  org.chatEvents.emit(grant.subject, EVENT_TYPES[payload.entryType] ?? '', eventJson(grant, conversation, entry));
  return entry;
}

/** Formats an entry for the list of entries. */
export function entryJson({ subject }: Conversation, { identifier, at, sender, payload }: Entry) {
  return {
    identifier,
    entryType: payload.entryType,
    entryPayload: payload,
    sender: { role: sender, subject: sender === 'EndUser' ? subject : sender.toLowerCase() },
    senderDisplayName: { EndUser: 'Guest', Agent: SERVICE_REP_NAME, System: 'System' }[sender],
    transcriptedTimestamp: at,
    clientTimestamp: at,
  };
}

// In a server-sent event, entryPayload is a string that contains JSON. (API reference, Server-Sent Events)
function eventJson({ channelAddress }: Grant, conversation: Conversation, entry: Entry): object {
  const json = entryJson(conversation, entry);
  return {
    channelPlatformKey: channelAddress,
    channelType: 'embedded_messaging',
    channelAddressIdentifier: channelAddress,
    conversationId: conversation.identifier,
    conversationEntry: { ...json, entryPayload: JSON.stringify(entry.payload), clientDuration: 0 },
  };
}
