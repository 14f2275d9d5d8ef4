import { constants, createHmac, publicDecrypt, verify, type KeyObject } from 'node:crypto';
import type { IdentityTokenDefect } from '../chat-api-settings';
import type { Key } from './key';
import { Rejection } from './rejection';

type JsonObject = Readonly<Record<string, unknown>>;

/** The content of a token whose signature isn't verified yet. */
export interface IdentityToken {
  readonly header: JsonObject;
  readonly kid: string;
  readonly claims: JsonObject;
  /** whether the header or the claims have a member twice */
  readonly duplicates: readonly IdentityTokenDefect[];
  /** the signed bytes */
  readonly signingInput: Buffer;
  readonly signature: Buffer;
}

type SignatureVerifier = (data: Buffer, key: KeyObject, signature: Buffer) => boolean;

const rsaVerifier =
  (digest: string): SignatureVerifier =>
  (data, key, signature) =>
    verify(digest, data, key, signature);

// Only RS256 and RS512 are supported (Help, set up user verification). The others are for orgs that accept them by mistake.
const SUPPORTED: ReadonlyMap<unknown, SignatureVerifier> = new Map([
  ['RS256', rsaVerifier('RSA-SHA256')],
  ['RS512', rsaVerifier('RSA-SHA512')],
]);
const UNSUPPORTED: ReadonlyMap<unknown, SignatureVerifier> = new Map<string, SignatureVerifier>([
  ['RS384', rsaVerifier('RSA-SHA384')],
  [
    'PS256',
    (data, key, signature) => verify('RSA-SHA256', data, { key, padding: constants.RSA_PKCS1_PSS_PADDING }, signature),
  ],
  [
    'HS256',
    (data, key, signature) =>
      [key.export({ type: 'spki', format: 'pem' }), key.export({ type: 'spki', format: 'der' })].some((secret) =>
        createHmac('sha256', secret).update(data).digest().equals(signature),
      ),
  ],
]);

const ALGORITHM_DEFECTS: ReadonlyMap<unknown, IdentityTokenDefect> = new Map([
  ...([
    [undefined, 'alg-missing'],
    ['', 'alg-empty'],
    ['none', 'alg-none'],
  ] as const),
  ...([
    ['HS256', 'hs256'],
    ['RS384', 'rs384'],
    ['PS256', 'ps256'],
  ] as const),
]);

/** The defect of the algorithm in the header; undefined if it is supported. */
export function algorithmDefect({ header }: IdentityToken): IdentityTokenDefect | 'algorithm' | undefined {
  const { alg } = header;
  if (SUPPORTED.has(alg)) return undefined;
  if (Array.isArray(alg)) return 'alg-array';
  const isNone = typeof alg === 'string' && /^none$/i.test(alg);
  return ALGORITHM_DEFECTS.get(alg) ?? (isNone ? 'alg-none-case' : 'algorithm');
}

/** Parses a compact JWT. Of a member that occurs twice, the first or last one counts. Throws a Rejection for any other text. */
export function parseIdentityToken(text: string, lastCounts = false): IdentityToken {
  const parts = text.split('.');
  const [header = '', payload = '', signature = ''] = parts;
  if (parts.length !== 3 || !parts.every((part) => /^[\w-]*$/.test(part))) throw new Rejection('malformed');
  const [headerPart, claimsPart] = [decodeJsonObject(header, lastCounts), decodeJsonObject(payload, lastCounts)];
  const { kid } = headerPart.members;
  return {
    header: headerPart.members,
    kid: typeof kid === 'string' ? kid : '',
    claims: claimsPart.members,
    duplicates: [
      ...(headerPart.hasDuplicate ? (['duplicate-header'] as const) : []),
      ...(claimsPart.hasDuplicate ? (['duplicate-claim'] as const) : []),
    ],
    signingInput: Buffer.from(`${header}.${payload}`),
    signature: Buffer.from(signature, 'base64url'),
  };
}

/** The defect of the signature; undefined if it was made with the key's private key and algorithm. */
export function signatureDefect(token: IdentityToken, key: Key): IdentityTokenDefect | undefined {
  const { signature } = token;
  if (isSignedWith(token, key)) return undefined;
  if (signature.length === 0) return 'empty-signature';
  return key.publicKey && isSignatureOf(key.publicKey, signature) ? 'reused-signature' : 'signature';
}

function isSignedWith({ header, signingInput, signature }: IdentityToken, { publicKey, alg }: Key): boolean {
  const algorithm = header['alg'];
  if (!publicKey || (SUPPORTED.has(algorithm) && alg !== undefined && alg !== algorithm)) return false;
  const isValid = SUPPORTED.get(algorithm) ?? UNSUPPORTED.get(algorithm);
  return isValid?.(signingInput, publicKey, signature) ?? false;
}

/** Whether a key made a signature, of whatever content: its padding is right. */
function isSignatureOf(key: KeyObject, signature: Buffer): boolean {
  try {
    return publicDecrypt(key, signature).length > 0;
  } catch {
    return false;
  }
}

function decodeJsonObject(
  part: string,
  lastCounts: boolean,
): { readonly members: JsonObject; readonly hasDuplicate: boolean } {
  const text = Buffer.from(part, 'base64url').toString('utf8');
  const { unique, hasDuplicate } = renameDuplicates(text);
  const all = parseJson(text);
  const value = all === undefined || lastCounts ? all : parseJson(unique);
  if (typeof value !== 'object' || value === null || Array.isArray(value)) throw new Rejection('malformed');
  return { members: value as JsonObject, hasDuplicate };
}

/** Renames each member of a JSON object whose name occurred before, because JSON.parse keeps only the last one. */
function renameDuplicates(json: string): { readonly unique: string; readonly hasDuplicate: boolean } {
  const names = new Set<string>();
  let [depth, duplicates] = [0, 0];
  const unique = json.replace(/"(?:[^"\\]|\\.)*"(\s*:)?|[{}[\]]/g, (token, colon?: string) => {
    if ('{['.includes(token)) depth++;
    if ('}]'.includes(token)) depth--;
    if (depth !== 1 || colon === undefined) return token;
    const name = String(parseJson(token.slice(0, -colon.length)));
    if (names.size === names.add(name).size) return `"duplicate ${++duplicates}":`;
    return token;
  });
  return { unique, hasDuplicate: duplicates > 0 };
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
