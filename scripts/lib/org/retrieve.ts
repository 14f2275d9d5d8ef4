import { ToolError } from '../errors';
import { readXml, writeManifest } from '../metadata';
import {
  type Component,
  COMPONENT_TYPES,
  type ComponentMap,
  type ComponentType,
  type DesiredState,
  isComponentType,
  mapOf,
  type OrgConfig,
  parseKey,
  sfCommand,
  SOURCE_FOLDERS,
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

/** The retrieved components of an org. */
export interface RetrievedComponents {
  readonly components: ComponentMap;
  /** The components listed under "existing" in the org file that the org doesn't have. */
  readonly missing: readonly string[];
}

/** The components to retrieve by name: those of the desired state, and those listed under "existing" in the org file. */
export interface RetrieveScope extends Pick<DesiredState, 'components' | 'transition'> {
  readonly org: Pick<OrgConfig, 'alias' | 'existing'>;
}

/** Retrieves all channels, keysets, keys and chat deployments of an org, and other components by name, with one request. */
export async function retrieveComponents(
  sf: Sf,
  { org, components, transition }: RetrieveScope,
  apiVersion: string,
): Promise<RetrievedComponents> {
  const names = new Map<string, Set<string>>(FULLY_RETRIEVED_TYPES.map((type) => [type, new Set(['*'])]));
  for (const key of [...components.keys(), ...(transition?.from.components.keys() ?? []), ...org.existing]) {
    const { type, fullName: name } = parseKey(key);
    if (type === 'EmbeddedServiceConfig' || !names.get(type)?.has('*')) {
      names.set(type, (names.get(type) ?? new Set()).add(name));
    }
  }
  const manifest = writeManifest(new Map([...names].map(([type, members]) => [type, [...members]])), apiVersion);
  const files = await sf.retrieve(org.alias, manifest);
  return {
    components: mapOf(parseFiles(org.alias, files)),
    missing: org.existing.filter((key) => !isRetrieved([...files.keys()], key)),
  };
}

type RetrievedFiles = Awaited<ReturnType<Sf['retrieve']>>;

function parseFiles(alias: string, files: RetrievedFiles): readonly Component[] {
  const paths = [...files.keys()].sort();
  return COMPONENT_TYPES.flatMap((type) => {
    const { folder, suffix } = SOURCE_FOLDERS[type];
    const [start, end] = [`${folder}/`, `.${suffix}`];
    return paths
      .filter((path) => path.startsWith(start) && path.endsWith(end))
      .map((path) => parseComponent(alias, type, path.slice(start.length, -end.length), files.get(path)));
  });
}

function parseComponent(alias: string, type: ComponentType, fullName: string, content?: Buffer): Component {
  const { root, problem } = readXml(content?.toString('utf8') ?? '');
  if (root) return { type, fullName, root };
  throw new ToolError('retrieve-failed', {
    what: `${type}:${fullName} of "${alias}" can't be parsed.`,
    why: problem.message,
    fix: `Retrieve the file and check it: ${sfCommand('project', 'retrieve', 'start', '--metadata', `${type}:${fullName}`, '--target-org', alias)}`,
  });
}

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
    const isInFolder = isComponentType(type) ? folder === SOURCE_FOLDERS[type].folder : !retrievedFolders.has(folder);
    // The files of a bundle are in a folder of its name.
    return isInFolder && `${file}.`.toLowerCase().startsWith(prefix);
  });
}
