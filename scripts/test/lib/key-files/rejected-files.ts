import { createPublicKey } from 'node:crypto';
import type { OpensslFiles } from './openssl-files';

/** A file that is rejected, and what it was meant for. */
export interface RejectedFile {
  readonly name: string;
  /** `import`: keys import. `sign`: --private-key, --private-key-command, and the key of `login`. */
  readonly use: 'import' | 'sign';
  readonly content: string | Buffer;
}

const utf16 = (text: string): Buffer => Buffer.from(`\uFEFF${text}`, 'utf16le');
const base64 = (text: string | Buffer): string => Buffer.from(text).toString('base64');
const escaped = (text: string): string => text.replaceAll('\n', '\\n');
const indented = (text: string): string => text.replace(/^/gm, '    ');
const oneLine = (text: string): string => text.replaceAll('\n', ' ');
const bodyOf = (pem: string): string => pem.replace(/-----[^-]+-----/g, '').trim();

/** A marker is joined at run time, so that no scanner takes a test for a leaked key. */
const begin = (label: string): string => ['-----BEGIN ', label, '-----'].join('');

const imported = (name: string, content: string | Buffer): RejectedFile => ({ name, use: 'import', content });
const signing = (name: string, content: string | Buffer): RejectedFile => ({ name, use: 'sign', content });

/** Files of people who set up user verification, from public questions about each tool, that contain no usable key. */
export const rejectedFiles = (files: OpensslFiles): readonly RejectedFile[] => [
  ...certificateFiles(files),
  ...containers(files),
  ...privateKeysToImport(files),
  ...texts(files),
  ...jsonFiles(files),
  ...keysToSignWith(files),
];

const certificateFiles = ({ text }: OpensslFiles): readonly RejectedFile[] => [
  imported('chain.pem of certbot: the issuing CA alone', text('issuing.crt')),
  imported('root CA', text('root.crt')),
  imported('root CA that names no key usage', text('test-ca.crt')),
  imported('root CA without a common name', text('ou-ca.crt')),
  imported('current and next certificate of Auth0', text('auth0.crt') + text('auth0-next.crt')),
  imported('CA bundle: root and issuing CA', text('root.crt') + text('issuing.crt')),
  imported('certificates of two keys', text('signer.crt') + text('other.crt')),
  imported('certificate of an EC key', text('ec.crt')),
  imported('certificate of a 1024-bit key', text('short.crt')),
  imported('certificate that was cut off', text('signer.crt').slice(0, 600)),
  imported('certificate without its last lines', text('signer.crt').replace(/(\n.*){4}(?=\n-----END)/, '')),
  imported('certificate with a character that is no base64', text('signer.crt').replace(/(\n.{20})./, '$1$')),
  imported('certificate with an empty body', `${begin('CERTIFICATE')}\n-----END CERTIFICATE-----\n`),
  imported('certificate with typographic dashes', text('signer.crt').replaceAll('-----', '—–-')),
  imported('certificate with four dashes', text('signer.crt').replaceAll('-----', '----')),
  imported('certificate in UTF-16 (PowerShell >)', utf16(text('signer.crt'))),
  imported('certificate in UTF-16 without a byte order mark', utf16(text('signer.crt')).subarray(2)),
  imported('certificate with zero bytes at its end', `${text('signer.crt')}\0\0`),
  imported('certificate in quoted lines of an email', text('signer.crt').replace(/^/gm, '> ')),
  imported('certificate as a data URL', `data:application/x-pem-file;base64,${base64(text('signer.crt'))}`),
  imported('base64 of a certificate, as in x5c or SAML', bodyOf(text('signer.crt'))),
  imported('base64 of a PEM file, as in a Kubernetes secret', base64(text('signer.crt'))),
  imported('openssl x509 -text', text('signer.txt')),
  imported('keytool -list', 'Keystore type: PKCS12\nKeystore provider: SUN\n\nYour keystore contains 1 entry\n'),
  imported('public key without its certificate', text('signer.pub')),
  imported('two public keys', text('signer.pub') + text('signer.pub')),
];

const containers = ({ text, bytes }: OpensslFiles): readonly RejectedFile[] => [
  imported('signing request', text('signer.csr')),
  imported('signing request in DER', bytes('signer-csr.der')),
  imported('PKCS#7 (.p7b)', text('signer.p7b')),
  imported('PKCS#7 in DER', bytes('signer.p7b.der')),
  imported('PKCS#12 (.p12, .pfx)', bytes('signer.p12')),
  imported('base64 of PKCS#12, as Azure Key Vault returns it', base64(bytes('signer.p12'))),
  imported('Java keystore', Buffer.from('feedfeed0000000200000001', 'hex')),
  imported('public key in the format of Microsoft CryptoAPI', bytes('signer.public.msblob')),
  imported('private key in the format of Microsoft CryptoAPI', bytes('signer.msblob')),
  imported('private key in a PVK file', Buffer.from('1ef1b5b00000000001000000', 'hex')),
  imported('binary key of gpg --export', Buffer.from('99010d046b0a2ce7010800', 'hex')),
  imported('ZIP archive', Buffer.from('504b030414000000', 'hex')),
  imported('PDF document', Buffer.from('%PDF-1.7\n%\xE2\xE3', 'latin1')),
  imported('zero bytes', Buffer.alloc(400)),
  imported('empty file', ''),
  imported('more than 1 MB', text('signer.crt').repeat(1000)),
];

