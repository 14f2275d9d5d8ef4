import { existsSync, readdirSync } from 'node:fs';
import { join } from 'node:path';

/** The folder of the org files, relative to the project. */
export const ORGS_FOLDER = 'config/orgs';

/** The file of the values that all org files share. It describes no org. */
export const DEFAULTS_NAME = '_defaults.json';

/** The names of the org files of a project, links and folders included, without the file of shared values. The files are not read. */
export const listOrgFiles = (project: string): readonly string[] =>
  listFleetFiles(project).filter((name) => name !== DEFAULTS_NAME);

/** The names of the org files of a project, and of the file of shared values. */
export function listFleetFiles(project: string): readonly string[] {
  const folder = join(project, ORGS_FOLDER);
  return existsSync(folder) ? readdirSync(folder).filter((name) => name.endsWith('.json')) : [];
}
