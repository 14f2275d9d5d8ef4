import { readCertificate, type CertificateFacts } from './certificate';
import { isJsonObject, type JsonObject } from '../json';
import { memberProblems, stringOf, type KeyDelivery } from './members';
import { privateMemberProblems, privateMemberProblemsWithin, privatePemProblems } from './private-members';
import { jwkProblem, type JwkProblem } from './problem';
import { readRsa, thumbprintOf, type RsaNumbers } from './rsa';

/** What a public key says of itself; nothing in it is secret. */
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
  /** Present where n and e could be read, even if something else is wrong. */
  readonly key?: PublicKeyFacts;
  readonly problems: readonly JwkProblem[];
}

/**
 * Answers whether a text is one public key that Salesforce takes and that is safe to publish, with every problem at
 * once. Any text is answered, none throws; no message repeats a value of the key. `now` decides about the certificate.
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

/** The parser's own message is not used: it quotes the text. */
function notJsonProblem(text: string): JwkProblem {
  if (text.trim() === '')
    return jwkProblem('jwk-not-json', 'There is no key.', 'Put the JSON Web Key of the public key there.');
  const fix = 'Put the public key there as one JSON object, from the opening to the closing brace.';
  return jwkProblem('jwk-not-json', 'The key is not well-formed JSON.', fix);
}

function notOneKeyProblem(value: unknown): JwkProblem {
  const wrapped = Array.isArray(value) || isJsonObject(value);
  const message = wrapped
    ? 'The text is a set of keys; Salesforce takes each key singly and refuses an array or a JWKS wrapper.'
    : 'The text is JSON, but not the object that a key is.';
  return jwkProblem(
    'jwk-not-one-key',
    message,
    'Put one key there, without array or "keys"; each further key is a component of its own.',
  );
}

function duplicateMemberProblems(text: string): readonly JwkProblem[] {
  if (!hasDuplicateMember(text)) return [];
  const message = 'A member occurs twice in the key; which of the two counts depends on who reads it.';
  return [jwkProblem('jwk-duplicate-member', message, 'State each member once.')];
}

/** The strings and brackets of a JSON text. */
const TOKENS = /"[^"\\]*(?:\\.[^"\\]*)*"|[{}[\]:]/g;

/**
 * Whether the outermost object of a well-formed JSON text names a member twice. JSON.parse keeps the last one, so a
 * private member could hide behind a harmless one of the same name.
 */
export function hasDuplicateMember(text: string): boolean {
  const names = topLevelNames(text);
  return new Set(names).size < names.length;
}

function topLevelNames(text: string): readonly unknown[] {
  const names: unknown[] = [];
  let depth = 0;
  let lastString = '""';
  for (const [token] of text.matchAll(TOKENS)) {
    if (token === '{' || token === '[') depth++;
    else if (token === '}' || token === ']') depth--;
    else if (token !== ':') lastString = token;
    else if (depth === 1) names.push(JSON.parse(lastString));
  }
  return names;
}
