import { asToolError } from '../errors';
import { hasSameKey, signsForKey } from '../jwk';
import { readXml } from '../metadata';
import {
  childrenOf,
  componentsOf,
  keyOf,
  textAt,
  trustedKeys,
  type ComponentMap,
  type DesiredState,
  type Element,
  type OrgSigner,
  type SigningAccess,
  type SignerKey,
} from '../model';
import type { Row, Sf } from '../sf';
import { retrieveComponents, retrieveWithTypes, type RetrievedComponents } from './retrieve';

/** The trust of an org, and what may sign its tokens in the org. */
export interface TrustReading extends Pick<RetrievedComponents, 'components'> {
  readonly signing: SigningReading;
}

/** What may sign with the certificates of an org, or the reason why it can't be read. */
export type SigningReading = SigningAccess | { readonly problem: string };

/** The types that are read in addition to trust: certificates, and the credentials that sign a JWT with one. */
const SIGNING_TYPES = ['Certificate', 'ExternalCredential', 'NamedCredential'];

/** Reads the trust of an org with one request, and its Apex if a certificate of the org has a trusted key. */
export async function readTrustAndSigners(sf: Sf, desired: DesiredState): Promise<TrustReading> {
  try {
    const { components, files } = await retrieveWithTypes(sf, desired, SIGNING_TYPES);
    return { components, signing: await readSigning(sf, desired.org, components, files) };
  } catch (thrown) {
    // A login without access to these types can still read the trust.
    const { components } = await retrieveComponents(sf, desired, sf.apiVersion);
    return { components, signing: { problem: problemOf(thrown) } };
  }
}

const problemOf = (thrown: unknown): string => {
  const { what, why } = asToolError(thrown);
  return `${what} ${why}`;
};

async function readSigning(
  sf: Sf,
  { alias, memberSite }: DesiredState['org'],
  components: ComponentMap,
  files: ReadonlyMap<string, Buffer>,
): Promise<SigningReading> {
  const trusted = trustedKeys(components);
  const own = files.get(`certs/${String(memberSite?.certificate)}.crt`)?.toString('utf8') ?? '';
  const certificates = [...files].flatMap(([path, bytes]) => {
    const [, name] = /^certs\/(.+)\.crt$/.exec(path) ?? [];
    const chain = bytes.toString('utf8').split(/(?=-----BEGIN CERTIFICATE-----)/);
    const isTrusted =
      name === memberSite?.certificate ||
      chain.some((pem) => hasSameKey(pem, own) || trusted.some((key) => signsForKey(pem, key)));
    return name !== undefined && isTrusted ? [name] : [];
  });
  certificates.sort();
  if (certificates.length === 0) return { certificates, signers: [], packages: [] };
  try {
    const apex = [...(await readApex(sf, alias, 'ApexClass')), ...(await readApex(sf, alias, 'ApexTrigger'))];
    const unread = unreadClass(components, apex);
    if (unread !== undefined)
      return { problem: `The query of ApexClass doesn't return ${unread}, so the login can't read all Apex.` };
    const isHidden = ({ text }: OrgSigner): boolean => text === HIDDEN;
    const signers = [...apex.filter((each) => !isHidden(each)), ...credentialsWith(certificates, files)];
    return { certificates, signers, packages: packagesOf(apex.filter(isHidden)) };
  } catch (thrown) {
    return { problem: problemOf(thrown) };
  }
}

/** The code of a managed package, as the Tooling API returns it. */
const HIDDEN = '(hidden)';

/** All classes or triggers of an org. Their code can't be filtered in a query (Tooling API guide, ApexClass: Body). */
async function readApex(sf: Sf, alias: string, type: 'ApexClass' | 'ApexTrigger'): Promise<readonly OrgSigner[]> {
  const rows = await sf.query(alias, `SELECT NamespacePrefix, Name, Body FROM ${type}`, true);
  return rows.map((row) => ({ component: `${type}:${qualifiedName(row)}`, text: textOf(row['Body']) ?? HIDDEN }));
}

/** A class that the org has, as the retrieve shows, and that a query doesn't return. */
function unreadClass(components: ComponentMap, apex: readonly OrgSigner[]): string | undefined {
  const read = new Set(apex.map(({ component }) => component.toLowerCase().replace(/:\w+?__/, ':')));
  return componentsOf(components, 'ApexClass').find((each) => !read.has(keyOf(each).toLowerCase()))?.fullName;
}

const textOf = (value: unknown): string | undefined => (typeof value === 'string' ? value : undefined);

function qualifiedName(row: Row): string {
  const namespace = textOf(row['NamespacePrefix']);
  return `${namespace === undefined ? '' : `${namespace}__`}${textOf(row['Name']) ?? ''}`;
}

/** The packages of code that can't be read. Code without a namespace stands for itself. */
const packagesOf = (hidden: readonly OrgSigner[]): readonly OrgSigner[] =>
  [...new Set(hidden.map(packageOf))].map((component) => ({
    component,
    text: component.slice(component.indexOf(':') + 1),
  }));

function packageOf({ component }: OrgSigner): SignerKey {
  const [, namespace] = /:(\w+?)__/.exec(component) ?? [];
  return namespace === undefined ? component : `InstalledPackage:${namespace}`;
}

/**
 * The credentials that sign a JWT with one of the certificates: an external credential with any claims (Help: Set Up JWT Claims for
 * External Credentials), and a legacy named credential. An admin chooses the URL that receives the token.
 */
const credentialsWith = (certificates: readonly string[], files: ReadonlyMap<string, Buffer>): readonly OrgSigner[] =>
  [...files].flatMap(([path, bytes]) => {
    const [, name, type] =
      /^(?:externalCredentials|namedCredentials)\/(.+)\.(externalCredential|namedCredential)$/.exec(path) ?? [];
    const text = bytes.toString('utf8');
    const { root } = readXml(text);
    if (name === undefined || !root) return [];
    const used = signingCertificates(root).map((each) => each.toLowerCase().replace(/^\w+?__/, ''));
    const signs = certificates.some((each) => used.includes(each.toLowerCase()));
    const component: SignerKey = `${type === 'externalCredential' ? 'ExternalCredential' : 'NamedCredential'}:${name}`;
    return signs ? [{ component, text }] : [];
  });

const signingCertificates = (root: Element): readonly string[] => [
  ...childrenOf(root, 'jwtSigningCertificate').map(({ text }) => text.trim()),
  ...childrenOf(root, 'externalCredentialParameters')
    .filter((parameter) => textAt(parameter, 'parameterType') === 'SigningCertificate')
    .flatMap((parameter) => [textAt(parameter, 'certificate') ?? [], textAt(parameter, 'parameterValue') ?? []].flat()),
];
