import type { KeyFileCode } from '../../key-files/problem';
import { npmRun } from '../../model';
import type { CodeText } from './code-text';

type ImportCode =
  | 'certificate-missing'
  | 'jwks-empty'
  | 'jwks-no-list'
  | 'jwks-none'
  | 'jwks-several'
  | 'key-exists'
  | 'key-name-exists';

const CREATE = npmRun('keys', 'new', 'NAME', '--private-key', 'FILE');

/** One text for each reason why a key or certificate file can't be used. The requirements of a JWK are rules. */
export const KEY_TEXTS: Readonly<Record<KeyFileCode | ImportCode, CodeText>> = {
  'key-empty': [
    'The file or the input has no content.',
    'The input is empty.',
    'Specify the file that contains the key. Check that the variable or command that provides it is set.',
  ],
  'key-too-large': [
    'The file is larger than any key or certificate file.',
    'The input is larger than a key.',
    'Specify the key or certificate file itself, not an archive or a log.',
  ],
  'key-encoding': [
    'The text is not UTF-8. Windows PowerShell 5 writes UTF-16 when output is redirected to a file.',
    'The input is UTF-16, as Windows PowerShell writes it.',
    'Write the file as UTF-8: Get-Content FILE | Set-Content -Encoding ascii FILE.pem',
  ],
  'key-layout': [
    'The key was read, but the layout of its file is unusual, for example base64 of a PEM file or PEM on one line.',
    'The PEM text is on one line.',
    'No action is required. Other programs can reject the file.',
  ],
  'key-store': [
    'The file is a key store (PKCS #12, JKS), which can contain several keys behind a passphrase.',
    'The input is a PKCS #12 key store (.p12 or .pfx).',
    'Export the certificate as PEM: openssl pkcs12 -in FILE -clcerts -nokeys -out FILE.pem',
  ],
  'key-unknown': [
    "The content isn't a key or a certificate in a known format.",
    'The input is an SSH key.',
    `Specify a PEM certificate, a JWK, or a JWKS document. To create a key: ${CREATE}`,
  ],
  'key-json': [
    'The JSON text is not well-formed, or it is not a key.',
    "The input isn't one well-formed JSON object.",
    'Specify the whole JSON object of one key.',
  ],
  'key-passphrase': [
    'The private key is encrypted. Commands never ask for a passphrase.',
    'The private key is protected by a passphrase.',
    'Write it without the passphrase to a file that only you can read: (umask 077; openssl pkey -in FILE -out FILE.pem)',
  ],
  'key-several': [
    'The file contains more than one key, so it is not clear which one to use.',
    'The input contains 2 public keys.',
    'Specify a file with one key.',
  ],
  'key-type': [
    'The key has a type or format that cannot sign tokens for Salesforce, which accepts RS256 and RS512 only.',
    'The private key is in the format of OpenSSH.',
    `Convert it to PKCS #8, or create an RSA key: ${CREATE}`,
  ],
  'private-key': [
    'A private key was specified where a public key is required. Anyone who has it can chat as any customer.',
    'The input contains a private key. It was not read further.',
    'Specify the public key or certificate. If others can have seen the private key, replace the key pair.',
  ],
  'private-key-missing': [
    'The file contains only a public key or a certificate, and tokens are signed with the private key.',
    'The input contains a certificate, but no private key.',
    'Specify the file of the private key that belongs to the certificate.',
  ],
  'pem-cut-off': [
    'A BEGIN or END line of the PEM file is missing, or the two differ.',
    'A PEM block has no BEGIN or no END line, or the two differ.',
    'Copy the file again, from BEGIN to END.',
  ],
  'pem-unreadable': [
    'The lines between BEGIN and END are damaged.',
    "The PEM public key can't be read.",
    'Copy the file again, from BEGIN to END.',
  ],
  'pem-kind': [
    'The PEM block has another kind of content, such as a certificate request or parameters.',
    'The input is a certificate signing request.',
    'Specify the certificate (BEGIN CERTIFICATE) or the key.',
  ],
  'certificate-ca': [
    'The certificate is self-signed and marked as a CA certificate, as openssl req -x509 does.',
    'The certificate is self-signed and marked as a CA certificate. Its key is imported as a signing key.',
    'Check that it is the certificate of the key that signs your tokens, and not the one of your company CA.',
  ],
  'certificate-several': [
    'The file contains a certificate chain. Salesforce verifies no chain, so only the certificate of the signing key is used.',
    'The file contains 3 certificates. Only that of the signing key is imported (CN=chat).',
    'No action is required.',
  ],
  'certificate-missing': [
    'An uploaded key needs a certificate in x5c (Salesforce Help, service.user_verification_troubleshooting.htm).',
    'The public key has no certificate (x5c), which Salesforce requires.',
    'Specify the certificate: --certificate <file>.',
  ],
  'jwks-discovery': [
    'The URL or file is the discovery document of an identity provider, which names the JWKS document and contains no keys.',
    'The input is a discovery document (OpenID Connect). The keys are at its jwks_uri.',
    `Use a keyset of type JWKS_URL with the jwks_uri: ${npmRun('keys', 'provider', 'URL')}`,
  ],
  'jwks-empty': [
    'The JWKS document to write would contain no active key.',
    'The document contains no active key, so Salesforce would reject every token.',
    'Specify its keys: --key <name>.',
  ],
  'jwks-no-list': [
    'A JWKS document is an object with a list "keys" (RFC 7517, section 5).',
    'The JWKS document has no list of keys.',
    'Use the form { "keys": [ ... ] }.',
  ],
  'jwks-none': [
    'No key of the JWKS document has the requested kid, or none is an RSA key for RS256 or RS512 signatures.',
    'The JWKS document contains no key with this kid.',
    'Specify the kid of one of its keys with --kid.',
  ],
  'jwks-several': [
    'The JWKS document contains several usable keys.',
    'The JWKS document contains 2 keys for signatures.',
    'Select one with --kid or --alg. Or use a keyset of type JWKS_URL, because the provider replaces its keys.',
  ],
  'key-exists': [
    'Source already contains this key, or another key with this kid.',
    'Source already contains this key as Chat_2026.',
    'To renew its certificate, import it with the name that it has. Otherwise give the new key a unique kid.',
  ],
  'key-name-exists': [
    'Another key in source has this name. If it is replaced, its tokens are rejected.',
    'Source already has another key named Chat_2026.',
    `Import the key with a new name, then rotate to it: ${npmRun('keys', 'rotate', 'stage', 'KEYSET', '--new-key', 'NAME')}`,
  ],
};
