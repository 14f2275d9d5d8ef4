import type { ChatSession, Conversation, EndUser } from '../org/chat-store';
import type { Org } from '../org/org';
import { channelRow } from './messaging-tables';
import type { Row, Table } from './table';

const shared = { apis: ['data'], parents: {} } as const;

/**
 * Customers, conversations, and messaging sessions. The name of a verified user is Guest too, and Salesforce doesn't link the
 * record to a contact or a user automatically. (Object reference; public walkthrough of a live org)
 */
export const CHAT_TABLES: readonly Table[] = [
  {
    ...shared,
    name: 'MessagingEndUser',
    fields: {
      Id: 'id',
      Name: 'string',
      MessagingChannelId: 'id',
      MessagingPlatformKey: 'string',
      MessageType: 'string',
      AccountId: 'id',
      ContactId: 'id',
      AuthenticatedEndUserId: 'id',
      CreatedDate: 'datetime',
      LastModifiedDate: 'datetime',
    },
    parents: { MessagingChannel: 'MessagingChannel' },
    rows: (org) => org.chats.endUsers.map((endUser) => endUserRow(org, endUser)),
  },
  {
    ...shared,
    name: 'MessagingSession',
    fields: {
      Id: 'id',
      MessagingEndUserId: 'id',
      MessagingChannelId: 'id',
      ConversationId: 'id',
      EndUserContactId: 'id',
      ChannelType: 'string',
      Status: 'string',
      StartTime: 'datetime',
      EndTime: 'datetime',
      CreatedDate: 'datetime',
    },
    parents: {
      MessagingEndUser: 'MessagingEndUser',
      MessagingChannel: 'MessagingChannel',
      Conversation: 'Conversation',
    },
    rows: (org) =>
      org.chats.conversations.flatMap((chat) => chat.sessions.map((session) => sessionRow(org, chat, session))),
  },
  {
    ...shared,
    name: 'Conversation',
    fields: { Id: 'id', ConversationIdentifier: 'string', StartTime: 'datetime', EndTime: 'datetime' },
    rows: (org) => org.chats.conversations.map(conversationRow),
  },
];

function endUserRow(org: Org, { id, subject, channel, createdDate }: EndUser): Row {
  return {
    Id: id,
    Name: 'Guest',
    ...channelFields(org, channel),
    MessagingPlatformKey: subject,
    MessageType: 'EmbeddedMessaging',
    AccountId: null,
    ContactId: null,
    AuthenticatedEndUserId: null,
    CreatedDate: createdDate,
    LastModifiedDate: createdDate,
  };
}

function sessionRow(org: Org, conversation: Conversation, { id, channel, startedAt, endedAt }: ChatSession): Row {
  const endUser = org.chats.endUser(conversation.subject);
  return {
    Id: id,
    MessagingEndUserId: endUser?.id ?? null,
    MessagingEndUser: endUser ? endUserRow(org, endUser) : null,
    ...channelFields(org, channel),
    ConversationId: conversation.id,
    Conversation: conversationRow(conversation),
    EndUserContactId: null,
    ChannelType: 'EmbeddedMessaging',
    Status: endedAt === undefined ? 'Active' : 'Ended',
    StartTime: startedAt,
    EndTime: endedAt ?? null,
    CreatedDate: startedAt,
  };
}

function conversationRow({ id, identifier, startedAt, endedAt }: Conversation): Row {
  return { Id: id, ConversationIdentifier: identifier, StartTime: startedAt, EndTime: endedAt ?? null };
}

function channelFields(org: Org, name: string): Row {
  const channel = org.metadata.find('MessagingChannel', name);
  return {
    MessagingChannelId: channel?.record.id ?? null,
    MessagingChannel: channel ? channelRow(org, channel) : null,
  };
}
