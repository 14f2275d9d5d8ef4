import { createAccess, SessionCleared, SessionLost } from './access.js';
import { createConversation } from './conversation.js';
import { createPanel } from './panel.js';
import { createChatApi } from './chat-api.js';
import { createTabChannel } from './tabs.js';

// The exact console messages of Salesforce's chat client.
const MESSAGES = {
  notVerified: "User Verification isn't enabled in Messaging Settings.",
  noToken:
    'Invalid identity token parameter passed into the setIdentityToken method. Specify a valid object containing the token data.',
  notJwt: 'Unsupported identity token. Only JWT-based identity tokens are supported.',
  badToken: 'Invalid identity token passed into the setIdentityToken method.',
  noButton: "Can't call showChatButton for a verified user before calling the setIdentity method with a valid token.",
};

const NO_BUTTON_MESSAGE = 'The chat button has not been created.';
const SESSION_LOST_MESSAGE = 'Something went wrong. Log in again to continue your messaging conversation.';

/** Reads the published settings of the chat deployment, and returns the methods that a page can call. */
export async function startClient(settings, announce) {
  const chatApi = createChatApi(settings);
  const { embeddedServiceMessagingChannel: channel, masterLabel } = await chatApi.readConfiguration();
  const isVerified = channel.authMode === 'Auth';
  const access = createAccess(chatApi, isVerified, announce);
  const panel = createPanel({ title: masterLabel, canEnd: !isVerified });
  const conversation = createConversation(chatApi, access, panel, announce);
  const otherTabs = createTabChannel(settings.orgId, () => clear());
  let clicked = false;

  panel.on({
    open() {
      if (!clicked) announce('onEmbeddedMessagingButtonClicked');
      clicked = true;
      open().catch(() => undefined);
    },
    minimize() {
      panel.minimize();
      announce('onEmbeddedMessagingWindowMinimized');
    },
    write: (text) => interact(() => conversation.write(text)).catch(() => undefined),
    end: () => interact(() => conversation.end()).catch(() => undefined),
  });

  function drawButton() {
    if (panel.hasButton()) return;
    panel.drawButton(settings.hideChatButtonOnLoad === true);
    announce('onEmbeddedMessagingButtonCreated');
  }

  async function open() {
    panel.maximize();
    announce('onEmbeddedMessagingWindowMaximized');
    await interact(() => conversation.join());
  }

  /** Runs an action of the customer. It can request new tokens, and can find that the session has ended. */
  async function interact(action) {
    panel.setBusy(true);
    try {
      await action();
      panel.showNotice('');
    } catch (error) {
      if (error instanceof SessionLost) endSession();
      else if (!(error instanceof SessionCleared)) panel.showNotice(`The chat request failed: ${error.message}`);
      throw error;
    } finally {
      panel.setBusy(false);
    }
  }

  function endSession() {
    clear();
    panel.showNotice(SESSION_LOST_MESSAGE);
    otherTabs.sendCleared();
  }

  function clear() {
    access.clear();
    conversation.clear();
    panel.remove();
    begin();
  }

  function begin() {
    announce('onEmbeddedMessagingReady');
    if (!isVerified) drawButton();
  }

  function logFailure(message) {
    console.error(message);
    return false;
  }

  return {
    begin,
    setIdentityToken(parameters) {
      if (!isVerified) return logFailure(MESSAGES.notVerified);
      if (typeof parameters !== 'object' || parameters === null) return logFailure(MESSAGES.noToken);
      const { identityTokenType: type, identityToken: token } = parameters;
      if (typeof type !== 'string' || type.toUpperCase() !== 'JWT') return logFailure(MESSAGES.notJwt);
      const previousUser = access.user();
      if (type !== 'JWT' || typeof token !== 'string' || !access.setIdentity(token))
        return logFailure(MESSAGES.badToken);
      if (previousUser !== undefined && previousUser !== access.user()) conversation.clear();
      drawButton();
      return true;
    },
    async clearSession(shouldEndSession = false) {
      // The API reference has a Boolean in its example, and an object with this member in its description.
      const endsSession = shouldEndSession === true || shouldEndSession?.shouldEndSession === true;
      const end = endsSession ? conversation.endIfStarted() : Promise.resolve();
      await end.finally(() => {
        clear();
        otherTabs.sendCleared();
      });
    },
    showChatButton() {
      if (isVerified && !access.hasIdentity()) return logFailure(MESSAGES.noButton);
      return panel.showButton(true);
    },
    hideChatButton: () => panel.showButton(false),
    async launchChat() {
      if (!panel.hasButton()) throw new Error(NO_BUTTON_MESSAGE);
      await open();
    },
    async removeAllComponents() {
      panel.remove();
    },
    removeMarkup: () => panel.remove(),
    removeEventHandlers() {
      conversation.clear();
      otherTabs.close();
    },
    setHiddenPrechatFields: (fields) => conversation.setHiddenFields(fields),
    removeHiddenPrechatFields: (names) => conversation.removeHiddenFields(names),
  };
}
