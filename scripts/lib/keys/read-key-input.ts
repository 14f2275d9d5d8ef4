import { EXIT, ToolError, invalidFlagError } from '../errors';
import { download, type DownloadOptions } from '../verification/endpoint';
import { MAX_KEY_FILE_BYTES, readKeyFileBytes } from '../key-files';
import type { KeyInput } from './key-input';
import { parseCertificateFile } from './parse-public-key';
import type { Context } from '../cli';
import { loadOrgFiles, readProjectFile } from '../project';
import { writeManifest } from '../metadata';
import { assertOrgId } from '../org';
import { Sf } from '../sf';
import type { ImportFlags } from './flags';
import type { UseWorkers } from './keyset';

/** Reads a public key from a file or a URL. Throws if neither can be read. */
export async function readKeyInput(
  from: string,
  options: DownloadOptions & { readonly isUrl: boolean },
): Promise<KeyInput> {
  if (!options.isUrl) return { from, bytes: readKeyFileBytes(from).bytes };
  const { status, body, truncated, headers } = await download(from, options);
  if (status === 200) return { from: redactUrl(from), bytes: truncated ? Buffer.alloc(MAX_KEY_FILE_BYTES + 1) : body };
  const redirect = headers.get('location') === null ? '' : ' Redirects are not followed.';
  throw new ToolError(
    'endpoint-unreachable',
    {
      what: `${redactUrl(from)} doesn't serve keys.`,
      why: `It responds with ${status} instead of 200.${redirect}`,
      fix: 'Specify the URL that serves the JWKS document directly, without a login.',
    },
    { exit: EXIT.unreachable },
  );
}

/** Without the query, which can contain a secret. */
const redactUrl = (from: string): string => {
  const url = URL.parse(from);
  return url ? `${url.origin}${url.pathname}` : 'the URL';
};

/** Returns the certificate of --certificate, or findings if the file contains none. */
export const readCertificateFile = (from: string): ReturnType<typeof parseCertificateFile> =>
  parseCertificateFile({ from, bytes: readKeyFileBytes(from).bytes });

/** Retrieves a certificate of Setup, Certificate and Key Management. Its private key stays in the org. */
export async function retrieveCertificate(
  context: Context<ImportFlags>,
  name: string,
  useWorkers: UseWorkers,
): Promise<KeyInput> {
  const [alias, ...others] = context.flags.org;
  if (alias === undefined || others.length > 0) throw orgRequiredError();
  const { value: apiVersion } = readProjectFile(context.flags.project).apiVersion;
  return useWorkers(async (workers) => {
    const sf = new Sf(workers, apiVersion);
    const org = loadOrgFiles(context.flags.project).orgs.find((each) => each.alias === alias);
    if (org) await assertOrgId(sf, org);
    const manifest = writeManifest(new Map([['Certificate', [name]]]), apiVersion);
    const bytes = (await sf.retrieve(alias, manifest)).get(`certs/${name}.crt`);
    if (!bytes) throw noCertificateError(alias, name);
    return { from: `${alias}: Certificate ${name}`, bytes };
  });
}

const orgRequiredError = (): ToolError =>
  invalidFlagError(
    '--setup-certificate needs one org.',
    'Each org has its own certificates.',
    'Specify one org: --org <alias>.',
  );

const noCertificateError = (alias: string, name: string): ToolError =>
  new ToolError('unknown-component', {
    what: `The org "${alias}" has no certificate ${name}. Nothing was written.`,
    why: 'The retrieve returned no such certificate.',
    fix: 'Copy the unique name from Setup, Certificate and Key Management.',
  });
