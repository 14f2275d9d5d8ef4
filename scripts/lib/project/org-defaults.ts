import type { Origin } from '../model';
import { isJsonObject, readJson } from '../files';
import { DEFAULTS_NAME, ORGS_FOLDER } from './orgs-folder';

/** The file of the values that all org files share, relative to the project. */
export const DEFAULTS_FILE = `${ORGS_FOLDER}/${DEFAULTS_NAME}`;

/** Fields that identify one org, or where its tokens are sent. They can't be shared. */
export const OWN_FIELDS = ['orgId', 'scrt2URL'] as const;

/** A JSON value with the file and line of each of its parts, by dotted path. */
export interface OriginatedValue {
  readonly value: unknown;
  readonly origins: ReadonlyMap<string, Origin>;
}

/** The values of a JSON file with their origins. */
export const originated = (
  file: string,
  { value, lines }: Omit<ReturnType<typeof readJson>, 'problems'>,
): OriginatedValue => ({
  value,
  origins: new Map([...lines].map(([path, line]) => [path, { file, line }])),
});

/**
 * The values of an org file on top of the shared ones: objects are merged member by member, and every other value of the org file, such
 * as a list or null, replaces the shared value. These are the rules of a JSON merge patch (RFC 7386), except that null stays: under
 * `overrides` it removes an element from the desired state of the org.
 */
export function mergeDefaults(defaults: OriginatedValue | undefined, own: OriginatedValue): OriginatedValue {
  if (!defaults || !isJsonObject(own.value)) return own;
  const replaced = new Set<string>();
  const value = mergeAt('', defaults.value, own.value, replaced);
  const shared = [...defaults.origins].filter(([path]) => !isReplaced(path, replaced));
  return { value, origins: new Map([...shared, ...own.origins]) };
}

/** Merges two values, and adds the path of each shared value that is replaced. */
function mergeAt(path: string, shared: unknown, own: unknown, replaced: Set<string>): unknown {
  if (!isJsonObject(shared) || !isJsonObject(own)) {
    replaced.add(path);
    return own;
  }
  const members = Object.entries(own).map(([name, value]): [string, unknown] => [
    name,
    name in shared ? mergeAt(path === '' ? name : `${path}.${name}`, shared[name], value, replaced) : value,
  ]);
  return { ...shared, ...Object.fromEntries(members) };
}

/** Whether a path, or one above it, is replaced. */
const isReplaced = (path: string, replaced: ReadonlySet<string>): boolean =>
  path.split('.').some((_, index, parts) => replaced.has(parts.slice(0, index + 1).join('.')));

/** The origin of a path, or of its nearest parent that has one. */
export function nearestOrigin(origins: ReadonlyMap<string, Origin>, path: string, file: string): Origin {
  const parts = path.split('.');
  while (parts.length > 0 && !origins.has(parts.join('.'))) parts.pop();
  return origins.get(parts.join('.')) ?? { file, line: 1 };
}
