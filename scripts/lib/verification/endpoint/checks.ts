import { compromisedKeyIn, isUsableKey, readJwks, type Jwks, type JwksKey } from '../../jwk';
import type { TlsFacts } from '../../http';
import { compromisedKeyText, joinNames, pluralize, type Check, type CompromisedKey } from '../../model';
import { cacheLifetimeOf, durationText } from './cache-lifetime';
import { download, type DownloadOptions, type EndpointResponse } from './download';

/** The keys that an endpoint should serve, and the time that its rotation waits for caches. */
export interface ExpectedDocument {
  readonly keys: readonly { readonly name: string; readonly kid: string; readonly thumbprint: string }[];
  /** The thumbprints of the only keys that may be served. Default: any key may be. */
  readonly allowed?: readonly string[];
  readonly cacheHours: number;
  /** The keys that must not be served, under any kid. */
  readonly compromised: readonly CompromisedKey[];
  readonly now: Date;
}

/** A check of an endpoint. */
export interface EndpointCheck extends Check {
  /** Whether the check passed, but says something that the reader should know. */
  readonly note?: true;
}

/** Salesforce documents no limits, so larger or slower responses are a risk. */
const MAX_DOCUMENT_BYTES = 100 * 1024;
const MAX_RESPONSE_MS = 2_000;

const DAY_MS = 24 * 60 * 60 * 1000;
const MIN_CERTIFICATE_DAYS = 14;

/** Text of a server is printed as one short line: a second line could look like another check. */
const MAX_LINE_LENGTH = 300;
const toLine = (text: string): string => {
  const singleLine = text.slice(0, 2 * MAX_LINE_LENGTH).replace(/\s+/g, ' ');
  return singleLine.length > MAX_LINE_LENGTH ? `${singleLine.slice(0, MAX_LINE_LENGTH)} ...` : singleLine;
};

const check = (name: string, ok: boolean, detail: string): EndpointCheck => ({
  name: toLine(name),
  ok,
  detail: toLine(detail),
});

const note = (name: string, detail: string): EndpointCheck => ({ ...check(name, true, detail), note: true });

/** Evaluates two responses of one endpoint. Only a response with status 200 has a document. */
export function evaluateResponses(
  url: URL,
  first: EndpointResponse,
  second: EndpointResponse,
  expected: ExpectedDocument,
): readonly EndpointCheck[] {
  const status = check('reachable without a login', first.status === 200, statusText(url, first));
  const tls = first.tls ? [tlsCheck(first.tls, expected.now)] : [];
  return status.ok ? [...tls, status, ...responseChecks(first, second, expected)] : [...tls, status];
}

function tlsCheck({ protocol, expiresAt }: TlsFacts, now: Date): EndpointCheck {
  const days = Math.floor((expiresAt.getTime() - now.getTime()) / DAY_MS);
  const isGood = /^TLSv1\.[23]$/.test(protocol) && days >= MIN_CERTIFICATE_DAYS;
  return check('TLS', isGood, `${protocol}, the certificate expires in ${pluralize(days, 'day')}`);
}

function responseChecks(
  first: EndpointResponse,
  second: EndpointResponse,
  expected: ExpectedDocument,
): readonly EndpointCheck[] {
  const size = first.truncated ? 'more than 1 MB' : `${first.body.length} bytes`;
  const jwks = readJwks(first.body.toString(), expected.now);
  return [
    check('content type', isJson(first), first.headers.get('content-type') ?? 'none'),
    check('size', !first.truncated && first.body.length <= MAX_DOCUMENT_BYTES, size),
    check('time', first.durationMs <= MAX_RESPONSE_MS, `${first.durationMs} ms`),
    cacheCheck(first, expected.cacheHours),
    stabilityCheck(jwks, second, expected.now),
    ...documentChecks(jwks, expected),
  ];
}

function statusText(url: URL, { status, headers }: EndpointResponse): string {
  if (status >= 300 && status < 400) return `${status}, ${redirectText(url, headers.get('location'))}`;
  const meaning = STATUS_MEANINGS[status];
  return meaning === undefined ? String(status) : `${status}, ${meaning}`;
}

