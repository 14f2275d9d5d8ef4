import { groupComponents, type Component } from '../metadata/component';
import { findType, findParentType } from '../metadata/types';
import { MalformedXml } from '../metadata/malformed-xml';
import { parseManifest, type Manifest } from './manifest';
import { unzip } from './zip';

/** What was uploaded to be deployed. */
export interface DeployPackage {
  /** the folder inside the zip, with its slash; "" when package.xml lies at the top */
  readonly root: string;
  readonly version: number;
  readonly components: readonly Component[];
  readonly manifest: Manifest;
  readonly deletions: readonly DeletionManifest[];
  readonly problems: readonly PackageProblem[];
}

export interface DeletionManifest {
  readonly fileName: string;
  readonly manifest: Manifest;
  readonly when: 'before' | 'after';
}

/** Something wrong with the package itself. */
export interface PackageProblem {
  readonly fileName: string;
  readonly fullName: string;
  readonly type: string;
  readonly text: string;
  readonly line?: number;
  readonly column?: number;
}

const MAX_API_VERSION = 67;
const EMPTY_MANIFEST: Manifest = { version: undefined, types: [] };
const DESTRUCTIVE = {
  'destructiveChangesPre.xml': 'before',
  'destructiveChanges.xml': 'before',
  'destructiveChangesPost.xml': 'after',
} as const;

/** Opens the zip of a deploy call. */
export function openPackage(zip: Buffer): DeployPackage {
  const entries = unzip(zip);
  const root = findRoot(entries);
  const files = new Map([...entries].map(([path, content]) => [path.slice(root.length), content]));
  const problems: PackageProblem[] = [];
  const manifest = files.has('package.xml') ? readManifest(files, 'package.xml', problems) : EMPTY_MANIFEST;
  if (!files.has('package.xml')) problems.push(packageProblem('package.xml', 'No package.xml found'));
  const version = manifest.version ?? MAX_API_VERSION;
  const components = groupComponents(files);
  problems.push(...manifestProblems(manifest, components, version));
  return { root, version, manifest, components, deletions: readDeletions(files, problems), problems };
}

// The sf CLI packs everything below zip/ when it is given a folder in metadata format.
function findRoot(entries: ReadonlyMap<string, Buffer>): string {
  const manifests = [...entries.keys()].filter((path) => /(^|\/)package\.xml$/.test(path));
  const shortest = manifests.sort((left, right) => left.length - right.length)[0];
  return shortest?.slice(0, -'package.xml'.length) ?? '';
}

function readDeletions(files: ReadonlyMap<string, Buffer>, problems: PackageProblem[]): DeletionManifest[] {
  return Object.entries(DESTRUCTIVE).flatMap(([fileName, when]) =>
    files.has(fileName) ? [{ fileName, when, manifest: readManifest(files, fileName, problems) }] : [],
  );
}

function readManifest(files: ReadonlyMap<string, Buffer>, path: string, problems: PackageProblem[]): Manifest {
  try {
    return parseManifest(files.get(path)?.toString('utf8') ?? '');
  } catch (error) {
    if (!(error instanceof MalformedXml)) throw error;
    const { message, line, column } = error;
    problems.push({ ...packageProblem(path, `Error parsing file: ${message}`), line, column });
    return EMPTY_MANIFEST;
  }
}

function manifestProblems(manifest: Manifest, components: readonly Component[], version: number): PackageProblem[] {
  const unknown = manifest.types.filter(({ name }) => !findType(name, version) && !findParentType(name));
  return [
    ...unknown.map(({ name }) => packageProblem('package.xml', `Unknown type name '${name}' specified in package.xml`)),
    ...missingMembers(manifest, components),
    ...unlistedComponents(manifest, components),
  ];
}

function missingMembers(manifest: Manifest, components: readonly Component[]): PackageProblem[] {
  return manifest.types.flatMap(({ name: type, members }) =>
    members
      .filter((name) => findType(type) && name !== '*' && !components.some((found) => isNamed(found, type, name)))
      .map((name) => ({
        fileName: 'package.xml',
        fullName: name,
        type: '',
        text: `An object '${name}' of type ${type} was named in package.xml, but was not found in zipped directory`,
      })),
  );
}

// Salesforce refuses files that package.xml does not list, and says just this.
function unlistedComponents(manifest: Manifest, components: readonly Component[]): PackageProblem[] {
  return components
    .filter((component) => !isListed(manifest, component))
    .map((component) => ({
      fileName: [...component.files.keys()][0] ?? '',
      fullName: component.name,
      type: component.type.name,
      text: 'Not in package.xml',
    }));
}

function isListed(manifest: Manifest, component: Component): boolean {
  return manifest.types.some(
    ({ name, members }) =>
      (name === component.type.name && (members.includes('*') || members.includes(component.name))) ||
      (findParentType(name)?.name === component.type.name && members.length > 0),
  );
}

function isNamed(component: Component, type: string, name: string): boolean {
  return component.type.name === type && component.name === name;
}

function packageProblem(fileName: string, text: string): PackageProblem {
  return { fileName, fullName: fileName, type: '', text };
}
