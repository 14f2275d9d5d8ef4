import { isObject, textClaim, type Members } from '../token';

/** What somebody handed in, taken apart. None of it is ever shown but what these fields say. */
export interface Pasted {
  readonly kind: 'token' | 'HTTP response' | 'JSON' | 'text';
  /** An identity token, as it stands there, blanks and all. */
  readonly token?: string;
  /** Of an HTTP response. */
  readonly status?: number;
  /** Whom a token answer of Salesforce is for. */
  readonly subject?: string;
  /** Everything, to look for known texts in. */
  readonly text: string;
}

/** Names under which a JSON text may hold an identity token: requests to Salesforce, and answers of an issuer. */
const TOKEN_MEMBERS = ['customerIdentityToken', 'identityToken', 'id_token', 'idToken', 'token', 'jwt', 'access_token'];

const JWT = /\beyJ[\w-]+\.[\w-]+\.[\w-]*/;

/** Takes apart a token, an error text, an HTTP response with its headers, or a JSON body. Any text is answered. */
export function readPasted(input: string): Pasted {
  const text = input.trim();
  const http = /^(?:<\s*)?HTTP\/[\d.]+\s+(\d{3})\b/m.exec(text);
  if (http) {
    const body = bodyOf(text);
    return { kind: 'HTTP response', status: Number(http[1]), ...withinJson(body), text };
  }
  const json = parsed(text);
  if (json !== undefined) return { kind: 'JSON', ...statusOf(json), ...withinJson(text), text };
  const bare = text
    .replace(/^(?:authorization:\s*)?bearer\s+/i, '')
    .replace(/^(["'`])([\s\S]*)\1$/, '$2')
    .trim();
  if (isMeantAsToken(bare)) return { kind: 'token', token: bare, text: '' };
  const found = JWT.exec(text)?.[0];
  return { kind: 'text', ...(found !== undefined && { token: found }), text };
}

/** One word, or a token that a terminal or a mail broke into lines. */
const isMeantAsToken = (text: string): boolean =>
  text !== '' && (!/\s/.test(text) ? /[.!]/.test(text) || text.length > 30 : /^eyJ[\w\s.+/=-]+$/.test(text));

const bodyOf = (text: string): string => text.slice(Math.max(0, text.search(/\r?\n\r?\n/))).trim();

function parsed(text: string): unknown {
  if (!/^[[{"]/.test(text)) return undefined;
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

const statusOf = (value: unknown): Pick<Pasted, 'status'> => {
  const status = isObject(value) ? (value['status'] ?? value['statusCode']) : undefined;
  return typeof status === 'number' ? { status } : {};
};

/** The identity token and the subject of a JSON text. `accessToken` is Salesforce's own answer and never taken for one. */
function withinJson(text: string): Pick<Pasted, 'token' | 'subject'> {
  const value = parsed(text);
  if (typeof value === 'string') return isMeantAsToken(value.trim()) ? { token: value.trim() } : {};
  if (!isObject(value)) return {};
  const token = TOKEN_MEMBERS.map((name) => textClaim(value, name)).find((each) => each !== undefined);
  const subject = textClaim(inside(inside(value, 'context'), 'endUser'), 'subject');
  return { ...(token !== undefined && { token: token.trim() }), ...(subject !== undefined && { subject }) };
}

function inside(members: Members, name: string): Members {
  const value = members[name];
  return isObject(value) ? value : {};
}
