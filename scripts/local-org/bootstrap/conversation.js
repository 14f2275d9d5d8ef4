import { Refused } from './chat-api.js';

const RETRY_AFTER = 1_000;

const EVENTS = {
  CONVERSATION_ROUTING_RESULT: 'onEmbeddedMessagingConversationRouted',
  CONVERSATION_PARTICIPANT_CHANGED: 'onEmbeddedMessagingConversationParticipantChanged',
  CONVERSATION_SESSION_STATUS_CHANGED: 'onEmbeddedMessagingSessionStatusUpdate',
  CONVERSATION_CLOSE_CONVERSATION: 'onEmbeddedMessagingConversationClosed',
};

/** The one conversation of this tab: joined when the chat is opened, heard until it is forgotten. */
export function createConversation(runtime, access, panel, announce) {
  let id;
  let hidden = {};
  let listening;
  let lastEventId;

  /** Does something with an access token, and once more with a new one when the first has ended meanwhile. */
  async function withToken(work) {
    const { token } = await access.ensure();
    try {
      return await work(token);
    } catch (error) {
      if (!(error instanceof Refused) || error.status !== 401) throw error;
      access.drop();
      return work((await access.ensure()).token);
    }
  }

  /** A verified customer goes on with the newest open conversation; there is a new one when there is none. */
  async function join() {
    if (id === undefined) await withToken((token) => enter(token));
    listen();
  }

  async function enter(token) {
    const { conversations } = await runtime.list(token);
    const [newest] = conversations.toSorted((one, other) => other.startTimestamp - one.startTimestamp);
    const made = newest ?? (await runtime.open(token, crypto.randomUUID(), hidden));
    id = made.conversationId;
    lastEventId = access.held().lastEventId;
    if (newest === undefined) announce('onEmbeddedMessagingConversationStarted', { conversationId: id });
    const { conversationEntries } = await runtime.entries(token, id);
    conversationEntries.forEach((entry) => show(entry, entry.entryPayload));
    announce('onEmbeddedMessagingConversationOpened');
  }

  function show({ identifier, sender, senderDisplayName }, payload) {
    const text = payload.abstractMessage?.staticContent?.text;
    if (text === undefined) return;
    panel.add({ identifier, text, own: sender.role === 'EndUser', name: senderDisplayName });
  }

  function tell({ id: eventId, type, data }) {
    if (eventId !== undefined) lastEventId = eventId;
    if (data.conversationId !== id) return;
    const { conversationEntry: entry } = data;
    const payload = JSON.parse(entry.entryPayload);
    show(entry, payload);
    if (EVENTS[type]) announce(EVENTS[type], data);
    if (type === 'CONVERSATION_MESSAGE' && entry.sender.role === 'EndUser') announce('onEmbeddedMessageSent', data);
  }

  // A stream that breaks is opened again, until it is refused: the next thing the customer does brings a new token.
  async function listen() {
    if (listening) return;
    const mine = (listening = new AbortController());
    while (!mine.signal.aborted) {
      try {
        await runtime.listen({ token: access.held().token, lastEventId }, mine.signal, tell);
      } catch (error) {
        if (error instanceof Refused || access.held() === undefined) break;
      }
      await new Promise((resolve) => setTimeout(resolve, RETRY_AFTER));
    }
    if (listening === mine) listening = undefined;
  }

  return {
    join,
    async write(text) {
      await join();
      await withToken((token) => runtime.write(token, id, text));
    },
    async end() {
      await withToken((token) => runtime.end(token, id));
    },
    /** Ends the session if there is one, without asking the page for tokens. */
    async endQuietly() {
      const held = access.held();
      if (held && id !== undefined) await runtime.end(held.token, id);
    },
    forget() {
      listening?.abort();
      listening = id = undefined;
      panel.empty();
    },
    setHidden: (fields) => void (hidden = { ...hidden, ...fields }),
    removeHidden: (names) => void names.forEach((name) => delete hidden[name]),
  };
}
