import { X509Certificate } from 'node:crypto';

/** The kind of a DER structure. `unknown`: none of the others. */
export type DerKind =
  | 'certificate'
  | 'public-key'
  | 'private-key'
  | 'encrypted-private-key'
  | 'signing-request'
  | 'pkcs7'
  | 'pkcs12'
  | 'parameters'
  | 'unknown';

const [INTEGER, BIT_STRING, OCTET_STRING, OBJECT_ID, SEQUENCE] = [0x02, 0x03, 0x04, 0x06, 0x30];

interface DerElement {
  readonly tag: number;
  readonly value: Buffer;
}

/** The kind of a DER structure, by the elements that its standard starts with. */
export function derKind(der: Buffer): DerKind {
  const [outer] = readElements(der, 1);
  if (outer?.tag === OBJECT_ID) return 'parameters';
  if (outer?.tag !== SEQUENCE) return 'unknown';
  const [first, second, third] = readElements(outer.value, 3);
  if (first?.tag === OBJECT_ID) return isPkcs7(first) ? 'pkcs7' : 'parameters';
  if (first?.tag === INTEGER && second) return kindWithVersion(first, second);
  if (first?.tag !== SEQUENCE) return 'unknown';
  // EncryptedPrivateKeyInfo (RFC 5958), SubjectPublicKeyInfo (RFC 5280), and three elements of a signed structure.
  if (second?.tag === OCTET_STRING) return 'encrypted-private-key';
  if (second?.tag === BIT_STRING) return 'public-key';
  return third?.tag === BIT_STRING ? signedKind(der) : 'unknown';
}

/** A structure that starts with a number: PFX (RFC 7292), PKCS#8 (RFC 5958), or a key of PKCS#1 (RFC 8017) or SEC 1. */
function kindWithVersion({ value: version }: DerElement, second: DerElement): DerKind {
  if (version.length > 1) return second.tag === INTEGER ? 'public-key' : 'unknown';
  if (version[0] === 3 && second.tag === SEQUENCE) return 'pkcs12';
  return [SEQUENCE, INTEGER, OCTET_STRING].includes(second.tag) ? 'private-key' : 'unknown';
}

/** PKCS#7 content types: 1.2.840.113549.1.7 (RFC 2315, section 14). */
const isPkcs7 = ({ value }: DerElement): boolean => value.toString('hex').startsWith('2a864886f70d0107');

function signedKind(der: Buffer): DerKind {
  try {
    return new X509Certificate(der).raw.length > 0 ? 'certificate' : 'unknown';
  } catch {
    return startsAsRequest(der) ? 'signing-request' : 'unknown';
  }
}

/** CertificationRequestInfo (RFC 2986): version 0, then the subject. */
function startsAsRequest(der: Buffer): boolean {
  const [outer] = readElements(der, 1);
  const [info] = readElements(outer?.value ?? der, 1);
  const [version, subject] = readElements(info?.value ?? der, 2);
  return version?.tag === INTEGER && version.value.equals(Buffer.from([0])) && subject?.tag === SEQUENCE;
}

/** The first elements of DER bytes; fewer if they are cut off. */
function readElements(bytes: Buffer, count: number): readonly DerElement[] {
  const [element, rest] = readElement(bytes);
  if (!element || count === 0) return [];
  return [element, ...readElements(rest, count - 1)];
}

function readElement(bytes: Buffer): readonly [element: DerElement | undefined, rest: Buffer] {
  const [tag, short = 0] = bytes;
  const lengthBytes = short < 0x80 ? 0 : short - 0x80;
  if (tag === undefined || lengthBytes > 4 || bytes.length < 2 + lengthBytes) return [undefined, bytes];
  const from = 2 + lengthBytes;
  // Some programs write PKCS#12 with indefinite lengths (BER); the element then ends with the bytes.
  const definite = lengthBytes === 0 ? short : bytes.readUIntBE(2, lengthBytes);
  const to = short === 0x80 ? bytes.length : from + definite;
  if (to > bytes.length) return [undefined, bytes];
  return [{ tag, value: bytes.subarray(from, to) }, bytes.subarray(to)];
}

/** The bits of the key usage extension (2.5.29.15; RFC 5280, section 4.2.1.3); undefined without the extension. */
export function keyUsageOf(
  certificate: Buffer,
): { readonly signsCertificates: boolean; readonly signsData: boolean } | undefined {
  const at = certificate.indexOf(Buffer.from('0603551d0f', 'hex'));
  if (at < 0) return undefined;
  const elements = readElements(certificate.subarray(at + 5), 2);
  const value = elements.find(({ tag }) => tag === OCTET_STRING)?.value;
  const [bits] = value ? readElements(value, 1) : [];
  // The first byte is the number of unused bits; bit 0 is digitalSignature, and bit 5 keyCertSign.
  const usage = bits?.value[1] ?? 0;
  return { signsCertificates: (usage & 0x04) !== 0, signsData: (usage & 0x80) !== 0 };
}
