import { componentsOf, referencesOf, textAt, type ComponentKey, type ComponentMap, type OrgFacts } from '../model';
import { missingPermissionError, readChannels, readFacts, retrieveComponents, type LiveOrg, type Sf } from '../org';

/** The live state of one org that an import reads: the components of user verification, and the references that exist. */
export interface OrgContents {
  readonly alias: string;
  readonly facts: OrgFacts;
  readonly components: ComponentMap;
  readonly channels: LiveOrg['channels'];
  /** Existing components of types that source doesn't contain, e.g. `Flow:Route_Chat`. */
  readonly foundReferences: ReadonlySet<string>;
}

/** Types that are read completely, unlike in a plan. Salesforce supports `*` for each (Metadata API Developer Guide). */
const READ_ALL = ['Queue:*', 'QueueRoutingConfig:*', 'CorsWhitelistOrigin:*'];

/** Reads an org. `declared` lists the components that its org file names already, under "include" and "existing". */
export async function readOrgContents(
  sf: Sf,
  alias: string,
  declared: readonly string[],
  apiVersion: string,
): Promise<OrgContents> {
  const facts = await readFacts(sf, alias);
  const missing = missingPermissionError(alias, facts);
  if (missing) throw missing;
  const deployments = await sf.query(alias, 'SELECT DeveloperName FROM EmbeddedServiceConfig', true);
  const names = deployments.map((row) => `EmbeddedServiceConfig:${String(row['DeveloperName'])}`);
  const [{ components, missing: absent }, channels] = await Promise.all([
    readNamed(sf, alias, [...new Set([...READ_ALL, ...names, ...declared])], apiVersion),
    readChannels(sf, alias),
  ]);
  const found = declared.filter((key) => !absent.includes(key));
  const references = await findReferences(sf, alias, externalReferences(components), apiVersion);
  return { alias, facts, components, channels, foundReferences: new Set([...found, ...references]) };
}

const readNamed = (
  sf: Sf,
  alias: string,
  existing: readonly string[],
  apiVersion: string,
): ReturnType<typeof retrieveComponents> =>
  retrieveComponents(sf, { org: { alias, existing }, components: new Map() }, apiVersion);

/** Retrieves the flows and bots that channels name, to find out whether they exist. */
async function findReferences(
  sf: Sf,
  alias: string,
  references: readonly string[],
  apiVersion: string,
): Promise<ReadonlySet<string>> {
  if (references.length === 0) return new Set();
  const { missing } = await readNamed(sf, alias, references, apiVersion);
  return new Set(references.filter((key) => !missing.includes(key)));
}

/** The flows and bots that channels name. Source doesn't contain these types. */
function externalReferences(components: ComponentMap): readonly string[] {
  const flows = [...components.values()]
    .flatMap(referencesOf)
    .filter(({ type }) => type === 'Flow')
    .map(({ type, name }) => `${type}:${name}`);
  const bots = componentsOf(components, 'MessagingChannel').flatMap(({ root }) => {
    const name = textAt(root, 'sessionHandlerAsa');
    return name === undefined ? [] : [`Bot:${name}`];
  });
  return [...new Set([...flows, ...bots])].filter((key) => /^[A-Za-z]+:[A-Za-z]\w*$/.test(key));
}

/** Whether a name can be part of a path. Salesforce allows letters, digits, and underscores in developer names. */
export const isSafeName = (fullName: string): boolean => /^[A-Za-z]\w*$/.test(fullName);

/** The component with this name. Salesforce ignores the case of names. */
export const findIgnoringCase = (components: ComponentMap, key: string): ComponentKey | undefined =>
  [...components.keys()].find((each) => each === key) ??
  [...components.keys()].find((each) => each.toLowerCase() === key.toLowerCase());

/** Whether an org has a component, also of a type that source doesn't contain. Salesforce ignores the case of names. */
export const isInOrg = ({ components, foundReferences }: OrgContents, key: string): boolean =>
  foundReferences.has(key) || findIgnoringCase(components, key) !== undefined;
