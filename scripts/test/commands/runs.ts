import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import type { LocalOrg } from '../../local-org/index';
import type { Fleet } from './fleet';

/** The runs of a fleet that were written down, the first one first. */
export const runsOf = ({ project }: Fleet): readonly string[] => readdirSync(join(project, '.runs')).sort();

export const lastRun = (fleet: Fleet): string => runsOf(fleet).at(-1) ?? '';

/** Channels that were set active, and not inactive after. */
export function activeIn({ log }: LocalOrg): readonly string[] {
  const updates = log.filter(({ kind }) => kind === 'update');
  const last = new Map(updates.map(({ detail }) => [String(detail['name']), detail['IsActive']]));
  return [...last].flatMap(([name, active]) => (active === true ? [name] : [])).sort();
}
