/**
 * Emulates the script that a Salesforce site serves at /ESW.../assets/js/bootstrap.min.js: the same global object, methods,
 * events, return values, and console messages, as far as they are documented. It calls the Enhanced Chat API of the local org.
 * init loads the other modules of this folder.
 */
(() => {
  const modules = new URL('.', document.currentScript.src).href;

  const MESSAGES = {
    notReady: "Method can't be invoked before the onEmbeddedMessagingReady event is fired.",
    // Observed for pages whose origin the org doesn't allow.
    noConfiguration: 'Unable to load Embedded Messaging configuration.',
  };

  let client;

  const announce = (name, detail = {}) => window.dispatchEvent(new CustomEvent(name, { detail }));

  /** Returns a method that only logs an error until the client is ready. */
  const whenReady =
    (method, fallback) =>
    (...values) => {
      if (client) return client[method](...values);
      console.error(MESSAGES.notReady);
      return fallback();
    };

  const returnFalse = () => false;
  const reject = () => Promise.reject(new Error(MESSAGES.notReady));

  window.embeddedservice_bootstrap = {
    /** The page can set language and hideChatButtonOnLoad before init. */
    settings: {},
    init,
    // Not documented. A test site of Salesforce employees calls both before it loads another chat deployment.
    removeMarkup: whenReady('removeMarkup', () => undefined),
    removeEventHandlers: whenReady('removeEventHandlers', () => undefined),
    userVerificationAPI: {
      setIdentityToken: whenReady('setIdentityToken', returnFalse),
      clearSession: whenReady('clearSession', reject),
    },
    utilAPI: {
      showChatButton: whenReady('showChatButton', returnFalse),
      hideChatButton: whenReady('hideChatButton', returnFalse),
      launchChat: whenReady('launchChat', reject),
      removeAllComponents: whenReady('removeAllComponents', reject),
    },
    prechatAPI: {
      setHiddenPrechatFields: whenReady('setHiddenPrechatFields', () => undefined),
      removeHiddenPrechatFields: whenReady('removeHiddenPrechatFields', () => undefined),
    },
  };

  /**
   * Loads the client of a chat deployment. Dispatches onEmbeddedMessagingReady when the other methods can be called, or
   * onEmbeddedMessagingInitError if the client can't be loaded.
   */
  async function init(orgId, eswConfigDevName, siteURL, { scrt2URL } = {}) {
    const { settings } = window.embeddedservice_bootstrap;
    Object.assign(settings, { orgId, eswConfigDevName, siteURL, scrt2URL });
    try {
      const { startClient } = await import(`${modules}client.js`);
      client = await startClient(settings, announce);
    } catch (error) {
      announce('onEmbeddedMessagingInitError');
      throw new Error(MESSAGES.noConfiguration, { cause: error });
    }
    client.begin();
  }
})();
