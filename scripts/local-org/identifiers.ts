import { createHash } from 'node:crypto';

const BASE62 = '0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz';
const CHECKSUM = 'ABCDEFGHIJKLMNOPQRSTUVWXYZ012345';

/** The first three characters of a record ID, by object. */
export const PREFIX = {
  organization: '00D',
  user: '005',
  group: '00G',
  queueSobject: '03g',
  // The IDs of Agentforce agents start with 0Xx. (Salesforce playbook service-agentforce-channel-configure)
  bot: '0Xx',
  botVersion: '0X9',
  profile: '00e',
  permissionSet: '0PS',
  permissionSetAssignment: '0Pa',
  apexClass: '01p',
  apexTrigger: '01q',
  staticResource: '081',
  sourceMember: '0MZ',
  deploy: '0Af',
  retrieve: '09S',
  // The prefixes of the objects below aren't documented. Callers must not rely on them.
  messagingChannel: '0Mj',
  embeddedServiceConfig: '0ES',
  serviceChannel: '0N9',
  messagingEndUser: '0PA',
  messagingSession: '0Mw',
  conversation: '0dw',
  metadata: '0Md',
} as const;

/** The org ID of the local org with this alias: always the same, 18 characters with a valid checksum. */
export function orgIdOf(alias: string): string {
  return recordId(PREFIX.organization, 'org', alias);
}

/** A record ID that depends only on the parts. */
export function recordId(prefix: string, ...parts: readonly string[]): string {
  return withChecksum(prefix + toBase62(parts.join('\n'), 15 - prefix.length));
}

/** A UUID in the format of version 4 that depends only on the parts. */
export function uuidOf(...parts: readonly string[]): string {
  const hex = createHash('sha256').update(parts.join('\n')).digest('hex');
  return `${hex.slice(0, 8)}-${hex.slice(8, 12)}-4${hex.slice(13, 16)}-a${hex.slice(17, 20)}-${hex.slice(20, 32)}`;
}

/** Compares IDs. Salesforce accepts an ID with or without its three checksum characters. */
export function sameId(left: string, right: string): boolean {
  return left.slice(0, 15) === right.slice(0, 15) && left.length >= 15 && right.length >= 15;
}

function toBase62(text: string, length: number): string {
  const digest = createHash('sha256').update(text).digest();
  return Array.from({ length }, (_, index) => BASE62[(digest[index] ?? 0) % 62]).join('');
}

// Each checksum character encodes five characters: bit n is set if the nth of them is an uppercase letter.
function withChecksum(id: string): string {
  const groups = [id.slice(0, 5), id.slice(5, 10), id.slice(10, 15)];
  return id + groups.map((group) => CHECKSUM[caseBits(group)]).join('');
}

function caseBits(group: string): number {
  return [...group].reduce((bits, letter, index) => bits + (/[A-Z]/.test(letter) ? 1 << index : 0), 0);
}
