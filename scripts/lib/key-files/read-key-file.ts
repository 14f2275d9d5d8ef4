import { X509Certificate } from 'node:crypto';
import { derKind } from './der';
import { binaryProblem, itemProblem, textProblem } from './kinds';
import { readPem, type KeyItem, type Layout } from './pem';
import { keyFileProblem, SPECIFY, type KeyFileProblem, type Purpose } from './problem';

/** The content of a key file: objects of PEM or DER, a JSON text, or nothing that can be used. */
export type KeyFile =
  | { readonly items: readonly KeyItem[]; readonly layouts: readonly Layout[] }
  | { readonly json: string; readonly layouts: readonly Layout[] }
  | { readonly problem: KeyFileProblem };

/** A key or a JWKS document has a few kilobytes, and a bundle of all public certificate authorities 250. */
export const MAX_KEY_FILE_BYTES = 1024 * 1024;

/**
 * Recognizes what a key file contains. The one reader of the project for certificates, public keys, and private keys, whether
 * they come from a file, a variable, a command, or a URL. Never throws. No problem repeats any part of the input, because it can
 * be a secret. For the purpose `public`, a private key is the problem `private-key`, in any format.
 */
export function readKeyFile(bytes: Buffer, purpose: Purpose): KeyFile {
  const problem = (code: KeyFileProblem['code'], message: string, fix = SPECIFY[purpose]): KeyFile => ({
    problem: keyFileProblem(code, message, fix),
  });
  if (bytes.length > MAX_KEY_FILE_BYTES)
    return problem('key-too-large', "The input is larger than 1 MB, so it isn't a key.");
  if (bytes.length === 0) return problem('key-empty', 'The input is empty.');
  if (isUtf16(bytes)) return problem('key-encoding', 'The input is UTF-16, as Windows PowerShell writes it.', TO_UTF8);
  const kind = derKind(bytes);
  // A key blob of Microsoft starts as the parameters of a key do.
  if (kind !== 'unknown' && !bytes.subarray(0, 4).equals(Buffer.from([6, 2, 0, 0])))
    return fileOf([{ kind, der: bytes }], purpose);
  const text = decodeText(bytes);
  return text === undefined ? { problem: binaryProblem(bytes, purpose) } : readText(text, purpose);
}

const TO_UTF8 =
  'Save it as UTF-8: iconv -f UTF-16 -t UTF-8 FILE > FILE.pem, or in PowerShell: Get-Content FILE | Set-Content -Encoding ascii FILE.pem';

/** UTF-16 with its byte order mark, or ASCII characters in UTF-16. */
function isUtf16(bytes: Buffer): boolean {
  if (['fffe', 'feff'].includes(bytes.subarray(0, 2).toString('hex'))) return true;
  const start = [...bytes.subarray(0, 40)];
  const zeros = (offset: number): boolean => start.every((byte, at) => (byte === 0) === (at % 2 === offset));
  return start.length >= 4 && (zeros(0) || zeros(1));
}

/** UTF-8 text; undefined for other bytes. The names in a PEM file can be in an older encoding, and its blocks are ASCII. */
function decodeText(bytes: Buffer): string | undefined {
  const latin1 = bytes.toString('latin1');
  if (latin1.includes('\0')) return undefined;
  try {
    return new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(bytes);
  } catch {
    return latin1.includes('-----BEGIN ') ? latin1 : undefined;
  }
}