const privateKeysToImport = ({ text, bytes }: OpensslFiles): readonly RejectedFile[] => [
  imported('privkey.pem of certbot', text('signer.key')),
  imported('certificate and private key in one file', text('signer.crt') + text('signer.key')),
  imported('openssl pkcs12 -nodes', text('signer.attributes.pem')),
  imported('private key in DER', bytes('signer.key.der')),
  imported('encrypted private key in DER', bytes('signer.encrypted.der')),
  imported('base64 of a private key', base64(text('signer.key'))),
  imported('EC parameters and EC key', text('ec.key')),
  imported('OpenSSH private key', `${begin('OPENSSH PRIVATE KEY')}\nb3BlbnNzaA==\n`),
  imported(
    'service account of Google or Firebase',
    JSON.stringify({ type: 'service_account', private_key: text('signer.key') }),
  ),
];

const texts = ({ text }: OpensslFiles): readonly RejectedFile[] => [
  imported('SSH public key', 'ssh-rsa AAAAB3NzaC1yc2EAAAADAQABAAABAQ user@host'),
  imported('SSH2 public key', '---- BEGIN SSH2 PUBLIC KEY ----\nComment: "rsa"\nAAAAB3\n---- END SSH2 PUBLIC KEY ----'),
  imported('GPG public key', `${begin('PGP PUBLIC KEY BLOCK')}\n\nmQENBF==\n=abcd\n-----END PGP PUBLIC KEY BLOCK-----`),
  imported('message of gpg --clearsign', `${begin('PGP SIGNED MESSAGE')}\nHash: SHA512\n\nhi\n`),
  imported('openssl rsa -text -noout', text('signer.key.txt')),
  imported('openssl rsa -modulus -noout', text('signer.modulus.txt')),
  imported(
    'openssl asn1parse',
    '    0:d=0  hl=4 l= 771 cons: SEQUENCE          \n    4:d=1  hl=4 l= 491 cons: SEQUENCE\n',
  ),
  imported(
    'key in hexadecimal',
    createPublicKey(text('signer.pub')).export({ type: 'spki', format: 'der' }).toString('hex'),
  ),
  imported(
    'PEM in a document of a word processor',
    `{\\rtf1\\ansi\\pard ${text('signer.crt').replaceAll('\n', '\\\n')}}`,
  ),
  imported('login page saved as .pem', '<!DOCTYPE html><html><title>Sign in</title></html>'),
  imported('SAML metadata', '<?xml version="1.0"?>\n<md:EntityDescriptor entityID="x"/>'),
  imported(
    'Kubernetes secret in YAML',
    `apiVersion: v1\nkind: Secret\ndata:\n  tls.crt: ${base64(text('signer.crt'))}\n`,
  ),
  imported('JWKS in YAML', 'keys:\n  - kty: RSA\n    n: abc\n'),
  imported('address of the key', 'https://login.example.com/.well-known/jwks.json'),
  imported('token', 'eyJhbGciOiJSUzI1NiJ9.eyJzdWIiOiJ4In0.c2ln'),
  imported('name of a secret in a vault', 'op://chat/signing-key/certificate'),
];

