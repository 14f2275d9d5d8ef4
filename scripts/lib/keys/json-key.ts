import { readJson } from '../json';
import { readJwk } from '../jwk';
import type { Finding } from '../model';
import { judged, keyFinding, refuse, type Taken, type Wanted } from './material';
import type { PublicJwk } from './public-jwk';

type Members = Readonly<Record<string, unknown>>;

const isMembers = (value: unknown): value is Members =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

/** Takes one key of a JSON text: a JWK, or the one of a JWKS that is meant. */
export function takeJson(from: string, text: string, wanted: Wanted): Taken {
  const leaks = leaksIn(from, text, wanted);
  if (leaks.length > 0) return { findings: leaks };
  const { value, problems } = readJson(text);
  if (problems.length > 0) return { findings: problemsOf(from, text, problems, wanted) };
  if (isMembers(value) && Object.hasOwn(value, 'keys')) return takeOne(from, value['keys'], wanted);
  return takeKey(from, value, text, wanted);
}

/** Whoever offers a private key has a worse problem than the import. */
const leaksIn = (from: string, text: string, { now }: Wanted): readonly Finding[] =>
  readJwk(text, now)
    .problems.filter(({ code }) => code === 'jwk-private-key')
    .map((problem) => keyFinding(from, problem));

function problemsOf(
  from: string,
  text: string,
  problems: readonly { message: string }[],
  { now }: Wanted,
): readonly Finding[] {
  const known = readJwk(text, now).problems.filter(
    ({ code }) => code === 'jwk-not-json' || code === 'jwk-member-twice',
  );
  if (known.length > 0) return known.map((problem) => keyFinding(from, problem));
  return problems.map(({ message }) =>
    keyFinding(from, {
      code: 'jwk-not-json',
      severity: 'error',
      message: `The text is no JSON that everybody reads alike: ${message}`,
      fix: 'Mend the JSON.',
    }),
  );
}

function takeOne(from: string, keys: unknown, wanted: Wanted): Taken {
  if (!Array.isArray(keys))
    return refuse(
      from,
      'jwks-no-list',
      '"keys" is no list.',
      'Serve { "keys": [ ... ] } as RFC 7517 (section 5) has it.',
    );
  const all = keys.filter(isMembers);
  const meant = wanted.kid === undefined ? all : all.filter(({ kid }) => kid === wanted.kid);
  const [first] = meant;
  if (first && meant.length === 1) return takeKey(from, first, JSON.stringify(first), wanted);
  return first ? several(from, meant) : noneOf(from, all, wanted.kid);
}

function several(from: string, keys: readonly Members[]): Taken {
  const kids = keys.flatMap(({ kid }) => (typeof kid === 'string' ? [kid.slice(0, 100)] : []));
  const same = new Set(kids).size < keys.length;
  const message = same ? 'Several keys of the set have the same kid, or none.' : `The set has ${keys.length} keys.`;
  return refuse(
    from,
    'jwks-several',
    message,
    same ? 'Give each key of the set a kid of its own.' : `Say which: --kid ${kids.join(' or --kid ')}.`,
  );
}

function noneOf(from: string, all: readonly Members[], kid: string | undefined): Taken {
  const message =
    all.length === 0 || kid === undefined
      ? 'The set holds no key.'
      : `None of the ${all.length} keys of the set has the kid ${kid}.`;
  return refuse(from, 'jwks-none', message, 'Look at the set, and name the kid with --kid.');
}

/** Only the members that Salesforce reads are taken, so that neither placeholders nor anything else comes along. */
function takeKey(from: string, value: unknown, text: string, wanted: Wanted): Taken {
  if (!isMembers(value))
    return { findings: readJwk(text, wanted.now).problems.map((problem) => keyFinding(from, problem)) };
  const completed = complete(value, wanted);
  const { key, problems } = readJwk(JSON.stringify(completed), wanted.now);
  const found = [...readJwk(text, wanted.now).problems.filter(({ code }) => code === 'jwk-member-twice'), ...problems];
  const kid = key?.kid ?? key?.thumbprint;
  const errors = found.filter(
    ({ code, severity }) => severity === 'error' && !(code === 'jwk-kid' && !Object.hasOwn(value, 'kid')),
  );
  if (errors.length > 0 || !key || kid === undefined)
    return { findings: errors.map((problem) => keyFinding(from, problem)) };
  const notes = found.filter(({ severity }) => severity !== 'error').map((problem) => keyFinding(from, problem));
  return judged(from, chosen(completed, kid), wanted.now, notes);
}

function complete(value: Members, { kid, alg, certificate }: Wanted): Members {
  return {
    ...value,
    ...(certificate && { x5c: [certificate.raw.toString('base64')] }),
    ...(alg !== undefined && value['alg'] === undefined && { alg }),
    ...(kid !== undefined && value['kid'] === undefined && { kid }),
  };
}

/** Every member was looked at before, so that each is the text it has to be. */
function chosen({ alg, x5c, n, e }: Members, kid: string): PublicJwk {
  const [first] = x5c as readonly string[];
  return {
    kid,
    alg: String(alg),
    use: 'sig',
    kty: 'RSA',
    x5c: first === undefined ? [] : [first],
    n: String(n),
    e: String(e),
  };
}
