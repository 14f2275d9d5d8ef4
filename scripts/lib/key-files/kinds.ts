import { npmRun } from '../model';
import type { KeyItem } from './pem';
import { keyFileProblem, SPECIFY, type KeyFileCode, type KeyFileProblem, type Purpose } from './problem';

/** A kind of file that can be confused with a key file: its code, its description, and how to extract the key. */
interface MistakenFile {
  readonly code: KeyFileCode;
  readonly message: string;
  readonly fixes: Readonly<Record<Purpose, string>>;
}

const file = (code: KeyFileCode, message: string, publicFix?: string, privateFix?: string): MistakenFile => ({
  code,
  message,
  fixes: { public: publicFix ?? SPECIFY.public, private: privateFix ?? SPECIFY.private },
});

const CREATE_KEY = `Create an RSA key: ${npmRun('keys', 'new', 'NAME', '--private-key', 'FILE')}`;
const LOST_KEY =
  'Specify the private key that was created with it, usually a .key or .pem file on the machine that created it.';

const PGP = file('pem-kind', 'The input is a key or message of OpenPGP (GPG).', CREATE_KEY, CREATE_KEY);

/** Objects of a PEM or DER file that contain neither the key nor its certificate. */
const MISTAKEN_ITEMS: Readonly<Partial<Record<KeyItem['kind'], MistakenFile>>> = {
  'signing-request': file(
    'pem-kind',
    'The input is a certificate signing request (CSR). The certificate authority creates the certificate from it.',
    'Specify the certificate that the certificate authority returned.',
    LOST_KEY,
  ),
  'revocation-list': file('pem-kind', 'The input is a list of revoked certificates (CRL).'),
  pkcs7: file(
    'pem-kind',
    'The input is a PKCS#7 bundle (.p7b or .p7c) of certificates, without a private key.',
    'Convert it: openssl pkcs7 -in FILE -print_certs -out FILE.crt (for a binary file, add -inform der).',
    LOST_KEY,
  ),
  cms: file('pem-kind', 'The input is a signed or encrypted message (CMS).'),
  pkcs12: file(
    'key-store',
    'The input is a PKCS#12 file (.p12 or .pfx): a private key and certificates, protected by a password.',
    'Extract the certificate: openssl pkcs12 -in FILE -clcerts -nokeys -out FILE.crt',
    'Extract the private key: (umask 077; openssl pkcs12 -in FILE -nocerts -nodes -out FILE.pem)',
  ),
  parameters: file(
    'pem-kind',
    'The input contains only the parameters of keys, such as of an elliptic curve, and no key.',
    CREATE_KEY,
    CREATE_KEY,
  ),
  'ssh-public-key': file(
    'pem-kind',
    'The input is a public key of SSH, which has no certificate.',
    CREATE_KEY,
    CREATE_KEY,
  ),
  pgp: PGP,
};

/** The problem of an object that contains neither the key nor its certificate; undefined for other objects. */
export function itemProblem({ kind }: KeyItem, purpose: Purpose): KeyFileProblem | undefined {
  const mistaken = MISTAKEN_ITEMS[kind];
  return mistaken && keyFileProblem(mistaken.code, mistaken.message, mistaken.fixes[purpose]);
}

const EXTRACT = 'Extract the archive, and specify the file in it.';

