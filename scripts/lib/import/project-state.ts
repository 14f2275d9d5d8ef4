import { existsSync } from 'node:fs';
import { dirname, join, posix } from 'node:path';
import { missingDirectoryFinding, readOrgTexts, readProjectFiles } from '../project';
import { EXIT, ToolError } from '../errors';
import {
  componentsOf,
  SOURCE_FOLDERS,
  type Component,
  type ComponentMap,
  type Finding,
  npmRun,
  type UndeployedComponents,
} from '../model';
import { readProjectFile } from '../project/project-file';
import type { ProjectState } from './proposal';
import { isSafeName } from './org-contents';

/**
 * Reads the project to import into. It can have no orgs, and the import creates its package directory. Throws
 * `unreadable-file` if a file has an error.
 */
export function readProjectState(project: string, now: Date): ProjectState {
  const files = readProjectFiles(project);
  const { components: source, apiVersion } = files.source;
  const directory = readProjectFile(project).packageDirectories[0] ?? 'force-app';
  const broken = [...files.source.findings, ...files.orgFiles.findings].find(
    (finding) => finding.severity === 'error' && finding.rule !== 'no-orgs' && !isMissing(finding, directory),
  );
  if (broken) throw unreadableProjectError(broken.file, broken.message);
  const schema = existsSync(join(project, 'config/org.schema.json')) ? '../org.schema.json' : undefined;
  return {
    ...{ files, source, apiVersion, now, schema },
    ignored: ignoredFiles(files.source.undeployed),
    filesWith: (added) => readProjectFiles(project, added),
    orgs: files.orgFiles.orgs,
    compromised: files.compromised,
    texts: readOrgTexts(project).texts,
    pathFor: (component) => componentPath(component, source, directory),
  };
}

/** The files that .forceignore excludes, by the component that they define. */
const ignoredFiles = (undeployed: UndeployedComponents): ReadonlyMap<string, string> =>
  new Map([...undeployed].flatMap(([key, { file, reason }]) => (reason === 'ignored' ? [[key, file] as const] : [])));

const isMissing = ({ message }: Finding, directory: string): boolean =>
  message === missingDirectoryFinding(directory).message;

/** The path of a new component: next to the other components of its type, or the default path of the sf CLI. */
function componentPath({ type, fullName }: Component, source: ComponentMap, directory: string): string {
  if (!isSafeName(fullName)) throw new Error(`Unsafe component name ${JSON.stringify(fullName)}.`);
  const siblingFile = componentsOf(source, type)[0]?.root.origin?.file;
  const { folder, suffix } = SOURCE_FOLDERS[type];
  const target = siblingFile === undefined ? posix.join(directory, 'main/default', folder) : dirname(siblingFile);
  return `${target}/${fullName}.${suffix}-meta.xml`;
}

const unreadableProjectError = (file: string, why: string): ToolError =>
  new ToolError(
    'unreadable-file',
    {
      what: `${file} can't be read. Nothing was imported.`,
      why,
      fix: `Correct the file, then run: ${npmRun('check')}`,
    },
    { exit: EXIT.invalid },
  );
