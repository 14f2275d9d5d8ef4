import { existsSync, readdirSync } from 'node:fs';
import { join } from 'node:path';

/** Where the org files of a project are. */
export const ORGS_FOLDER = 'config/orgs';

/** How many org files a project has; to know that, none is read. */
export function countOrgFiles(project: string): number {
  const folder = join(project, ORGS_FOLDER);
  return existsSync(folder) ? readdirSync(folder).filter((name) => name.endsWith('.json')).length : 0;
}
