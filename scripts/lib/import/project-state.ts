import { existsSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { ORGS_FOLDER, loadOrgFiles, readSource } from '../project';
import { EXIT, ToolError } from '../errors';
import { readCompromisedKeys } from '../rotation';
import { componentsOf, SOURCE_FOLDERS, type Component, type ComponentMap, npmRun } from '../model';
import { readProjectFile } from '../project/project-file';
import type { ProjectState } from './proposal';
import { isSafeName } from './org-contents';

/** Reads the project to import into. It can have no orgs. Throws `unreadable-file` if a file has an error. */
export function readProjectState(project: string, aliases: readonly string[], now: Date): ProjectState {
  const { components: source, apiVersion, findings } = readSource(project);
  const { orgs, findings: orgFindings } = loadOrgFiles(project);
  const broken = [...findings, ...orgFindings.filter(({ rule }) => rule !== 'no-orgs')][0];
  if (broken) throw unreadableProjectError(broken.file, broken.message);
  const directory = readProjectFile(project).packageDirectories[0] ?? 'force-app';
  const texts = new Map(
    aliases
      .map((alias) => `${ORGS_FOLDER}/${alias}.json`)
      .filter((file) => existsSync(join(project, file)))
      .map((file) => [file, readFileSync(join(project, file), 'utf8')]),
  );
  const schema = existsSync(join(project, 'config/org.schema.json')) ? '../org.schema.json' : undefined;
  return {
    source,
    orgs,
    apiVersion,
    now,
    compromised: readCompromisedKeys(project),
    texts,
    schema,
    pathFor: (component) => componentPath(component, source, directory),
  };
}

/** The path of a new component: next to the other components of its type, or the default path of the sf CLI. */
function componentPath({ type, fullName }: Component, source: ComponentMap, directory: string): string {
  if (!isSafeName(fullName)) throw new Error(`Unsafe component name ${JSON.stringify(fullName)}.`);
  const siblingFile = componentsOf(source, type)[0]?.root.origin?.file;
  const { folder, suffix } = SOURCE_FOLDERS[type];
  return `${siblingFile === undefined ? `${directory}/main/default/${folder}` : dirname(siblingFile)}/${fullName}.${suffix}-meta.xml`;
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
