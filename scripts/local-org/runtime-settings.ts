/** Ways in which an identity token, or the key it is checked with, can be wrong. */
export const FLAWS = [
  'alg-none',
  'hs256',
  'algorithm',
  'issuer',
  'kid',
  'inactive-key',
  'no-x5c',
  'ended-certificate',
  'signature',
  'expiry',
  'no-token',
] as const;
export type Flaw = (typeof FLAWS)[number];

/** How the messaging runtime behaves where Salesforce documents nothing, or where sources contradict each other. */
export interface RuntimeSettings {
  /** milliseconds for which the keys of an endpoint are kept */
  readonly jwksCache: number;
  /** an unknown kid makes the org fetch an endpoint again, at most once in so many milliseconds; "off": it never does */
  readonly jwksRefetch: number | 'off';
  /** milliseconds an endpoint has to answer */
  readonly jwksTimeout: number;
  /** whether a bad identity token is refused, or silently gets a guest subject with status 200, as some report */
  readonly badToken: 'refuse' | 'guest';
  /** what this org accepts although it is wrong: for testing that a client notices */
  readonly accept: readonly Flaw[];
  /** whether pages on loopback may call the runtime without being in the org's CORS list */
  readonly loopbackOrigins: boolean;
}

export const DEFAULT_RUNTIME: RuntimeSettings = {
  jwksCache: 600_000,
  jwksRefetch: 1_000,
  jwksTimeout: 5_000,
  badToken: 'refuse',
  accept: [],
  loopbackOrigins: true,
};

const EXAMPLE = 'Example: jwksCache=10m,jwksRefetch=off,badToken=guest,accept=issuer+expiry';
const UNITS: Readonly<Record<string, number>> = { ms: 1, s: 1_000, m: 60_000, h: 3_600_000 };

type Reader<T> = (text: string) => T | undefined;

const READERS: { readonly [Name in keyof RuntimeSettings]: Reader<RuntimeSettings[Name]> } = {
  jwksCache: duration,
  jwksRefetch: (text) => (text === 'off' ? text : duration(text)),
  jwksTimeout: duration,
  badToken: (text) => (text === 'refuse' || text === 'guest' ? text : undefined),
  accept: flaws,
  loopbackOrigins: (text) => (text === 'on' ? true : text === 'off' ? false : undefined),
};

/**
 * Reads how the messaging runtime is to behave. Throws with the settings there are.
 * @example parseRuntime('jwksCache=10m,badToken=guest') // { jwksCache: 600000, badToken: 'guest' }
 */
export function parseRuntime(spec: string): Partial<RuntimeSettings> {
  const parts = spec.split(',').map((part) => parsePart(part.trim()));
  return Object.fromEntries(parts);
}

function parsePart(part: string): [string, unknown] {
  const [name = '', text] = part.split('=', 2);
  if (!Object.hasOwn(READERS, name)) {
    throw new Error(`The runtime has no setting "${name}", only ${Object.keys(READERS).join(', ')}. ${EXAMPLE}`);
  }
  const value = READERS[name as keyof RuntimeSettings](text ?? '');
  if (value === undefined) throw new Error(`"${part}" is no value of ${name}. ${EXAMPLE}`);
  return [name, value];
}

function duration(text: string): number | undefined {
  const match = /^(\d+(?:\.\d+)?)(ms|s|m|h)$/.exec(text);
  return match ? Number(match[1]) * (UNITS[match[2] ?? ''] ?? 1) : undefined;
}

function flaws(text: string): readonly Flaw[] | undefined {
  if (text === 'anything') return FLAWS;
  const named = text.split('+');
  const known = FLAWS.filter((flaw) => named.includes(flaw));
  return known.length === named.length ? known : undefined;
}
