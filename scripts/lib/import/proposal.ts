import { EXIT, ToolError } from '../errors';
import { composeOrg, parseOrgFile } from '../project';
import { orgResult } from '../rollout';
import { readXml, writeXml } from '../metadata';
import {
  mapOf,
  type Component,
  type ComponentKey,
  type ComponentMap,
  type DesiredState,
  type Finding,
  type OrgConfig,
  type OrgResult,
  type Plan,
  npmRun,
} from '../model';
import { planOrg } from '../org';
import { check } from '../rules';
import { overrideOf } from './override-values';
import type { ImportResolution, RuleContext } from './resolve';
import { resolveAll } from './resolve-fleet';
import { editedOrgText, newOrgText, type OrgFileEntry } from './org-file-text';
import { sharedComponents } from './shared-components';
import type { OrgContents } from './org-contents';
import type { ImportSelection, ImportOptions } from './select';
import { importFindings, undeclaredTrustFindings } from './import-findings';

/** The project as it is before an import. */
export interface ProjectState extends RuleContext {
  readonly orgs: readonly OrgConfig[];
  /** The text of each org file that is there. */
  readonly texts: ReadonlyMap<string, string>;
  /** Where the file of a new component goes. */
  readonly pathFor: (component: Component) => string;
  /** What a new org file says of its schema. */
  readonly schema: string | undefined;
  /** For new org files; without it production goes last. */
  readonly wave?: number;
}

/** One file that would be written, and what it says now. */
export interface ProposedFile {
  readonly path: string;
  readonly before: string | undefined;
  readonly after: string;
}

/** Everything an import would write, and what check and plan would say afterwards. Nothing is written yet. */
export interface Proposal {
  readonly files: readonly ProposedFile[];
  readonly findings: readonly Finding[];
  /** What plan would find in each imported org; `unchanged` is what an import is after. */
  readonly orgs: readonly OrgResult[];
}

/** Computes the proposal for one or more orgs. Pure. Throws `nothing-to-import` and `org-mismatch`. */
export function propose(allContents: readonly OrgContents[], options: ImportOptions, project: ProjectState): Proposal {
  assertDistinctOrgs(allContents, project);
  const resolutions = resolveAll(allContents, options, project);
  const shared = sharedComponents(
    resolutions.map(({ selection }) => selection),
    project.source,
  );
  const newFiles = [...shared.values()].map((component) => ({
    ...{ path: project.pathFor(component), before: undefined, component },
    after: writeXml(component.root),
  }));
  const orgFiles = resolutions.map(({ selection }) =>
    orgFile(selection, new Map([...project.source, ...shared]), project),
  );
  const after = projectAfter(project, newFiles, orgFiles);
  const plans = resolutions.map((resolution) => planAfter(resolution, after));
  return {
    files: [...newFiles, ...orgFiles]
      .map(({ path, before: was, after: is }) => ({ path, before: was, after: is }))
      .filter((file) => file.before !== file.after),
    findings: [
      ...resolutions.flatMap((fitting) => importFindings(fitting, options)),
      ...findingsAfter(after, project, orgFiles),
      ...plans.flatMap(undeclaredTrustFindings),
    ],
    orgs: plans.map(resultAfter),
  };
}

function orgFile(selection: ImportSelection, source: ComponentMap, project: ProjectState): ProposedFile {
  const path = `config/orgs/${selection.contents.alias}.json`;
  const text = project.texts.get(path);
  const entry = entryOf(selection, source, project);
  return {
    path,
    before: text,
    after: text === undefined ? newOrgText(entry, project.schema) : editedOrgText(text, entry),
  };
}

function entryOf(
  { contents, channels, include, existing, components }: ImportSelection,
  source: ComponentMap,
  project: ProjectState,
): OrgFileEntry {
  const overrides = new Map(
    [...components].sort().map(([key, { root, type }]): [ComponentKey, ReturnType<typeof overrideOf>] => {
      const base = source.get(key);
      return [key, base && overrideOf(base.root, root, type)];
    }),
  );
  const inactive = channels.filter((name) => contents.channels.get(name)?.active !== true);
  return { facts: contents.facts, wave: waveOf(contents, project), channels, inactive, include, existing, overrides };
}

