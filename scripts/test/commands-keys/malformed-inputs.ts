import { generateKeyPairSync, type KeyObject } from 'node:crypto';
import {
  createCertificate,
  DAY_MS,
  createEcCertificate,
  publicJwk,
  keyPair,
  privateMembers,
  type Jwk,
} from '../lib/jwk/test-keys';
import { pemOf } from './test-project';

/** An input that `keys import` must reject, and the rule of the expected finding. */
export interface MalformedInput {
  readonly name: string;
  readonly content: string | Buffer;
  readonly rule: string;
  /** Content of the --certificate file. */
  readonly certificate?: string | Buffer;
  readonly kid?: string;
}

const now = Date.now();
const at = (days: number): Date => new Date(now + days * DAY_MS);
const GOOD = { notBefore: at(-1), notAfter: at(365) };

const spki = (key: KeyObject): string => key.export({ type: 'spki', format: 'pem' }).toString();
const pkcs8 = (key: KeyObject): string => key.export({ type: 'pkcs8', format: 'pem' }).toString();

/** At least 60 inputs that contain no usable public key. */
export async function malformedInputs(): Promise<readonly MalformedInput[]> {
  const certificate = await createCertificate(keyPair(), GOOD);
  const jwk = await publicJwk(keyPair(), GOOD);
  return [
    ...encodings(certificate),
    ...(await pems(certificate)),
    ...keys(jwk),
    ...(await certificates(jwk)),
    ...sets(jwk),
    ...texts(jwk),
  ];
}

const input = (
  name: string,
  content: string | Buffer,
  rule: string,
  rest: Partial<MalformedInput> = {},
): MalformedInput => ({
  name,
  content,
  rule,
  ...rest,
});

function encodings(certificate: Buffer): readonly MalformedInput[] {
  const pem = pemOf('CERTIFICATE', certificate);
  return [
    input('an empty file', '', 'key-empty'),
    input('only blanks', ' \n\t\n', 'key-unknown'),
    input('10 MB of zeros', Buffer.alloc(10 * 1024 * 1024), 'key-too-large'),
    input('10 MB of PEM', pem.repeat(9000), 'key-too-large'),
    input('a DER certificate that is cut off', certificate.subarray(0, 300), 'key-encoding'),
    input('UTF-16, little endian', Buffer.from(`\uFEFF${pem}`, 'utf16le'), 'key-encoding'),
    input('UTF-16, big endian', Buffer.from(`\uFEFF${pem}`, 'utf16le').swap16(), 'key-encoding'),
    input('text with NUL octets', 'abc\0def', 'key-encoding'),
    input('Latin-1', Buffer.from([0x7b, 0xe4, 0x7d]), 'key-encoding'),
    input('a Java key store', Buffer.from('feedfeed00000002', 'hex'), 'key-store'),
    input('a web page', '<!doctype html><title>Sign in</title>', 'key-unknown'),
    input('a key for SSH', 'ssh-rsa AAAAB3NzaC1yc2EAAAADAQABAAABgQ user@host', 'key-unknown'),
    input('a token', 'eyJhbGciOiJSUzI1NiJ9.eyJzdWIiOiJ4In0.c2ln', 'key-unknown'),
    input('base64 without its PEM lines', certificate.toString('base64'), 'key-layout'),
    input('any prose', 'Please find the key attached, thanks!', 'key-unknown'),
    input('YAML', 'kty: RSA\nn: abc\n', 'key-unknown'),
  ];
}

