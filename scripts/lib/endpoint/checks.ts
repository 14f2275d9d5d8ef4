import { readJson, isSameJson } from '../json';
import { compromisedKeyIn, readJwk, type PublicKeyFacts } from '../jwk';
import { compromisedKeyText, type Check, type CompromisedKey } from '../model';
import type { EndpointResponse } from './download';
import { MAX_KEYS } from './served-keys';

/** The keys that an endpoint should serve, and the longest accepted cache lifetime. */
export interface ExpectedDocument {
  readonly keys: readonly { readonly name: string; readonly kid: string; readonly thumbprint: string }[];
  readonly cacheHours: number;
  /** The keys that must not be served, under any kid. */
  readonly compromised: readonly CompromisedKey[];
  readonly now: Date;
}

/** Salesforce documents no limits, so larger or slower responses are a risk. */
const MAX_DOCUMENT_BYTES = 100 * 1024;
const MAX_RESPONSE_MS = 2_000;

/** Text of a server is printed as one short line: a second line could look like another check. */
const MAX_LINE_LENGTH = 300;
const toLine = (text: string): string => {
  const singleLine = text.slice(0, 2 * MAX_LINE_LENGTH).replace(/\s+/g, ' ');
  return singleLine.length > MAX_LINE_LENGTH ? `${singleLine.slice(0, MAX_LINE_LENGTH)} ...` : singleLine;
};

const check = (name: string, ok: boolean, detail: string): Check => ({
  name: toLine(name),
  ok,
  detail: toLine(detail),
});

/** Evaluates two responses of one endpoint. */
export function evaluateResponses(
  first: EndpointResponse,
  second: EndpointResponse,
  expected: ExpectedDocument,
): readonly Check[] {
  return [
    statusCheck(first),
    check('content type', isJson(first), first.headers.get('content-type') ?? 'none'),
    check(
      'size',
      !first.truncated && first.body.length <= MAX_DOCUMENT_BYTES,
      first.truncated ? 'more than 1 MB' : `${first.body.length} bytes`,
    ),
    check('time', first.durationMs <= MAX_RESPONSE_MS, `${first.durationMs} ms`),
    cacheCheck(first, expected.cacheHours),
    check('stable response', isSameJson(first.body.toString(), second.body.toString()), '2 consecutive requests'),
    ...documentChecks(first.body.toString(), expected),
  ];
}

function statusCheck({ status, headers }: EndpointResponse): Check {
  const meaning =
    status >= 300 && status < 400
      ? `a redirect${headers.get('location') === null ? '' : ' to another URL'}; Salesforce doesn't document whether it follows redirects`
      : status === 401 || status === 403
        ? "a login is required, which Salesforce doesn't have"
        : '';
  return check('reachable without a login', status === 200, meaning === '' ? String(status) : `${status}, ${meaning}`);
}

const isJson = ({ headers }: EndpointResponse): boolean =>
  /^application\/(json|jwk-set\+json)\b/i.test(headers.get('content-type') ?? '');

/** A cache that keeps the document longer than a rotation waits would serve a retired key or miss a new one. */
function cacheCheck({ headers }: EndpointResponse, cacheHours: number): Check {
  const control = headers.get('cache-control') ?? '';
  const seconds = Number(/(?:^|[\s,])(?:s-maxage|max-age)=(\d+)/i.exec(control)?.[1] ?? 0);
  return check('cache lifetime', seconds <= cacheHours * 3600, control === '' ? 'no Cache-Control' : control);
}

function documentChecks(text: string, expected: ExpectedDocument): readonly Check[] {
  const { value, problems } = readJson(text);
  const [problem] = problems;
  if (problem) return [check('JSON', false, problem.message)];
  const keys = (value as { keys?: unknown } | null)?.keys;
  if (!Array.isArray(keys)) return [check('JSON', false, 'The document has no list "keys" (RFC 7517, section 5).')];
  if (keys.length > MAX_KEYS) return [check('number of keys', false, `${keys.length}; at most ${MAX_KEYS} are read`)];
  const read = keys.map((key: unknown) => readJwk(JSON.stringify(key), expected.now, 'endpoint'));
  const served = read.flatMap(({ key }) => key ?? []);
  return [
    check('JSON', true, keys.length === 1 ? '1 key' : `${keys.length} keys`),
    check('at least one key', served.length > 0, `${served.length} usable`),
    ...read.map(({ key, problems: keyProblems }, index) => keyCheck(key, keyProblems, index)),
    kidsCheck(served),
    ...expectedKeyChecks(served, expected),
    ...compromisedKeyChecks(keys, expected),
  ];
}

function keyCheck(
  key: PublicKeyFacts | undefined,
  problems: ReturnType<typeof readJwk>['problems'],
  index: number,
): Check {
  const errors = problems.filter(({ severity }) => severity === 'error');
  const detail =
    errors.length > 0
      ? errors.map(({ code, message }) => `${code}: ${message}`).join(' ')
      : `${key?.bits ?? 0} bits, ${key?.alg ?? 'no alg'}`;
  return check(`key ${key?.kid ?? String(index + 1)}`, errors.length === 0, detail);
}

function kidsCheck(keys: readonly PublicKeyFacts[]): Check {
  const kids = keys.flatMap(({ kid }) => kid ?? []);
  const duplicates = kids.filter((kid, index) => kids.indexOf(kid) !== index);
  return check(
    'kids are unique',
    duplicates.length === 0,
    duplicates.length === 0 ? 'no duplicates' : `duplicates: ${duplicates.join(', ')}`,
  );
}

/** Compares the served keys with the expected keys, in both directions. */
function expectedKeyChecks(served: readonly PublicKeyFacts[], { keys }: ExpectedDocument): readonly Check[] {
  if (keys.length === 0) return [];
  const missing = keys.map(({ name, kid, thumbprint }) => {
    const match = served.find((key) => key.kid === kid);
    const detail = !match
      ? 'not served'
      : match.thumbprint === thumbprint
        ? 'served'
        : 'another key is served with its kid';
    return check(`expected ${name}`, detail === 'served', detail);
  });
  const unexpected = served.filter((key) => !keys.some(({ kid }) => kid === key.kid));
  const detail = unexpected.length === 0 ? 'none' : unexpected.map(({ kid }) => kid ?? 'a key without kid').join(', ');
  return [...missing, check('unexpected keys', unexpected.length === 0, detail)];
}

function compromisedKeyChecks(keys: readonly unknown[], { compromised }: ExpectedDocument): readonly Check[] {
  if (compromised.length === 0) return [];
  const served = new Set(keys.flatMap((key) => compromisedKeyIn(JSON.stringify(key), compromised) ?? []));
  const detail = [...served].map((key) => `${compromisedKeyText(key)}, is served`).join('; ');
  return [check('no compromised key', served.size === 0, detail === '' ? 'none is served' : detail)];
}
