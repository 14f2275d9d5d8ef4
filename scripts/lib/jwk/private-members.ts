import { isJsonObject, type JsonObject } from '../json';
import { memberOf } from './members';
import { jwkProblem, type JwkProblem } from './problem';

/** The private members of any JSON Web Key (RFC 7518, section 6). */
const PRIVATE_MEMBERS = ['d', 'p', 'q', 'dp', 'dq', 'qi', 'oth', 'k'];

/** Members into which Salesforce's key-command-line-utility writes their own name as a placeholder. */
const PLACEHOLDER_MEMBERS = ['y', 'crv', 'd', 'k'];

const FIX = 'Remove it everywhere, history included, and replace the key pair: what was published is private no more.';

const isPlaceholder = (members: JsonObject, name: string): boolean =>
  PLACEHOLDER_MEMBERS.includes(name) && memberOf(members, name) === name;

const privateMemberNames = (members: JsonObject): readonly string[] =>
  PRIVATE_MEMBERS.filter((name) => memberOf(members, name) !== undefined && !isPlaceholder(members, name));

/** Private members, by name alone; and, as an info of its own, the placeholder letters of Salesforce's key tool. */
export const privateMemberProblems = (members: JsonObject): readonly JwkProblem[] => [
  ...exposureProblems(privateMemberNames(members)),
  ...placeholderProblems(PLACEHOLDER_MEMBERS.filter((name) => isPlaceholder(members, name))),
];

/** Private members of the keys in an array or a JWKS. */
export function privateMemberProblemsWithin(value: unknown): readonly JwkProblem[] {
  const keys = isJsonObject(value) ? memberOf(value, 'keys') : value;
  const members = (Array.isArray(keys) ? keys : []).filter(isJsonObject);
  return exposureProblems(
    PRIVATE_MEMBERS.filter((name) => members.some((key) => privateMemberNames(key).includes(name))),
  );
}

/** A private key as PEM text where a public JSON Web Key should be. */
export function privatePemProblems(text: string): readonly JwkProblem[] {
  if (!/-----BEGIN [A-Z ]*PRIVATE KEY/.test(text)) return [];
  return [jwkProblem('jwk-private-key', 'A private key in PEM form stands where the public key belongs.', FIX)];
}

function exposureProblems(names: readonly string[]): readonly JwkProblem[] {
  if (names.length === 0) return [];
  const exposed = names.length === 1 ? `the private member ${names[0]}` : `the private members ${names.join(', ')}`;
  return [
    jwkProblem(
      'jwk-private-key',
      `The key holds ${exposed}: whoever can read it can sign tokens as any customer.`,
      FIX,
    ),
  ];
}

function placeholderProblems(names: readonly string[]): readonly JwkProblem[] {
  if (names.length === 0) return [];
  const message = `${names.join(', ')} hold placeholder letters that Salesforce's key tool writes; they are no secret.`;
  return [jwkProblem('jwk-placeholder-members', message, 'Nothing has to be done; they may be removed.')];
}