async function pems(certificate: Buffer): Promise<readonly MalformedInput[]> {
  const [first, second] = [keyPair(), keyPair('second')];
  const curve = generateKeyPairSync('ec', { namedCurve: 'P-256' });
  const edwards = generateKeyPairSync('ed25519');
  const pss = generateKeyPairSync('rsa-pss', { modulusLength: 2048 });
  const pem = pemOf('CERTIFICATE', certificate);
  const rsa = first.privateKey.export({ type: 'pkcs1', format: 'pem' }).toString();
  const encrypted = first.privateKey
    .export({ type: 'pkcs8', format: 'pem', cipher: 'aes-256-cbc', passphrase: 'x' })
    .toString();
  return [
    input('a private key (PKCS#8)', pkcs8(first.privateKey), 'private-key'),
    input('a private key (PKCS#1)', rsa, 'private-key'),
    input('an encrypted private key', encrypted, 'private-key'),
    input(
      'a private key of an elliptic curve',
      curve.privateKey.export({ type: 'sec1', format: 'pem' }).toString(),
      'private-key',
    ),
    input('a private key for SSH', pemOf('OPENSSH PRIVATE KEY', certificate), 'private-key'),
    input('a PuTTY key', 'PuTTY-User-Key-File-3: ssh-rsa\nEncryption: none', 'private-key'),
    input('a certificate with its private key behind it', pem + rsa, 'private-key'),
    input('a public key without its certificate', spki(first.publicKey), 'certificate-missing'),
    input('a public key with the certificate of another', spki(second.publicKey), 'jwk-x5c-other-key', {
      certificate: pem,
    }),
    input('a public key with a private key as its certificate', spki(first.publicKey), 'private-key', {
      certificate: rsa,
    }),
    input('a public key with an empty certificate', spki(first.publicKey), 'key-empty', { certificate: '' }),
    input('a public key with the DER certificate of another', spki(second.publicKey), 'jwk-x5c-other-key', {
      certificate,
    }),
    input('a public key with a public key as its certificate', spki(first.publicKey), 'pem-kind', {
      certificate: spki(first.publicKey),
    }),
    input('a public key of an elliptic curve', spki(curve.publicKey), 'jwk-not-rsa', { certificate: pem }),
    input('an Ed25519 public key', spki(edwards.publicKey), 'jwk-not-rsa', { certificate: pem }),
    input('an RSA-PSS public key', spki(pss.publicKey), 'jwk-not-rsa', { certificate: pem }),
    input('a certificate of an elliptic curve', pemOf('CERTIFICATE', await createEcCertificate()), 'jwk-not-rsa'),
    input('a signing request', pemOf('CERTIFICATE REQUEST', certificate), 'pem-kind'),
    input('a revocation list', pemOf('X509 CRL', certificate), 'pem-kind'),
    input('a PKCS#7 bundle', pemOf('PKCS7', certificate), 'pem-kind'),
    input('curve parameters', pemOf('EC PARAMETERS', Buffer.from('06082a8648ce3d030107', 'hex')), 'pem-kind'),
    input('a PGP key', pemOf('PGP PUBLIC KEY BLOCK', certificate), 'pem-kind'),
    input('a certificate without its END line', pem.replace(/-----END[\s\S]*/, ''), 'pem-cut-off'),
    input('a certificate with another END line', pem.replace('END CERTIFICATE', 'END PUBLIC KEY'), 'pem-cut-off'),
    input(
      'a certificate that was cut in the middle',
      pemOf('CERTIFICATE', certificate.subarray(0, 300)),
      'pem-unreadable',
    ),
    input('a certificate of random octets', pemOf('CERTIFICATE', Buffer.alloc(400, 7)), 'pem-unreadable'),
    input('a public key of random octets', pemOf('PUBLIC KEY', Buffer.alloc(200, 7)), 'pem-unreadable'),
    input(
      'a 1024-bit certificate',
      pemOf('CERTIFICATE', await createCertificate(keyPair('short', 1024), GOOD)),
      'jwk-too-short',
    ),
  ];
}

function keys(jwk: Jwk): readonly MalformedInput[] {
  const changed = (what: string, change: Jwk, rule: string): MalformedInput =>
    input(what, JSON.stringify({ ...jwk, ...change }), rule);
  return [
    changed('a JWK with all private members', privateMembers(), 'jwk-private-key'),
    changed('a JWK with a private exponent only', { d: 'c2VjcmV0LWV4cG9uZW50' }, 'jwk-private-key'),
    changed('an EC JWK', { kty: 'EC', crv: 'P-256', x: 'AA', y: 'AA' }, 'jwk-not-rsa'),
    changed('an OKP JWK', { kty: 'OKP', crv: 'Ed25519', x: 'AA' }, 'jwk-not-rsa'),
    input('a symmetric key', JSON.stringify({ kty: 'oct', kid: 'a', alg: 'HS256', k: 'c2VjcmV0' }), 'jwk-private-key'),
    changed('alg HS256', { alg: 'HS256' }, 'jwk-alg'),
    changed('alg PS256', { alg: 'PS256' }, 'jwk-alg'),
    changed('no alg', { alg: undefined }, 'jwk-alg'),
    changed('a key for encryption', { use: 'enc' }, 'jwk-use'),
    changed('an empty kid', { kid: '' }, 'jwk-kid'),
    changed('a kid that is a number', { kid: 1 }, 'jwk-kid'),
    changed('no modulus', { n: undefined }, 'jwk-numbers'),
    changed('a modulus in standard base64', { n: `${String(jwk['n']).slice(0, -3)}+/=` }, 'jwk-numbers'),
    changed('an exponent of 1', { e: 'AQ' }, 'jwk-numbers'),
    changed('no x5c', { x5c: undefined }, 'jwk-x5c-missing'),
    changed('an empty x5c', { x5c: [] }, 'jwk-x5c-encoding'),
    changed('x5c as one text', { x5c: 'MIIB' }, 'jwk-x5c-encoding'),
    changed(
      'x5c in base64url',
      {
        x5c: [
          Buffer.from(String((jwk['x5c'] as string[])[0]), 'base64')
            .toString('base64url')
            .replace(/.$/, '_'),
        ],
      },
      'jwk-x5c-encoding',
    ),
    changed(
      'x5c with PEM lines',
      { x5c: [pemOf('CERTIFICATE', Buffer.from(String((jwk['x5c'] as string[])[0]), 'base64'))] },
      'jwk-x5c-encoding',
    ),
  ];
}