/** The wave of a new org file. Production is in the last wave, unless --wave is set. */
function waveOf({ alias, facts }: OrgContents, { orgs, wave }: ProjectState): number {
  const others = orgs.filter((org) => org.alias !== alias && org.kind !== 'production').map((org) => org.wave);
  return wave ?? (facts.kind === 'production' ? Math.max(1, ...others) + 1 : 1);
}

interface ProjectAfter {
  readonly source: ComponentMap;
  readonly orgs: readonly DesiredState[];
}

/** The project as it would be read from disk, from the very texts that would be written. */
function projectAfter(
  { source, orgs, compromised }: ProjectState,
  newFiles: readonly (ProposedFile & { readonly component: Component })[],
  files: readonly ProposedFile[],
): ProjectAfter {
  const read = newFiles.flatMap(({ path, after, component }) => {
    const { root } = readXml(after, path);
    return root ? [{ ...component, root }] : [];
  });
  const components: ComponentMap = new Map([...source, ...mapOf(read)]);
  const imported = files.flatMap(({ path, after }) => parseOrgFile(path, after).org ?? []);
  const kept = orgs.filter((org) => !imported.some(({ alias }) => alias === org.alias));
  return {
    source: components,
    orgs: [...kept, ...imported].map((org) => composeOrg(components, org, compromised).desired),
  };
}

/** What check would say of the imported orgs that it did not say of the project before. */
function findingsAfter(
  { source, orgs }: ProjectAfter,
  project: ProjectState,
  files: readonly ProposedFile[],
): readonly Finding[] {
  const previous = new Set(
    check({
      ...project,
      orgs: project.orgs.map((org) => composeOrg(project.source, org, project.compromised).desired),
    }).map(findingKey),
  );
  const unreadable = files.flatMap(({ path, after }) => parseOrgFile(path, after).findings);
  const findings = check({ ...project, source, orgs }).filter((finding) => !previous.has(findingKey(finding)));
  return [...unreadable, ...findings.filter(({ severity }) => severity !== 'note')];
}

const findingKey = ({ rule, component, path, message }: Finding): string =>
  JSON.stringify([rule, component, path, message]);

/** What plan will find: the same code, with the same org. */
function planAfter({ selection: { contents } }: ImportResolution, { orgs }: ProjectAfter): Plan {
  const desired = orgs.find(({ org }) => org.alias === contents.alias);
  if (!desired) throw new Error(`The org file of ${contents.alias} cannot be read back.`);
  return planOrg(desired, { ...contents, missing: [] });
}

const resultAfter = (plan: Plan): OrgResult =>
  orgResult(plan, plan.changes.length > 0 ? 'planned' : 'unchanged', { changes: plan.changes });

/** Throws `org-mismatch` if two aliases are one org, or if an org file has another org ID. */
function assertDistinctOrgs(allContents: readonly OrgContents[], { orgs }: ProjectState): void {
  for (const [index, { alias, facts }] of allContents.entries()) {
    const existing = orgs.find((org) => org.alias === alias);
    const same = orgs.find((org) => org.orgId === facts.orgId && org.alias !== alias)?.alias;
    const earlier = allContents.slice(0, index).find((other) => other.facts.orgId === facts.orgId)?.alias;
    const other = same ?? earlier;
    if (other !== undefined)
      throw orgMismatchError(
        `"${alias}" and "${other}" are the same org, ${facts.orgId}.`,
        'Import it under one alias.',
      );
    if (existing && existing.orgId !== facts.orgId)
      throw orgMismatchError(
        `The org ID in ${existing.file} is ${existing.orgId}, but "${alias}" is logged in to ${facts.orgId}.`,
        `If the sandbox was refreshed: ${npmRun('post-refresh', '--org', alias)}. Otherwise log in to the right org.`,
      );
  }
}

const orgMismatchError = (what: string, fix: string): ToolError =>
  new ToolError(
    'org-mismatch',
    { what, why: 'An org file describes exactly one org.', fix },
    { exit: EXIT.unreachable },
  );
