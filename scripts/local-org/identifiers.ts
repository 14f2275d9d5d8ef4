import { createHash } from 'node:crypto';

const BASE62 = '0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz';
const CHECKSUM = 'ABCDEFGHIJKLMNOPQRSTUVWXYZ012345';

/** The first three characters of a record id tell its object. */
export const PREFIX = {
  organization: '00D',
  user: '005',
  group: '00G',
  queueSobject: '03g',
  deploy: '0Af',
  retrieve: '09S',
  // The prefixes of the objects below are not documented; callers must not rely on them.
  messagingChannel: '0Mj',
  embeddedServiceConfig: '0ES',
  serviceChannel: '0N9',
  messagingEndUser: '0PA',
  messagingSession: '0Mw',
  conversation: '0dw',
  metadata: '0Md',
} as const;

/** The org id of the local org with this alias: always the same, 18 characters with the right check characters. */
export function orgIdOf(alias: string): string {
  return recordId(PREFIX.organization, 'org', alias);
}

/** A record id that is the same for the same parts. */
export function recordId(prefix: string, ...parts: readonly string[]): string {
  return withChecksum(prefix + toBase62(parts.join('\n'), 15 - prefix.length));
}

/** A UUID (version 4 in form) that is the same for the same parts. */
export function uuidOf(...parts: readonly string[]): string {
  const hex = createHash('sha256').update(parts.join('\n')).digest('hex');
  return `${hex.slice(0, 8)}-${hex.slice(8, 12)}-4${hex.slice(13, 16)}-a${hex.slice(17, 20)}-${hex.slice(20, 32)}`;
}

/** Salesforce takes an id with or without its three check characters. */
export function sameId(left: string, right: string): boolean {
  return left.slice(0, 15) === right.slice(0, 15) && left.length >= 15 && right.length >= 15;
}

function toBase62(text: string, length: number): string {
  const digest = createHash('sha256').update(text).digest();
  return Array.from({ length }, (_, index) => BASE62[(digest[index] ?? 0) % 62]).join('');
}

// Each check character stands for five characters: bit n is set when the nth of them is an upper-case letter.
function withChecksum(id: string): string {
  const groups = [id.slice(0, 5), id.slice(5, 10), id.slice(10, 15)];
  return id + groups.map((group) => CHECKSUM[caseBits(group)]).join('');
}

function caseBits(group: string): number {
  return [...group].reduce((bits, letter, index) => bits + (/[A-Z]/.test(letter) ? 1 << index : 0), 0);
}
