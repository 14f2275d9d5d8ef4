import { existsSync } from 'node:fs';
import { dirname, join, posix } from 'node:path';
import { missingDirectoryFinding, readOrgTexts, readProjectFile, readProjectFiles } from '../project';
import { EXIT, ToolError } from '../errors';
import {
  componentsOf,
  joinNames,
  SOURCE_FOLDERS,
  type Component,
  type ComponentMap,
  type Finding,
  npmRun,
  type UndeployedComponents,
} from '../model';
import type { ProjectState } from './proposal';
import { isSafeName } from './org-contents';

/**
 * Reads the project to import into. It can have no orgs, and the import creates its package directory. A component whose file has an
 * error isn't imported. Throws `unreadable-file` for any other error, which names each file.
 */
export function readProjectState(project: string, now: Date): ProjectState {
  const files = readProjectFiles(project);
  const { components: source, apiVersion } = files.source;
  const directory = readProjectFile(project).packageDirectories[0] ?? 'force-app';
  const unread = unreadFiles(files.source.undeployed);
  const broken = [...files.source.findings, ...files.orgFiles.findings].filter(
    (finding) =>
      finding.severity === 'error' &&
      finding.rule !== 'no-orgs' &&
      !isMissing(finding, directory) &&
      unread.get(finding.component)?.reason !== 'unreadable',
  );
  if (broken[0]) throw unreadableProjectError(broken);
  const schema = existsSync(join(project, 'config/org.schema.json')) ? '../org.schema.json' : undefined;
  return {
    files,
    source,
    apiVersion,
    now,
    schema,
    unread,
    filesWith: (added) => readProjectFiles(project, added),
    orgs: files.orgFiles.orgs,
    compromised: files.compromised,
    texts: readOrgTexts(project).texts,
    pathFor: (component) => componentPath(component, source, directory),
  };
}

/** The components whose file isn't read, because .forceignore excludes it or it has an error. */
const unreadFiles = (undeployed: UndeployedComponents): UndeployedComponents =>
  new Map([...undeployed].filter(([, { reason }]) => reason === 'ignored' || reason === 'unreadable'));

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

const unreadableProjectError = (broken: readonly Finding[]): ToolError => {
  const files = [...new Set(broken.map(({ file }) => file))];
  return new ToolError(
    'unreadable-file',
    {
      what: `${joinNames(files)} can't be read. Nothing was imported.`,
      why: [...new Set(broken.map(({ message }) => message))].join(' '),
      fix: `Correct ${files.length === 1 ? 'the file' : 'the files'}, then run: ${npmRun('check')}`,
    },
    { exit: EXIT.invalid },
  );
};