const jsonFiles = ({ text }: OpensslFiles): readonly RejectedFile[] => {
  const jwk = { ...createPublicKey(text('signer.pub')).export({ format: 'jwk' }), kid: 'k1', use: 'sig' };
  const json = (name: string, value: unknown): RejectedFile => imported(name, JSON.stringify(value));
  const discovery = { issuer: 'https://login.example.com/', jwks_uri: 'https://login.example.com/jwks' };
  return [
    json('discovery document', discovery),
    json('map from kid to certificate, as Google serves it', { k1: text('signer.crt'), k2: text('other.crt') }),
    json('certificate of a secret', { certificate: text('signer.crt') }),
    json('certificate and private key of a secret', { 'tls.crt': text('signer.crt'), 'tls.key': text('signer.key') }),
    json('metadata of an OAuth authorization server', {
      ...discovery,
      token_endpoint: 'https://login.example.com/token',
    }),
    imported('indented discovery document with a byte order mark', `\uFEFF${JSON.stringify(discovery, null, 2)}`),
    json('discovery document of Entra ID', {
      ...discovery,
      jwks_uri: 'https://login.microsoftonline.com/t/discovery/v2.0/keys',
    }),
    json('discovery document without keys', { issuer: discovery.issuer, jwks_uri: '' }),
    json('JWKS of Okta or Cognito, without x5c', { keys: [{ ...jwk, alg: 'RS256' }] }),
    json('JWK of Entra ID, without alg', { ...jwk, x5c: [bodyOf(text('signer.crt')).replaceAll('\n', '')] }),
    json('JWKS with two keys', { keys: [jwk, { ...jwk, kid: 'k2' }] }),
    json('EC key', { kty: 'EC', kid: 'k1', alg: 'ES256', crv: 'P-256', x: 'AA', y: 'AA' }),
    json('secret for HMAC', { kty: 'oct', kid: 'k1', alg: 'HS256', k: 'AA' }),
    json('list of JWKs', [jwk]),
    json('JWK of Azure Managed HSM', { ...jwk, kty: 'RSA-HSM', alg: 'RS256', key_ops: ['verify'] }),
    json('JWK in a member (Azure Key Vault)', { attributes: { enabled: true }, key: jwk }),
    json('JWKS in a member (Okta app)', { settings: { oauthClient: { jwks: { keys: [jwk] } } } }),
    json('PEM in a member (AWS Secrets Manager)', { Name: 'chat', SecretString: text('signer.crt') }),
    json('Kubernetes secret', { kind: 'Secret', data: { 'tls.crt': base64(text('signer.crt')) } }),
    json('error of an API', { error: 'unauthorized', message: 'Login required' }),
    imported('JWKS with comments', `{\n  // rotated in May\n  "keys": [${JSON.stringify(jwk)}]\n}`),
    imported('JWKS with a trailing comma', `{"keys":[${JSON.stringify(jwk)},]}`),
    imported('JSON lines', `${JSON.stringify(jwk)}\n${JSON.stringify(jwk)}\n`),
    imported('JSON that was cut off', JSON.stringify({ keys: [jwk] }).slice(0, -9)),
    imported('JavaScript object', "{ kty: 'RSA', n: 'abc' }"),
    imported('UTF-16 JWKS', utf16(JSON.stringify({ keys: [jwk] }))),
  ];
};

const keysToSignWith = ({ text, bytes }: OpensslFiles): readonly RejectedFile[] => [
  signing('private key with \\n for its line breaks', escaped(text('signer.key'))),
  signing('private key on one line', oneLine(text('signer.key'))),
  signing('private key in quotes', `"${text('signer.key')}"`),
  signing('indented private key', indented(text('signer.key'))),
  signing('URL-encoded private key', encodeURIComponent(text('signer.key'))),
  signing('private key with a byte order mark', `\uFEFF${text('signer.key')}`),
  signing('private key in UTF-16', utf16(text('signer.key'))),
  signing('base64 of a private key', base64(text('signer.key'))),
  signing('private key with a passphrase (PKCS#8)', text('signer.encrypted.key')),
  signing('private key with a passphrase (PKCS#1)', text('signer.legacy.key')),
  signing('private key with a passphrase (DER)', bytes('signer.encrypted.der')),
  signing('certificate instead of the private key', text('signer.crt')),
  signing('public key instead of the private key', text('signer.pub')),
  signing('EC key', text('ec.key')),
  signing('RSA-PSS key', text('pss.key')),
  signing('OpenSSH private key', `${begin('OPENSSH PRIVATE KEY')}\nb3BlbnNzaA==\n-----END OPENSSH PRIVATE KEY-----`),
  signing('PKCS#12', bytes('signer.p12')),
  signing('private key in the format of Microsoft CryptoAPI', bytes('signer.msblob')),
  signing('private key in a PVK file', Buffer.from('1ef1b5b00000000001000000', 'hex')),
  signing('openssl rsa -text -noout', text('signer.key.txt')),
  signing('private key that was cut off', text('signer.key').slice(0, 900)),
  signing('private key without its last lines', text('signer.key').replace(/(\n.*){4}(?=\n-----END)/, '')),
  signing('two private keys', text('signer.key') + text('other.key')),
  signing(
    'service account of Google or Firebase',
    JSON.stringify({ type: 'service_account', private_key: text('signer.key') }),
  ),
  signing(
    'certificate and private key of a secret',
    JSON.stringify({ crt: text('signer.crt'), key: text('signer.key') }),
  ),
  signing('secret of AWS Secrets Manager', JSON.stringify({ SecretString: text('signer.key') })),
  signing('public JWK', JSON.stringify({ kty: 'RSA', n: 'AQAB', e: 'AQAB' })),
  signing('JWKS document', JSON.stringify({ keys: [] })),
  signing('name of a secret in a vault', 'op://chat/signing-key/private'),
  signing('empty secret', ''),
];
