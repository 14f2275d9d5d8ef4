import { createHash } from 'node:crypto';

/** SHA-256 as hexadecimal digits. */
export const sha256 = (text: string): string => createHash('sha256').update(text, 'utf8').digest('hex');

const DIGEST_LINE = /^([^]*,\n) {2}"digest": "([0-9a-f]{64})"\n\}\n$/;

/** JSON with a digest over every byte before it as its last member. */
export function withDigest(document: object): string {
  const body = `${JSON.stringify(document, null, 2).replace(/\n\}$/, '')},\n`;
  return `${body}  "digest": "${sha256(body)}"\n}\n`;
}

/**
 * Whether no byte of a text was changed since its digest was made. It is no signature: who changes the text can make a new
 * digest, so it tells of accidents and edits, not of attackers.
 */
export function digestMatches(text: string): boolean {
  const [, body, digest] = DIGEST_LINE.exec(text) ?? [];
  return body !== undefined && sha256(body) === digest;
}
