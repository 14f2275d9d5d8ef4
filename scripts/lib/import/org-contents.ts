import { ToolError } from '../errors';
import { componentsOf, referencesOf, textAt, type ComponentKey, type ComponentMap, type OrgFacts } from '../model';
import { missingPermissionError, readChannels, readFacts, retrieveComponents, type LiveOrg, type Sf } from '../org';

/** One org as an import sees it: the whole verification slice, and which of the things it names are really there. */
export interface OrgContents {
  readonly alias: string;
  readonly facts: OrgFacts;
  readonly components: ComponentMap;
  readonly channels: LiveOrg['channels'];
  /** `Flow:Route_Chat`: of types that no source of this project holds, and found in the org. */
  readonly foundReferences: ReadonlySet<string>;
}

/** Types that are read whole although plan reads of them only what it needs; Salesforce takes `*` for each (Metadata API guide). */
const READ_ALL = ['Queue:*', 'QueueRoutingConfig:*', 'CorsWhitelistOrigin:*'];

/** Reads an org without changing anything in it; `stated` is what its org file names already besides. */
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
  const [components, channels] = await Promise.all([
    readNamed(sf, alias, [...new Set([...READ_ALL, ...names, ...declared])], apiVersion).then(
      (slice) => slice.components,
    ),
    readChannels(sf, alias),
  ]);
  const foundReferences = await findReferences(sf, alias, externalReferences(components), apiVersion);
  return { alias, facts, components, channels, foundReferences: foundReferences };
}

const readNamed = (
  sf: Sf,
  alias: string,
  existing: readonly string[],
  apiVersion: string,
): ReturnType<typeof retrieveComponents> =>
  retrieveComponents(sf, { org: { alias, existing }, components: new Map() }, apiVersion);

/** A second retrieve, only where channels name flows or bots: whether they are there cannot be seen otherwise. */
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

/** What channels name of types that no source of this project holds. */
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

/** The component of a name, in whatever case: to Salesforce Web_Chat and web_chat are one. */
export const findIgnoringCase = (components: ComponentMap, key: string): ComponentKey | undefined =>
  [...components.keys()].find((each) => each === key) ??
  [...components.keys()].find((each) => each.toLowerCase() === key.toLowerCase());

/** An org of which nothing can be taken says so, and what to do. */
export const nothingToImportError = (alias: string, others: readonly string[]): ToolError =>
  new ToolError('nothing-to-import', {
    what: `The org "${alias}" has no channel to import.`,
    why:
      others.length === 0
        ? 'It has no Enhanced Chat channel that verifies users.'
        : `No Enhanced Chat channel of it verifies users, or the rules refuse it; there are ${others.join(', ')}.`,
    fix: 'Name the channels with --channel, also such as do not verify users yet; or look at the findings.',
  });
