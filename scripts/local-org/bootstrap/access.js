import { isPast, readIdentityToken } from './identity-token.js';
import { ChatApiError } from './chat-api.js';

/** Milliseconds that the page has to respond to onEmbeddedMessagingIdentityTokenExpired. */
const TOKEN_TIMEOUT_MS = 30_000;

/** The page didn't provide a new identity token, so the session has ended. */
export class SessionLost extends Error {}

/** The session was cleared while a call waited for its token. */
export class SessionCleared extends Error {}

/**
 * Keeps the two tokens of one tab in memory: the page's identity token, and the access token that Salesforce returns for it.
 * While the identity token is valid, an expired access token is renewed without an event. If both have expired, or Salesforce
 * rejects the identity token, the page gets an event immediately, each time.
 */
export function createAccess(chatApi, isVerified, announce) {
  let identity;
  let access;
  let waiting;
  let running;
  let session = 0;

  /** Stores an identity token. Returns false for an invalid or expired one. */
  function setIdentity(token) {
    const parsed = readIdentityToken(token);
    if (!parsed) return false;
    if (identity && identity.user !== parsed.user) startSession();
    identity = parsed;
    waiting?.resume();
    return true;
  }

  function startSession() {
    session++;
    access = running = undefined;
  }

  /** Returns an access token that hasn't expired. Concurrent calls wait for the same token. */
  function ensureAccess() {
    if (access && !isPast(access.expiresAt)) return Promise.resolve(access);
    running ??= requestAccess();
    return running;
  }

  // A token for a session that was cleared in the meantime is discarded.
  async function requestAccess() {
    const ownSession = session;
    try {
      const granted = await (isVerified ? verifiedAccess() : chatApi.unverifiedAccess());
      if (ownSession !== session) throw new SessionCleared();
      return (access = granted);
    } finally {
      if (ownSession === session) running = undefined;
    }
  }

  async function verifiedAccess() {
    for (;;) {
      if (!identity || isPast(identity.expiresAt)) await requestIdentity();
      const granted = await exchange(identity);
      if (granted) return granted;
      await requestIdentity();
    }
  }

  async function exchange({ token }) {
    try {
      return await chatApi.exchange(token);
    } catch (error) {
      if (error instanceof ChatApiError && error.status < 500) return undefined;
      throw error;
    }
  }

  // The page can respond during the event.
  function requestIdentity() {
    return new Promise((resolve, reject) => {
      const end = (settle) => {
        clearTimeout(timer);
        waiting = undefined;
        settle();
      };
      const timer = setTimeout(() => end(() => reject(new SessionLost())), TOKEN_TIMEOUT_MS);
      waiting = { resume: () => end(resolve), stop: () => end(() => reject(new SessionCleared())) };
      announce('onEmbeddedMessagingIdentityTokenExpired');
    });
  }

  return {
    setIdentity,
    ensureAccess,
    hasIdentity: () => identity !== undefined,
    user: () => identity?.user,
    current: () => access,
    discard: () => (access = undefined),
    clear() {
      startSession();
      identity = undefined;
      waiting?.stop();
    },
  };
}
