/**
 * Stands in for the script that a Salesforce site serves at /ESW.../assets/js/bootstrap.min.js: the same global object,
 * methods, events, return values and console messages, as far as they are documented. It talks to the messaging runtime
 * of the local org. The rest of it is in the modules beside it, loaded by init.
 */
(() => {
  const modules = new URL('.', document.currentScript.src).href;

  const MESSAGES = {
    notReady: "Method can't be invoked before the onEmbeddedMessagingReady event is fired.",
    // Seen in browsers whose page the org does not know.
    noConfiguration: 'Unable to load Embedded Messaging configuration.',
  };

  let client;

  const announce = (name, detail = {}) => window.dispatchEvent(new CustomEvent(name, { detail }));

  /** A method that does nothing but complain until the client is ready. */
  const onceReady =
    (method, otherwise) =>
    (...values) => {
      if (client) return client[method](...values);
      console.error(MESSAGES.notReady);
      return otherwise();
    };

  const refused = () => false;
  const rejected = () => Promise.reject(new Error(MESSAGES.notReady));

  window.embeddedservice_bootstrap = {
    /** What the page may set before init: language, hideChatButtonOnLoad. */
    settings: {},
    init,
    userVerificationAPI: {
      setIdentityToken: onceReady('setIdentityToken', refused),
      clearSession: onceReady('clearSession', rejected),
    },
    utilAPI: {
      showChatButton: onceReady('showChatButton', refused),
      hideChatButton: onceReady('hideChatButton', refused),
      launchChat: onceReady('launchChat', rejected),
      removeAllComponents: onceReady('removeAllComponents', rejected),
    },
    prechatAPI: {
      setHiddenPrechatFields: onceReady('setHiddenPrechatFields', () => undefined),
      removeHiddenPrechatFields: onceReady('removeHiddenPrechatFields', () => undefined),
    },
  };

  /**
   * Loads the client of a deployment. Dispatches onEmbeddedMessagingReady when the other methods may be called, or
   * onEmbeddedMessagingInitError when they never may.
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
