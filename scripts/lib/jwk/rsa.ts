import { createHash } from 'node:crypto';
import type { JsonObject } from '../files';
import { memberOf } from './members';
import { jwkProblem, type JwkProblem } from './problem';

/** The numbers of an RSA public key, each in base64url without leading zeros. */
export interface RsaNumbers {
  readonly n: string;
  readonly e: string;
  readonly bits: number;
}

const MIN_BITS = 2048;
const FIX = 'Encode n and e with a JWK library: big-endian, base64url without padding (RFC 7518, section 6.3.1).';

/** Reads n and e. `numbers` is absent if one of them is missing or invalid. */
export function readRsa(members: JsonObject): {
  readonly numbers?: RsaNumbers;
  readonly problems: readonly JwkProblem[];
} {
  const [n, e] = [decodeUnsignedInteger(memberOf(members, 'n')), decodeUnsignedInteger(memberOf(members, 'e'))];
  if (!n || !e) return { problems: [jwkProblem('jwk-numbers', encodingMessage(n, e), FIX)] };
  const numbers = { n: n.toString('base64url'), e: e.toString('base64url'), bits: bitLength(n) };
  if (!isOdd(n) || !isOdd(e) || bitLength(e) < 2) {
    const message =
      "n and e aren't an RSA public key. Both must be odd, and e must be at least 3 (RFC 8017, section 3.1).";
    return { numbers, problems: [jwkProblem('jwk-numbers', message, FIX)] };
  }
  return { numbers, problems: lengthProblems(numbers) };
}

function encodingMessage(n: Buffer | undefined, e: Buffer | undefined): string {
  const invalid = [...(n ? [] : ['n']), ...(e ? [] : ['e'])];
  return `${invalid.join(' and ')} ${invalid.length > 1 ? 'are' : 'is'} missing or not base64url.`;
}

function lengthProblems({ bits }: RsaNumbers): readonly JwkProblem[] {
  if (bits >= MIN_BITS) return [];
  const message = `The key has ${bits} bits. Salesforce requires at least ${MIN_BITS}.`;
  return [jwkProblem('jwk-too-short', message, 'Generate a key pair of at least 2048 bits, and sign tokens with it.')];
}

/** Decodes a base64url number without leading zero octets. Returns undefined for any other text, and for zero. */
function decodeUnsignedInteger(value: unknown): Buffer | undefined {
  if (typeof value !== 'string') return undefined;
  const bytes = Buffer.from(value, 'base64url');
  if (bytes.toString('base64url') !== value) return undefined;
  const first = bytes.findIndex((byte) => byte !== 0);
  return first < 0 ? undefined : bytes.subarray(first);
}

const isOdd = (bytes: Buffer): boolean => ((bytes.at(-1) ?? 0) & 1) === 1;

const bitLength = (bytes: Buffer): number => bytes.length * 8 - (Math.clz32(bytes[0] ?? 0) - 24);

/** The thumbprint of RFC 7638 in base64url. It depends only on the key, not on the other members of its JWK. */
export const thumbprintOf = ({ n, e }: Pick<RsaNumbers, 'n' | 'e'>): string =>
  createHash('sha256').update(`{"e":"${e}","kty":"RSA","n":"${n}"}`).digest('base64url');
