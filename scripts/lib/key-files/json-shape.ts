import { isJsonObject, type JsonObject } from '../files';
import { npmRun } from '../model';
import { keyFileProblem, type KeyFileProblem } from './problem';

/** The URL of the JWKS document in an OpenID Connect discovery document; undefined for any other JSON. */
export function jwksUriOf(value: unknown): string | undefined {
  const uri = isJsonObject(value) && !Object.hasOwn(value, 'keys') ? value['jwks_uri'] : undefined;
  return typeof uri === 'string' && URL.canParse(uri) ? uri : undefined;
}

/**
 * The certificates of a map from kid to PEM certificate, as Google serves it (https://www.googleapis.com/oauth2/v1/certs);
 * undefined for any other JSON.
 */
export function certificateMapOf(value: unknown): ReadonlyMap<string, string> | undefined {
  if (!isJsonObject(value)) return undefined;
  const entries = Object.entries(value).filter((entry): entry is [string, string] => isCertificateText(entry[1]));
  const isMap = entries.length > 0 && entries.length === Object.keys(value).length;
  return isMap && !entries.some(([name]) => MEMBER_NAME.test(name)) ? new Map(entries) : undefined;
}

/** Names of a certificate in a secret, which aren't kids. */
const MEMBER_NAME =
  /^(value|secret\w*|data|pem|x509\w*|(tls|ssl)?[._-]?(ca|cert|crt|cer|certificate|public[_-]?key|chain|bundle))$/i;

const isCertificateText = (value: unknown): boolean =>
  typeof value === 'string' && /^\s{0,9}-----BEGIN (CERTIFICATE|PUBLIC KEY)-----/.test(value);

/**
 * Recognizes JSON that is neither a JWK nor a JWKS document but has or names a key. Undefined for a JWK, a JWKS document, and any
 * other JSON. A message repeats only the names of members and a `jwks_uri`, which is public.
 */
export function describeKeyJson(value: unknown): KeyFileProblem | undefined {
  if (!isJsonObject(value) || Object.hasOwn(value, 'kty') || Object.hasOwn(value, 'keys')) return undefined;
  const uri = jwksUriOf(value);
  if (uri !== undefined) return discoveryProblem(uri);
  const member = findKeyMember(value, [], 4);
  if (member) return memberProblem(member);
  return Object.hasOwn(value, 'n') ? undefined : otherJsonProblem(value);
}

/** JSON without any key. The usual one is the error response of an API, saved as a file. */
const otherJsonProblem = (value: JsonObject): KeyFileProblem =>
  keyFileProblem(
    'key-json',
    ['error', 'errors', 'errorCode', 'message'].some((name) => Object.hasOwn(value, name))
      ? 'The JSON is an error response, not a key.'
      : 'The JSON is neither a JWK (it has no kty) nor a JWKS document (it has no keys).',
    'Specify a JWK, or the JWKS document of the provider: it is at the jwks_uri of its discovery document.',
  );

const discoveryProblem = (uri: string): KeyFileProblem =>
  keyFileProblem(
    'jwks-discovery',
    `The input is a discovery document (OpenID Connect). The keys are at its jwks_uri: ${uri.slice(0, 300)}`,
    `Use a keyset of type JWKS_URL with that URL, because the provider replaces its keys. To import one key instead: ${npmRun('keys', 'import', 'NAME', '--from', uri.slice(0, 300), '--kid', 'KID')}`,
  );

/** A member with a key, by its path, and the form of the key. */
interface KeyMember {
  readonly path: readonly string[];
  readonly form: 'a JWK' | 'a JWKS document' | 'a PEM text' | 'base64 text';
}

function findKeyMember(object: JsonObject, path: readonly string[], depth: number): KeyMember | undefined {
  for (const [name, value] of Object.entries(object)) {
    const form = formOf(value);
    const at = [...path, name];
    const found = form
      ? { path: at, form }
      : isJsonObject(value) && depth > 0
        ? findKeyMember(value, at, depth - 1)
        : undefined;
    if (found) return found;
  }
  return undefined;
}

function formOf(value: unknown): KeyMember['form'] | undefined {
  if (isJsonObject(value)) {
    if (Array.isArray(value['keys'])) return 'a JWKS document';
    return Object.hasOwn(value, 'kty') ? 'a JWK' : undefined;
  }
  if (typeof value !== 'string') return undefined;
  if (value.includes('-----BEGIN ')) return 'a PEM text';
  // "-----BEGIN" and the start of a DER certificate in base64.
  return /^(LS0tLS1CRUdJTi|MII)[A-Za-z0-9+/=\s]{100,}$/.test(value) ? 'base64 text' : undefined;
}

function memberProblem({ path, form }: KeyMember): KeyFileProblem {
  const isNameable = path.every((name) => /^[\w.-]{1,40}$/.test(name));
  const selector = path.map((name) => `["${name}"]`).join('');
  const decode = form === 'base64 text' ? ' | base64 -d' : '';
  const fix = isNameable
    ? `Specify that text alone: jq -r '.${selector}' FILE${decode} > FILE.key`
    : `Save only the text of that member as a file, and specify that file.`;
  const where = isNameable ? `in its member ${path.join('.')}` : 'in one of its members';
  return keyFileProblem('key-json', `The JSON is no JWK and no JWKS document. It has ${form} ${where}.`, fix);
}
