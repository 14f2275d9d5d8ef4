import { ApiError, UnsupportedError } from '../api-error';
import { groupComponents } from '../metadata/component';
import { writeXml } from '../metadata/write-xml';
import { findParentType, findType, type MetadataType } from '../metadata/types';
import { childText, type XmlElement } from '../metadata/xml';
import type { StoredComponent } from '../metadata/store';
import { logEvent, type Org } from '../org/org';
import { commit } from './deploy';
import { findReferrers } from './inspection';
import type { DeployPackage } from './package';
import { evaluateDeploy } from './transaction';

/** The result for one component. (Metadata API guide, SaveResult, UpsertResult, DeleteResult) */
export interface SaveResult {
  readonly fullName: string;
  readonly success: boolean;
  /** upsertMetadata() only */
  readonly created?: boolean;
  readonly errors?: { readonly statusCode: string; readonly message: string };
}

/** Salesforce's message for more components than a call accepts, from public logs. */
export const TOO_MANY = 'record limit reached. cannot submit more than 10 records in this operation';

/** How a call treats a component that exists, or doesn't. */
export type SaveMode = 'create' | 'update' | 'upsert';

/**
 * Creates, updates, or upserts components. Each is checked with the rules of a deploy and saved on its own. (Metadata API guide,
 * createMetadata(), updateMetadata(), upsertMetadata(): up to 10 components)
 */
export function saveMetadata(
  org: Org,
  mode: SaveMode,
  elements: readonly XmlElement[],
  version: number,
): readonly SaveResult[] {
  assertCount(elements);
  return elements.map((element) => saveOne(org, mode, element, version));
}

function assertCount(list: readonly unknown[]): void {
  if (list.length > 10) throw new ApiError('EXCEEDED_ID_LIMIT', TOO_MANY);
}

function saveOne(org: Org, mode: SaveMode, element: XmlElement, version: number): SaveResult {
  const type = requireType(element.type ?? '', version);
  const fullName = childText(element, 'fullName') ?? '';
  if (fullName === '') return failed('', 'REQUIRED_FIELD_MISSING', 'Required fields are missing: [fullName]');
  const exists = org.metadata.find(type.name, fullName) !== undefined;
  if (mode === 'create' && exists) return failed(fullName, 'DUPLICATE_DEVELOPER_NAME', DUPLICATE);
  if (mode === 'update' && !exists) return failed(fullName, 'INVALID_CROSS_REFERENCE_KEY', notFound(type, fullName));
  const created = mode === 'upsert' ? { created: !exists } : {};
  return { ...apply(org, fullName, packageOf([fileOf(type, fullName, element)], version)), ...created };
}

/** The message isn't Salesforce's. */
const DUPLICATE = 'This developer name is already in use';

/** Salesforce's message for a component that a field names, from public deploy logs. */
const notFound = ({ name: type }: MetadataType, name: string): string =>
  `In field: fullName - no ${type} named ${name} found`;

/** Deletes components. (Metadata API guide, deleteMetadata(): up to 10 names) */
export function deleteMetadata(
  org: Org,
  typeName: string,
  names: readonly string[],
  version: number,
): readonly SaveResult[] {
  assertCount(names);
  const type = requireType(typeName, version);
  return names.map((fullName) => {
    if (!org.metadata.find(type.name, fullName))
      return failed(fullName, 'INVALID_CROSS_REFERENCE_KEY', notFound(type, fullName));
    const manifest = { version, types: [{ name: type.name, members: [fullName] }] };
    return apply(org, fullName, { ...packageOf([], version), deletions: [{ fileName: '', manifest }] });
  });
}

/**
 * Renames a component, which keeps its ID. Salesforce updates the components that refer to it; this org supports only a component
 * that no other refers to. (Metadata API guide, renameMetadata())
 */
export function renameMetadata(
  org: Org,
  typeName: string,
  oldName: string,
  newName: string,
  version: number,
): SaveResult {
  const type = requireType(typeName, version);
  const component = org.metadata.find(type.name, oldName);
  if (!component) return failed(oldName, 'INVALID_CROSS_REFERENCE_KEY', notFound(type, oldName));
  if (org.metadata.find(type.name, newName)) return failed(oldName, 'DUPLICATE_DEVELOPER_NAME', DUPLICATE);
  assertUnreferenced(org, component);
  org.metadata.rename(component, newName, org.now());
  save(org, typeName, newName);
  return { fullName: newName, success: true };
}

function assertUnreferenced(org: Org, component: StoredComponent): void {
  const pending = new Map(org.metadata.components.map((each) => [`${each.type.name}:${each.name}`, each]));
  if (findReferrers(component, pending).length > 0)
    throw new UnsupportedError(
      'INVALID_OPERATION',
      `Renaming ${component.name}, which other components refer to, is not supported by the local org.`,
    );
}

/** A type with one XML file for each component. Others aren't supported, such as fields, labels, classes, and bundles. */
function requireType(name: string, version: number): MetadataType {
  const type = findType(name, version);
  if (type?.layout === 'xml') return type;
  const known = type ?? findParentType(name);
  const reason = known ? `Calls that write ${name}` : `The metadata type ${name}, if Salesforce has it,`;
  throw new UnsupportedError('INVALID_TYPE', `${reason} are not supported by the local org. Deploy it instead.`);
}

function fileOf({ name, directory, suffix }: MetadataType, fullName: string, element: XmlElement): [string, Buffer] {
  const content = { ...element, name, children: element.children.filter((each) => each.name !== 'fullName') };
  return [`${directory}/${fullName}.${suffix}`, Buffer.from(writeXml(content))];
}

function packageOf(files: readonly (readonly [string, Buffer])[], version: number): DeployPackage {
  const manifest = { version, types: [] };
  return { root: '', version, components: groupComponents(new Map(files)), manifest, deletions: [], problems: [] };
}

const OPTIONS = { checkOnly: false, ignoreWarnings: true, rollbackOnError: true };

function apply(org: Org, fullName: string, pack: DeployPackage): SaveResult {
  const transaction = evaluateDeploy(org, pack, OPTIONS);
  const problems: readonly string[] = [
    ...[...transaction.rejected.values()].flatMap((found) => found.map(({ text }) => text)),
    ...transaction.undeletable.values(),
  ];
  const [problem] = problems;
  if (problem !== undefined) return failed(fullName, 'FIELD_INTEGRITY_EXCEPTION', problem);
  commit(org, transaction);
  save(org, typeOf(pack), fullName);
  return { fullName, success: true };
}

const typeOf = ({ components, deletions }: DeployPackage): string =>
  components[0]?.type.name ?? deletions[0]?.manifest.types[0]?.name ?? '';

function save(org: Org, type: string, name: string): void {
  logEvent(org, 'update', { object: type, name });
  org.save();
}

const failed = (fullName: string, statusCode: string, message: string): SaveResult => ({
  fullName,
  success: false,
  errors: { statusCode, message },
});
