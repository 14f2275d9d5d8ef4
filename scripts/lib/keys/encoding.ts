import { refuse, type Offer, type Taken } from './material';

/** A key or a set of them takes a few kilobytes; what is larger is something else. */
export const LARGEST = 1024 * 1024;

/** The text of an offer, or why it is none. */
export type Text = { readonly text: string; readonly refused?: undefined } | { readonly refused: Taken };

/** Reads an offer as UTF-8; a byte order mark is left out. */
export function decodeOffer({ from, bytes }: Offer): Text {
  if (bytes.length > LARGEST)
    return { refused: refuse(from, 'key-too-large', TOO_LARGE, 'Name the file of the public key.') };
  if (bytes.length === 0)
    return { refused: refuse(from, 'key-empty', 'The file is empty.', 'Name the file of the public key.') };
  if (isUtf16(bytes)) return { refused: refuse(from, 'key-encoding', 'The text is UTF-16.', 'Save it as UTF-8.') };
  // A DER certificate is an ASN.1 sequence with a length of two octets.
  if (bytes[0] === 0x30 && bytes[1] === 0x82) return { refused: refuse(from, 'key-encoding', BINARY, TO_PEM) };
  const text = utf8(bytes);
  return text === undefined || text.includes('\0')
    ? { refused: refuse(from, 'key-encoding', NO_TEXT, SAVE) }
    : { text };
}

const isUtf16 = (bytes: Buffer): boolean => ['fffe', 'feff'].includes(bytes.subarray(0, 2).toString('hex'));

function utf8(bytes: Buffer): string | undefined {
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(bytes);
  } catch {
    return undefined;
  }
}

const TOO_LARGE = 'It has more than a megabyte: that is no public key.';
const BINARY = 'The file is binary (DER), not PEM.';
const TO_PEM = 'Convert it: openssl x509 -inform der -in FILE -out FILE.pem.';
const NO_TEXT = 'It is neither PEM nor JSON: it is no UTF-8 text.';
const SAVE = 'Name a PEM certificate, a PEM public key, a JWK or a JWKS.';
