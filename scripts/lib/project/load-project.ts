import { composeOrg } from './compose-org';
import { loadOrgFiles } from './load-org-files';
import { EXIT, ToolError, invalidFlagError } from '../errors';
import type { DesiredState, Finding, OrgConfig } from '../model';
import { readRotations, rotationFindings } from '../rotation';
import { check } from '../rules';
import { readSource } from './read-source';

/** Which orgs of config/orgs a command is about; nothing stated means all of them. */
export interface OrgSelection {
  readonly orgs: readonly string[];
  readonly wave?: number;
}

/** A project as every command starts from it: what each selected org should hold, and everything wrong with it. */
export interface Project {
  readonly orgs: readonly DesiredState[];
  /** What production should hold, whichever orgs are selected: what other orgs must not trust. */
  readonly production: readonly DesiredState[];
  readonly findings: readonly Finding[];
  readonly apiVersion: string;
}

/**
 * Reads, composes and checks a project, all orgs of it whatever is selected, because some rules compare orgs. `now` (UTC)
 * decides how long certificates still live. Throws `no-project` and `unknown-org`; everything else is a finding.
 */
export function loadProject(folder: string, selection: OrgSelection, now: Date): Project {
  const source = readSource(folder);
  const { orgs, findings } = loadOrgFiles(folder);
  const composed = orgs.map((org) => composeOrg(source.components, org));
  const desired = composed.map((each) => each.desired);
  const ruleResults = check({
    source: source.components,
    orgs: desired,
    apiVersion: source.apiVersion,
    signers: source.signers,
    now,
  });
  const { rotations, findings: rotationFileFindings } = readRotations(folder);
  const rotationResults = rotationFindings({
    ...{ rotations, source: source.components, orgs: desired, now },
    // A file with a problem yields no org, so the keys of that org would look unused.
    allOrgsRead: findings.length === 0,
  });
  const selected = desired.filter(({ org }) => isSelected(org, selection, orgs, findings.length > 0));
  if (selected.length === 0 && findings.length === 0) throw noOrgsSelectedError(selection);
  const otherOrgFiles = new Set(desired.filter((each) => !selected.includes(each)).map(({ org }) => org.file));
  const allFindings = [
    ...source.findings,
    ...findings,
    ...composed.flatMap((each) => each.findings),
    ...ruleResults,
    ...rotationFileFindings,
    ...rotationResults,
  ];
  return {
    orgs: selected,
    production: desired.filter(({ org }) => org.kind === 'production'),
    // What is wrong in the file of an org that the command is not about does not keep it from the others.
    findings: allFindings.filter(({ file }) => !otherOrgFiles.has(file)),
    apiVersion: source.apiVersion.value,
  };
}

function isSelected(
  org: OrgConfig,
  selection: OrgSelection,
  orgs: readonly OrgConfig[],
  hasInvalidFiles: boolean,
): boolean {
  const unknown = selection.orgs.find((alias) => !orgs.some((each) => each.alias === alias));
  if (unknown !== undefined && !hasInvalidFiles) throw unknownOrgError(unknown, orgs);
  const isNamed = selection.orgs.length === 0 || selection.orgs.includes(org.alias);
  return isNamed && (selection.wave === undefined || org.wave === selection.wave);
}

const noOrgsSelectedError = ({ orgs, wave }: OrgSelection): ToolError =>
  invalidFlagError(
    'No org is selected.',
    `${orgs.length > 0 ? `None of ${orgs.join(', ')}` : 'No org of config/orgs'} is in wave ${String(wave)}.`,
    'Leave --wave out, or name a wave that the org files have.',
  );

const unknownOrgError = (alias: string, orgs: readonly OrgConfig[]): ToolError =>
  new ToolError(
    'unknown-org',
    {
      what: `There is no org "${alias}" in config/orgs.`,
      why: `The file name is the alias; config/orgs has ${orgs.map((org) => org.alias).join(', ') || 'none'}.`,
      fix: `Write config/orgs/${alias}.json, or name one of those.`,
    },
    { exit: EXIT.invalid },
  );
