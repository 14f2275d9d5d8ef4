import { existsSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { ORGS_FOLDER, loadOrgFiles, readSource } from '../project';
import { EXIT, ToolError } from '../errors';
import { componentsOf, SOURCE_FOLDERS, type Component, type ComponentMap } from '../model';
import { readProjectFile } from '../project/project-file';
import type { ProjectState } from './proposal';

/** Reads the project that an import goes into. It need not have an org yet; what it has must be readable. */
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
    texts,
    schema,
    pathFor: (component) => componentPath(component, source, directory),
  };
}

/** Beside the others of its type, else where the CLI puts one. */
function componentPath({ type, fullName }: Component, source: ComponentMap, directory: string): string {
  const siblingFile = componentsOf(source, type)[0]?.root.origin?.file;
  const { folder, suffix } = SOURCE_FOLDERS[type];
  return `${siblingFile === undefined ? `${directory}/main/default/${folder}` : dirname(siblingFile)}/${fullName}.${suffix}-meta.xml`;
}

const unreadableProjectError = (file: string, why: string): ToolError =>
  new ToolError(
    'unreadable-file',
    { what: `The project has a file that cannot be read: ${file}.`, why, fix: 'Mend it first: npm run check.' },
    { exit: EXIT.invalid },
  );
