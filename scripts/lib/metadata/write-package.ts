import { DEPLOYED_TYPES, parseKey, type ComponentKey, type ComponentMap, type ComponentType } from '../model';
import { packageFiles, type PackageFiles } from './package-files';
import { writeManifest } from './write-xml';

/**
 * The files of a metadata package by path, with package.xml. The CLI sorts types by name, and Salesforce resolves references
 * within one package in any order. Components are deleted after the deploy, in the same transaction. A component is listed
 * for deletion before the components it references.
 */
export function writePackage(
  components: ComponentMap,
  apiVersion: string,
  deleted: readonly ComponentKey[] = [],
): PackageFiles {
  const manifest = writeManifest(membersByType([...components.keys()], DEPLOYED_TYPES), apiVersion);
  const deletions = membersByType(withoutOwned(deleted), DEPLOYED_TYPES.toReversed());
  return new Map([
    ['package.xml', manifest],
    ...packageFiles(components),
    ...(deleted.length > 0 ? [['destructiveChangesPost.xml', writeManifest(deletions, apiVersion)] as const] : []),
  ]);
}

const membersByType = (
  keys: readonly ComponentKey[],
  types: readonly ComponentType[],
): ReadonlyMap<string, readonly string[]> =>
  new Map(
    types.map((type) => [
      type,
      keys.filter((key) => key.startsWith(`${type}:`)).map((key) => key.slice(type.length + 1)),
    ]),
  );

/** Salesforce deletes the fields, layouts, and records of an object with the object, so they aren't listed. */
function withoutOwned(deleted: readonly ComponentKey[]): readonly ComponentKey[] {
  const objects = deleted.map(parseKey).filter(({ type }) => type === 'CustomObject');
  return deleted.filter((key) => !objects.some(({ fullName }) => isOwned(key, fullName)));
}

function isOwned(key: ComponentKey, object: string): boolean {
  const { type, fullName } = parseKey(key);
  if (type === 'CustomField') return fullName.startsWith(`${object}.`);
  if (type === 'Layout') return fullName.startsWith(`${object}-`);
  return type === 'CustomMetadata' && fullName.startsWith(`${object.replace(/__mdt$/, '')}.`);
}
