import { readJson, isSameJson } from '../json';
import { readJwk, type PublicKeyFacts } from '../jwk';
import type { Check } from '../model';
import type { EndpointResponse } from './download';
import { MAX_KEYS } from './served-keys';

/** What an endpoint should serve, and how long its answer may be kept. */
export interface ExpectedDocument {
  readonly keys: readonly { readonly name: string; readonly kid: string; readonly thumbprint: string }[];
  readonly cacheHours: number;
  readonly now: Date;
}

/** Larger or slower than this is a risk, for what Salesforce bears is not documented. */
const MAX_DOCUMENT_BYTES = 100 * 1024;
const MAX_RESPONSE_MS = 2_000;

/** What a server says is one line of a bearable length: a second one could pass for another check. */
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

/** Everything that two answers of one endpoint show about it. */
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
      first.truncated ? 'more than a megabyte' : `${first.body.length} bytes`,
    ),
    check('time', first.durationMs <= MAX_RESPONSE_MS, `${first.durationMs} ms`),
    cacheCheck(first, expected.cacheHours),
    check('same answer twice', isSameJson(first.body.toString(), second.body.toString()), 'two requests in a row'),
    ...documentChecks(first.body.toString(), expected),
  ];
}

function statusCheck({ status, headers }: EndpointResponse): Check {
  const meaning =
    status >= 300 && status < 400
      ? `a redirect${headers.get('location') === null ? '' : ' to another address'}: that Salesforce follows one is not documented`
      : status === 401 || status === 403
        ? 'a login is asked for; Salesforce has none'
        : '';
  return check('reachable without a login', status === 200, meaning === '' ? String(status) : `${status}, ${meaning}`);
}

const isJson = ({ headers }: EndpointResponse): boolean =>
  /^application\/(json|jwk-set\+json)\b/i.test(headers.get('content-type') ?? '');

/** A cache that keeps the document longer than the rotation waits would serve a key that is gone, or not know a new one. */
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
  if (!Array.isArray(keys)) return [check('JSON', false, 'There is no list "keys" (RFC 7517, section 5).')];
  if (keys.length > MAX_KEYS)
    return [check('number of keys', false, `${keys.length}; more than ${MAX_KEYS} are not read`)];
  const read = keys.map((key: unknown) => readJwk(JSON.stringify(key), expected.now, 'endpoint'));
  const served = read.flatMap(({ key }) => key ?? []);
  return [
    check('JSON', true, `${keys.length} keys`),
    check('at least one key', served.length > 0, `${served.length} usable`),
    ...read.map(({ key, problems: found }, index) => keyCheck(key, found, index)),
    kidsCheck(served),
    ...expectedKeyChecks(served, expected),
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
    duplicates.length === 0 ? 'each once' : `twice: ${duplicates.join(', ')}`,
  );
}

/** What the source expects and the endpoint does not serve, and the other way round. */
function expectedKeyChecks(served: readonly PublicKeyFacts[], { keys }: ExpectedDocument): readonly Check[] {
  if (keys.length === 0) return [];
  const missing = keys.map(({ name, kid, thumbprint }) => {
    const match = served.find((key) => key.kid === kid);
    const detail = !match
      ? 'not served'
      : match.thumbprint === thumbprint
        ? 'served'
        : 'another key is served under its kid';
    return check(`expected ${name}`, detail === 'served', detail);
  });
  const unexpected = served.filter((key) => !keys.some(({ kid }) => kid === key.kid));
  const detail = unexpected.length === 0 ? 'none' : unexpected.map(({ kid }) => kid ?? 'a key without kid').join(', ');
  return [...missing, check('keys that nobody expects', unexpected.length === 0, detail)];
}
