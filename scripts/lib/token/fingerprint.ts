import { createHash } from 'node:crypto';

/** Identifies a token in output: tells two tokens apart and can't be used to chat. */
export const tokenFingerprint = (token: string): string =>
  `sha256:${createHash('sha256').update(token).digest('hex').slice(0, 12)}`;

const MAX_TEXT_LENGTH = 300;

/**
 * Three parts with dots, an access token of an org, and any word that is long enough to be a key or a part of a token. A match
 * is a secret if it has the group. The others are consumed all the same, because searching them again at each character takes
 * quadratic time.
 */
const SECRET_PATTERNS = [/[\w+/=-]{8,}(\.[\w+/=-]{8,}\.[\w+/=-]*)?/g, /(00D\w{12,15}!)[\w.]+/g, /([\w+/=-]{40,})/g];

/**
 * Replaces everything that can be part of a token in untrusted text, such as the error message of a server, with fingerprints,
 * and shortens the text.
 */
export function redactTokens(text: string): string {
  const stripped = SECRET_PATTERNS.reduce(
    (rest, secret) =>
      rest.replace(secret, (match, group: string | undefined) =>
        group === undefined ? match : `[${tokenFingerprint(match)}]`,
      ),
    text.replace(/\s+/g, ' ').trim(),
  );
  return stripped.length > MAX_TEXT_LENGTH ? `${stripped.slice(0, MAX_TEXT_LENGTH)} ...` : stripped;
}
