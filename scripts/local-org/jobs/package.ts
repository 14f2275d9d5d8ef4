import { groupComponents, type Component } from '../metadata/component';
import { findParentType, findType, UNKNOWN_TYPE_NOTE } from '../metadata/types';
import { MalformedXml } from '../metadata/malformed-xml';
import { MAX_API_VERSION } from '../versions';
import { parseManifest, type Manifest } from './manifest';
import { unzip } from './zip';

/** The content of an uploaded package. */
export interface DeployPackage {
  /** the folder of package.xml in the zip, with a slash; "" for the top level */
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
}

/** A problem of the package, not of a component. */
export interface PackageProblem {
  readonly fileName: string;
  readonly fullName: string;
  readonly type: string;
  readonly text: string;
  readonly line?: number;
  readonly column?: number;
}

const EMPTY_MANIFEST: Manifest = { version: undefined, types: [] };
const DESTRUCTIVE = ['destructiveChangesPre.xml', 'destructiveChanges.xml', 'destructiveChangesPost.xml'];

/** Reads the zip of a deploy call. */
export function openPackage(zip: Buffer): DeployPackage {
  const entries = unzip(zip);
  const root = findRoot(entries);
  const files = new Map([...entries].map(([path, content]) => [path.slice(root.length), content]));
  const problems: PackageProblem[] = [];
  const manifest = files.has('package.xml') ? readManifest(files, 'package.xml', problems) : EMPTY_MANIFEST;
  if (!files.has('package.xml')) problems.push(packageProblem('package.xml', 'No package.xml found'));
  const version = manifest.version ?? MAX_API_VERSION;
  // Salesforce's message, from a public deploy log.
  if (version > MAX_API_VERSION)
    problems.push(packageProblem('package.xml', `Invalid api version:${version.toFixed(1)}`));
  const components = groupComponents(files);
  problems.push(...manifestProblems(manifest, components, version));
  return { root, version, manifest, components, deletions: readDeletions(files, problems), problems };
}

// For a folder in metadata format, the sf CLI puts all files in zip/.
function findRoot(entries: ReadonlyMap<string, Buffer>): string {
  const manifests = [...entries.keys()].filter((path) => /(^|\/)package\.xml$/.test(path));
  const shortest = manifests.sort((left, right) => left.length - right.length)[0];
  return shortest?.slice(0, -'package.xml'.length) ?? '';
}

function readDeletions(files: ReadonlyMap<string, Buffer>, problems: PackageProblem[]): DeletionManifest[] {
  return DESTRUCTIVE.flatMap((fileName) =>
    files.has(fileName) ? [{ fileName, manifest: readManifest(files, fileName, problems) }] : [],
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
    ...unknown.map(({ name }) =>
      packageProblem('package.xml', `Unknown type name '${name}' specified in package.xml. ${UNKNOWN_TYPE_NOTE}`),
    ),
    ...missingMembers(manifest, components),
    ...unlistedComponents(manifest, components),
  ];
}

function missingMembers(manifest: Manifest, components: readonly Component[]): PackageProblem[] {
  return manifest.types.flatMap(({ name: type, members }) =>
    members
      .filter(
        (name) => findType(type) && name !== '*' && !components.some((component) => isNamed(component, type, name)),
      )
      .map((name) => ({
        fileName: 'package.xml',
        fullName: name,
        type: '',
        text: `An object '${name}' of type ${type} was named in package.xml, but was not found in zipped directory`,
      })),
  );
}

// Salesforce rejects files that package.xml doesn't list, with this message.
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