/** Binary files by the first bytes in hexadecimal. */
const BINARY_FILES: readonly (readonly [start: string, file: MistakenFile])[] = [
  ...['feedfeed', 'cececece'].map(
    (start) =>
      [
        start,
        file(
          'key-store',
          'The input is a Java keystore (JKS).',
          'Export the certificate: keytool -exportcert -rfc -keystore FILE -alias ALIAS -file FILE.crt',
          'Convert it: keytool -importkeystore -srckeystore FILE -destkeystore FILE.p12 -deststoretype PKCS12. Then extract the private key: (umask 077; openssl pkcs12 -in FILE.p12 -nocerts -nodes -out FILE.pem)',
        ),
      ] as const,
  ),
  [
    '07020000',
    file(
      'private-key',
      'The input is a private key in the format of Microsoft CryptoAPI (MSBLOB).',
      'Specify the certificate of the key, usually a .cer file. Only the public key is needed.',
      'Convert it: (umask 077; openssl rsa -inform MSBLOB -in FILE -out FILE.pem)',
    ),
  ],
  [
    '1ef1b5b0',
    file(
      'private-key',
      'The input is a private key in a PVK file of Microsoft.',
      'Specify the certificate of the key, usually a .cer file. Only the public key is needed.',
      'Convert it: (umask 077; openssl rsa -inform PVK -in FILE -out FILE.pem)',
    ),
  ],
  [
    '06020000',
    file(
      'pem-kind',
      'The input is a public key in the format of Microsoft CryptoAPI (MSBLOB), which has no certificate.',
      'Specify the certificate of the key, usually a .cer file.',
    ),
  ],
  ['504b0304', file('key-encoding', 'The input is a ZIP archive.', EXTRACT, EXTRACT)],
  ['1f8b', file('key-encoding', 'The input is a gzip archive.', EXTRACT, EXTRACT)],
  ['25504446', file('key-encoding', 'The input is a PDF document.')],
  ['53514c69', file('key-encoding', 'The input is a database (SQLite).')],
];

/** The problem of bytes that are neither text nor DER. */
export function binaryProblem(bytes: Buffer, purpose: Purpose): KeyFileProblem {
  if (bytes.includes('-----BEGIN ')) return NUL_BYTES;
  if (isPgp(bytes)) return keyFileProblem(PGP.code, PGP.message, PGP.fixes[purpose]);
  const start = bytes.subarray(0, 4).toString('hex');
  const [, found = UNKNOWN_BINARY] = BINARY_FILES.find(([each]) => start.startsWith(each)) ?? [];
  return keyFileProblem(found.code, found.message, found.fixes[purpose]);
}

/** A key packet of OpenPGP in version 4 or 6 (RFC 9580, sections 4.2 and 5.5): public or secret, with an old or a new header. */
const isPgp = ([first = 0, second = 0, third, fourth]: Buffer): boolean =>
  ([0x95, 0x99].includes(first) && fourth === 4) ||
  ([0xc5, 0xc6].includes(first) && second >= 192 && second < 224 && [4, 6].includes(third ?? 0));

const NUL_BYTES = keyFileProblem(
  'key-encoding',
  'The input contains a PEM text with zero bytes, which some programs add to the end of a text.',
  String.raw`Remove them: (umask 077; tr -d '\000' < FILE > FILE.pem)`,
);

const UNKNOWN_BINARY = file(
  'key-encoding',
  "The input is binary, and it isn't a certificate or a key (DER).",
  `${SPECIFY.public} A text must be UTF-8.`,
  `${SPECIFY.private} A text must be UTF-8.`,
);

const TYPOGRAPHIC_DASHES =
  'The dashes of the BEGIN line were replaced with typographic dashes, as word processors and chats do.';
const PRINT_PEM = 'Print the certificate as PEM: openssl x509 -in FILE -out FILE.crt';
const PRINT_KEY = 'Print the private key as PEM: (umask 077; openssl pkey -in ORIGINAL -out FILE.pem)';
const FROM_HEX = 'Convert it: (umask 077; xxd -r -p FILE > FILE.der)';
const PLAIN_COPY = 'Use the original file, or copy it from a plain-text editor.';
const FROM_YAML =
  'Save only the PEM or JSON text of the key as a file. In a Kubernetes secret, decode the value first: base64 -d';
const FROM_DATA_URL = 'Decode the text after the comma, usually with base64 -d, and specify the result as a file.';
const BY_ADDRESS = 'Read the key from there, for example with the client of your vault, and specify the file.';
const DOWNLOAD_AGAIN = 'Log in, download the file again, and check that it starts with "-----BEGIN" or "{".';

