/** The chats that customers have with an org, without a client. */
export interface TrafficSettings {
  /** chats of verified users in an hour, for each chat deployment of a verified channel */
  readonly verifiedPerHour: number;
  /** chats of unverified users in an hour, for each chat deployment */
  readonly unverifiedPerHour: number;
  /** milliseconds after which users aren't verified any more; undefined: never */
  readonly brokenAfterMs?: number;
  /**
   * the chats of verified users after that time. Sources contradict each other: a customer with an invalid token gets an unverified chat
   * (public walkthrough of a live org), or no chat (Salesforce playbook for Teams agents).
   */
  readonly broken: 'unverified' | 'none';
  /** milliseconds of traffic before the org started */
  readonly beforeMs: number;
}

const EXAMPLE = 'Example: verified=40/m,unverified=2/m,broken-after=10m';
const UNITS: Readonly<Record<string, number>> = { s: 1_000, m: 60_000, h: 3_600_000, d: 86_400_000 };

type Parse = (text: string) => Partial<TrafficSettings> | undefined;

const PARSERS: Readonly<Record<string, Parse>> = {
  verified: (text) => withValue('verifiedPerHour', parseRate(text)),
  unverified: (text) => withValue('unverifiedPerHour', parseRate(text)),
  'broken-after': (text) => withValue('brokenAfterMs', parseDuration(text)),
  broken: (text) => (text === 'unverified' || text === 'none' ? { broken: text } : undefined),
  before: (text) => withValue('beforeMs', parseDuration(text)),
};

/**
 * Parses the value of `--traffic`. The error for an invalid part lists the valid ones.
 * @example parseTraffic('verified=40/m,broken-after=10m') // { verifiedPerHour: 2400, unverifiedPerHour: 0, ... }
 */
export function parseTraffic(spec: string): TrafficSettings {
  const settings: TrafficSettings = { verifiedPerHour: 0, unverifiedPerHour: 0, broken: 'unverified', beforeMs: 0 };
  const parts = spec.split(',').map((part) => part.trim());
  const names = parts.map((part) => part.split('=', 1)[0] ?? '');
  const twice = names.find((name, index) => names.indexOf(name) !== index);
  if (twice !== undefined) throw new Error(`"${twice}" is given twice. ${EXAMPLE}`);
  const parsed = parts.reduce<TrafficSettings>((all, part) => ({ ...all, ...parsePart(part) }), settings);
  assertFewPastChats(parsed);
  return parsed;
}

/** More records make each query slow. */
const MAX_PAST_CHATS = 50_000;

function assertFewPastChats({ verifiedPerHour, unverifiedPerHour, beforeMs }: TrafficSettings): void {
  const chats = ((verifiedPerHour + unverifiedPerHour) * beforeMs) / 3_600_000;
  if (chats <= MAX_PAST_CHATS) return;
  throw new Error(
    `"before" would add ${Math.round(chats)} chats for each chat deployment; at most ${MAX_PAST_CHATS} are possible. Use lower rates, such as verified=90/h.`,
  );
}

function parsePart(part: string): Partial<TrafficSettings> {
  const [name = '', text = ''] = part.split('=', 2);
  const parse = Object.hasOwn(PARSERS, name) ? PARSERS[name] : undefined;
  if (!parse) throw new Error(`Unknown traffic "${name}". Valid parts: ${Object.keys(PARSERS).join(', ')}. ${EXAMPLE}`);
  const values = parse(text);
  if (!values) throw new Error(`Invalid value in "${part}". ${EXAMPLE}`);
  return values;
}

const withValue = (name: keyof TrafficSettings, value: number | undefined): Partial<TrafficSettings> | undefined =>
  value === undefined ? undefined : { [name]: value };

/** Chats in an hour: 40/m, 90/h. */
function parseRate(text: string): number | undefined {
  const [, count, unit = ''] = /^(\d{1,6})\/([mh])$/.exec(text) ?? [];
  return count === undefined ? undefined : Number(count) * ((UNITS['h'] ?? 0) / (UNITS[unit] ?? 1));
}

function parseDuration(text: string): number | undefined {
  const [, count, unit = ''] = /^(\d{1,6})([smhd])$/.exec(text) ?? [];
  return count === undefined ? undefined : Number(count) * (UNITS[unit] ?? 1);
}
