import { createHmac, randomBytes, timingSafeEqual } from 'node:crypto';

/** The session of a logged-in customer. */
export interface Session {
  /** Unique ID, for the rate limit. */
  readonly id: string;
  /** Permanent ID of the customer, never reused for another customer. */
  readonly subject: string;
}

/** Looks up sessions. A backend replaces this with its own session lookup. */
export interface Sessions {
  /** Returns the session of a Cookie header; undefined without a session or with an invalid signature. */
  find(cookies: string | undefined): Promise<Session | undefined>;
}

/** Returns the session of a provider's token; undefined for a token that isn't valid. Rejects if its keys can't be read. */
export type TokenExchange = (token: string) => Promise<Session | undefined>;

/** Demo sessions: anyone can open a session for any customer. Not for production. */
export interface DemoSessions extends Sessions {
  /** Opens a session and returns its Set-Cookie header. */
  open(subject: string): string;
  /** Ends the session of a Cookie header on the server, and returns the Set-Cookie header that clears it in the browser. */
  close(cookies: string | undefined): string;
}

const COOKIE_NAME = 'trial_session';
const COOKIE_PATTERN = new RegExp(`(?:^|;\\s*)${COOKIE_NAME}=([\\w-]{1,64})\\.([\\w-]{1,64})(?:;|$)`);

/** SameSite: requests from other sites don't include the cookie. HttpOnly: scripts can't read it. */
const COOKIE_ATTRIBUTES = 'Path=/; HttpOnly; SameSite=Lax';

/** Opening another session ends the oldest. */
const MAX_SESSIONS = 1000;

/** Sessions in memory with signed cookies. They end with the process. `secure`: send the cookie over HTTPS only. */
export function createDemoSessions({ secure = false } = {}): DemoSessions {
  const secret = randomBytes(32);
  const subjects = new Map<string, string>();
  const signature = (id: string): Buffer => createHmac('sha256', secret).update(id).digest();
  const attributes = secure ? `${COOKIE_ATTRIBUTES}; Secure` : COOKIE_ATTRIBUTES;
  const readSessionId = (cookies: string | undefined): string | undefined => {
    const [, id = '', signed = ''] = COOKIE_PATTERN.exec(cookies ?? '') ?? [];
    const actual = Buffer.from(signed, 'base64url');
    return actual.length === 32 && timingSafeEqual(actual, signature(id)) ? id : undefined;
  };
  return {
    find: async (cookies) => {
      const id = readSessionId(cookies);
      const subject = id === undefined ? undefined : subjects.get(id);
      return id === undefined || subject === undefined ? undefined : { id, subject };
    },
    open: (subject) => {
      const id = randomBytes(18).toString('base64url');
      subjects.set(id, subject);
      [...subjects.keys()].slice(0, -MAX_SESSIONS).forEach((oldest) => subjects.delete(oldest));
      return `${COOKIE_NAME}=${id}.${signature(id).toString('base64url')}; ${attributes}`;
    },
    close: (cookies) => {
      subjects.delete(readSessionId(cookies) ?? '');
      return `${COOKIE_NAME}=; ${attributes}; Max-Age=0`;
    },
  };
}
