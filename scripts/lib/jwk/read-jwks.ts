import { isJsonObject, readJson } from '../files';
import { certificateMapOf, jwksUriOf } from '../key-files';
import { memberOf, stringOf } from './members';
import type { JwkProblem } from './problem';
import { readJwk, type PublicKeyFacts } from './read';

/** One key of a JWKS document. */
export interface JwksKey {
  /** Its kid, or its position in the document. */
  readonly name: string;
  readonly kid?: string;
  /** Present for every RSA key with valid numbers, usable or not. */
  readonly facts?: PublicKeyFacts;
  /** The JWK as JSON. */
  readonly text: string;
  /** Why no token can be verified with the key. Empty for a usable key. */
  readonly unusable: readonly JwkProblem[];
  /** Problems that Salesforce may not see: those of a certificate, which a key at an endpoint doesn't need. */
  readonly doubtful: readonly JwkProblem[];
}

/** The keys of a JWKS document in their order, or the reason why the text isn't one. */
export type Jwks =
  | { readonly keys: readonly JwksKey[]; readonly problem?: undefined }
  | { readonly keys?: undefined; readonly problem: string };

/** A rotation needs 2 keys. Each key costs time and a line of output. */
export const MAX_KEYS = 100;

/**
 * Reads a JWKS document as RFC 7517, section 5, describes: keys that the reader can't use don't cause a rejection of the others,
 * and unknown members are ignored. Whether Salesforce ignores such keys isn't documented. Never throws. Reports name members, but
 * contain no value of a key except its kid.
 */
export function readJwks(text: string, now: Date): Jwks {
  const { value, problems } = readJson(text);
  const [problem] = problems;
  if (problem) return { problem: notJsonReason(text, problem.message) };
  const keys = isJsonObject(value) ? memberOf(value, 'keys') : undefined;
  if (!Array.isArray(keys)) return { problem: otherDocumentReason(value) };
  if (keys.length > MAX_KEYS) return { problem: `The document has ${keys.length} keys; at most ${MAX_KEYS} are read.` };
  return { keys: keys.map((key: unknown, index) => readKey(key, index, now)) };
}

/** Whether a token can be verified with a key, as far as its members say. */
export const isUsableKey = ({ facts, unusable }: JwksKey): boolean => facts !== undefined && unusable.length === 0;

/** The certificate problems that matter only where Salesforce requires a certificate: for an uploaded key. */
const CERTIFICATE_PROBLEMS: readonly string[] = [
  'jwk-x5c-encoding',
  'jwk-x5c-expired',
  'jwk-x5c-not-yet-valid',
  'jwk-x5c-expires-soon',
];

function readKey(value: unknown, index: number, now: Date): JwksKey {
  const text = JSON.stringify(value);
  const kid = isJsonObject(value) ? stringOf(value, 'kid') : undefined;
  const { key: facts, problems } = readJwk(text, now, 'endpoint');
  const errors = problems.filter(({ severity }) => severity === 'error');
  const isDoubt = ({ code }: JwkProblem): boolean => CERTIFICATE_PROBLEMS.includes(code);
  return {
    name: kid ?? `number ${index + 1}`,
    text,
    ...(kid !== undefined && { kid }),
    ...(facts && { facts }),
    unusable: errors.filter((problem) => !isDoubt(problem)),
    doubtful: errors.filter(isDoubt),
  };
}

function notJsonReason(text: string, message: string): string {
  if (text.trimStart().startsWith('<')) return 'The document is a web page or XML, for example a login page.';
  return `The document isn't JSON: ${message}`;
}

/** Says which document a JSON text is instead of a JWKS document, and where the keys are. */
function otherDocumentReason(value: unknown): string {
  if (!isJsonObject(value)) return 'The document has no list "keys" (RFC 7517, section 5).';
  const jwksUri = jwksUriOf(value);
  if (jwksUri !== undefined)
    return `The document is the discovery document of a provider. The keys are at its jwks_uri: ${jwksUri}`;
  if (certificateMapOf(value))
    return 'The document maps kids to PEM certificates. Salesforce reads a JWKS document: use the jwks_uri of the provider.';
  if (Object.hasOwn(value, 'kty'))
    return 'The document is a single key. A JWKS document has the form { "keys": [ ... ] }.';
  return 'The document has no list "keys" (RFC 7517, section 5).';
}
