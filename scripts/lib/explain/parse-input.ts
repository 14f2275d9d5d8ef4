import { isJsonObject, type JsonObject } from '../files';
import { textClaim } from '../token';

/** A pasted text, parsed. Callers must not print `token` or `text`. */
export interface ParsedInput {
  readonly kind: 'token' | 'HTTP response' | 'JSON' | 'text';
  /** An identity token, exactly as pasted, including whitespace. */
  readonly token?: string;
  /** The status of an HTTP response. */
  readonly status?: number;
  /** The subject in an access token response of Salesforce. */
  readonly subject?: string;
  /** The whole text, to search for known errors. */
  readonly text: string;
}

/** JSON members that can contain an identity token: in requests to Salesforce and in responses of a token service. */
const TOKEN_PROPERTIES = [
  'customerIdentityToken',
  'identityToken',
  'id_token',
  'idToken',
  'token',
  'jwt',
  'access_token',
];

/** A JWT if it has the group. Other words are consumed all the same, which keeps the time linear. */
const JWT_PATTERN = /\beyJ[\w-]+(\.[\w-]+\.[\w-]*)?/g;

/** Parses a token, an error text, an HTTP response with headers, or a JSON body. Never throws. */
export function parseInput(input: string): ParsedInput {
  const text = input.trim();
  const http = /^(?:<\s*)?HTTP\/[\d.]+\s+(\d{3})\b/m.exec(text);
  if (http) {
    const body = httpBodyOf(text);
    return { kind: 'HTTP response', status: Number(http[1]), ...tokenIn(body), ...fieldsInJson(body), text };
  }
  const json = tryParseJson(text);
  if (json !== undefined) return { kind: 'JSON', ...statusIn(json), ...tokenIn(text), ...fieldsInJson(text), text };
  const bare = text
    .replace(/^(?:authorization:\s*)?bearer\s+/i, '')
    .replace(/^(["'`])([\s\S]*)\1$/, '$2')
    .trim();
  if (looksLikeToken(bare)) return { kind: 'token', token: bare, text: '' };
  return { kind: 'text', ...tokenIn(text), text };
}

/** The first JWT in a text, unless the text is a response of Salesforce with an access token. */
function tokenIn(text: string): Pick<ParsedInput, 'token'> {
  if (text.includes('"accessToken"')) return {};
  const [token] = [...text.matchAll(JWT_PATTERN)].find(([, rest]) => rest !== undefined) ?? [];
  return token === undefined ? {} : { token };
}

/** One word, but no URL; or a token that a terminal or an email wrapped. */
const looksLikeToken = (text: string): boolean =>
  text !== '' &&
  !/^[a-z][a-z0-9+.-]{1,20}:\/\//i.test(text) &&
  (!/\s/.test(text) ? /[.!]/.test(text) || text.length > 30 || isRandom(text) : /^eyJ[\w\s.+/=-]+$/.test(text));

/** The shortest opaque tokens, such as reference tokens of PingFederate, mix letters and digits. IDs of Salesforce are shorter. */
const isRandom = (word: string): boolean =>
  /^[\w~+/=-]{20,}$/.test(word) && [/[a-z]/, /[A-Z]/, /\d/].every((kind) => kind.test(word));

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
  const status = isJsonObject(value) ? (value['status'] ?? value['statusCode']) : undefined;
  return typeof status === 'number' ? { status } : {};
};

/** The identity token and the subject in a JSON text. `accessToken` is issued by Salesforce, so it's never an identity token. */
function fieldsInJson(text: string): Pick<ParsedInput, 'token' | 'subject'> {
  const value = tryParseJson(text);
  if (typeof value === 'string') return looksLikeToken(value.trim()) ? { token: value.trim() } : {};
  if (!isJsonObject(value)) return {};
  const token = TOKEN_PROPERTIES.map((name) => textClaim(value, name)).find((each) => each !== undefined);
  const subject = textClaim(objectAt(objectAt(value, 'context'), 'endUser'), 'subject');
  return { ...(token !== undefined && { token: token.trim() }), ...(subject !== undefined && { subject }) };
}

function objectAt(object: JsonObject, name: string): JsonObject {
  const value = object[name];
  return isJsonObject(value) ? value : {};
}