const STATUS_MEANINGS: Readonly<Record<number, string>> = {
  401: "a login is required, which Salesforce doesn't have",
  403: "access is denied, for example to requests without a login. Salesforce doesn't have one",
  404: 'no document exists at this URL. Use the jwks_uri in the discovery document of the provider',
  406: "the server rejects the header Accept: application/json. Salesforce doesn't document which header it sends; serve the document whatever the header is",
  407: 'a proxy requires a login',
  429: 'the server received too many requests',
};

/** Salesforce doesn't document whether it follows redirects, so the keyset has to name the target. */
function redirectText(url: URL, location: string | null): string {
  const target = location === null ? null : URL.parse(location, url.href);
  if (!target || target.username !== '' || target.password !== '') return 'a redirect without a usable target';
  if (target.protocol !== url.protocol) return `a redirect to ${target.href}, which doesn't use ${url.protocol}//`;
  const host = target.host === url.host ? '' : ', on another host';
  return `a redirect to ${target.href}${host}. Set that URL as jwksEndPoint: Salesforce doesn't document whether it follows redirects`;
}

const isJson = ({ headers }: EndpointResponse): boolean =>
  /^application\/(json|jwk-set\+json)\b/i.test(headers.get('content-type') ?? '');

/**
 * The owner of an endpoint decides how long caches keep its document, and can shorten the time before a rotation. So a long time
 * isn't a failure, but a rotation has to wait for it.
 */
function cacheCheck(response: EndpointResponse, cacheHours: number): EndpointCheck {
  const { seconds, headers } = cacheLifetimeOf(response);
  const hours = Math.ceil(seconds / 3600);
  if (hours <= cacheHours) return check('cache lifetime', true, headers);
  const detail =
    `Caches may keep the document for ${durationText(seconds)} (${headers}), longer than the ${cacheHours} hours of a rotation. ` +
    `Rotate with --cache-hours ${hours}, or shorten that lifetime, and start after the old one has passed.`;
  return note('cache lifetime', detail);
}

/** Compares the usable keys of two responses. Their order and all other content can differ. */
function stabilityCheck(first: Jwks, response: EndpointResponse, now: Date): EndpointCheck {
  const name = 'stable response';
  if (response.status !== 200) return check(name, false, `the second request was answered with ${response.status}`);
  const second = readJwks(response.body.toString(), now);
  const [left, right] = [first, second].map(({ keys = [] }) => new Map(keys.filter(isUsableKey).map(identityOf)));
  const differing = [...symmetricDifference(left ?? new Map(), right ?? new Map())];
  if (differing.length > 0)
    return check(name, false, `2 consecutive requests returned different keys: ${joinNames(differing)}`);
  const isSameKind = (first.keys === undefined) === (second.keys === undefined);
  return check(name, isSameKind, isSameKind ? '2 consecutive requests' : 'only one of 2 requests returned keys');
}

const identityOf = ({ name, facts }: JwksKey): readonly [string, string] => [
  JSON.stringify([name, facts?.thumbprint, facts?.alg]),
  name,
];

/** The names of the keys that only one of two documents has. */
const symmetricDifference = (
  left: ReadonlyMap<string, string>,
  right: ReadonlyMap<string, string>,
): ReadonlySet<string> =>
  new Set([
    ...[...left].flatMap(([identity, name]) => (right.has(identity) ? [] : [name])),
    ...[...right].flatMap(([identity, name]) => (left.has(identity) ? [] : [name])),
  ]);

function documentChecks({ keys, problem }: Jwks, expected: ExpectedDocument): readonly EndpointCheck[] {
  if (!keys) return [check('JSON', false, problem)];
  const usable = keys.filter(isUsableKey);
  const names = usable.map(({ name }) => name);
  return [
    check('JSON', true, pluralize(keys.length, 'key')),
    check(
      'at least one key',
      usable.length > 0,
      `${usable.length} usable${usable.length > 0 ? `: ${joinNames(names)}` : ''}`,
    ),
    ...keys.map(keyCheck),
    kidsCheck(usable),
    ...expectedKeyChecks(keys, expected),
    ...allowedKeyChecks(keys, expected),
    ...compromisedKeyChecks(keys, expected),
  ];
}

