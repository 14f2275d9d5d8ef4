/** A customer as Salesforce stores one: one record for each subject, across channels. */
export interface EndUser {
  readonly id: string;
  /** MessagingPlatformKey */
  readonly subject: string;
  /** the channel of the first conversation */
  readonly channel: string;
  readonly createdDate: string;
}

/** A messaging session: a part of a conversation in which a service rep is present. */
export interface ChatSession {
  readonly id: string;
  readonly channel: string;
  readonly startedAt: string;
  endedAt?: string;
}

/** An entry of a conversation, such as a message or a participant who joins. */
export interface Entry {
  readonly identifier: string;
  readonly at: number;
  readonly sender: 'EndUser' | 'Agent' | 'System';
  /** the content; entryType is its type */
  readonly payload: { readonly entryType: string; readonly [member: string]: unknown };
}

export interface Conversation {
  /** the UUID that the client created */
  readonly identifier: string;
  readonly id: string;
  readonly subject: string;
  readonly startedAt: string;
  endedAt?: string;
  readonly sessions: ChatSession[];
  entries: Entry[];
}

/** The part that is kept across restarts. */
export interface SavedChats {
  readonly endUsers: readonly EndUser[];
  readonly conversations: readonly Conversation[];
}

const MAX_ENTRIES_PER_CONVERSATION = 200;

/** The end users of an org and their conversations. */
export class ChatStore {
  readonly #endUsers = new Map<string, EndUser>();
  readonly #conversations = new Map<string, Conversation>();

  get endUsers(): readonly EndUser[] {
    return [...this.#endUsers.values()];
  }

  get conversations(): readonly Conversation[] {
    return [...this.#conversations.values()];
  }

  endUser(subject: string): EndUser | undefined {
    return this.#endUsers.get(subject);
  }

  conversation(identifier: string): Conversation | undefined {
    return this.#conversations.get(identifier);
  }

  /** All conversations of a customer, newest first. */
  conversationsOf(subject: string): Conversation[] {
    return this.conversations.filter((conversation) => conversation.subject === subject).reverse();
  }

  addEndUser(endUser: EndUser): void {
    this.#endUsers.set(endUser.subject, endUser);
  }

  addConversation(conversation: Conversation): void {
    this.#conversations.set(conversation.identifier, conversation);
  }

  addEntry(conversation: Conversation, entry: Entry): void {
    conversation.entries = [...conversation.entries.slice(1 - MAX_ENTRIES_PER_CONVERSATION), entry];
  }

  restore({ endUsers, conversations }: SavedChats): void {
    for (const endUser of endUsers) this.addEndUser(endUser);
    for (const conversation of conversations) this.addConversation(conversation);
  }
}
