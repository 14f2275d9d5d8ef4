import { isJsonObject, readJson, type JsonObject } from '../json';
import { readJwk } from '../jwk';
import type { Finding } from '../model';
import { validateKey, keyFinding, reject, type ParseResult, type KeyConstraints, type PublicJwk } from './key-input';

/** Parses a JWK, or the selected key of a JWKS document. */
export function parseJsonKey(from: string, text: string, constraints: KeyConstraints): ParseResult {
  const privateKeyLeaks = privateKeyFindings(from, text, constraints);
  if (privateKeyLeaks.length > 0) return { findings: privateKeyLeaks };
  const { value, problems } = readJson(text);
  if (problems.length > 0) return { findings: jsonFindings(from, text, problems, constraints) };
  if (isJsonObject(value) && Object.hasOwn(value, 'keys')) return parseJwks(from, value['keys'], constraints);
  return parseJwk(from, value, text, constraints);
}

/** A private key is reported alone, because it is the more serious problem. */
const privateKeyFindings = (from: string, text: string, { now }: KeyConstraints): readonly Finding[] =>
  readJwk(text, now)
    .problems.filter(({ code }) => code === 'jwk-private-key')
    .map((problem) => keyFinding(from, problem));

function jsonFindings(
  from: string,
  text: string,
  problems: readonly { message: string }[],
  { now }: KeyConstraints,
): readonly Finding[] {
  const jwkProblems = readJwk(text, now).problems.filter(
    ({ code }) => code === 'jwk-not-json' || code === 'jwk-duplicate-member',
  );
  if (jwkProblems.length > 0) return jwkProblems.map((problem) => keyFinding(from, problem));
  return problems.map(({ message }) =>
    keyFinding(from, {
      code: 'jwk-not-json',
      severity: 'error',
      message: `The text isn't unambiguous JSON: ${message}`,
      fix: 'Correct the JSON.',
    }),
  );
}

function parseJwks(from: string, keys: unknown, constraints: KeyConstraints): ParseResult {
  if (!Array.isArray(keys))
    return reject(
      from,
      'jwks-no-list',
      '"keys" isn\'t a list.',
      'Use the form { "keys": [ ... ] } (RFC 7517, section 5).',
    );
  const all = keys.filter(isJsonObject);
  const matching = constraints.kid === undefined ? all : all.filter(({ kid }) => kid === constraints.kid);
  const [match] = matching;
  if (match && matching.length === 1) return parseJwk(from, match, JSON.stringify(match), constraints);
  return match ? rejectSeveral(from, matching) : rejectNone(from, all, constraints.kid);
}

function rejectSeveral(from: string, keys: readonly JsonObject[]): ParseResult {
  const kids = keys.flatMap(({ kid }) => (typeof kid === 'string' ? [kid.slice(0, 100)] : []));
  const hasDuplicates = new Set(kids).size < keys.length;
  const message = hasDuplicates
    ? 'Several keys in the JWKS document have the same kid, or none.'
    : `The JWKS document contains ${keys.length} keys.`;
  return reject(
    from,
    'jwks-several',
    message,
    hasDuplicates ? 'Give each key a unique kid.' : `Select one: --kid ${kids.join(' or --kid ')}.`,
  );
}

function rejectNone(from: string, all: readonly JsonObject[], kid: string | undefined): ParseResult {
  const message =
    all.length === 0 || kid === undefined
      ? 'The JWKS document contains no key.'
      : `No key in the JWKS document (${all.length} in total) has the kid ${kid}.`;
  return reject(from, 'jwks-none', message, 'Specify the kid of one of its keys with --kid.');
}

/** Imports only the members that Salesforce reads. */
function parseJwk(from: string, value: unknown, text: string, constraints: KeyConstraints): ParseResult {
  if (!isJsonObject(value))
    return { findings: readJwk(text, constraints.now).problems.map((problem) => keyFinding(from, problem)) };
  const completed = withConstraints(value, constraints);
  const { key, problems } = readJwk(JSON.stringify(completed), constraints.now);
  const allProblems = [
    ...readJwk(text, constraints.now).problems.filter(({ code }) => code === 'jwk-duplicate-member'),
    ...problems,
  ];
  const kid = key?.kid ?? key?.thumbprint;
  const errors = allProblems.filter(
    ({ code, severity }) => severity === 'error' && !(code === 'jwk-kid' && !Object.hasOwn(value, 'kid')),
  );
  if (errors.length > 0 || !key || kid === undefined)
    return { findings: errors.map((problem) => keyFinding(from, problem)) };
  const notes = allProblems.filter(({ severity }) => severity !== 'error').map((problem) => keyFinding(from, problem));
  return validateKey(from, pickPublicMembers(completed, kid), constraints.now, notes);
}

function withConstraints(value: JsonObject, { kid, alg, certificate }: KeyConstraints): JsonObject {
  return {
    ...value,
    ...(certificate && { x5c: [certificate.raw.toString('base64')] }),
    ...(alg !== undefined && value['alg'] === undefined && { alg }),
    ...(kid !== undefined && value['kid'] === undefined && { kid }),
  };
}

/** Expects a validated JWK. */
function pickPublicMembers({ alg, x5c, n, e }: JsonObject, kid: string): PublicJwk {
  const [leafCertificate] = x5c as readonly string[];
  return {
    kid,
    alg: String(alg),
    use: 'sig',
    kty: 'RSA',
    x5c: leafCertificate === undefined ? [] : [leafCertificate],
    n: String(n),
    e: String(e),
  };
}
