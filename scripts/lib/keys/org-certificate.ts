import type { CommonFlags, Context } from '../cli';
import { readOrgs } from '../config';
import { EXIT, ToolError } from '../errors';
import { writeManifest } from '../metadata';
import { settingsFor, settingText } from '../model';
import { Sf } from '../sf';
import { readSource } from '../source';
import type { ImportFlags } from './flags';
import type { Lend } from './hosts';
import type { Offer } from './material';

/** Retrieves the public half of a certificate of Setup, "Certificate and Key Management". The private half stays in the org. */
export async function orgCertificate(context: Context<ImportFlags>, name: string, lend: Lend): Promise<Offer> {
  const [alias, ...others] = context.flags.org;
  if (alias === undefined || others.length > 0) throw whichOrg();
  const { value: apiVersion } = readSource(context.flags.project).apiVersion;
  return lend(async (hosts) => {
    const sf = new Sf(hosts, apiVersion);
    const manifest = writeManifest(new Map([['Certificate', [name]]]), apiVersion);
    const bytes = (await sf.retrieve(alias, manifest)).get(`certs/${name}.crt`);
    if (!bytes) throw noCertificate(alias, name);
    return { from: `${alias}: Certificate ${name}`, bytes };
  });
}

/**
 * How the Apex of an org calls the key of a certificate, by the record of Customer_Identity_Setting that the org uses: so
 * the key that is made of the certificate is the one that its tokens name. Nothing where no record names the certificate.
 */
export function namedBySigner({ project, org, setupCertificate }: CommonFlags & ImportFlags): Naming {
  const config = readOrgs(project).orgs.find(({ alias }) => alias === org[0]);
  if (setupCertificate === undefined || !config) return {};
  const [setting] = settingsFor(readSource(project).signers, config.orgId);
  if (!setting || settingText(setting, 'Certificate__c') !== setupCertificate) return {};
  return { kid: settingText(setting, 'Key_Id__c'), alg: settingText(setting, 'Algorithm__c') };
}

interface Naming {
  readonly kid?: string | undefined;
  readonly alg?: string | undefined;
}

const whichOrg = (): ToolError =>
  new ToolError(
    'bad-flag',
    {
      what: '--setup-certificate needs one org.',
      why: 'Each org has certificates of its own.',
      fix: 'Name it: --org <alias>.',
    },
    { exit: EXIT.invalid },
  );

const noCertificate = (alias: string, name: string): ToolError =>
  new ToolError(
    'unknown-component',
    {
      what: `The org "${alias}" has no certificate ${name}.`,
      why: 'The retrieve came back without it.',
      fix: 'Take the unique name from Setup, Certificate and Key Management.',
    },
    { exit: EXIT.invalid },
  );
