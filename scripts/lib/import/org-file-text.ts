import { applyEdits, modify } from 'jsonc-parser';
import { readJson } from '../files';
import { mergeDefaults, type OriginatedValue } from '../project/org-defaults';
import { parseKey, type AcceptedTrust, type ComponentKey, type OrgFacts } from '../model';
import type { OverrideValues } from './override-values';

/** The values that an import writes to one org file. */
export interface OrgFileEntry {
  readonly facts: OrgFacts;
  readonly wave: number;
  readonly channels: readonly string[];
  readonly inactive: readonly string[];
  readonly include: readonly string[];
  readonly existing: readonly string[];
  /** Trust to accept in addition to what the file accepts. */
  readonly alsoTrusted: readonly AcceptedTrust[];
  /** The overrides of each imported component; undefined if the org has the values of the source. */
  readonly overrides: ReadonlyMap<ComponentKey, OverrideValues | undefined>;
}

type Overrides = Readonly<Record<string, Readonly<Record<string, unknown>>>>;
type OrgData = Readonly<Record<string, unknown>>;

/** The file of an org that has none yet. */
export function newOrgText(entry: OrgFileEntry, schema: string | undefined): string {
  const { facts, wave } = entry;
  const head = { ...(schema !== undefined && { $schema: schema }), orgId: facts.orgId, kind: facts.kind, wave };
  return formatLists(JSON.stringify({ ...head, ...listsOf({}, entry) }, null, 2));
}

/** The file of an org with what an import adds; what it says besides, and how it is written, stays. */
export function editedOrgText(text: string, entry: OrgFileEntry, defaults?: OriginatedValue): string {
  const own = (readJson(text).value ?? {}) as OrgData;
  const before = effectiveData(own, defaults);
  const formattingOptions = { insertSpaces: true, tabSize: 2, eol: '\n' };
  // A shared list is replaced by an empty one, because it stays if the org file omits it.
  const removal = (name: string): unknown => (name in own ? undefined : []);
  const changed = Object.entries({ ...clearedFields(before), ...listsOf(before, entry) }).filter(
    ([name, value]) => JSON.stringify(before[name]) !== JSON.stringify(value),
  );
  const edited = changed.reduce(
    (at, [name, value]) => applyEdits(at, modify(at, [name], value ?? removal(name), { formattingOptions })),
    text,
  );
  return edited === text ? text : formatLists(edited);
}

/** The values of a file that differ from the shared ones. An import doesn't copy shared overrides. */
function effectiveData(own: OrgData, defaults: OriginatedValue | undefined): OrgData {
  const merged = mergeDefaults(defaults, { value: own, origins: new Map() }).value as OrgData;
  return { ...merged, overrides: own['overrides'] };
}

/** Fields that may have to go, because nothing is left in them. */
const clearedFields = (before: OrgData): OrgData =>
  Object.fromEntries(
    ['inactive', 'existing', 'overrides'].flatMap((name) => (before[name] === undefined ? [] : [[name, undefined]])),
  );

/** The lists of the file with those of the import, and its overrides; empty ones are left out. */
function listsOf(before: OrgData, entry: OrgFileEntry): OrgData {
  const keys = [...entry.overrides.keys()];
  const lists = {
    channels: union(before['channels'], entry.channels),
    inactive: union(without(before['inactive'], entry.channels), entry.inactive),
    include: union(before['include'], entry.include),
    existing: union(without(before['existing'], keys), entry.existing),
  };
  const alsoTrusted = [...listIn(before['alsoTrusted']), ...entry.alsoTrusted];
  const overrides = overridesOf((before['overrides'] ?? {}) as Overrides, entry.overrides);
  return {
    ...Object.fromEntries(Object.entries(lists).filter(([, names]) => names.length > 0)),
    ...(alsoTrusted.length > 0 && { alsoTrusted }),
    ...(Object.keys(overrides).length > 0 && { overrides }),
  };
}

const listIn = (value: unknown): readonly unknown[] => (Array.isArray(value) ? value : []);
const namesIn = (value: unknown): readonly string[] =>
  listIn(value).filter((name): name is string => typeof name === 'string');
const union = (before: unknown, more: readonly string[]): readonly string[] => [
  ...new Set([...namesIn(before), ...more]),
];
const without = (before: unknown, names: readonly string[]): readonly string[] =>
  namesIn(before).filter((name) => !names.includes(name));

/** Adds the imported overrides to the earlier ones. An imported component replaces its earlier overrides. */
function overridesOf(before: Overrides, imported: OrgFileEntry['overrides']): Overrides {
  const result = new Map(Object.entries(before).map(([type, names]) => [type, new Map(Object.entries(names))]));
  for (const [key, override] of imported) {
    const { type, fullName: name } = parseKey(key);
    const names = result.get(type) ?? new Map<string, unknown>();
    if (override) names.set(name, override);
    else names.delete(name);
    result.set(type, names);
  }
  const kept = [...result].filter(([, names]) => names.size > 0);
  return Object.fromEntries(kept.map(([type, names]) => [type, Object.fromEntries(names)]));
}

const MAX_LINE_LENGTH = 120;

/** Plain values of one list, and objects of one member, stand on one line where they fit, as a formatter leaves them. */
const formatLists = (json: string): string =>
  `${json.trimEnd()}\n`
    .replace(/\{\n\s+("[^"\n]+": "[^"\n]*")\n\s+\}/g, '{ $1 }')
    .replace(
      /^(.*)\[\n\s+((?:[^[\]{}\n]|\{ [^{}\n]* \}|,\n\s+)*)\n\s+\](,?)$/gm,
      (list, start: string, items: string, end: string) => {
        const line = `${start}[${items.replace(/,\n\s+/g, ', ')}]${end}`;
        return line.length <= MAX_LINE_LENGTH ? line : list;
      },
    );
