/** Something a client is told about at once. */
export interface ChatEvent {
  readonly id: number;
  readonly subject: string;
  /** such as CONVERSATION_MESSAGE */
  readonly type: string;
  readonly data: object;
}

const MAX_EVENTS = 1_000;

/** What happens in conversations, for the clients that listen. It ends with the process, as access tokens do. */
export class ChatEvents {
  #events: ChatEvent[] = [];
  #last = 0;
  readonly #listeners = new Map<(event: ChatEvent) => void, string>();

  /** The id of the newest event. */
  get lastId(): number {
    return this.#last;
  }

  emit(subject: string, type: string, data: object): void {
    const event = { id: ++this.#last, subject, type, data };
    this.#events = [...this.#events.slice(1 - MAX_EVENTS), event];
    for (const [listener, listenerSubject] of this.#listeners) if (listenerSubject === subject) listener(event);
  }

  /** Tells a customer's events, first those after a given one; returns how to stop. */
  listen(subject: string, after: number, listener: (event: ChatEvent) => void): () => void {
    this.#events.filter((event) => event.subject === subject && event.id > after).forEach(listener);
    this.#listeners.set(listener, subject);
    return () => this.#listeners.delete(listener);
  }
}
