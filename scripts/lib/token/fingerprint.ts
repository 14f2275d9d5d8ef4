import { createHash } from 'node:crypto';

/** What may be said of a token instead of the token: enough to tell two apart, of no use to anybody else. */
export const tokenFingerprint = (token: string): string =>
  `sha256:${createHash('sha256').update(token).digest('hex').slice(0, 12)}`;

const MAX_TEXT_LENGTH = 300;

/** Three parts with dots, a session id of Salesforce, or anything long enough to be a key or a part of a token. */
const SECRET_PATTERNS = [/[\w+/=-]{8,}\.[\w+/=-]{8,}\.[\w+/=-]*/g, /00D\w{12,15}![\w.]+/g, /[\w+/=-]{40,}/g];

/** Text of a stranger, such as a server's error message, with whatever could be part of a token taken out, and cut short. */
export function redactTokens(text: string): string {
  const stripped = SECRET_PATTERNS.reduce(
    (rest, secret) => rest.replace(secret, (match) => `[${tokenFingerprint(match)}]`),
    text.replace(/\s+/g, ' ').trim(),
  );
  return stripped.length > MAX_TEXT_LENGTH ? `${stripped.slice(0, MAX_TEXT_LENGTH)} ...` : stripped;
}