async function certificates(jwk: Jwk): Promise<readonly MalformedInput[]> {
  const valid = async (what: string, from: number, to: number, rule: string): Promise<MalformedInput> =>
    input(
      what,
      pemOf('CERTIFICATE', await createCertificate(keyPair(), { notBefore: at(from), notAfter: at(to) })),
      rule,
    );
  const other = (await createCertificate(keyPair('second'), GOOD)).toString('base64');
  return [
    await valid('an expired certificate', -400, -1, 'jwk-x5c-expired'),
    await valid('a certificate that ends in nine days', -1, 9, 'jwk-x5c-expires-soon'),
    await valid('a certificate that is not valid yet', 2, 365, 'jwk-x5c-not-yet-valid'),
    input('a JWK with the certificate of another key', JSON.stringify({ ...jwk, x5c: [other] }), 'jwk-x5c-other-key'),
  ];
}

function sets(jwk: Jwk): readonly MalformedInput[] {
  const set = (what: string, keys: unknown, rule: string, rest: Partial<MalformedInput> = {}): MalformedInput =>
    input(what, JSON.stringify({ keys }), rule, rest);
  const twin = { ...jwk, kid: 'twin' };
  return [
    set('an empty JWKS', [], 'jwks-none'),
    set('a JWKS whose keys are no list', { a: jwk }, 'jwks-no-list'),
    set('a JWKS whose keys are null', null, 'jwks-no-list'),
    set('a JWKS of texts', ['a', 'b'], 'jwks-none'),
    set('a JWKS with two keys and no kid named', [jwk, twin], 'jwks-several'),
    set('a JWKS with the same kid twice', [jwk, jwk], 'jwks-several', { kid: 'key-1' }),
    set('a JWKS without the kid that is named', [jwk, twin], 'jwks-none', { kid: 'other' }),
    set('a JWKS that leaks a private key', [{ ...jwk, ...privateMembers() }], 'jwk-private-key'),
    set(
      'a JWKS that leaks the private half of another key',
      [twin, { ...jwk, ...privateMembers() }],
      'jwk-private-key',
      { kid: 'twin' },
    ),
    input('a list of keys without a wrapper', JSON.stringify([jwk]), 'jwk-not-one-key'),
  ];
}

function texts(jwk: Jwk): readonly MalformedInput[] {
  const text = JSON.stringify(jwk);
  return [
    input('JSON that was cut off', text.slice(0, -20), 'jwk-not-json'),
    input('JSON with a comma too many', text.replace(/}$/, ',}'), 'jwk-not-json'),
    input('JSON with a comment', text.replace('{', '{/* key */'), 'jwk-not-json'),
    input('a member that is stated twice', text.replace('{', '{"kid":"other",'), 'jwk-duplicate-member'),
    input(
      'a private exponent hidden behind a placeholder',
      text.replace('{', '{"d":"c2VjcmV0","d":"d",'),
      'jwk-duplicate-member',
    ),
    input('JSON that is only a text', '"RSA"', 'jwk-not-one-key'),
    input('ten thousand brackets', '['.repeat(10_000), 'jwk-not-json'),
    input('an object with nothing in it', '{}', 'key-json'),
  ];
}
