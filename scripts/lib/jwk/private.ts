import { isMembers, memberOf, type Members } from './members';
import { problem, type JwkProblem } from './problem';

/** The private members of any JSON Web Key (RFC 7518, section 6). */
const PRIVATE = ['d', 'p', 'q', 'dp', 'dq', 'qi', 'oth', 'k'];

/** Members into which Salesforce's key-command-line-utility writes their own name as a placeholder. */
const PLACEHOLDERS = ['y', 'crv', 'd', 'k'];

const FIX = 'Remove it everywhere, history included, and replace the key pair: what was published is private no more.';

const isPlaceholder = (members: Members, name: string): boolean =>
  PLACEHOLDERS.includes(name) && memberOf(members, name) === name;

const privateNames = (members: Members): readonly string[] =>
  PRIVATE.filter((name) => memberOf(members, name) !== undefined && !isPlaceholder(members, name));

/** Private members, by name alone; and, as an info of its own, the placeholder letters of Salesforce's key tool. */
export const privateProblems = (members: Members): readonly JwkProblem[] => [
  ...leak(privateNames(members)),
  ...placeholders(PLACEHOLDERS.filter((name) => isPlaceholder(members, name))),
];

/** Private members of the keys in an array or a JWKS. */
export function privateProblemsWithin(value: unknown): readonly JwkProblem[] {
  const keys = isMembers(value) ? memberOf(value, 'keys') : value;
  const members = (Array.isArray(keys) ? keys : []).filter(isMembers);
  return leak(PRIVATE.filter((name) => members.some((key) => privateNames(key).includes(name))));
}

/** A private key as PEM text where a public JSON Web Key should be. */
export function privateText(text: string): readonly JwkProblem[] {
  if (!/-----BEGIN [A-Z ]*PRIVATE KEY/.test(text)) return [];
  return [problem('jwk-private-key', 'A private key in PEM form stands where the public key belongs.', FIX)];
}

function leak(names: readonly string[]): readonly JwkProblem[] {
  if (names.length === 0) return [];
  const held = names.length === 1 ? `the private member ${names[0]}` : `the private members ${names.join(', ')}`;
  return [
    problem('jwk-private-key', `The key holds ${held}: whoever can read it can sign tokens as any customer.`, FIX),
  ];
}

function placeholders(names: readonly string[]): readonly JwkProblem[] {
  if (names.length === 0) return [];
  const message = `${names.join(', ')} hold placeholder letters that Salesforce's key tool writes; they are no secret.`;
  return [problem('jwk-placeholder-members', message, 'Nothing has to be done; they may be removed.')];
}
