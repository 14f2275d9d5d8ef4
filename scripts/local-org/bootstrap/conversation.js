import { ChatApiError } from './chat-api.js';

const RETRY_DELAY_MS = 1_000;

const EVENTS = {
  CONVERSATION_ROUTING_RESULT: 'onEmbeddedMessagingConversationRouted',
  CONVERSATION_PARTICIPANT_CHANGED: 'onEmbeddedMessagingConversationParticipantChanged',
  CONVERSATION_SESSION_STATUS_CHANGED: 'onEmbeddedMessagingSessionStatusUpdate',
  CONVERSATION_CLOSE_CONVERSATION: 'onEmbeddedMessagingConversationClosed',
};

/** The conversation of this tab. It is joined when the chat opens, and its events are read until it is cleared. */
export function createConversation(chatApi, access, panel, announce) {
  let id;
  let hidden = {};
  let listening;
  let lastEventId;

  /** Calls the Enhanced Chat API with an access token, and repeats the call with a new token after status 401. */
  async function withToken(call) {
    const { token } = await access.ensureAccess();
    try {
      return await call(token);
    } catch (error) {
      if (!(error instanceof ChatApiError) || error.status !== 401) throw error;
      access.discard();
      return call((await access.ensureAccess()).token);
    }
  }

  /** Resumes the newest open conversation of the customer, or starts a new one. */
  async function join() {
    if (id === undefined) await withToken((token) => enter(token));
    listen();
  }

  async function enter(token) {
    const { conversations } = await chatApi.list(token);
    const [newest] = conversations.toSorted((one, other) => other.startTimestamp - one.startTimestamp);
    const conversation = newest ?? (await chatApi.open(token, crypto.randomUUID(), hidden));
    id = conversation.conversationId;
    lastEventId = access.current().lastEventId;
    if (newest === undefined) announce('onEmbeddedMessagingConversationStarted', { conversationId: id });
    const { conversationEntries } = await chatApi.entries(token, id);
    // The newest entry is the first one.
    conversationEntries.toReversed().forEach((entry) => show(entry, entry.entryPayload));
    announce('onEmbeddedMessagingConversationOpened');
  }

  function show({ identifier, sender, senderDisplayName }, payload) {
    const text = payload.abstractMessage?.staticContent?.text;
    if (text === undefined) return;
    panel.addMessage({ identifier, text, own: sender.role === 'EndUser', name: senderDisplayName });
  }

  function onEvent({ id: eventId, type, data }) {
    if (eventId !== undefined) lastEventId = eventId;
    if (data.conversationId !== id) return;
    const { conversationEntry: entry } = data;
    const payload = JSON.parse(entry.entryPayload);
    show(entry, payload);
    if (EVENTS[type]) announce(EVENTS[type], data);
    if (type === 'CONVERSATION_MESSAGE' && entry.sender.role === 'EndUser') announce('onEmbeddedMessageSent', data);
  }

  // A stream that ends is opened again. After an error response, the next action of the customer requests a new token.
  async function listen() {
    if (listening) return;
    const own = (listening = new AbortController());
    while (!own.signal.aborted) {
      try {
        await chatApi.listen({ token: access.current().token, lastEventId }, own.signal, onEvent);
      } catch (error) {
        if (error instanceof ChatApiError || access.current() === undefined) break;
      }
      await new Promise((resolve) => setTimeout(resolve, RETRY_DELAY_MS));
    }
    if (listening === own) listening = undefined;
  }

  return {
    join,
    async write(text) {
      await join();
      await withToken((token) => chatApi.write(token, id, text));
    },
    async end() {
      await withToken((token) => chatApi.end(token, id));
    },
    /** Ends the session if there is one. Never requests a token from the page. */
    async endIfStarted() {
      const current = access.current();
      if (current && id !== undefined) await chatApi.end(current.token, id);
    },
    clear() {
      listening?.abort();
      listening = id = undefined;
      panel.clearMessages();
    },
    setHiddenFields: (fields) => void (hidden = { ...hidden, ...fields }),
    removeHiddenFields: (names) => void names.forEach((name) => delete hidden[name]),
  };
}
