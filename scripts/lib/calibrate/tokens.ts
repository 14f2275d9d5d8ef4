import { sign, type KeyObject } from 'node:crypto';
import { encodeBase64url } from '../token';

/** Members of a header or claims, or their JSON text, which can contain a member twice. */
export type Part = Readonly<Record<string, unknown>> | string;

const encode = (part: Part): string =>
  typeof part === 'string' ? Buffer.from(part).toString('base64url') : encodeBase64url(part);

const DIGESTS = { RS256: 'sha256', RS512: 'sha512' } as const;

/** Signs any header and claims, also invalid ones. The header doesn't have to name the algorithm. */
export function signParts(header: Part, claims: Part, key: KeyObject, alg: keyof typeof DIGESTS = 'RS256'): string {
  const input = `${encode(header)}.${encode(claims)}`;
  return `${input}.${sign(DIGESTS[alg], Buffer.from(input), key).toString('base64url')}`;
}

/** The JSON text of an object with another member of a name that it has already. */
export const withDuplicate = (members: Readonly<Record<string, unknown>>, name: string, value: unknown): string =>
  `${JSON.stringify(members).slice(0, -1)},${JSON.stringify(name)}:${JSON.stringify(value)}}`;
