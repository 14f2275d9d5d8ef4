import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import type { LocalOrg } from '../../local-org/index';
import type { Fleet } from './fleet';

/** Run IDs of a fleet, the oldest first. */
export const runIds = ({ project }: Fleet): readonly string[] => readdirSync(join(project, '.runs')).sort();

export const latestRunId = (fleet: Fleet): string => runIds(fleet).at(-1) ?? '';

/** The state that a rollback restores: the files of an org and its active channels, by name. */
export function orgState(org: LocalOrg): Readonly<Record<string, string>> {
  const updates = org.log.filter(({ kind }) => kind === 'update');
  const active = updates.map(({ detail }) => [String(detail['name']), String(detail['IsActive'])] as const);
  const activeChannels = [...new Map(active)].filter(([, on]) => on === 'true');
  return { ...Object.fromEntries(org.files()), ...Object.fromEntries(activeChannels) };
}

/** Names of the components that differ between two states. */
export function changedNames(one: ReturnType<typeof orgState>, other: ReturnType<typeof orgState>): readonly string[] {
  return [...new Set([...Object.keys(one), ...Object.keys(other)])].filter((name) => one[name] !== other[name]);
}
