/** Defects of an identity token, or of the key that verifies it. Each has its own rejection. */
const IDENTITY_TOKEN_DEFECTS = [
  ...['alg-none', 'alg-none-case', 'alg-missing', 'alg-empty', 'alg-array', 'hs256', 'rs384', 'ps256'],
  ...['empty-signature', 'reused-signature', 'signature', 'crit', 'duplicate-header', 'duplicate-claim'],
  ...['kid', 'kid-missing', 'kid-foreign', 'retired-key', 'inactive-key', 'no-x5c', 'expired-certificate'],
  ...['issuer', 'issuer-slash', 'issuer-missing', 'expiry', 'exp-missing', 'not-yet-valid', 'sub-missing', 'sub-empty'],
] as const;
export type IdentityTokenDefect = (typeof IDENTITY_TOKEN_DEFECTS)[number];

/**
 * All defects that an org can be set to accept. The last ones are of a whole request, or a key in the header of a token, which
 * this org otherwise ignores.
 */
export const TOKEN_DEFECTS = [
  ...IDENTITY_TOKEN_DEFECTS,
  ...['embedded-jwk', 'embedded-x5c', 'jku', 'x5u', 'no-token', 'unverified-user', 'verification-off'],
] as const;
export type TokenDefect = (typeof TOKEN_DEFECTS)[number];

/** A number of requests in a period; "off": any number. */
export type RequestLimit = { readonly requests: number; readonly milliseconds: number } | 'off';

/** How the Enhanced Chat API behaves where Salesforce doesn't document it, or where sources contradict each other. */
export interface ChatApiSettings {
  /** milliseconds for which the keys of a JWKS endpoint are cached */
  readonly jwksCache: number;
  /** minimum milliseconds between two requests to a JWKS endpoint because of an unknown kid; "off": no such requests */
  readonly jwksRefetch: number | 'off';
  /** milliseconds to wait for a JWKS endpoint */
  readonly jwksTimeout: number;
  /** whether an invalid identity token is rejected, or gets an unverified subject with status 200, as some report */
  readonly badToken: 'reject' | 'unverified';
  /** the defects that this org accepts, to test whether a verification notices them */
  readonly accept: readonly TokenDefect[];
  /** the requests for access tokens that the org accepts in a period */
  readonly tokenLimit: RequestLimit;
  /** the requests to renew an access token that the org accepts in a period */
  readonly renewalLimit: RequestLimit;
  /** the conversations that a page or an app can open in a period */
  readonly conversationLimit: RequestLimit;
  /** the messages of a customer that a conversation accepts in a period */
  readonly messageLimit: RequestLimit;
  /** whether the event stream requires Last-Event-Id: the API reference doesn't, a Salesforce playbook does */
  readonly lastEventId: 'optional' | 'required';
  /** whether pages on loopback can call the API without being in the org's CORS list */
  readonly loopbackOrigins: boolean;
}

export const DEFAULT_CHAT_API_SETTINGS: ChatApiSettings = {
  jwksCache: 600_000,
  jwksRefetch: 1_000,
  jwksTimeout: 5_000,
  badToken: 'reject',
  accept: [],
  tokenLimit: 'off',
  renewalLimit: 'off',
  conversationLimit: 'off',
  messageLimit: 'off',
  lastEventId: 'optional',
  loopbackOrigins: true,
};

const EXAMPLE = 'Example: jwksCache=10m,jwksRefetch=off,badToken=unverified,accept=issuer+expiry';
const UNITS: Readonly<Record<string, number>> = { ms: 1, s: 1_000, m: 60_000, h: 3_600_000 };

type ValueParser<T> = (text: string) => T | undefined;

const PARSERS: { readonly [Name in keyof ChatApiSettings]: ValueParser<ChatApiSettings[Name]> } = {
  jwksCache: parseDuration,
  jwksRefetch: (text) => (text === 'off' ? text : parseDuration(text)),
  jwksTimeout: parseDuration,
  badToken: (text) => (text === 'reject' || text === 'unverified' ? text : undefined),
  accept: parseDefects,
  tokenLimit: parseLimit,
  renewalLimit: parseLimit,
  conversationLimit: parseLimit,
  messageLimit: parseLimit,
  lastEventId: (text) => (text === 'optional' || text === 'required' ? text : undefined),
  loopbackOrigins: (text) => (text === 'on' ? true : text === 'off' ? false : undefined),
};

/**
 * Parses the value of `--chat-api`. The error for an invalid setting lists the valid ones.
 * @example parseChatApiSettings('jwksCache=10m,badToken=unverified') // { jwksCache: 600000, badToken: 'unverified' }
 */
export function parseChatApiSettings(spec: string): Partial<ChatApiSettings> {
  const parts = spec.split(',').map((part) => parsePart(part.trim()));
  return Object.fromEntries(parts);
}

function parsePart(part: string): [string, unknown] {
  const [name = '', text] = part.split('=', 2);
  if (!Object.hasOwn(PARSERS, name)) {
    throw new Error(
      `Unknown Chat API setting "${name}". Valid settings: ${Object.keys(PARSERS).join(', ')}. ${EXAMPLE}`,
    );
  }
  const value = PARSERS[name as keyof ChatApiSettings](text ?? '');
  if (value === undefined) throw new Error(`Invalid value in "${part}". ${EXAMPLE}`);
  return [name, value];
}

function parseDuration(text: string): number | undefined {
  const match = /^(\d+(?:\.\d+)?)(ms|s|m|h)$/.exec(text);
  return match ? Number(match[1]) * (UNITS[match[2] ?? ''] ?? 1) : undefined;
}

function parseLimit(text: string): RequestLimit | undefined {
  if (text === 'off') return text;
  const [, requests, period = ''] = /^([1-9]\d*)\/(.+)$/.exec(text) ?? [];
  const milliseconds = parseDuration(period);
  return requests !== undefined && milliseconds !== undefined
    ? { requests: Number(requests), milliseconds }
    : undefined;
}

function parseDefects(text: string): readonly TokenDefect[] | undefined {
  if (text === 'anything') return TOKEN_DEFECTS;
  const names = text.split('+');
  const known = TOKEN_DEFECTS.filter((defect) => names.includes(defect));
  return known.length === names.length ? known : undefined;
}
