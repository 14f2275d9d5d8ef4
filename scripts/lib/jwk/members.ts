import type { JsonObject } from '../files';
import { jwkProblem, type JwkProblem } from './problem';

/** An own member of an object; undefined for inherited properties. */
export const memberOf = (members: JsonObject, name: string): unknown =>
  Object.hasOwn(members, name) ? members[name] : undefined;

/** A member that is a non-empty string. */
export function stringOf(members: JsonObject, name: string): string | undefined {
  const value = memberOf(members, name);
  return typeof value === 'string' && value !== '' ? value : undefined;
}

/** How Salesforce gets a key: by upload or from a JWKS endpoint. Only an uploaded key needs alg and a certificate. */
export type KeyDelivery = 'uploaded' | 'endpoint';

const ALGORITHMS: ReadonlySet<unknown> = new Set(['RS256', 'RS512']);

/** Names from the JOSE registry. A message repeats only these, because any other value could be part of a private key. */
const REGISTERED_NAMES = new Set(
  'RSA EC OKP oct sig enc HS256 HS384 HS512 RS384 PS256 PS384 PS512 ES256 ES384 ES512 EdDSA RSA-OAEP RSA1_5 none'.split(
    ' ',
  ),
);

/** Describes a member without its value, except for a registered name. */
function describeMember(members: JsonObject, name: string): string {
  const value = memberOf(members, name);
  if (value === undefined) return `${name} is missing`;
  return typeof value === 'string' && REGISTERED_NAMES.has(value) ? `${name} is ${value}` : `${name} has another value`;
}

/** The problems of the members kty, alg, use, key_ops, and kid. */
export const memberProblems = (members: JsonObject, delivery: KeyDelivery): readonly JwkProblem[] => [
  ...ktyProblems(members),
  ...algProblems(members, delivery),
  ...useProblems(members),
  ...keyOpsProblems(members),
  ...kidProblems(members),
];

function ktyProblems(members: JsonObject): readonly JwkProblem[] {
  if (memberOf(members, 'kty') === 'RSA') return [];
  if (memberOf(members, 'kty') === 'RSA-HSM')
    return [
      jwkProblem(
        'jwk-not-rsa',
        'kty is RSA-HSM, as Azure Key Vault calls an RSA key in a hardware security module. The standard knows only RSA.',
        'Write "kty": "RSA". The other members stay the same.',
      ),
    ];
  const message = `The key isn't an RSA key (${describeMember(members, 'kty')}). Salesforce supports only RS256 and RS512.`;
  return [jwkProblem('jwk-not-rsa', message, 'Use an RSA key of at least 2048 bits, with "kty": "RSA".')];
}

function algProblems(members: JsonObject, delivery: KeyDelivery): readonly JwkProblem[] {
  const alg = memberOf(members, 'alg');
  if (ALGORITHMS.has(alg) || (delivery === 'endpoint' && alg === undefined)) return [];
  const consequence = delivery === 'uploaded' ? ' Salesforce rejects the key.' : '';
  const message = `The algorithm of the key isn't RS256 or RS512 (${describeMember(members, 'alg')}).${consequence}`;
  return [jwkProblem('jwk-alg', message, 'Set "alg" to "RS256" or "RS512", the algorithm that signs your tokens.')];
}

/** Salesforce Help shows `use` in its sample but doesn't list it as a required member. */
function useProblems(members: JsonObject): readonly JwkProblem[] {
  const use = memberOf(members, 'use');
  if (use === undefined || use === 'sig') return [];
  return [
    jwkProblem('jwk-use', `The key isn't for signatures (${describeMember(members, 'use')}).`, 'Set "use" to "sig".'),
  ];
}

/** key_ops lists all operations of a key, so one without `verify` verifies nothing (RFC 7517, section 4.3). */
function keyOpsProblems(members: JsonObject): readonly JwkProblem[] {
  const operations = memberOf(members, 'key_ops');
  if (operations === undefined || (Array.isArray(operations) && operations.includes('verify'))) return [];
  return [jwkProblem('jwk-key-ops', 'key_ops doesn\'t contain "verify".', 'Remove key_ops, or set it to ["verify"].')];
}

function kidProblems(members: JsonObject): readonly JwkProblem[] {
  if (stringOf(members, 'kid') !== undefined) return [];
  const message = "kid is missing or isn't a string. A token refers to its key by kid, so no token can be verified.";
  return [
    jwkProblem('jwk-kid', message, 'Add a "kid" that is unique in the keyset, and use it in the header of each token.'),
  ];
}
