import { createPrivateKey, type KeyObject } from 'node:crypto';
import { parseJsonObject } from '../files';
import type { KeyItem, Layout } from './pem';
import { keyFileProblem, SPECIFY, type KeyFileProblem } from './problem';
import { readKeyFile } from './read-key-file';

export type PrivateKeyReading = { readonly key: KeyObject } | { readonly problem: KeyFileProblem };

/**
 * Reads the one private RSA key of a file, a variable, or the output of a command: PEM, DER, or a JWK. A PEM text in an unusual
 * layout is rejected with the exact reason and not repaired, because the other programs that read the same secret, such as the
 * token service or the sf CLI, fail with it. Never throws, and no problem repeats any part of the input.
 */
export function readRsaPrivateKey(bytes: Buffer): PrivateKeyReading {
  const file = readKeyFile(bytes, 'private');
  if ('problem' in file) return file;
  if ('json' in file) return readPrivateJwk(file.json);
  const [layout] = file.layouts;
  if (layout !== undefined && file.items.some(isPrivate)) return { problem: layoutProblem(layout) };
  return readItems(file.items);
}

const isPrivate = ({ kind }: KeyItem): boolean => kind.endsWith('private-key');

function readItems(items: readonly KeyItem[]): PrivateKeyReading {
  const [item, ...others] = items.filter(isPrivate);
  if (!item) return { problem: missingProblem(items) };
  if (others.length > 0)
    return {
      problem: keyFileProblem(
        'key-several',
        `The input contains ${others.length + 1} private keys.`,
        'Specify a file with one of them.',
      ),
    };
  const problem = PROTECTED[item.kind];
  return problem ? { problem } : readDer(item.der);
}

const PROTECTED: Readonly<Partial<Record<KeyItem['kind'], KeyFileProblem>>> = {
  'encrypted-private-key': keyFileProblem(
    'key-passphrase',
    'The private key is protected by a passphrase.',
    'Write it without the passphrase to a file that only you can read: (umask 077; openssl pkey -in FILE -out FILE.pem)',
  ),
  'openssh-private-key': keyFileProblem(
    'key-type',
    'The private key is in the format of OpenSSH.',
    'Convert a copy of it: cp -p FILE FILE.pem && ssh-keygen -p -m PKCS8 -f FILE.pem',
  ),
};

const missingProblem = (items: readonly KeyItem[]): KeyFileProblem =>
  items.some(({ kind }) => kind === 'certificate')
    ? keyFileProblem('private-key-missing', 'The input contains a certificate, but no private key.', MATCHING_KEY)
    : keyFileProblem('private-key-missing', 'The input contains a public key, but no private key.', MATCHING_KEY);

const MATCHING_KEY =
  'Specify the file of the private key that belongs to it (BEGIN PRIVATE KEY), usually a .key or .pem file.';

function readDer(der: Buffer): PrivateKeyReading {
  for (const type of ['pkcs8', 'pkcs1', 'sec1'] as const) {
    const key = tryRead(() => createPrivateKey({ key: der, format: 'der', type }));
    if (key) return assertRsa(key);
  }
  return { problem: UNREADABLE };
}

const UNREADABLE = keyFileProblem(
  'pem-unreadable',
  "The private key can't be read, because its content is damaged or truncated.",
  'Copy it again, from BEGIN to END.',
);

/** Salesforce verifies RS256 and RS512, which an RSASSA-PSS key can't sign. */
const assertRsa = (key: KeyObject): PrivateKeyReading =>
  key.asymmetricKeyType === 'rsa'
    ? { key }
    : {
        problem: keyFileProblem(
          'key-type',
          `The private key is of type ${key.asymmetricKeyType ?? 'unknown'}, not rsa.`,
          'Specify an RSA key, because RS256 and RS512 need one.',
        ),
      };

function readPrivateJwk(text: string): PrivateKeyReading {
  const members = parseJsonObject(text);
  if (!members)
    return { problem: keyFileProblem('key-json', "The input isn't one well-formed JSON object.", SPECIFY.private) };
  const problem = describePrivateJson(members);
  if (problem) return { problem };
  const key = tryRead(() => createPrivateKey({ key: members, format: 'jwk' }));
  return key
    ? assertRsa(key)
    : { problem: { ...UNREADABLE, message: "The private JWK can't be read.", fix: WHOLE_JWK } };
}

const WHOLE_JWK = 'Specify the whole JWK, with the members n, e, d, p, q, dp, dq, and qi.';

/** Why a JSON object isn't a private JWK. */
function describePrivateJson(members: Readonly<Record<string, unknown>>): KeyFileProblem | undefined {
  if (typeof members['private_key'] === 'string')
    return keyFileProblem(
      'key-json',
      'The input is a service account file of Google Cloud or Firebase. Its key signs requests to Google.',
      SPECIFY.private,
    );
  if (Array.isArray(members['keys']))
    return keyFileProblem('key-json', 'The input is a JWKS document.', 'Specify one private JWK without "keys".');
  if (!Object.hasOwn(members, 'kty')) return keyFileProblem('key-json', "The JSON isn't a JWK.", pemMemberFix(members));
  if (!Object.hasOwn(members, 'd'))
    return keyFileProblem('private-key-missing', 'The input is a public JWK, without a private key.', MATCHING_KEY);
  return undefined;
}

/** A secret store can return its secret as a member of a JSON object. */
function pemMemberFix(members: Readonly<Record<string, unknown>>): string {
  const name = Object.keys(members).find((each) => /BEGIN [A-Z ]{0,20}PRIVATE KEY/.test(String(members[each])));
  return name !== undefined && /^[\w.-]{1,40}$/.test(name)
    ? `Specify the PEM text in its member ${name} alone: (umask 077; jq -r '."${name}"' FILE > FILE.pem)`
    : SPECIFY.private;
}

export const LAYOUT_MESSAGES: Readonly<Record<Layout, string>> = {
  'byte-order-mark': 'The input starts with a byte order mark (UTF-8 with BOM), as Windows programs write it.',
  'url-encoded': 'The PEM text is URL-encoded (%20 and %0A in the place of spaces and line breaks).',
  escaped: 'The line breaks of the PEM text are the two characters \\n, as in JSON or an .env file.',
  quoted: 'The PEM text is in quotation marks.',
  'one-line': 'The PEM text is on one line, or has spaces in the place of its line breaks.',
  indented: 'The lines of the PEM text are indented, as in YAML.',
};

const LAYOUT_FIX =
  'Use the original file, as the program that created it wrote it: BEGIN, lines of base64, and END, each on a line of its own. Set a secret from that file, not by hand.';

const ESCAPED_FIX = `Write each \\n as a line break: (umask 077; printf '%b\\n' "$(cat FILE)" > FILE.pem). Or use the original file.`;

const layoutProblem = (layout: Layout): KeyFileProblem =>
  keyFileProblem('key-layout', LAYOUT_MESSAGES[layout], layout === 'escaped' ? ESCAPED_FIX : LAYOUT_FIX);

/** Errors of node:crypto can repeat the input, so they are dropped. */
function tryRead<T>(reader: () => T): T | undefined {
  try {
    return reader();
  } catch {
    return undefined;
  }
}
