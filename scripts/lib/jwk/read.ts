import { readCertificate, type CertificateFacts } from './certificate';
import { describingProblems, isMembers, stringOf, type Delivery, type Members } from './members';
import { privateProblems, privateProblemsWithin, privateText } from './private';
import { problem, type JwkProblem } from './problem';
import { readRsa, thumbprintOf, type RsaNumbers } from './rsa';
import { repeatedMember } from './repeated';

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

export interface JwkReading {
  /** Present where n and e could be read, even if something else is wrong. */
  readonly key?: PublicKeyFacts;
  readonly problems: readonly JwkProblem[];
}

/**
 * Answers whether a text is one public key that Salesforce takes and that is safe to publish, with every problem at
 * once. Any text is answered, none throws; no message repeats a value of the key. `now` decides about the certificate.
 */
export function readJwk(text: string, now: Date, delivery: Delivery = 'uploaded'): JwkReading {
  const parsed = parse(text);
  if (!parsed) return { problems: [...privateText(text), notJson(text)] };
  if (!isMembers(parsed.value) || Array.isArray(parsed.value['keys'])) {
    return { problems: [...privateProblemsWithin(parsed.value), notOneKey(parsed.value)] };
  }
  const reading = readMembers(parsed.value, now, delivery);
  return { ...reading, problems: [...repeatedProblems(text), ...reading.problems] };
}

function readMembers(members: Members, now: Date, delivery: Delivery): JwkReading {
  const { numbers, problems } = readRsa(members);
  const described = [...privateProblems(members), ...describingProblems(members, delivery)];
  if (members['kty'] !== 'RSA') return { problems: described };
  const absent = delivery === 'endpoint' && !Object.hasOwn(members, 'x5c');
  const read = absent ? { problems: [] } : readCertificate(members, numbers, now);
  return {
    ...(numbers && { key: factsOf(members, numbers, read.certificate) }),
    problems: [...described, ...problems, ...read.problems],
  };
}

function factsOf(members: Members, numbers: RsaNumbers, certificate: CertificateFacts | undefined): PublicKeyFacts {
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

function parse(text: string): { readonly value: unknown } | undefined {
  try {
    return { value: JSON.parse(text) as unknown };
  } catch {
    return undefined;
  }
}

/** The parser's own message is not used: it quotes the text. */
function notJson(text: string): JwkProblem {
  if (text.trim() === '')
    return problem('jwk-not-json', 'There is no key.', 'Put the JSON Web Key of the public key there.');
  const fix = 'Put the public key there as one JSON object, from the opening to the closing brace.';
  return problem('jwk-not-json', 'The key is not well-formed JSON.', fix);
}

function notOneKey(value: unknown): JwkProblem {
  const wrapped = Array.isArray(value) || isMembers(value);
  const message = wrapped
    ? 'The text is a set of keys; Salesforce takes each key singly and refuses an array or a JWKS wrapper.'
    : 'The text is JSON, but not the object that a key is.';
  return problem(
    'jwk-not-one-key',
    message,
    'Put one key there, without array or "keys"; each further key is a component of its own.',
  );
}

function repeatedProblems(text: string): readonly JwkProblem[] {
  if (!repeatedMember(text)) return [];
  const message = 'A member occurs twice in the key; which of the two counts depends on who reads it.';
  return [problem('jwk-member-twice', message, 'State each member once.')];
}
