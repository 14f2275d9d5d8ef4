import { existsSync, readdirSync } from 'node:fs';
import { join } from 'node:path';

/** The folder of the org files, relative to the project. */
export const ORGS_FOLDER = 'config/orgs';

/** The number of org files of a project. The files are not read. */
export function countOrgFiles(project: string): number {
  const folder = join(project, ORGS_FOLDER);
  return existsSync(folder) ? readdirSync(folder).filter((name) => name.endsWith('.json')).length : 0;
}
