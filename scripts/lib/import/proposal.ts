import { EXIT, ToolError } from '../errors';
import {
  applyOverride,
  composeProject,
  parseDefaults,
  type FileTexts,
  type Project,
  type ProjectFiles,
} from '../project';
import { DEFAULTS_FILE } from '../project/org-defaults';
import { failedResult, orgResult, planFrom } from '../rollout';
import { writeXml } from '../metadata';
import {
  hasError,
  type AcceptedTrust,
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
import { pluralize } from '../report';
import { overrideOf } from './override-values';
import { toDesiredState, type ImportResolution, type RuleContext } from './resolve';
import { resolveAll } from './resolve-fleet';
import { editedOrgText, newOrgText, type OrgFileEntry } from './org-file-text';
import { sharedComponents } from './shared-components';
import { isInOrg, type OrgContents } from './org-contents';
import type { ImportSelection, ImportOptions } from './select';
import { importFindings, undeclaredTrustFindings } from './import-findings';
import { acceptedTrustOf } from './accepted-trust';
import { assertKnownChannels, nothingToImportError } from './missing-channels';

/** The project as it is before an import. */
export interface ProjectState extends RuleContext {
  readonly files: ProjectFiles;
  readonly orgs: readonly OrgConfig[];
  /** The text of each org file by path. */
  readonly texts: ReadonlyMap<string, string>;
  /** The project as `plan` would read it if these files were written. */
  readonly filesWith: (added: FileTexts) => ProjectFiles;
  /** Where the file of a new component goes. */
  readonly pathFor: (component: Component) => string;
  /** The schema of a new org file. */
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
  /** The result of `plan` for each org after the import. */
  readonly orgs: readonly OrgResult[];
}

/**
 * Computes the proposal for one or more orgs. Writes nothing. Throws `org-mismatch`, and `invalid-flag` for a channel that no org
 * has. An org without a channel to import yields a proposal without files, with the reasons.
 */
export function propose(allContents: readonly OrgContents[], options: ImportOptions, project: ProjectState): Proposal {
  assertDistinctOrgs(allContents, project);
  assertKnownChannels(allContents, options);
  const resolutions = resolveAll(allContents, options, project);
  const findings = resolutions.flatMap((resolution) => importFindings(resolution, options));
  if (resolutions.some(({ selection }) => selection.channels.length === 0))
    return { files: [], findings, orgs: resolutions.map((resolution) => emptyResult(resolution, options, project)) };
  const shared = sharedComponents(
    resolutions.map(({ selection }) => selection),
    project.source,
  );
  const newFiles = [...shared.values()].map((component) => ({
    path: project.pathFor(component),
    before: undefined,
    component,
    after: writeXml(component.root),
  }));
  const source = new Map([...project.source, ...shared]);
  const aliases = allContents.map(({ alias }) => alias);
  const draft = (accepted: ReadonlyMap<string, readonly AcceptedTrust[]>): Draft => {
    const orgFiles = resolutions.map(({ selection }) =>
      orgFile(selection, source, project, accepted.get(selection.contents.alias) ?? []),
    );
    const texts = new Map([...newFiles, ...orgFiles].map((file) => [file.path, file.after] as const));
    const after = composeProject(project.filesWith(texts), { orgs: aliases }, project.now);
    return { orgFiles, after, forecasts: resolutions.map((resolution) => forecast(resolution, after, project)) };
  };
  const first = draft(new Map());
  const accepted = acceptedTrust(first, resolutions, project.now);
  const { orgFiles, after, forecasts } = accepted.size === 0 ? first : draft(accepted);
  return {
    files: [...newFiles, ...orgFiles]
      .map(({ path, before: was, after: is }) => ({ path, before: was, after: is }))
      .filter((file) => file.before !== file.after),
    findings: [
      ...findings,
      ...newFindings(after, project),
      ...forecasts.flatMap(({ plan }) => (plan ? undeclaredTrustFindings(plan) : [])),
    ],
    orgs: forecasts.map(({ result }) => result),
  };
}

/** The org files of an import, the project with them, and the plan of each org after it. */
interface Draft {
  readonly orgFiles: readonly ProposedFile[];
  readonly after: Project;
  readonly forecasts: readonly Forecast[];
}

/** The trust to accept by alias, so that a deploy after the import changes nothing. */
const acceptedTrust = (
  { forecasts }: Draft,
  resolutions: readonly ImportResolution[],
  now: Date,
): ReadonlyMap<string, readonly AcceptedTrust[]> =>
  new Map(
    resolutions.flatMap(({ selection: { contents }, rejected }, index): [string, readonly AcceptedTrust[]][] => {
      const { desired, plan } = forecasts[index] ?? {};
      if (!desired || !plan || plan.undeclaredTrust.length === 0) return [];
      return [[contents.alias, acceptedTrustOf(desired, contents.components, rejected, now)]];
    }),
  );

/** The result of an org when nothing is imported: the reasons if it has no channel to import; otherwise it is skipped. */
function emptyResult(resolution: ImportResolution, options: ImportOptions, { compromised }: ProjectState): OrgResult {
  const { selection } = resolution;
  const desired = toDesiredState(selection, compromised);
  return selection.channels.length === 0
    ? failedResult(desired, nothingToImportError(resolution, options))
    : orgResult(desired, 'skipped');
}

function orgFile(
  selection: ImportSelection,
  source: ComponentMap,
  project: ProjectState,
  alsoTrusted: readonly AcceptedTrust[],
): ProposedFile {
  const path = `config/orgs/${selection.contents.alias}.json`;
  const text = project.texts.get(path);
  const defaults = sharedValues(project);
  const entry = { ...entryOf(selection, source, project, defaults), alsoTrusted };
  return {
    path,
    before: text,
    after: text === undefined ? newOrgText(entry, project.schema) : editedOrgText(text, entry, defaults),
  };
}

/** The values that all org files share, if the project has such a file. */
function sharedValues({ texts }: ProjectState): ReturnType<typeof parseDefaults> | undefined {
  const text = texts.get(DEFAULTS_FILE);
  return text === undefined ? undefined : parseDefaults(text);
}

function entryOf(
  { contents, channels, include, existing, components }: ImportSelection,
  source: ComponentMap,
  project: ProjectState,
  defaults: ReturnType<typeof sharedValues>,
): Omit<OrgFileEntry, 'alsoTrusted'> {
  const overrides = new Map(
    [...components].sort().map(([key, { root, type }]): [ComponentKey, ReturnType<typeof overrideOf>] => {
      const base = source.get(key);
      const shared = base && defaults ? applyOverride(base, defaults.overrides) : base;
      return [key, shared && overrideOf(shared.root, root, type)];
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

/** The errors that stop a plan, and the warnings that the project didn't have before. */
function newFindings(after: Project, { files, now }: ProjectState): readonly Finding[] {
  const before = new Set(composeProject(files, { orgs: [] }, now).findings.map(findingKey));
  return after.findings.filter(
    (finding) => finding.severity === 'error' || (finding.severity === 'warning' && !before.has(findingKey(finding))),
  );
}

const findingKey = ({ rule, component, path, message }: Finding): string =>
  JSON.stringify([rule, component, path, message]);

/** The result of `plan` after the import, and its plan unless it fails: computed by the same code, with the same org. */
interface Forecast {
  readonly result: OrgResult;
  readonly desired?: DesiredState;
  readonly plan?: Plan;
}

function forecast({ selection }: ImportResolution, after: Project, { compromised }: ProjectState): Forecast {
  const { contents } = selection;
  const desired = after.orgs.find(({ org }) => org.alias === contents.alias) ?? toDesiredState(selection, compromised);
  const missing = desired.org.existing.filter((key) => !isInOrg(contents, key));
  try {
    if (hasError(after.findings)) throw invalidProjectError(contents.alias, after.findings);
    return planFrom(desired, { ...contents, missing });
  } catch (thrown) {
    return { result: failedResult(desired, thrown) };
  }
}

/** The error for a project that has errors after the import. `plan` reports them and contacts no org. */
const invalidProjectError = (alias: string, findings: readonly Finding[]): ToolError => {
  const errors = findings.filter(({ severity }) => severity === 'error');
  return new ToolError('invalid-project', {
    what: `${alias} can't be planned after the import.`,
    why: `The project has ${pluralize(errors.length, 'error')}: ${[...new Set(errors.map(({ rule }) => rule))].join(', ')}.`,
    fix: `Correct the errors, then run: ${npmRun('plan', '--org', alias)}`,
  });
};

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
