/** An event in a conversation, for the event stream of a customer. */
export interface ChatEvent {
  readonly id: number;
  readonly subject: string;
  /** such as CONVERSATION_MESSAGE */
  readonly type: string;
  readonly data: object;
}

const MAX_EVENTS = 1_000;

/** The events of all conversations. They are kept in memory only, as access tokens are. */
export class ChatEvents {
  #events: ChatEvent[] = [];
  #last = 0;
  readonly #listeners = new Map<(event: ChatEvent) => void, string>();

  /** The ID of the newest event. */
  get lastId(): number {
    return this.#last;
  }

  emit(subject: string, type: string, data: object): void {
    const event = { id: ++this.#last, subject, type, data };
    this.#events = [...this.#events.slice(1 - MAX_EVENTS), event];
    for (const [listener, listenerSubject] of this.#listeners) if (listenerSubject === subject) listener(event);
  }

  /** Sends the events of a customer after the event ID `after` to a listener. Returns a function that removes the listener. */
  listen(subject: string, after: number, listener: (event: ChatEvent) => void): () => void {
    this.#events.filter((event) => event.subject === subject && event.id > after).forEach(listener);
    this.#listeners.set(listener, subject);
    return () => this.#listeners.delete(listener);
  }
}
