import type { JsonObject } from '../json';
import { jwkProblem, type JwkProblem } from './problem';

/** A member; what an object inherits is none. */
export const memberOf = (members: JsonObject, name: string): unknown =>
  Object.hasOwn(members, name) ? members[name] : undefined;

/** A member that is a non-empty string. */
export function stringOf(members: JsonObject, name: string): string | undefined {
  const value = memberOf(members, name);
  return typeof value === 'string' && value !== '' ? value : undefined;
}

/** How Salesforce gets a key: uploaded, or from an endpoint. Only an uploaded one needs alg and a certificate. */
export type KeyDelivery = 'uploaded' | 'endpoint';

const ALGORITHMS: ReadonlySet<unknown> = new Set(['RS256', 'RS512']);

/** Names from the JOSE registry: only these are repeated in a message, for anything else could be key material. */
const REGISTERED_NAMES = new Set(
  'RSA EC OKP oct sig enc HS256 HS384 HS512 RS384 PS256 PS384 PS512 ES256 ES384 ES512 EdDSA RSA-OAEP RSA1_5 none'.split(
    ' ',
  ),
);

/** What a member says, as far as it can be shown. */
function describeMember(members: JsonObject, name: string): string {
  const value = memberOf(members, name);
  if (value === undefined) return `${name} is missing`;
  return typeof value === 'string' && REGISTERED_NAMES.has(value) ? `${name} is ${value}` : `${name} is something else`;
}

/** What is wrong with the members that say what the key is and how it is used: kty, alg, use, kid. */
export const memberProblems = (members: JsonObject, delivery: KeyDelivery): readonly JwkProblem[] => [
  ...ktyProblems(members),
  ...algProblems(members, delivery),
  ...useProblems(members),
  ...kidProblems(members),
];

function ktyProblems(members: JsonObject): readonly JwkProblem[] {
  if (memberOf(members, 'kty') === 'RSA') return [];
  const message = `The key is not an RSA key (${describeMember(members, 'kty')}); Salesforce verifies RS256 and RS512 only.`;
  return [jwkProblem('jwk-not-rsa', message, 'Use an RSA key of at least 2048 bits, with "kty": "RSA".')];
}

function algProblems(members: JsonObject, delivery: KeyDelivery): readonly JwkProblem[] {
  const alg = memberOf(members, 'alg');
  if (ALGORITHMS.has(alg) || (delivery === 'endpoint' && alg === undefined)) return [];
  const message = `The key is not declared for RS256 or RS512 (${describeMember(members, 'alg')}); Salesforce refuses it.`;
  return [
    jwkProblem('jwk-alg', message, 'State "alg": "RS256" or "alg": "RS512", whichever your tokens are signed with.'),
  ];
}

/** Help shows `use` in its sample but does not list it among the required members. */
function useProblems(members: JsonObject): readonly JwkProblem[] {
  const use = memberOf(members, 'use');
  if (use === undefined || use === 'sig') return [];
  return [
    jwkProblem(
      'jwk-use',
      `The key is not meant for signatures (${describeMember(members, 'use')}).`,
      'State "use": "sig".',
    ),
  ];
}

function kidProblems(members: JsonObject): readonly JwkProblem[] {
  if (stringOf(members, 'kid') !== undefined) return [];
  const message = 'kid is missing or is no text; a token names its key by kid, so none could be verified.';
  return [
    jwkProblem(
      'jwk-kid',
      message,
      'Add a "kid" that no other key of the keyset has, and put it into the header of each token.',
    ),
  ];
}
