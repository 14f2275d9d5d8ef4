/** Ways in which an identity token, or the key it is checked with, can be wrong. */
export const TOKEN_DEFECTS = [
  'alg-none',
  'hs256',
  'algorithm',
  'issuer',
  'kid',
  'inactive-key',
  'no-x5c',
  'expired-certificate',
  'signature',
  'expiry',
  'no-token',
] as const;
export type TokenDefect = (typeof TOKEN_DEFECTS)[number];

/** How the messaging runtime behaves where Salesforce documents nothing, or where sources contradict each other. */
export interface ChatApiSettings {
  /** milliseconds for which the keys of an endpoint are kept */
  readonly jwksCache: number;
  /** an unknown kid makes the org fetch an endpoint again, at most once in so many milliseconds; "off": it never does */
  readonly jwksRefetch: number | 'off';
  /** milliseconds an endpoint has to answer */
  readonly jwksTimeout: number;
  /** whether a bad identity token is refused, or silently gets a guest subject with status 200, as some report */
  readonly badToken: 'reject' | 'unverified';
  /** what this org accepts although it is wrong: for testing that a client notices */
  readonly accept: readonly TokenDefect[];
  /** whether pages on loopback may call the runtime without being in the org's CORS list */
  readonly loopbackOrigins: boolean;
}

export const DEFAULT_CHAT_API_SETTINGS: ChatApiSettings = {
  jwksCache: 600_000,
  jwksRefetch: 1_000,
  jwksTimeout: 5_000,
  badToken: 'reject',
  accept: [],
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
  loopbackOrigins: (text) => (text === 'on' ? true : text === 'off' ? false : undefined),
};

/**
 * Reads how the messaging runtime is to behave. Throws with the settings there are.
 * @example parseRuntime('jwksCache=10m,badToken=unverified') // { jwksCache: 600000, badToken: 'unverified' }
 */
export function parseChatApiSettings(spec: string): Partial<ChatApiSettings> {
  const parts = spec.split(',').map((part) => parsePart(part.trim()));
  return Object.fromEntries(parts);
}

function parsePart(part: string): [string, unknown] {
  const [name = '', text] = part.split('=', 2);
  if (!Object.hasOwn(PARSERS, name)) {
    throw new Error(`The runtime has no setting "${name}", only ${Object.keys(PARSERS).join(', ')}. ${EXAMPLE}`);
  }
  const value = PARSERS[name as keyof ChatApiSettings](text ?? '');
  if (value === undefined) throw new Error(`"${part}" is no value of ${name}. ${EXAMPLE}`);
  return [name, value];
}

function parseDuration(text: string): number | undefined {
  const match = /^(\d+(?:\.\d+)?)(ms|s|m|h)$/.exec(text);
  return match ? Number(match[1]) * (UNITS[match[2] ?? ''] ?? 1) : undefined;
}

function parseDefects(text: string): readonly TokenDefect[] | undefined {
  if (text === 'anything') return TOKEN_DEFECTS;
  const names = text.split('+');
  const known = TOKEN_DEFECTS.filter((flaw) => names.includes(flaw));
  return known.length === names.length ? known : undefined;
}
