import { isJsonObject, type JsonObject } from '../files';
import { memberOf } from './members';
import { jwkProblem, type JwkProblem } from './problem';

/** The private members of any JSON web key (RFC 7518, section 6). */
const PRIVATE_MEMBERS = ['d', 'p', 'q', 'dp', 'dq', 'qi', 'oth', 'k'];

/** Members into which Salesforce's key-command-line-utility writes their own name as a placeholder. */
const PLACEHOLDER_MEMBERS = ['y', 'crv', 'd', 'k'];

const FIX =
  'Remove it from all files and from the Git history, and replace the key pair, because it may be compromised.';

const isPlaceholder = (members: JsonObject, name: string): boolean =>
  PLACEHOLDER_MEMBERS.includes(name) && memberOf(members, name) === name;

const privateMemberNames = (members: JsonObject): readonly string[] =>
  PRIVATE_MEMBERS.filter((name) => memberOf(members, name) !== undefined && !isPlaceholder(members, name));

/** An error for private members, and a note for the placeholder letters of Salesforce's key tool. Values are never included. */
export const privateMemberProblems = (members: JsonObject): readonly JwkProblem[] => [
  ...exposureProblems(privateMemberNames(members)),
  ...placeholderProblems(PLACEHOLDER_MEMBERS.filter((name) => isPlaceholder(members, name))),
];

/** An error for private members of the keys in an array or a JWKS document. */
export function privateMemberProblemsWithin(value: unknown): readonly JwkProblem[] {
  const keys = isJsonObject(value) ? memberOf(value, 'keys') : value;
  const members = (Array.isArray(keys) ? keys : []).filter(isJsonObject);
  return exposureProblems(
    PRIVATE_MEMBERS.filter((name) => members.some((key) => privateMemberNames(key).includes(name))),
  );
}

/** An error for a PEM private key in place of a public JSON web key. */
export function privatePemProblems(text: string): readonly JwkProblem[] {
  if (!/-----BEGIN [A-Z ]*PRIVATE KEY/.test(text)) return [];
  return [jwkProblem('jwk-private-key', 'The text is a PEM private key. Only a public key is allowed.', FIX)];
}

function exposureProblems(names: readonly string[]): readonly JwkProblem[] {
  if (names.length === 0) return [];
  const exposed = names.length === 1 ? `the private member ${names[0]}` : `the private members ${names.join(', ')}`;
  return [
    jwkProblem(
      'jwk-private-key',
      `The key contains ${exposed}. Anyone who can read it can sign tokens for any customer.`,
      FIX,
    ),
  ];
}

function placeholderProblems(names: readonly string[]): readonly JwkProblem[] {
  if (names.length === 0) return [];
  const message = `Placeholder letters of Salesforce's key tool, not secrets, are in: ${names.join(', ')}.`;
  return [jwkProblem('jwk-placeholder-members', message, 'No action is required. You can remove them.')];
}
