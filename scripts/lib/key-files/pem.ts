import { derKind, type DerKind } from './der';
import { keyFileProblem, type KeyFileProblem } from './problem';

/** An object in a key file: a block of PEM, or the one object of a DER file. */
export interface KeyItem {
  readonly kind: DerKind | MistakenKind;
  /** Empty for a kind that isn't DER, and for a private key in an encrypted block. */
  readonly der: Buffer;
}

/** Blocks whose content isn't read, because their label names no key that Salesforce can use. */
export type MistakenKind = 'revocation-list' | 'cms' | 'openssh-private-key' | 'pgp' | 'ssh-public-key';

const LABELS: Readonly<Record<string, KeyItem['kind']>> = {
  'CERTIFICATE REQUEST': 'signing-request',
  'NEW CERTIFICATE REQUEST': 'signing-request',
  'X509 CRL': 'revocation-list',
  PKCS7: 'pkcs7',
  CMS: 'cms',
  'EC PARAMETERS': 'parameters',
  'DH PARAMETERS': 'parameters',
  'X9.42 DH PARAMETERS': 'parameters',
  'OPENSSH PRIVATE KEY': 'openssh-private-key',
  'ENCRYPTED PRIVATE KEY': 'encrypted-private-key',
  'SSH2 PUBLIC KEY': 'ssh-public-key',
  'SSH2 ENCRYPTED PRIVATE KEY': 'openssh-private-key',
};

/** How the lines of a PEM text differ from RFC 7468. */
export type Layout = 'byte-order-mark' | 'url-encoded' | 'escaped' | 'quoted' | 'one-line' | 'indented';

export interface PemReading {
  readonly items: readonly KeyItem[];
  readonly layouts: readonly Layout[];
  readonly problem?: KeyFileProblem;
}

const COPY_AGAIN = 'Copy it again, from BEGIN to END.';

/** A marker line, also if a program changed its case. The label contains no dash, so that the search takes linear time. */
const MARKER = /-----(BEGIN|END) ([A-Z0-9. ]{1,60})-----/gi;

interface Block {
  readonly label: string;
  readonly body: string;
}

/**
 * Reads all PEM blocks of a text, in any of the layouts that environment variables, JSON, YAML, and web forms give them: the
 * base64 is whole in all of them. Text around the blocks, such as the attributes of `openssl pkcs12`, is ignored.
 */
export function readPem(text: string): PemReading {
  const { plain, layouts } = withLineBreaks(text);
  const blocks = findBlocks(plain);
  if (!blocks) return { items: [], layouts, problem: cutOffProblem(plain) };
  const items = blocks.map(readBlock);
  const problem = items.find((item): item is KeyFileProblem => 'message' in item);
  return {
    items: items.filter((item): item is KeyItem => 'kind' in item),
    layouts: [...layouts, ...blockLayouts(plain, blocks)],
    ...(problem && { problem }),
  };
}

function withLineBreaks(text: string): { readonly plain: string; readonly layouts: readonly Layout[] } {
  if (/-----BEGIN(%20|\+)/.test(text))
    return { plain: decodeUrl(text.replace(/(-----(?:BEGIN|END))\+/g, '$1 ')), layouts: ['url-encoded'] };
  if (!text.includes('\\n')) return { plain: text, layouts: [] };
  const plain = text.replaceAll('\\r', '').replaceAll('\\n', '\n').replace(/\\$/gm, '');
  return { plain, layouts: ['escaped'] };
}

function decodeUrl(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}

/** The blocks with a BEGIN and an END line of the same label; undefined if a block lacks one of them. */
function findBlocks(text: string): readonly Block[] | undefined {
  const markers = [...text.matchAll(MARKER)].map(({ 0: line, 1: side, 2: label = '', index }) => ({
    side: side?.toUpperCase(),
    label: label.toUpperCase(),
    from: index,
    to: index + line.length,
  }));
  if (markers.length === 0) return undefined;
  const blocks: Block[] = [];
  for (let at = 0; at < markers.length; at += 2) {
    const [begin, end] = [markers[at], markers[at + 1]];
    if (begin?.side !== 'BEGIN' || end?.side !== 'END' || begin.label !== end.label) return undefined;
    blocks.push({ label: begin.label, body: text.slice(begin.to, end.from) });
  }
  return blocks;
}

const cutOffProblem = (text: string): KeyFileProblem =>
  /PRIVATE KEY/.test(text)
    ? keyFileProblem('pem-cut-off', 'A PEM block with a private key has no BEGIN or no END line.', COPY_AGAIN)
    : keyFileProblem('pem-cut-off', 'A PEM block has no BEGIN or no END line, or the two differ.', COPY_AGAIN);

const BASE64 = /^[A-Za-z0-9+/]+={0,2}$/;

/** A block as an object. Its content decides, because labels are often wrong; only a label that names no key is believed. */
function readBlock({ label, body }: Block): KeyItem | KeyFileProblem {
  const kind = label.startsWith('PGP ') ? 'pgp' : LABELS[label];
  if (kind !== undefined) return { kind, der: Buffer.alloc(0) };
  // Encrypted as OpenSSL did before PKCS#8 (RFC 1421, section 4.6.1.1).
  if (/Proc-Type:\s?4,ENCRYPTED/.test(body)) return { kind: 'encrypted-private-key', der: Buffer.alloc(0) };
  const base64 = body.replace(/[\s"'`]/g, '');
  const der = BASE64.test(base64) ? Buffer.from(base64, 'base64') : Buffer.alloc(0);
  const found = derKind(der);
  if (found !== 'unknown') return { kind: found, der };
  return unreadableProblem(label, base64);
}

function unreadableProblem(label: string, base64: string): KeyFileProblem {
  const type = /CERTIFICATE|PUBLIC KEY|PRIVATE KEY/.exec(label)?.[0].toLowerCase() ?? 'block';
  const why =
    base64 === ''
      ? 'it is empty'
      : BASE64.test(base64)
        ? 'its content is damaged, truncated, or of another type'
        : "it contains characters that aren't base64";
  return keyFileProblem('pem-unreadable', `The PEM ${type} can't be read, because ${why}.`, COPY_AGAIN);
}

function blockLayouts(text: string, blocks: readonly Block[]): readonly Layout[] {
  const bodies = blocks.map(({ body }) => body);
  const layouts: Layout[] = [];
  if (/["'`]\s{0,9}-----BEGIN|-----\s{0,9}["'`]/.test(text)) layouts.push('quoted');
  if (bodies.some((body) => !/^[ \t]*\r?\n/.test(body) || !/\n[ \t"'`]*$/.test(body))) layouts.push('one-line');
  else if (bodies.some((body) => /\n[ \t]+\S/.test(body)) || /^[ \t]+-----(BEGIN|END)/m.test(text))
    layouts.push('indented');
  return layouts;
}
