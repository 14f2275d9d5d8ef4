import { isObject, textClaim, type JsonObject } from '../token';

/** What somebody handed in, taken apart. None of it is ever shown but what these fields say. */
export interface ParsedInput {
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
const TOKEN_PROPERTIES = [
  'customerIdentityToken',
  'identityToken',
  'id_token',
  'idToken',
  'token',
  'jwt',
  'access_token',
];

const JWT_PATTERN = /\beyJ[\w-]+\.[\w-]+\.[\w-]*/;

/** Takes apart a token, an error text, an HTTP response with its headers, or a JSON body. Any text is answered. */
export function parseInput(input: string): ParsedInput {
  const text = input.trim();
  const http = /^(?:<\s*)?HTTP\/[\d.]+\s+(\d{3})\b/m.exec(text);
  if (http) {
    const body = httpBodyOf(text);
    return { kind: 'HTTP response', status: Number(http[1]), ...fieldsInJson(body), text };
  }
  const json = tryParseJson(text);
  if (json !== undefined) return { kind: 'JSON', ...statusIn(json), ...fieldsInJson(text), text };
  const bare = text
    .replace(/^(?:authorization:\s*)?bearer\s+/i, '')
    .replace(/^(["'`])([\s\S]*)\1$/, '$2')
    .trim();
  if (looksLikeToken(bare)) return { kind: 'token', token: bare, text: '' };
  const token = JWT_PATTERN.exec(text)?.[0];
  return { kind: 'text', ...(token !== undefined && { token: token }), text };
}

/** One word, or a token that a terminal or a mail broke into lines. */
const looksLikeToken = (text: string): boolean =>
  text !== '' && (!/\s/.test(text) ? /[.!]/.test(text) || text.length > 30 : /^eyJ[\w\s.+/=-]+$/.test(text));

const httpBodyOf = (text: string): string => text.slice(Math.max(0, text.search(/\r?\n\r?\n/))).trim();

function tryParseJson(text: string): unknown {
  if (!/^[[{"]/.test(text)) return undefined;
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

const statusIn = (value: unknown): Pick<ParsedInput, 'status'> => {
  const status = isObject(value) ? (value['status'] ?? value['statusCode']) : undefined;
  return typeof status === 'number' ? { status } : {};
};

/** The identity token and the subject of a JSON text. `accessToken` is Salesforce's own answer and never taken for one. */
function fieldsInJson(text: string): Pick<ParsedInput, 'token' | 'subject'> {
  const value = tryParseJson(text);
  if (typeof value === 'string') return looksLikeToken(value.trim()) ? { token: value.trim() } : {};
  if (!isObject(value)) return {};
  const token = TOKEN_PROPERTIES.map((name) => textClaim(value, name)).find((each) => each !== undefined);
  const subject = textClaim(objectAt(objectAt(value, 'context'), 'endUser'), 'subject');
  return { ...(token !== undefined && { token: token.trim() }), ...(subject !== undefined && { subject }) };
}

function objectAt(members: JsonObject, name: string): JsonObject {
  const value = members[name];
  return isObject(value) ? value : {};
}
