import { ToolError } from '../errors';
import { readXml, writeManifest } from '../metadata';
import {
  COMPONENT_TYPES,
  SOURCE_FOLDERS,
  isComponentType,
  mapOf,
  type Component,
  type ComponentMap,
  type ComponentType,
  type DesiredState,
  type OrgConfig,
} from '../model';
import type { Sf } from '../sf';

/**
 * Types of which everything is read, so that neighbours someone else configured are seen too. Whether `*` works for
 * deployments is not documented, so ours are named beside it.
 */
const FULLY_RETRIEVED_TYPES: readonly ComponentType[] = [
  'MessagingChannel',
  'PublicKeyCertificate',
  'PublicKeyCertificateSet',
  'EmbeddedServiceConfig',
];

/** What an org holds of the verification slice. */
export interface RetrievedComponents {
  readonly components: ComponentMap;
  /** What the org file says is there, and is not. */
  readonly missing: readonly string[];
}

/** What is read beyond the whole types: what an org should hold, and what its file says is there. */
export interface RetrieveScope extends Pick<DesiredState, 'components' | 'transition'> {
  readonly org: Pick<OrgConfig, 'alias' | 'existing'>;
}

/** Reads an org's channels, keysets and keys, and by name the rest of what it should hold: one retrieve. */
export async function retrieveComponents(
  sf: Sf,
  { org, components, transition }: RetrieveScope,
  apiVersion: string,
): Promise<RetrievedComponents> {
  const names = new Map<string, Set<string>>(FULLY_RETRIEVED_TYPES.map((type) => [type, new Set(['*'])]));
  for (const key of [...components.keys(), ...(transition?.from.components.keys() ?? []), ...org.existing]) {
    const [type = '', name = ''] = key.split(/:(.*)/s);
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
    what: `The org "${alias}" sent ${type}:${fullName} in a form that cannot be read.`,
    why: problem.message,
    fix: `Run: sf project retrieve start --metadata ${type}:${fullName} --target-org ${alias}, and look at the file.`,
  });
}

/**
 * A component of a type that we do not read (a flow, say) is there when the retrieve brought any file of its name. To
 * Salesforce names in another case are the same.
 */
function isRetrieved(paths: readonly string[], key: string): boolean {
  const [type = '', fullName = ''] = key.split(/:(.*)/s);
  const prefix = `${fullName}.`.toLowerCase();
  const retrievedFolders = new Set(Object.values(SOURCE_FOLDERS).map(({ folder }) => folder));
  return paths.some((path) => {
    const [folder = '', file = ''] = path.split('/');
    const isInFolder = isComponentType(type) ? folder === SOURCE_FOLDERS[type].folder : !retrievedFolders.has(folder);
    return isInFolder && file.toLowerCase().startsWith(prefix);
  });
}
