import { randomUUID } from 'node:crypto';
import { PREFIX, recordId } from '../identifiers';
import type { Grant } from '../org/access-tokens';
import type { ChatSession, Conversation, Entry } from '../org/messaging';
import type { Org } from '../org/org';
import { Refusal } from './refusal';

/** Who answers here: it repeats what the customer wrote. */
export const REPRESENTATIVE = 'Local Representative';

/**
 * Opens a conversation under the UUID the client made up. A verified customer has one that stays open, on every device
 * and every channel of the same configuration: that one is resumed. (Help, overview of user verification; seen live)
 */
export function openConversation(org: Org, grant: Grant, identifier: string): Conversation {
  checkIdentifier(org, grant, identifier);
  const conversation = openConversationOf(org, grant) ?? newConversation(org, grant, identifier);
  if (!runningSession(conversation)) startSession(org, grant, conversation);
  org.save();
  return conversation;
}

/** A conversation of this customer; nobody sees those of others. */
export function conversationOf(org: Org, { subject }: Grant, identifier: string): Conversation {
  const conversation = org.messaging.conversation(identifier);
  if (conversation?.subject !== subject) throw new Refusal('conversation');
  return conversation;
}

/** Takes a message of the customer, which the representative answers; the first after the end of a session starts another. */
export function takeMessage(
  org: Org,
  grant: Grant,
  conversation: Conversation,
  identifier: string,
  text: string,
): Entry {
  if (conversation.endedAt) throw new Refusal('conversation-ended');
  if (!runningSession(conversation)) startSession(org, grant, conversation);
  const entry = add(org, grant, conversation, 'EndUser', identifier, messageOf(identifier, text));
  const answer = randomUUID();
  add(org, grant, conversation, 'Agent', answer, messageOf(answer, `You wrote: ${text}`));
  org.save();
  return entry;
}

/**
 * The customer ends the chat. That ends the session, and the conversation, too, unless the customer is verified. (Help,
 * considerations and limitations)
 */
export function endChat(org: Org, grant: Grant, conversation: Conversation): void {
  const session = runningSession(conversation);
  if (session) {
    session.endedAt = org.now().toISOString();
    say(org, grant, conversation, statusOf(session));
  }
  if (!isVerified(grant)) {
    conversation.endedAt = org.now().toISOString();
    say(org, grant, conversation, { entryType: 'CloseConversation' });
  }
  org.save();
}

export const isVerified = ({ subject }: Grant): boolean => subject.startsWith('v2/iamessage/AUTH/');

// Lower case is asked for by the reference; both texts were seen in live orgs.
function checkIdentifier(org: Org, { subject }: Grant, identifier: string): void {
  const uuid = /^[\da-f]{8}-[\da-f]{4}-4[\da-f]{3}-[89ab][\da-f]{3}-[\da-f]{12}$/i;
  if (!uuid.test(identifier)) throw new Refusal('conversation-id');
  if (identifier !== identifier.toLowerCase()) throw new Refusal('conversation-id-case');
  const taken = org.messaging.conversation(identifier);
  if (taken && taken.subject !== subject) throw new Refusal('conversation-taken');
}

function openConversationOf(org: Org, { subject }: Grant): Conversation | undefined {
  return org.messaging.conversationsOf(subject).find((conversation) => !conversation.endedAt);
}

function newConversation(org: Org, grant: Grant, identifier: string): Conversation {
  const { subject, channel } = grant;
  const at = org.now().toISOString();
  if (!org.messaging.endUser(subject)) {
    const id = recordId(PREFIX.messagingEndUser, org.orgId, subject);
    org.messaging.addEndUser({ id, subject, channel, createdDate: at });
  }
  const id = recordId(PREFIX.conversation, org.orgId, identifier);
  const conversation = { identifier, id, subject, startedAt: at, sessions: [], entries: [] };
  org.messaging.addConversation(conversation);
  return conversation;
}

const runningSession = ({ sessions }: Conversation) => sessions.find(({ endedAt }) => endedAt === undefined);

function startSession(org: Org, grant: Grant, conversation: Conversation): void {
  const id = recordId(PREFIX.messagingSession, conversation.id, String(conversation.sessions.length));
  const session = { id, channel: grant.channel, startedAt: org.now().toISOString() };
  conversation.sessions.push(session);
  say(org, grant, conversation, { entryType: 'RoutingResult', routingType: 'Initial', failureType: 'None' });
  say(org, grant, conversation, {
    entryType: 'ParticipantChanged',
    entries: [{ operation: 'add', displayName: REPRESENTATIVE, participant: { role: 'Agent', appType: 'agent' } }],
  });
  say(org, grant, conversation, statusOf(session));
}

// The members are those that public pages read.
function statusOf({ id, startedAt, endedAt }: ChatSession): Entry['payload'] {
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

function messageOf(id: string, text: string): Entry['payload'] {
  const staticContent = { formatType: 'Text', text };
  return { entryType: 'Message', id, abstractMessage: { messageType: 'StaticContentMessage', id, staticContent } };
}

function say(org: Org, grant: Grant, conversation: Conversation, payload: Entry['payload']): void {
  const identifier = randomUUID();
  add(org, grant, conversation, 'System', identifier, { ...payload, id: identifier });
}

const EVENTS: Readonly<Record<string, string>> = {
  Message: 'CONVERSATION_MESSAGE',
  RoutingResult: 'CONVERSATION_ROUTING_RESULT',
  ParticipantChanged: 'CONVERSATION_PARTICIPANT_CHANGED',
  SessionStatusChanged: 'CONVERSATION_SESSION_STATUS_CHANGED',
  CloseConversation: 'CONVERSATION_CLOSE_CONVERSATION',
};

function add(
  org: Org,
  grant: Grant,
  conversation: Conversation,
  sender: Entry['sender'],
  identifier: string,
  payload: Entry['payload'],
): Entry {
  const entry = { identifier, at: org.now().getTime(), sender, payload };
  org.messaging.addEntry(conversation, entry);
  org.chatEvents.emit(grant.subject, EVENTS[payload.entryType] ?? '', eventOf(grant, conversation, entry));
  return entry;
}

/** An entry as the list of entries shows it. */
export function entryOf({ subject }: Conversation, { identifier, at, sender, payload }: Entry) {
  return {
    identifier,
    entryType: payload.entryType,
    entryPayload: payload,
    sender: { role: sender, subject: sender === 'EndUser' ? subject : sender.toLowerCase() },
    senderDisplayName: { EndUser: 'Guest', Agent: REPRESENTATIVE, System: 'System' }[sender],
    transcriptedTimestamp: at,
    clientTimestamp: at,
  };
}

// In a server-sent event the payload is JSON in a text. (API reference, Server-Sent Events)
function eventOf({ channelAddress }: Grant, conversation: Conversation, entry: Entry): object {
  const shown = entryOf(conversation, entry);
  return {
    channelPlatformKey: channelAddress,
    channelType: 'embedded_messaging',
    channelAddressIdentifier: channelAddress,
    conversationId: conversation.identifier,
    conversationEntry: { ...shown, entryPayload: JSON.stringify(entry.payload), clientDuration: 0 },
  };
}