function readText(input: string, purpose: Purpose): KeyFile {
  const layouts: readonly Layout[] = input.startsWith('\uFEFF') ? ['byte-order-mark'] : [];
  const text = input
    .replace(/^\uFEFF/, '')
    .replace(/\r\n?/g, '\n')
    .trim();
  if (purpose === 'public' && hasPrivateKey(text)) return { problem: privateKeyProblem(text) };
  if (OTHER_MARKUP.test(text)) return { problem: textProblem(text, purpose) };
  if (/^[{[]/.test(text)) return { json: text, layouts };
  if (!/-----(BEGIN|END)[ +%]/.test(text))
    return text.startsWith('"') ? { json: text, layouts } : readBareText(text, purpose);
  const pem = readPem(text);
  if (pem.problem) return { problem: pem.problem };
  return fileOf(pem.items, purpose, [...layouts, ...pem.layouts]);
}

/** Texts that start as JSON or PEM do. */
const OTHER_MARKUP = /^\{\\rtf|^-----BEGIN PGP SIGNED MESSAGE-----/;

/** PEM, OpenSSH, PuTTY, and .NET private keys, also if they are damaged. A JWK is read by its members. */
const hasPrivateKey = (text: string): boolean =>
  /BEGIN[ +%20]{1,3}[A-Z0-9 +%]{0,40}PRIVATE[ +%20]{1,3}KEY|PuTTY-User-Key-File/i.test(text) ||
  (/^<RSAKeyValue/.test(text) && text.includes('<D>'));

function certificateFix(text: string): string {
  if (/^-----BEGIN CERTIFICATE-----$/m.test(text))
    return 'Specify its certificate alone: openssl x509 -in FILE -out FILE.crt';
  return text.includes('BEGIN CERTIFICATE')
    ? 'Save only the certificate in it, from BEGIN to END, as a file, and specify that file.'
    : 'Specify the certificate of the key, usually a .crt or .cer file. Only the public key is needed.';
}

const privateKeyProblem = (text: string): KeyFileProblem =>
  keyFileProblem(
    'private-key',
    'The input contains a private key. It was not imported. Store it where nobody else can read it.',
    certificateFix(text),
  );

/** The objects that can be used, or the problem of the first one if none can. */
function fileOf(items: readonly KeyItem[], purpose: Purpose, layouts: readonly Layout[] = []): KeyFile {
  if (purpose === 'public' && items.some(isPrivate)) return { problem: privateKeyProblem('') };
  const useful = items.filter((item) => !itemProblem(item, purpose));
  const [problem] = items.flatMap((item) => itemProblem(item, purpose) ?? []);
  return useful.length === 0 && problem ? { problem } : { items: useful, layouts };
}

const isPrivate = ({ kind }: KeyItem): boolean => kind.endsWith('private-key');

/** Base64 of a key without its PEM lines, or of a whole file, as in a Kubernetes secret; or a text that isn't a key. */
function readBareText(text: string, purpose: Purpose): KeyFile {
  const base64 = text.replace(/\s/g, '');
  if (base64.length < 40 || !/^[A-Za-z0-9+/]+={0,2}$/.test(base64)) return { problem: textProblem(text, purpose) };
  const bytes = Buffer.from(base64, 'base64');
  const inner = readKeyFile(bytes, purpose);
  if ('problem' in inner && inner.problem.code === 'private-key') return inner;
  if ('json' in inner || bytes.includes('-----BEGIN ')) return { problem: BASE64_OF_FILE };
  if ('problem' in inner) {
    const { code, message, fix } = inner.problem;
    if (code !== 'key-store' && code !== 'pem-kind') return { problem: textProblem(text, purpose) };
    return { problem: keyFileProblem(code, `The input is base64. Decoded: ${message}`, `${DECODE}. Then: ${fix}`) };
  }
  const convert = inner.items.some(({ kind }) => kind === 'certificate') ? CERTIFICATE_TO_PEM : KEY_TO_PEM[purpose];
  return {
    problem: keyFileProblem('key-layout', 'The input is base64 without the BEGIN and END lines of PEM.', convert),
  };
}

const DECODE = 'Decode it: (umask 077; base64 -d FILE > FILE.decoded)';
const BASE64_OF_FILE = keyFileProblem(
  'key-layout',
  'The input is base64 of a PEM or JSON file, as in a Kubernetes secret.',
  DECODE,
);
const CERTIFICATE_TO_PEM = 'Convert it: base64 -d FILE | openssl x509 -inform der -out FILE.crt';
const KEY_TO_PEM: Readonly<Record<Purpose, string>> = {
  public: 'Convert it: base64 -d FILE | openssl pkey -pubin -inform der -out FILE.pub',
  private: 'Convert it: (umask 077; base64 -d FILE | openssl pkey -inform der -out FILE.pem)',
};

/** The certificates among the objects of a key file. */
export const certificatesOf = (items: readonly KeyItem[]): readonly X509Certificate[] =>
  items.filter(({ kind }) => kind === 'certificate').map(({ der }) => new X509Certificate(der));
