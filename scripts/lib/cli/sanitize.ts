import { escapeWorkflowCommandsInJson, escapeWorkflowCommands } from '../report/annotations';
import { escapeControls } from '../report/text-layout';
import { escapeInvisibleJson } from '../report/escape';

/** The styles that pages are drawn with: bold, dim, inverse, the plain colours, and their ends. */
// eslint-disable-next-line no-control-regex -- styles begin with one
const STYLE = /(\u001B\[(?:1|2|7|22|27|3[1-69]|9[0-7])m)/;

/**
 * Makes untrusted text safe for a terminal or a log: keeps our styles if there are colors, and escapes all other control
 * characters and the workflow commands of a pipeline.
 */
export function sanitize(text: string, color: boolean): string {
  const plain = redactSecrets(text)
    .split(STYLE)
    .map((part, index) => (index % 2 === 0 ? escapeControls(part) : color ? part : ''))
    .join('');
  return isGitHubActions() ? escapeWorkflowCommands(plain) : plain;
}

/** A JSON document as it may reach a terminal or a log; it says the same. */
export function sanitizeJson(json: string): string {
  const escaped = escapeInvisibleJson(redactSecrets(json));
  return isGitHubActions() ? escapeWorkflowCommandsInJson(escaped) : escaped;
}

/**
 * Secrets that a user can pass in the wrong place: a JWT, a private key, an access token of an org, an auth URL of sf. A match
 * is a secret if it has the group. The others are consumed all the same, because searching them again at each character takes
 * quadratic time.
 */
const SECRETS = [
  /\bey[\w-]{8,}(\.[\w-]{8,}\.[\w-]*)?/g,
  /(-----BEGIN [A-Z ]*PRIVATE KEY-----)[\w+/=\s:,\\]*(?:-(?!----)[\w+/=\s:,\\]*)*(?:-----END [A-Z ]*PRIVATE KEY-----)?/g,
  /(\b00D\w{12,15}\\*!)[\w.]+/g,
  /\bforce:\/\/[^\s"'@]+(@[\w.-]+)?/g,
];

/** Replaces each secret in a text. No output of a command contains one, except what `printSecret` prints. */
export const redactSecrets = (text: string): string =>
  SECRETS.reduce(
    (rest, secret) =>
      rest.replace(secret, (match, group: string | undefined) => (group === undefined ? match : '[secret removed]')),
    text,
  );

/** Whether a text contains a secret that a user passed in the wrong place. */
export const hasSecret = (text: string): boolean => redactSecrets(text) !== text;

export const isGitHubActions = (): boolean => process.env['GITHUB_ACTIONS'] === 'true';
