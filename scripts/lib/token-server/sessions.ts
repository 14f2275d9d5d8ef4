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
export interface TrialSessions extends Sessions {
  /** Opens a session and answers the Set-Cookie header that carries it. */
  open(subject: string): string;
  /** Ends the session of a request, here and not only in the browser, and answers the Set-Cookie header that clears it. */
  close(cookies: string | undefined): string;
}

const NAME = 'trial_session';
const COOKIE = new RegExp(`(?:^|;\\s*)${NAME}=([\\w-]{1,64})\\.([\\w-]{1,64})(?:;|$)`);

/** SameSite: a page of another site cannot make the browser send it. HttpOnly: no script can read it. */
const ATTRIBUTES = 'Path=/; HttpOnly; SameSite=Lax';

/** More than anybody needs for trying; the oldest ends when another is opened. */
const MOST = 1000;

/** Sessions in memory, each a signed cookie; they end with the process. `secure` where pages are served over https. */
export function trialSessions({ secure = false } = {}): TrialSessions {
  const secret = randomBytes(32);
  const subjects = new Map<string, string>();
  const signature = (id: string): Buffer => createHmac('sha256', secret).update(id).digest();
  const attributes = secure ? `${ATTRIBUTES}; Secure` : ATTRIBUTES;
  const idIn = (cookies: string | undefined): string | undefined => {
    const [, id = '', signed = ''] = COOKIE.exec(cookies ?? '') ?? [];
    const given = Buffer.from(signed, 'base64url');
    return given.length === 32 && timingSafeEqual(given, signature(id)) ? id : undefined;
  };
  return {
    find: async (cookies) => {
      const id = idIn(cookies);
      const subject = id === undefined ? undefined : subjects.get(id);
      return id === undefined || subject === undefined ? undefined : { id, subject };
    },
    open: (subject) => {
      const id = randomBytes(18).toString('base64url');
      subjects.set(id, subject);
      [...subjects.keys()].slice(0, -MOST).forEach((oldest) => subjects.delete(oldest));
      return `${NAME}=${id}.${signature(id).toString('base64url')}; ${attributes}`;
    },
    close: (cookies) => {
      subjects.delete(idIn(cookies) ?? '');
      return `${NAME}=; ${attributes}; Max-Age=0`;
    },
  };
}
