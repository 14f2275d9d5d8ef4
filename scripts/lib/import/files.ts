import { existsSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { ORGS_FOLDER, readOrgs } from '../config';
import { EXIT, ToolError } from '../errors';
import { componentsOf, FOLDERS, type Component, type ComponentMap } from '../model';
import { readSource } from '../source';
import { readProjectFile } from '../source/project-file';
import type { Before } from './proposal';

/** Reads the project that an import goes into. It need not have an org yet; what it has must be readable. */
export function readBefore(project: string, aliases: readonly string[], now: Date): Before {
  const { components: source, apiVersion, findings } = readSource(project);
  const { orgs, findings: orgFindings } = readOrgs(project);
  const broken = [...findings, ...orgFindings.filter(({ rule }) => rule !== 'no-orgs')][0];
  if (broken) throw unreadable(broken.file, broken.message);
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
    placeOf: (component) => placeOf(component, source, directory),
  };
}

/** Beside the others of its type, else where the CLI puts one. */
function placeOf({ type, fullName }: Component, source: ComponentMap, directory: string): string {
  const beside = componentsOf(source, type)[0]?.root.origin?.file;
  const { folder, suffix } = FOLDERS[type];
  return `${beside === undefined ? `${directory}/main/default/${folder}` : dirname(beside)}/${fullName}.${suffix}-meta.xml`;
}

const unreadable = (file: string, why: string): ToolError =>
  new ToolError(
    'unreadable-file',
    { what: `The project has a file that cannot be read: ${file}.`, why, fix: 'Mend it first: npm run check.' },
    { exit: EXIT.invalid },
  );
