import { ToolError } from '../errors';
import { parsePackageFiles, readXml, writeManifest } from '../metadata';
import {
  type Component,
  type ComponentMap,
  type ComponentType,
  type DesiredState,
  isDeployedType,
  mapOf,
  type OrgConfig,
  parseKey,
  sfCommand,
  SOURCE_FOLDERS,
  textAt,
} from '../model';
import type { Sf } from '../sf';

/**
 * All components of these types are retrieved, so that unmanaged ones are read too. Whether `*` works for
 * EmbeddedServiceConfig isn't documented, so its declared components are also listed by name.
 */
const FULLY_RETRIEVED_TYPES: readonly ComponentType[] = [
  'MessagingChannel',
  'PublicKeyCertificate',
  'PublicKeyCertificateSet',
  'EmbeddedServiceConfig',
];

/** All components of these types are retrieved if one of them is: an org can have the same URL under another name. */
const TYPES_WITH_URL: readonly string[] = ['CorsWhitelistOrigin', 'CspTrustedSite'];

/** The retrieved components of an org. */
export interface RetrievedComponents {
  readonly components: ComponentMap;
  /** The components listed under "existing" in the org file that the org doesn't have. */
  readonly missing: readonly string[];
  /** The certificate that signs tokens of site members, as PEM; undefined if the org doesn't have it, or no member site. */
  readonly signerCertificate?: string;
  /** Whether the private key of that certificate can be exported. */
  readonly hasExportableKey?: boolean;
}

/** The components to retrieve by name: those of the desired state, and those listed under "existing" in the org file. */
export interface RetrieveScope extends Pick<DesiredState, 'components' | 'transition'> {
  readonly org: Pick<OrgConfig, 'alias' | 'existing' | 'memberSite'>;
}

/** Retrieves all channels, keysets, keys and chat deployments of an org, and other components by name, with one request. */
export const retrieveComponents = async (
  sf: Sf,
  scope: RetrieveScope,
  apiVersion: string,
): Promise<RetrievedComponents> => toComponents(scope.org, await retrieveFiles(sf, scope, apiVersion));

/** The retrieved components, and the files of other types. */
export interface RetrievedFiles extends RetrievedComponents {
  readonly files: ReadonlyMap<string, Buffer>;
}

/** Retrieves the same components, and with the same request all components of other types. */
export async function retrieveWithTypes(
  sf: Sf,
  scope: RetrieveScope,
  otherTypes: readonly string[],
): Promise<RetrievedFiles> {
  const files = await retrieveFiles(sf, scope, sf.apiVersion, otherTypes);
  return { ...toComponents(scope.org, files), files };
}

function retrieveFiles(
  sf: Sf,
  { org, components, transition }: RetrieveScope,
  apiVersion: string,
  otherTypes: readonly string[] = [],
): Promise<ReadonlyMap<string, Buffer>> {
  const names = new Map<string, Set<string>>(FULLY_RETRIEVED_TYPES.map((type) => [type, new Set(['*'])]));
  for (const key of [...components.keys(), ...(transition?.from.components.keys() ?? []), ...org.existing]) {
    const { type, fullName } = parseKey(key);
    const name = TYPES_WITH_URL.includes(type) ? '*' : fullName;
    if (type === 'EmbeddedServiceConfig' || !names.get(type)?.has('*')) {
      names.set(type, (names.get(type) ?? new Set()).add(name));
    }
  }
  const certificate = org.memberSite?.certificate;
  if (certificate !== undefined) names.set('Certificate', (names.get('Certificate') ?? new Set()).add(certificate));
  for (const type of otherTypes) names.set(type, new Set(['*']));
  const manifest = writeManifest(new Map([...names].map(([type, members]) => [type, [...members]])), apiVersion);
  return sf.retrieve(org.alias, manifest);
}

function toComponents(org: RetrieveScope['org'], files: ReadonlyMap<string, Buffer>): RetrievedComponents {
  const certificatePath = `certs/${String(org.memberSite?.certificate)}.crt`;
  const signerCertificate = files.get(certificatePath)?.toString('utf8');
  const metadata = files.get(`${certificatePath}-meta.xml`)?.toString('utf8');
  return {
    components: mapOf(parseFiles(org.alias, files)),
    missing: org.existing.filter((key) => !isRetrieved([...files.keys()], key)),
    ...(signerCertificate !== undefined && { signerCertificate, hasExportableKey: hasExportableKey(metadata) }),
  };
}

/** Whether the private key of a certificate can be exported. Salesforce's default is true (Metadata API guide, Certificate). */
function hasExportableKey(metadata = ''): boolean {
  const { root } = readXml(metadata);
  return !root || textAt(root, 'privateKeyExportable') !== 'false';
}

const parseFiles = (alias: string, files: ReadonlyMap<string, Buffer>): readonly Component[] =>
  parsePackageFiles(files).map((parsed) => {
    if (!parsed.problem) return parsed.component;
    throw new ToolError('retrieve-failed', {
      what: `${parsed.name} of "${alias}" can't be parsed.`,
      why: parsed.problem.message,
      fix: `Retrieve the file and check it: ${sfCommand('project', 'retrieve', 'start', '--metadata', parsed.name, '--target-org', alias)}`,
    });
  });

/**
 * Whether the org has a component. A component of a type that isn't parsed, such as a flow, exists if any file with its name was
 * retrieved. Salesforce ignores case in names.
 */
function isRetrieved(paths: readonly string[], key: string): boolean {
  const { type, fullName } = parseKey(key);
  const prefix = `${fullName}.`.toLowerCase();
  const retrievedFolders = new Set(Object.values(SOURCE_FOLDERS).map(({ folder }) => folder));
  return paths.some((path) => {
    const [folder = '', file = ''] = path.split('/');
    const isInFolder = isDeployedType(type) ? folder === SOURCE_FOLDERS[type].folder : !retrievedFolders.has(folder);
    // The files of a bundle are in a folder of its name.
    return isInFolder && `${file}.`.toLowerCase().startsWith(prefix);
  });
}
