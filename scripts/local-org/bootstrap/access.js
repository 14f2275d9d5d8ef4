import { isPast, readIdentityToken } from './identity-token.js';
import { Refused } from './chat-api.js';

/** How long the page has to answer onEmbeddedMessagingIdentityTokenExpired. */
const ANSWER_WITHIN = 30_000;

/** The session is over: the page was asked for a new identity token and brought none. */
export class SessionLost extends Error {}

/** The session was cleared while something waited for a token of it. */
export class SessionCleared extends Error {}

/**
 * Keeps the two tokens of one tab, in memory only: the page's identity token, and the access token that Salesforce gives
 * for it. As long as the identity token is good, an access token that has ended is replaced without a word. When both have
 * ended, or a token is refused, the page is asked for another one: at once, every time.
 */
export function createAccess(runtime, isVerified, announce) {
  let identity;
  let access;
  let waiting;
  let running;
  let session = 0;

  /** Takes a token the client understands; false for any other. */
  function take(token) {
    const read = readIdentityToken(token);
    if (!read) return false;
    if (identity && identity.user !== read.user) renew();
    identity = read;
    waiting?.go();
    return true;
  }

  function renew() {
    session++;
    access = running = undefined;
  }

  /** An access token that has not ended. Concurrent calls wait for the same one. */
  function ensure() {
    if (access && !isPast(access.expires)) return Promise.resolve(access);
    running ??= obtain();
    return running;
  }

  // What was asked for in a session that has been cleared meanwhile belongs to nobody.
  async function obtain() {
    const mine = session;
    try {
      const granted = await (isVerified ? verified() : runtime.guest());
      if (mine !== session) throw new SessionCleared();
      return (access = granted);
    } finally {
      if (mine === session) running = undefined;
    }
  }

  async function verified() {
    for (;;) {
      if (!identity || isPast(identity.expires)) await asked();
      const granted = await exchanged(identity);
      if (granted) return granted;
      await asked();
    }
  }

  async function exchanged({ token }) {
    try {
      return await runtime.exchange(token);
    } catch (error) {
      if (error instanceof Refused && error.status < 500) return undefined;
      throw error;
    }
  }

  // The page may answer while the event is being dispatched.
  function asked() {
    return new Promise((resolve, reject) => {
      const end = (settle) => {
        clearTimeout(timer);
        waiting = undefined;
        settle();
      };
      const timer = setTimeout(() => end(() => reject(new SessionLost())), ANSWER_WITHIN);
      waiting = { go: () => end(resolve), stop: () => end(() => reject(new SessionCleared())) };
      announce('onEmbeddedMessagingIdentityTokenExpired');
    });
  }

  return {
    take,
    ensure,
    hasIdentity: () => identity !== undefined,
    user: () => identity?.user,
    held: () => access,
    drop: () => (access = undefined),
    forget() {
      renew();
      identity = undefined;
      waiting?.stop();
    },
  };
}
