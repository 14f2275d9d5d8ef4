import { isJsonObject, readJson } from '../files';
import type { Origin } from '../model';
import { mergeDefaults, nearestOrigin, originated, DEFAULTS_FILE, type OriginatedValue } from './org-defaults';
import { readOrgTexts } from './load-org-files';

/** One value of an org file, or of the shared values on which it is based. */
export interface EffectiveValue extends Origin {
  /** Dotted path, such as `overrides.MessagingChannel.Web_Chat.description`. A list of plain values is one value. */
  readonly path: string;
  readonly value: unknown;
}

/**
 * The values of an org file on top of the shared ones, in the order in which they are written, each with the file and the line that
 * declares it. The files must be valid. Throws `unreadable-file` if they can't be read.
 */
export function effectiveValues(project: string, file: string): readonly EffectiveValue[] {
  const { texts } = readOrgTexts(project);
  const [defaults, own] = [DEFAULTS_FILE, file].map((each) => {
    const text = texts.get(each);
    return text === undefined ? undefined : originated(each, readJson(text));
  });
  const merged = own ? mergeDefaults(defaults, own) : { value: {}, origins: new Map() };
  return valuesBelow(merged, merged.value, '', file).filter(({ path }) => path !== '$schema');
}

function valuesBelow(merged: OriginatedValue, value: unknown, path: string, file: string): readonly EffectiveValue[] {
  const members = membersOf(value);
  if (members === undefined) return [{ path, value, ...nearestOrigin(merged.origins, path, file) }];
  return members.flatMap(([name, member]) => valuesBelow(merged, member, path === '' ? name : `${path}.${name}`, file));
}

/** The members of an object, or the items of a list of objects. */
function membersOf(value: unknown): readonly (readonly [string, unknown])[] | undefined {
  if (isJsonObject(value)) return Object.entries(value);
  return Array.isArray(value) && value.some(isJsonObject)
    ? value.map((item: unknown, index) => [String(index), item] as const)
    : undefined;
}
