import { createHash } from 'node:crypto';

/** SHA-256 as hexadecimal digits. */
export const sha256 = (text: string): string => createHash('sha256').update(text, 'utf8').digest('hex');

const DIGEST_LINE = /^([^]*,\n) {2}"digest": "([0-9a-f]{64})"\n\}\n$/;

/** Serializes a document as JSON. Its last member is a digest of all bytes before that member. */
export function withDigest(document: object): string {
  const body = `${JSON.stringify(document, null, 2).replace(/\n\}$/, '')},\n`;
  return `${body}  "digest": "${sha256(body)}"\n}\n`;
}

/**
 * Whether a text still matches its digest. A digest isn't a signature: it detects truncation and edits, but not an attacker,
 * who can compute a new digest.
 */
export function digestMatches(text: string): boolean {
  const [, body, digest] = DIGEST_LINE.exec(text) ?? [];
  return body !== undefined && sha256(body) === digest;
}
