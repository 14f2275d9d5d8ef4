/** Chats of a channel in a time. A chat is a messaging session. */
export interface ChatCounts {
  /** Chats of verified users. */
  readonly verified: number;
  readonly total: number;
}

/** The chats of one channel. */
export interface ChannelTraffic {
  readonly channel: string;
  /** The chat deployments that serve the channel. A session doesn't name its chat deployment. */
  readonly chatDeployments: readonly string[];
  readonly now: ChatCounts;
  /** The same hours of previous days, together. */
  readonly before: ChatCounts;
  /** The number of previous days in `before`. */
  readonly days: number;
}

/** The end of a certificate that tokens depend on. */
export interface Expiration {
  /** uploaded key, key at a JWKS endpoint, TLS of a JWKS endpoint, or certificate with which Apex signs */
  readonly kind: 'key' | 'endpoint key' | 'TLS' | 'signer';
  readonly name: string;
  /** ISO 8601 */
  readonly expiresAt: string;
  /** Whole days, rounded down; negative after the end. */
  readonly daysLeft: number;
}

/** The results of a monitor run in one org. They contain counts only, no key or name of a person. */
export interface MonitoredOrg {
  readonly alias: string;
  readonly status: string;
  /** Failed and inconclusive checks, each as `group: name`. */
  readonly failed: readonly string[];
  readonly inconclusive: readonly string[];
  readonly traffic: readonly ChannelTraffic[];
  readonly expirations: readonly Expiration[];
}

/** One run of the monitor. A history consists of these. */
export interface MonitorRun {
  /** ISO 8601 */
  readonly at: string;
  /** The start of the time in which chats were counted, as ISO 8601. */
  readonly since: string;
  readonly orgs: readonly MonitoredOrg[];
}

/** The share of verified chats in percent; undefined without a chat. */
export const verifiedShare = ({ verified, total }: ChatCounts): number | undefined =>
  total === 0 ? undefined : (100 * verified) / total;

/** `97.5%`; `-` without a chat. Rounded down, so that a share below 100% is never shown as 100%. */
export function formatShare(counts: ChatCounts): string {
  const share = verifiedShare(counts);
  return share === undefined ? '-' : `${Math.floor(share * 10) / 10}%`;
}

/** The words for a certificate, before its name. */
export const EXPIRATION_LABELS: Readonly<Record<Expiration['kind'], string>> = {
  key: 'key',
  'endpoint key': 'key',
  TLS: 'TLS certificate of',
  signer: 'Apex signer certificate',
};

/** The expirations of an org, the next one first. */
export const sortExpirations = (expirations: readonly Expiration[]): readonly Expiration[] =>
  expirations.toSorted((one, other) => one.expiresAt.localeCompare(other.expiresAt));
