import { readCertificate, type CertificateFacts } from './certificate';
import { hasDuplicateMember, isJsonObject, type JsonObject } from '../files';
import { readKeyFile } from '../key-files';
import { npmRun } from '../model';
import { memberProblems, stringOf, type KeyDelivery } from './members';
import { privateMemberProblems, privateMemberProblemsWithin, privatePemProblems } from './private-members';
import { jwkProblem, type JwkProblem } from './problem';
import { readRsa, thumbprintOf, type RsaNumbers } from './rsa';

/** Facts about a public key. They contain no secret. */
export interface PublicKeyFacts {
  readonly kid?: string;
  readonly alg?: string;
  readonly use?: string;
  /** RFC 7638, SHA-256, base64url. */
  readonly thumbprint: string;
  readonly bits: number;
  readonly certificate?: CertificateFacts;
}

export interface JwkResult {
  /** Present if n and e are valid, even if the key has other problems. */
  readonly key?: PublicKeyFacts;
  readonly problems: readonly JwkProblem[];
}

/**
 * Checks whether a text is one public key that Salesforce accepts and that is safe to publish, and returns all problems.
 * Never throws. No message contains a value of the key. The certificate is checked at `now`.
 */
export function readJwk(text: string, now: Date, delivery: KeyDelivery = 'uploaded'): JwkResult {
  const parsed = parseJson(text);
  if (!parsed) return { problems: [...privatePemProblems(text), notJsonProblem(text)] };
  if (!isJsonObject(parsed.value) || Array.isArray(parsed.value['keys'])) {
    return { problems: [...privateMemberProblemsWithin(parsed.value), notOneKeyProblem(parsed.value)] };
  }
  const reading = readMembers(parsed.value, now, delivery);
  return { ...reading, problems: [...duplicateMemberProblems(text), ...reading.problems] };
}

function readMembers(members: JsonObject, now: Date, delivery: KeyDelivery): JwkResult {
  const { numbers, problems } = readRsa(members);
  const memberFindings = [...privateMemberProblems(members), ...memberProblems(members, delivery)];
  if (members['kty'] !== 'RSA') return { problems: memberFindings };
  const skipCertificate = delivery === 'endpoint' && !Object.hasOwn(members, 'x5c');
  const certificateReading = skipCertificate ? { problems: [] } : readCertificate(members, numbers, now);
  return {
    ...(numbers && { key: publicKeyFacts(members, numbers, certificateReading.certificate) }),
    problems: [...memberFindings, ...problems, ...certificateReading.problems],
  };
}

function publicKeyFacts(
  members: JsonObject,
  numbers: RsaNumbers,
  certificate: CertificateFacts | undefined,
): PublicKeyFacts {
  const [kid, alg, use] = [stringOf(members, 'kid'), stringOf(members, 'alg'), stringOf(members, 'use')];
  return {
    ...(kid !== undefined && { kid }),
    ...(alg !== undefined && { alg }),
    ...(use !== undefined && { use }),
    thumbprint: thumbprintOf(numbers),
    bits: numbers.bits,
    ...(certificate && { certificate }),
  };
}

function parseJson(text: string): { readonly value: unknown } | undefined {
  try {
    return { value: JSON.parse(text) as unknown };
  } catch {
    return undefined;
  }
}

/** The message of the parser isn't used, because it quotes the text. */
function notJsonProblem(text: string): JwkProblem {
  if (text.trim() === '')
    return jwkProblem('jwk-not-json', 'The key is empty.', 'Specify the JSON web key of the public key.');
  if ('items' in readKeyFile(Buffer.from(text), 'public'))
    return jwkProblem('jwk-not-json', 'The key is PEM text instead of a JSON web key.', IMPORT_FIX);
  const fix = 'Specify the public key as one JSON object, with its opening and closing brace.';
  return jwkProblem('jwk-not-json', "The key isn't well-formed JSON.", fix);
}

const IMPORT_FIX = `Save the PEM text as a file, and import it: ${npmRun('keys', 'import', 'NAME', '--from', 'FILE')}`;

function notOneKeyProblem(value: unknown): JwkProblem {
  const wrapped = Array.isArray(value) || isJsonObject(value);
  const message = wrapped
    ? 'The text is an array or a JWKS document. Salesforce accepts only a single key.'
    : "The text is JSON, but it isn't an object.";
  return jwkProblem(
    'jwk-not-one-key',
    message,
    'Specify one key without an array or "keys". Create a separate component for each further key.',
  );
}

function duplicateMemberProblems(text: string): readonly JwkProblem[] {
  if (!hasDuplicateMember(text)) return [];
  const message = 'The key has a duplicate member. Which of the two values applies depends on the reader.';
  return [jwkProblem('jwk-duplicate-member', message, 'Remove the duplicate member.')];
}
