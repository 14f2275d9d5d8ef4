import type { ChatStore, Conversation, EndUser } from '../org/chat-store';
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
    rows: (org) => rowsOf(org, (store, row) => store.endUsers.map((each) => endUserRow(each, row))),
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
    rows: (org) => rowsOf(org, (store, row) => store.conversations.flatMap((chat) => sessionRows(store, chat, row))),
  },
  {
    ...shared,
    name: 'Conversation',
    fields: { Id: 'id', ConversationIdentifier: 'string', StartTime: 'datetime', EndTime: 'datetime' },
    rows: (org) => rowsOf(org, (store) => store.conversations.map(conversationRow)),
  },
];

/** The fields of the channel with a name. */
type ChannelFields = (name: string) => Row;

/** The rows of the chats that clients had, and of the traffic. The fields of each channel are read once. */
function rowsOf(org: Org, rows: (store: ChatStore, channelFields: ChannelFields) => Row[]): Row[] {
  const known = new Map<string, Row>();
  const fieldsOf: ChannelFields = (name) => {
    const fields = known.get(name) ?? channelFields(org, name);
    known.set(name, fields);
    return fields;
  };
  return [org.chats, ...(org.traffic ? [org.traffic.chats] : [])].flatMap((store) => rows(store, fieldsOf));
}

function endUserRow({ id, subject, channel, createdDate }: EndUser, channelFieldsOf: ChannelFields): Row {
  return {
    Id: id,
    Name: 'Guest',
    ...channelFieldsOf(channel),
    MessagingPlatformKey: subject,
    MessageType: 'EmbeddedMessaging',
    AccountId: null,
    ContactId: null,
    AuthenticatedEndUserId: null,
    CreatedDate: createdDate,
    LastModifiedDate: createdDate,
  };
}

/** The rows of the sessions of a conversation. They share their parent rows: traffic has thousands of sessions. */
function sessionRows(store: ChatStore, conversation: Conversation, channelFieldsOf: ChannelFields): Row[] {
  const endUser = store.endUser(conversation.subject);
  const parents = {
    MessagingEndUserId: endUser?.id ?? null,
    MessagingEndUser: endUser ? endUserRow(endUser, channelFieldsOf) : null,
    ConversationId: conversation.id,
    Conversation: conversationRow(conversation),
  };
  return conversation.sessions.map(({ id, channel, startedAt, endedAt }) => ({
    Id: id,
    ...parents,
    ...channelFieldsOf(channel),
    EndUserContactId: null,
    ChannelType: 'EmbeddedMessaging',
    Status: endedAt === undefined ? 'Active' : 'Ended',
    StartTime: startedAt,
    EndTime: endedAt ?? null,
    CreatedDate: startedAt,
  }));
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
