import { isJsonObject, readJson, type JsonObject } from '../json';
import { readJwk } from '../jwk';
import type { Finding } from '../model';
import { validateKey, keyFinding, reject, type ParseResult, type KeyConstraints, type PublicJwk } from './key-input';

/** Takes one key of a JSON text: a JWK, or the one of a JWKS that is meant. */
export function parseJsonKey(from: string, text: string, constraints: KeyConstraints): ParseResult {
  const privateKeyLeaks = privateKeyFindings(from, text, constraints);
  if (privateKeyLeaks.length > 0) return { findings: privateKeyLeaks };
  const { value, problems } = readJson(text);
  if (problems.length > 0) return { findings: jsonFindings(from, text, problems, constraints) };
  if (isJsonObject(value) && Object.hasOwn(value, 'keys')) return parseJwks(from, value['keys'], constraints);
  return parseJwk(from, value, text, constraints);
}

/** Whoever offers a private key has a worse problem than the import. */
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
      message: `The text is no JSON that everybody reads alike: ${message}`,
      fix: 'Mend the JSON.',
    }),
  );
}

function parseJwks(from: string, keys: unknown, constraints: KeyConstraints): ParseResult {
  if (!Array.isArray(keys))
    return reject(
      from,
      'jwks-no-list',
      '"keys" is no list.',
      'Serve { "keys": [ ... ] } as RFC 7517 (section 5) has it.',
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
    ? 'Several keys of the set have the same kid, or none.'
    : `The set has ${keys.length} keys.`;
  return reject(
    from,
    'jwks-several',
    message,
    hasDuplicates ? 'Give each key of the set a kid of its own.' : `Say which: --kid ${kids.join(' or --kid ')}.`,
  );
}

function rejectNone(from: string, all: readonly JsonObject[], kid: string | undefined): ParseResult {
  const message =
    all.length === 0 || kid === undefined
      ? 'The set holds no key.'
      : `None of the ${all.length} keys of the set has the kid ${kid}.`;
  return reject(from, 'jwks-none', message, 'Look at the set, and name the kid with --kid.');
}

/** Only the members that Salesforce reads are taken, so that neither placeholders nor anything else comes along. */
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

/** Every member was looked at before, so that each is the text it has to be. */
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
