import type { X509Certificate } from 'node:crypto';
import { closeSync, fstatSync, openSync, readSync } from 'node:fs';
import { EXIT, ToolError } from '../errors';
import type { Finding } from '../model';
import { download, type DownloadOptions } from '../endpoint';
import { decodeOffer, LARGEST } from './encoding';
import { finding, type Offer } from './material';
import { readCertificate } from './pem';

/** Reads what is offered: a file, or what an address answers. */
export async function offerFrom(
  from: string,
  options: DownloadOptions & { readonly address: boolean },
): Promise<Offer> {
  if (!options.address) return { from, bytes: readStart(from) };
  const { status, body, cut, headers } = await download(from, options);
  if (status === 200) return { from: shownAddress(from), bytes: cut ? Buffer.alloc(LARGEST + 1) : body };
  const redirect = headers.get('location') === null ? '' : ' It leads elsewhere, and is not followed.';
  throw new ToolError(
    'endpoint-unreachable',
    {
      what: `${shownAddress(from)} does not serve keys.`,
      why: `It answers ${status} instead of 200.${redirect}`,
      fix: 'Name the address that serves the JWKS itself, without a login.',
    },
    { exit: EXIT.unreachable },
  );
}

/** Without the query, which may hold a secret. */
const shownAddress = (from: string): string => {
  const url = URL.parse(from);
  return url ? `${url.origin}${url.pathname}` : 'the address';
};

/** The certificate of --certificate, or what is wrong with the file. */
export function certificateFrom(from: string): X509Certificate | { readonly findings: readonly Finding[] } {
  const decoded = decodeOffer({ from, bytes: readStart(from) });
  if (decoded.refused) return { findings: decoded.refused.jwk ? [] : decoded.refused.findings };
  const certificate = decoded.text.includes('BEGIN CERTIFICATE-----') ? readCertificate(decoded.text) : undefined;
  const message = 'The file of --certificate holds no PEM certificate that can be read.';
  return (
    certificate ?? {
      findings: [finding(from, 'error', 'pem-unreadable', message, 'Name a file with BEGIN CERTIFICATE.')],
    }
  );
}

/** As much of a file as is ever looked at, and one octet more. */
function readStart(file: string): Buffer {
  const descriptor = open(file);
  try {
    const bytes = Buffer.alloc(Math.min(fstatSync(descriptor).size, LARGEST + 1));
    return bytes.subarray(0, readSync(descriptor, bytes));
  } catch (thrown) {
    throw unreadable(file, thrown);
  } finally {
    closeSync(descriptor);
  }
}

function open(file: string): number {
  try {
    return openSync(file, 'r');
  } catch (thrown) {
    throw unreadable(file, thrown);
  }
}

const unreadable = (file: string, thrown: unknown): ToolError =>
  new ToolError(
    'unreadable-file',
    {
      what: `${file} cannot be read.`,
      why: `The system says ${(thrown as NodeJS.ErrnoException).code ?? 'unknown'}.`,
      fix: 'Name a file that exists and that you may read.',
    },
    { exit: EXIT.invalid },
  );
