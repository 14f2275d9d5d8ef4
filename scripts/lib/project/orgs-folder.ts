import { existsSync, readdirSync } from 'node:fs';
import { join } from 'node:path';

/** The folder of the org files, relative to the project. */
export const ORGS_FOLDER = 'config/orgs';

/** The names of the org files of a project, links included. The files are not read. */
export function listOrgFiles(project: string): readonly string[] {
  const folder = join(project, ORGS_FOLDER);
  const entries = existsSync(folder) ? readdirSync(folder, { withFileTypes: true }) : [];
  return entries.filter((entry) => !entry.isDirectory() && entry.name.endsWith('.json')).map(({ name }) => name);
}
