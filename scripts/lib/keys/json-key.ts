import { isJsonObject, readJson, type JsonObject } from '../files';
import { isUsableKey, readJwk, readJwks, type JwksKey, type JwkProblem } from '../jwk';
import { describeJsonSyntax, describeKeyJson } from '../key-files';
import { joinNames, type Finding } from '../model';
import { validateKey, keyFinding, reject, type ParseResult, type KeyConstraints, type PublicJwk } from './key-input';

/** Parses a JWK, or the selected key of a JWKS document. */
export function parseJsonKey(from: string, text: string, constraints: KeyConstraints): ParseResult {
  const privateKeyLeaks = privateKeyFindings(from, text, constraints);
  if (privateKeyLeaks.length > 0) return { findings: privateKeyLeaks };
  const { value, problems } = readJson(text);
  if (problems.length > 0) return { findings: jsonFindings(from, text, problems, constraints) };
  if (isJsonObject(value) && Object.hasOwn(value, 'keys')) return parseJwks(from, text, constraints);
  const { code, message, fix } = describeKeyJson(value) ?? {};
  if (code !== undefined) return reject(from, code, message ?? '', fix ?? '');
  return parseJwk(from, value, text, constraints);
}

/** A private key is reported alone, because it is the more serious problem. */
const privateKeyFindings = (from: string, text: string, { now }: KeyConstraints): readonly Finding[] =>
  readJwk(text, now)
    .problems.filter(({ code }) => code === 'jwk-private-key')
    .map((problem) => keyFinding(from, problem));

/** A duplicate member is reported as such; any other problem as the place where the JSON ends to be well-formed. */
function jsonFindings(
  from: string,
  text: string,
  problems: readonly { readonly line: number; readonly message: string }[],
  { now }: KeyConstraints,
): readonly Finding[] {
  const duplicates = readJwk(text, now).problems.filter(({ code }) => code === 'jwk-duplicate-member');
  if (duplicates.length > 0) return duplicates.map((problem) => keyFinding(from, problem));
  const [problem = { line: 1, message: '' }] = problems;
  const { message, fix } = describeJsonSyntax(problem);
  return [keyFinding(from, { code: 'jwk-not-json', severity: 'error', message, fix })];
}

/** Imports the selected key. The kid selects, then the algorithm; keys that verify no token aren't selected. */
function parseJwks(from: string, text: string, constraints: KeyConstraints): ParseResult {
  const { keys, problem } = readJwks(text, constraints.now);
  if (!keys) return reject(from, 'jwks-no-list', problem, 'Use the form { "keys": [ ... ] } (RFC 7517, section 5).');
  const { kid, alg } = constraints;
  const named = kid === undefined ? keys : keys.filter((key) => key.kid === kid);
  if (named.length === 0) return rejectNone(from, keys, kid);
  const usable = named.filter((key) => isUsableKey(key) && (alg === undefined || (key.facts?.alg ?? alg) === alg));
  if (usable.length > 1) return rejectSeveral(from, usable);
  const [key] = usable.length === 1 ? usable : named;
  if (!key || (usable.length === 0 && named.length > 1)) return rejectUnusable(from, named, alg);
  return parseJwk(from, JSON.parse(key.text), key.text, constraints);
}

function rejectSeveral(from: string, keys: readonly JwksKey[]): ParseResult {
  const kids = [...new Set(keys.map(({ name }) => name.slice(0, 100)))];
  const algs = [...new Set(keys.map(({ facts }) => facts?.alg))];
  const message = `The JWKS document contains ${keys.length} keys that can verify tokens.`;
  if (kids.length === keys.length)
    return reject(from, 'jwks-several', message, `Select one: --kid ${kids.join(' or --kid ')}.`);
  return reject(
    from,
    'jwks-several',
    `Several keys in the JWKS document have the same kid: ${joinNames(kids)}.`,
    algs.length === keys.length
      ? `Select one by its algorithm: ${algs.map((alg) => `--alg ${alg ?? ''}`).join(' or ')}.`
      : 'Give each key a unique kid.',
  );
}

function rejectUnusable(from: string, keys: readonly JwksKey[], alg: string | undefined): ParseResult {
  const reasons = keys.map(({ name, unusable, facts }) => {
    const otherAlg = facts?.alg === undefined ? [] : [`Its algorithm is ${facts.alg}.`];
    return `${name}: ${[...unusable.map(({ message }) => message), ...(unusable.length > 0 ? [] : otherAlg)].join(' ')}`;
  });
  const wanted = alg === undefined ? '' : ` with ${alg}`;
  const message = `No key in the JWKS document can verify tokens${wanted}. ${reasons.join(' ').slice(0, 1000)}`;
  return reject(from, 'jwks-none', message, 'Specify a document with an RSA key for RS256 or RS512 signatures.');
}

function rejectNone(from: string, all: readonly JwksKey[], kid: string | undefined): ParseResult {
  const message =
    all.length === 0 || kid === undefined
      ? 'The JWKS document contains no key.'
      : `No key in the JWKS document (${all.length} in total) has the kid ${kid}.`;
  return reject(from, 'jwks-none', message, 'Specify the kid of one of its keys with --kid.');
}

/** Fixes of problems that a flag, or another kind of keyset, solves. Only the owner of a private key can create a certificate. */
const IMPORT_FIXES: Readonly<Record<string, string>> = {
  'jwk-x5c-missing':
    'For the key of an identity provider, use a keyset of type JWKS_URL with its JWKS URL (as Customer_Identity_Endpoint): it needs no certificate, and follows the rotations of the provider. For your own key, create a certificate with its private key, and add --certificate FILE.',
  'jwk-alg': 'If the key declares no algorithm, add --alg with the one that signs your tokens: RS256 or RS512.',
};

const importFinding = (from: string, problem: JwkProblem): Finding =>
  keyFinding(from, { ...problem, fix: IMPORT_FIXES[problem.code] ?? problem.fix });

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
    return { findings: relevantProblems(errors).map((problem) => importFinding(from, problem)) };
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

/** Without the problems of members that don't matter for a key of another type. */
function relevantProblems(problems: readonly JwkProblem[]): readonly JwkProblem[] {
  const decisive = problems.filter(({ code }) => code === 'jwk-not-rsa' || code === 'jwk-private-key');
  return decisive.length > 0 ? decisive : problems;
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
