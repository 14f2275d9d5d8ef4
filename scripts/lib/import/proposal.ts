import { compose } from '../compose';
import { readOrg } from '../config';
import { outcomeOf } from '../fleet';
import { readXml, writeXml } from '../metadata';
import {
  mapOf,
  type Component,
  type ComponentKey,
  type ComponentMap,
  type Desired,
  type Finding,
  type OrgConfig,
  type Outcome,
} from '../model';
import { planOrg } from '../org';
import { check } from '../rules';
import { overrideOf } from './difference';
import type { Fitting, Terms } from './fit';
import { fitAll } from './fleet-fit';
import { editedOrgText, newOrgText, type OrgEntry } from './org-text';
import { sharedOf } from './shared';
import type { OrgSight } from './sight';
import type { Taken, Wish } from './take';
import { toldOf } from './told';

/** The project as it is before an import. */
export interface Before extends Terms {
  readonly orgs: readonly OrgConfig[];
  /** The text of each org file that is there. */
  readonly texts: ReadonlyMap<string, string>;
  /** Where the file of a new component goes. */
  readonly placeOf: (component: Component) => string;
  /** What a new org file says of its schema. */
  readonly schema: string | undefined;
  /** For new org files; without it production goes last. */
  readonly wave?: number;
}

/** One file that would be written, and what it says now. */
export interface Proposed {
  readonly path: string;
  readonly before: string | undefined;
  readonly after: string;
}

/** Everything an import would write, and what check and plan would say afterwards. Nothing is written yet. */
export interface Proposal {
  readonly files: readonly Proposed[];
  readonly findings: readonly Finding[];
  /** What plan would find in each imported org; `unchanged` is what an import is after. */
  readonly orgs: readonly Outcome[];
}

/** Turns what was seen of one or more orgs into a proposal. Pure. Throws `nothing-to-import`. */
export function propose(sights: readonly OrgSight[], wish: Wish, before: Before): Proposal {
  const fittings = fitAll(sights, wish, before);
  const shared = sharedOf(
    fittings.map(({ taken }) => taken),
    before.source,
  );
  const fresh = [...shared.values()].map((component) => ({
    ...{ path: before.placeOf(component), before: undefined, component },
    after: writeXml(component.root),
  }));
  const orgFiles = fittings.map(({ taken }) => orgFile(taken, new Map([...before.source, ...shared]), before));
  const after = projectAfter(before, fresh, orgFiles);
  return {
    files: [...fresh, ...orgFiles]
      .map(({ path, before: was, after: is }) => ({ path, before: was, after: is }))
      .filter((file) => file.before !== file.after),
    findings: [...fittings.flatMap((fitting) => toldOf(fitting, wish)), ...findingsAfter(after, before, orgFiles)],
    orgs: fittings.map((fitting) => outcomeAfter(fitting, after)),
  };
}

function orgFile(taken: Taken, source: ComponentMap, before: Before): Proposed {
  const path = `config/orgs/${taken.sight.alias}.json`;
  const text = before.texts.get(path);
  const entry = entryOf(taken, source, before);
  return {
    path,
    before: text,
    after: text === undefined ? newOrgText(entry, before.schema) : editedOrgText(text, entry),
  };
}

function entryOf(
  { sight, channels, include, existing, components }: Taken,
  source: ComponentMap,
  before: Before,
): OrgEntry {
  const overrides = new Map(
    [...components].sort().map(([key, { root, type }]): [ComponentKey, ReturnType<typeof overrideOf>] => {
      const base = source.get(key);
      return [key, base && overrideOf(base.root, root, type)];
    }),
  );
  const inactive = channels.filter((name) => sight.channels.get(name)?.active !== true);
  return { facts: sight.facts, wave: waveOf(sight, before), channels, inactive, include, existing, overrides };
}

/** Production comes after everything that is known, unless somebody says otherwise. */
function waveOf({ alias, facts }: OrgSight, { orgs, wave }: Before): number {
  const others = orgs.filter((org) => org.alias !== alias && org.kind !== 'production').map((org) => org.wave);
  return wave ?? (facts.kind === 'production' ? Math.max(1, ...others) + 1 : 1);
}

interface After {
  readonly source: ComponentMap;
  readonly orgs: readonly Desired[];
}

/** The project as it would be read from disk, from the very texts that would be written. */
function projectAfter(
  { source, orgs }: Before,
  fresh: readonly (Proposed & { readonly component: Component })[],
  files: readonly Proposed[],
): After {
  const read = fresh.flatMap(({ path, after, component }) => {
    const { root } = readXml(after, path);
    return root ? [{ ...component, root }] : [];
  });
  const components: ComponentMap = new Map([...source, ...mapOf(read)]);
  const imported = files.flatMap(({ path, after }) => readOrg(path, after).org ?? []);
  const kept = orgs.filter((org) => !imported.some(({ alias }) => alias === org.alias));
  return { source: components, orgs: [...kept, ...imported].map((org) => compose(components, org).desired) };
}

/** What check would say of the imported orgs that it did not say of the project before. */
function findingsAfter({ source, orgs }: After, before: Before, files: readonly Proposed[]): readonly Finding[] {
  const known = new Set(
    check({ ...before, orgs: before.orgs.map((org) => compose(before.source, org).desired) }).map(identityOf),
  );
  const unread = files.flatMap(({ path, after }) => readOrg(path, after).findings);
  const found = check({ ...before, source, orgs }).filter((finding) => !known.has(identityOf(finding)));
  return [...unread, ...found.filter(({ severity }) => severity !== 'info')];
}

const identityOf = ({ rule, component, path, message }: Finding): string =>
  JSON.stringify([rule, component, path, message]);

/** What plan will find: the same code, with the same org. */
function outcomeAfter({ taken: { sight } }: Fitting, { orgs }: After): Outcome {
  const desired = orgs.find(({ org }) => org.alias === sight.alias);
  if (!desired) throw new Error(`The org file of ${sight.alias} cannot be read back.`);
  const { changes } = planOrg(desired, { ...sight, missing: [] });
  return outcomeOf(desired, changes.length > 0 ? 'planned' : 'unchanged', { changes });
}