/** Texts that are neither PEM nor JSON, by how they start or what they contain. The first match counts. */
const TEXTS: readonly (readonly [pattern: RegExp, file: MistakenFile])[] = [
  [/^$/, file('key-unknown', 'The input contains only whitespace.')],
  [/^(ssh-|ecdsa-|sk-ssh-)|^---- BEGIN SSH2/, file('key-unknown', 'The input is an SSH key.', CREATE_KEY, CREATE_KEY)],
  [
    /^<\?xml[^]{0,2000}<(md:)?EntityDescriptor|^<(md:)?EntityDescriptor/,
    file(
      'key-unknown',
      'The input is SAML metadata (XML). The certificate in it verifies SAML responses, not tokens.',
      "Specify the certificate or the JWKS of the keys that sign your provider's ID tokens.",
    ),
  ],
  [/^<RSAKeyValue/, file('key-unknown', 'The input is an RSA key in XML, as .NET writes it.')],
  [
    /^<(!doctype|html|head|body)/i,
    file(
      'key-unknown',
      'The input is a web page, not a key. Usually a download ended at a login or error page.',
      DOWNLOAD_AGAIN,
      DOWNLOAD_AGAIN,
    ),
  ],
  [/^</, file('key-unknown', 'The input is a web page or XML, not a key.')],
  [/^[\w-]+\.[\w-]+\.[\w-]*$/, file('key-unknown', 'The input is a token, not a key.')],
  [
    /^Certificate:\s|^(Alias name|Owner|Keystore type):/,
    file(
      'key-unknown',
      'The input is a description of a certificate, not the certificate.',
      'Print the certificate as PEM: openssl x509 -in FILE -out FILE.crt, or keytool -exportcert -rfc.',
    ),
  ],
  [
    /^(Private-Key|RSA Private-Key):\s/,
    file(
      'private-key',
      'The input is a description of a private key, as openssl rsa -text -noout prints it. It contains the secret numbers.',
      'Specify the certificate of the key, usually a .crt or .cer file, and delete this file.',
      'Print the key as PEM, and delete this file: (umask 077; openssl rsa -in ORIGINAL -out FILE.pem)',
    ),
  ],
  [
    /^(Public-Key|RSA Public-Key|Modulus)\s?[:=(]|^\s*0:d=0\s/,
    file(
      'key-unknown',
      'The input is a description of a key, as openssl prints it, not the key.',
      PRINT_PEM,
      PRINT_KEY,
    ),
  ],
  [/^-----BEGIN PGP SIGNED/, PGP],
  [/^\{\\rtf/, file('key-unknown', 'The input is a document of a word processor (RTF).', PLAIN_COPY, PLAIN_COPY)],
  [/^(?:[0-9a-f]{2}[\s:]?){40,}$/i, file('key-layout', 'The input is hexadecimal text.', FROM_HEX, FROM_HEX)],
  [/[‐-―−]-{0,5}\s?BEGIN /, file('key-layout', TYPOGRAPHIC_DASHES, PLAIN_COPY, PLAIN_COPY)],
  [/^-{1,4}\s?BEGIN /, file('key-layout', "The BEGIN line doesn't start with five dashes.", PLAIN_COPY, PLAIN_COPY)],
  [
    /^(kty|keys|apiVersion|kind)\s*:/m,
    file('key-unknown', 'The input is YAML, not JSON or PEM.', FROM_YAML, FROM_YAML),
  ],
  [/^\/[/*]|^#\s/, file('key-unknown', 'The input starts with a comment, which neither PEM nor JSON allows.')],
  [/^data:/i, file('key-unknown', 'The input is a data URL.', FROM_DATA_URL, FROM_DATA_URL)],
  [
    /^(https?|vault|arn|op|gs|s3):/i,
    file('key-unknown', 'The input is the address of a key, not the key.', BY_ADDRESS, BY_ADDRESS),
  ],
];

/** The problem of a text that is neither PEM nor JSON. */
export function textProblem(text: string, purpose: Purpose): KeyFileProblem {
  const found = TEXTS.find(([pattern]) => pattern.test(text))?.[1] ?? OTHER_TEXT;
  return keyFileProblem(found.code, found.message, found.fixes[purpose]);
}

const OTHER_TEXT = file('key-unknown', 'The input is neither PEM nor JSON.');