/** A key that verifies no token is ignored. A private key is never served, usable or not. */
function keyCheck(key: JwksKey): EndpointCheck {
  const { name, facts, unusable, doubtful } = key;
  const reasons = unusable.map(({ code, message }) => `${code}: ${message}`).join(' ');
  if (unusable.some(({ code }) => code === 'jwk-private-key')) return check(`key ${name}`, false, reasons);
  if (!isUsableKey(key)) return note(`key ${name}`, `ignored, because no token can be verified with it. ${reasons}`);
  const summary = `${facts?.bits ?? 0} bits, ${facts?.alg ?? 'no alg'}`;
  if (doubtful.length === 0) return check(`key ${name}`, true, summary);
  const doubts = doubtful.map(({ message }) => message).join(' ');
  return note(`key ${name}`, `${summary}. Its certificate is only needed if you upload the key. ${doubts}`);
}

/** The alg of a token selects one of several keys with the same kid. Without it, the reader can't choose. */
function kidsCheck(usable: readonly JwksKey[]): EndpointCheck {
  const ambiguous = usable.filter(({ kid, facts }, index) =>
    usable
      .slice(0, index)
      .some(
        (other) =>
          other.kid === kid &&
          other.facts?.thumbprint !== facts?.thumbprint &&
          (other.facts?.alg ?? facts?.alg) === (facts?.alg ?? other.facts?.alg),
      ),
  );
  const names = [...new Set(ambiguous.map(({ name }) => name))];
  return check(
    'kids are unique',
    names.length === 0,
    names.length === 0 ? 'no duplicates' : `several keys with the same kid and alg: ${joinNames(names)}`,
  );
}

/**
 * The RSA keys that aren't allowed, also those that this project would ignore: Salesforce doesn't document which keys it ignores.
 * It verifies no token with a key of another type.
 */
const allowedKeyChecks = (served: readonly JwksKey[], { allowed }: ExpectedDocument): readonly EndpointCheck[] =>
  (allowed ? served : []).flatMap(({ name, facts }) =>
    !facts || allowed?.includes(facts.thumbprint)
      ? []
      : [check(`listed ${name}`, false, `the key with the thumbprint ${facts.thumbprint} isn't in "endpointKeys"`)],
  );

/** Compares the served keys with the expected keys, in both directions. */
function expectedKeyChecks(served: readonly JwksKey[], { keys }: ExpectedDocument): readonly EndpointCheck[] {
  if (keys.length === 0) return [];
  const missing = keys.map(({ name, kid, thumbprint }) => {
    const withKid = served.filter((key) => key.kid === kid);
    const matching = withKid.filter(({ facts }) => facts?.thumbprint === thumbprint);
    const isServed = matching.some(isUsableKey);
    const detail = isServed ? 'served' : matching.length > 0 ? 'served, but ignored' : 'not served';
    const other = withKid.length > 0 && matching.length === 0;
    return check(`expected ${name}`, isServed, other ? 'another key is served with its kid' : detail);
  });
  const unexpected = served.filter((key) => isUsableKey(key) && !keys.some(({ kid }) => kid === key.kid));
  const detail = unexpected.length === 0 ? 'none' : unexpected.map(({ name }) => name).join(', ');
  return [...missing, check('unexpected keys', unexpected.length === 0, detail)];
}

function compromisedKeyChecks(keys: readonly JwksKey[], { compromised }: ExpectedDocument): readonly EndpointCheck[] {
  if (compromised.length === 0) return [];
  const served = new Set(keys.flatMap(({ text }) => compromisedKeyIn(text, compromised) ?? []));
  const detail = [...served].map((key) => `${compromisedKeyText(key)}, is served`).join('; ');
  return [check('no compromised key', served.size === 0, detail === '' ? 'none is served' : detail)];
}

/** Reads an endpoint twice, as Salesforce does, and checks both responses. Throws `endpoint-unreachable` without a response. */
export async function inspectEndpoint(
  endpoint: string,
  expected: ExpectedDocument,
  { allowLoopback }: DownloadOptions,
): Promise<readonly EndpointCheck[]> {
  const first = await download(endpoint, { allowLoopback });
  const second = await download(endpoint, { allowLoopback });
  return evaluateResponses(new URL(endpoint), first, second, expected);
}
