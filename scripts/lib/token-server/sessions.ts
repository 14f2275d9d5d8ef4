import { createHmac, randomBytes, timingSafeEqual } from 'node:crypto';

/** A customer who is logged in. */
export interface Session {
  /** Tells sessions apart, for the rate limit. */
  readonly id: string;
  /** Who the customer is, for good: an id that is never given to anybody else. */
  readonly subject: string;
}

/** Where the endpoint learns who asks. This is what a backend of your own replaces with its session lookup. */
export interface Sessions {
  /** The session of a request, by its Cookie header; undefined for guests and for anything that is not genuine. */
  find(cookies: string | undefined): Promise<Session | undefined>;
}

/** Sessions for trying: anybody may open one, as whomever they like. Not for customers. */
export interface DemoSessions extends Sessions {
  /** Opens a session and answers the Set-Cookie header that carries it. */
  open(subject: string): string;
  /** Ends the session of a request, here and not only in the browser, and answers the Set-Cookie header that clears it. */
  close(cookies: string | undefined): string;
}

const COOKIE_NAME = 'trial_session';
const COOKIE_PATTERN = new RegExp(`(?:^|;\\s*)${COOKIE_NAME}=([\\w-]{1,64})\\.([\\w-]{1,64})(?:;|$)`);

/** SameSite: a page of another site cannot make the browser send it. HttpOnly: no script can read it. */
const COOKIE_ATTRIBUTES = 'Path=/; HttpOnly; SameSite=Lax';

/** More than anybody needs for trying; the oldest ends when another is opened. */
const MAX_SESSIONS = 1000;

/** Sessions in memory, each a signed cookie; they end with the process. `secure` where pages are served over https. */
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
