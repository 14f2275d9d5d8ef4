import type { X509Certificate } from 'node:crypto';
import { closeSync, fstatSync, openSync, readSync } from 'node:fs';
import { EXIT, ToolError, invalidFlagError } from '../errors';
import { type Finding, settingsFor, settingText } from '../model';
import { download, type DownloadOptions } from '../endpoint';
import { decodeKeyInput, MAX_INPUT_BYTES, finding, type KeyInput } from './key-input';
import { readCertificate } from './pem';
import type { CommonFlags, Context } from '../cli';
import { loadOrgFiles, readSource } from '../project';
import { writeManifest } from '../metadata';
import { Sf } from '../sf';
import type { ImportFlags } from './flags';
import type { UseWorkers } from './keyset';

/** Reads what is offered: a file, or what an address answers. */
export async function readKeyInput(
  from: string,
  options: DownloadOptions & { readonly isUrl: boolean },
): Promise<KeyInput> {
  if (!options.isUrl) return { from, bytes: readBounded(from) };
  const { status, body, truncated, headers } = await download(from, options);
  if (status === 200) return { from: redactUrl(from), bytes: truncated ? Buffer.alloc(MAX_INPUT_BYTES + 1) : body };
  const redirect = headers.get('location') === null ? '' : ' It leads elsewhere, and is not followed.';
  throw new ToolError(
    'endpoint-unreachable',
    {
      what: `${redactUrl(from)} does not serve keys.`,
      why: `It answers ${status} instead of 200.${redirect}`,
      fix: 'Name the address that serves the JWKS itself, without a login.',
    },
    { exit: EXIT.unreachable },
  );
}

/** Without the query, which may hold a secret. */
const redactUrl = (from: string): string => {
  const url = URL.parse(from);
  return url ? `${url.origin}${url.pathname}` : 'the address';
};

/** The certificate of --certificate, or what is wrong with the file. */
export function readCertificateFile(from: string): X509Certificate | { readonly findings: readonly Finding[] } {
  const decoded = decodeKeyInput({ from, bytes: readBounded(from) });
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
function readBounded(file: string): Buffer {
  const descriptor = openFile(file);
  try {
    const bytes = Buffer.alloc(Math.min(fstatSync(descriptor).size, MAX_INPUT_BYTES + 1));
    return bytes.subarray(0, readSync(descriptor, bytes));
  } catch (thrown) {
    throw unreadableFileError(file, thrown);
  } finally {
    closeSync(descriptor);
  }
}

function openFile(file: string): number {
  try {
    return openSync(file, 'r');
  } catch (thrown) {
    throw unreadableFileError(file, thrown);
  }
}

const unreadableFileError = (file: string, thrown: unknown): ToolError =>
  new ToolError(
    'unreadable-file',
    {
      what: `${file} cannot be read.`,
      why: `The system says ${(thrown as NodeJS.ErrnoException).code ?? 'unknown'}.`,
      fix: 'Name a file that exists and that you may read.',
    },
    { exit: EXIT.invalid },
  );

/** Retrieves the public half of a certificate of Setup, "Certificate and Key Management". The private half stays in the org. */
export async function retrieveCertificate(
  context: Context<ImportFlags>,
  name: string,
  useWorkers: UseWorkers,
): Promise<KeyInput> {
  const [alias, ...others] = context.flags.org;
  if (alias === undefined || others.length > 0) throw orgRequiredError();
  const { value: apiVersion } = readSource(context.flags.project).apiVersion;
  return useWorkers(async (hosts) => {
    const sf = new Sf(hosts, apiVersion);
    const manifest = writeManifest(new Map([['Certificate', [name]]]), apiVersion);
    const bytes = (await sf.retrieve(alias, manifest)).get(`certs/${name}.crt`);
    if (!bytes) throw noCertificateError(alias, name);
    return { from: `${alias}: Certificate ${name}`, bytes };
  });
}

/**
 * How the Apex of an org calls the key of a certificate, by the record of Customer_Identity_Setting that the org uses: so
 * the key that is made of the certificate is the one that its tokens name. Nothing where no record names the certificate.
 */
export function apexSignerKey({ project, org, setupCertificate }: CommonFlags & ImportFlags): ApexSignerKey {
  const config = loadOrgFiles(project).orgs.find(({ alias }) => alias === org[0]);
  if (setupCertificate === undefined || !config) return {};
  const [setting] = settingsFor(readSource(project).signers, config.orgId);
  if (!setting || settingText(setting, 'Certificate__c') !== setupCertificate) return {};
  return { kid: settingText(setting, 'Key_Id__c'), alg: settingText(setting, 'Algorithm__c') };
}

interface ApexSignerKey {
  readonly kid?: string | undefined;
  readonly alg?: string | undefined;
}

const orgRequiredError = (): ToolError =>
  invalidFlagError(
    '--setup-certificate needs one org.',
    'Each org has certificates of its own.',
    'Name it: --org <alias>.',
  );

const noCertificateError = (alias: string, name: string): ToolError =>
  new ToolError(
    'unknown-component',
    {
      what: `The org "${alias}" has no certificate ${name}.`,
      why: 'The retrieve came back without it.',
      fix: 'Take the unique name from Setup, Certificate and Key Management.',
    },
    { exit: EXIT.invalid },
  );
