import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import type { LocalOrg } from '../../local-org/index';
import type { Fleet } from './fleet';

/** The runs of a fleet that were written down, the first one first. */
export const runIds = ({ project }: Fleet): readonly string[] => readdirSync(join(project, '.runs')).sort();

export const latestRunId = (fleet: Fleet): string => runIds(fleet).at(-1) ?? '';

/** All that a rollback has to bring back, by name: the files of an org, and whether a channel was last set active. */
export function orgState(org: LocalOrg): Readonly<Record<string, string>> {
  const updates = org.log.filter(({ kind }) => kind === 'update');
  const active = updates.map(({ detail }) => [String(detail['name']), String(detail['IsActive'])] as const);
  const activeChannels = [...new Map(active)].filter(([, on]) => on === 'true');
  return { ...Object.fromEntries(org.files()), ...Object.fromEntries(activeChannels) };
}

/** Names of what differs between two looks at an org. */
export function changedNames(one: ReturnType<typeof orgState>, other: ReturnType<typeof orgState>): readonly string[] {
  return [...new Set([...Object.keys(one), ...Object.keys(other)])].filter((name) => one[name] !== other[name]);
}
