import { createAccess, SessionCleared, SessionLost } from './access.js';
import { createConversation } from './conversation.js';
import { createPanel } from './panel.js';
import { createRuntime } from './chat-api.js';
import { joinTabs } from './tabs.js';

// Word for word as the web client writes them to the console.
const MESSAGES = {
  notVerified: "User Verification isn't enabled in Messaging Settings.",
  noToken:
    'Invalid identity token parameter passed into the setIdentityToken method. Specify a valid object containing the token data.',
  notJwt: 'Unsupported identity token. Only JWT-based identity tokens are supported.',
  badToken: 'Invalid identity token passed into the setIdentityToken method.',
  noButton: "Can't call showChatButton for a verified user before calling the setIdentity method with a valid token.",
};

const NO_BUTTON = 'The chat button has not been created.';
const LOST = 'Something went wrong. Log in again to continue your messaging conversation.';

/** Reads the configuration of the deployment and makes everything a page may call. */
export async function startClient(settings, announce) {
  const runtime = createRuntime(settings);
  const { embeddedServiceMessagingChannel: channel, masterLabel } = await runtime.configuration();
  const isVerified = channel.authMode === 'Auth';
  const access = createAccess(runtime, isVerified, announce);
  const panel = createPanel({ title: masterLabel, canEnd: !isVerified });
  const conversation = createConversation(runtime, access, panel, announce);
  const tabs = joinTabs(settings.orgId, () => clear());
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

  /** Something the customer does: it may need new tokens, and it may find the session lost. */
  async function interact(work) {
    panel.busy(true);
    try {
      await work();
      panel.notice('');
    } catch (error) {
      if (error instanceof SessionLost) lose();
      else if (!(error instanceof SessionCleared)) panel.notice(`The chat did not answer: ${error.message}`);
      throw error;
    } finally {
      panel.busy(false);
    }
  }

  function lose() {
    clear();
    panel.notice(LOST);
    tabs.cleared();
  }

  function clear() {
    access.forget();
    conversation.forget();
    panel.remove();
    begin();
  }

  function begin() {
    announce('onEmbeddedMessagingReady');
    if (!isVerified) drawButton();
  }

  function complain(message) {
    console.error(message);
    return false;
  }

  return {
    begin,
    setIdentityToken(parameters) {
      if (!isVerified) return complain(MESSAGES.notVerified);
      if (typeof parameters !== 'object' || parameters === null) return complain(MESSAGES.noToken);
      const { identityTokenType: type, identityToken: token } = parameters;
      if (typeof type !== 'string' || type.toUpperCase() !== 'JWT') return complain(MESSAGES.notJwt);
      const before = access.user();
      if (type !== 'JWT' || typeof token !== 'string' || !access.take(token)) return complain(MESSAGES.badToken);
      if (before !== undefined && before !== access.user()) conversation.forget();
      drawButton();
      return true;
    },
    async clearSession(shouldEndSession = false) {
      // The reference shows the bare value, its text names the member of an object.
      const ends = shouldEndSession === true || shouldEndSession?.shouldEndSession === true;
      const ended = ends ? conversation.endQuietly() : Promise.resolve();
      await ended.finally(() => {
        clear();
        tabs.cleared();
      });
    },
    showChatButton() {
      if (isVerified && !access.hasIdentity()) return complain(MESSAGES.noButton);
      return panel.showButton(true);
    },
    hideChatButton: () => panel.showButton(false),
    async launchChat() {
      if (!panel.hasButton()) throw new Error(NO_BUTTON);
      await open();
    },
    async removeAllComponents() {
      panel.remove();
    },
    setHiddenPrechatFields: (fields) => conversation.setHidden(fields),
    removeHiddenPrechatFields: (names) => conversation.removeHidden(names),
  };
}
