import { acceptedTrustFindings, withCurrentTrust } from './accepted-trust';
import { composeOrg } from './compose-org';
import { loadOrgFiles, type LoadedOrgs } from './load-org-files';
import { DEFAULTS_FILE } from './org-defaults';
import { ORGS_FOLDER } from './orgs-folder';
import { readEvidence, type Evidence } from '../evidence';
import { EXIT, ToolError, invalidFlagError } from '../errors';
import { uniqueBy, type CompromisedKey, type DesiredState, type Finding, type OrgConfig } from '../model';
import { readCompromisedKeys, readRotations, rotationFindings } from '../rotation';
import { acceptFindings, check } from '../rules';
import { acceptedRuleFindings } from './accepted-rules';
import { readSource, type FileTexts, type Source } from './read-source';
import { noteUnreceived } from './received';

/** The orgs that a command uses, by alias and wave. Default: all orgs. */
export interface OrgSelection {
  readonly orgs: readonly string[];
  readonly wave?: number;
}

/** The desired state of each selected org, and the findings of the project. */
export interface Project {
  readonly orgs: readonly DesiredState[];
  /** The desired state of all production orgs, selected or not. Other orgs must not trust their issuers and keys. */
  readonly production: readonly DesiredState[];
  readonly findings: readonly Finding[];
  readonly apiVersion: string;
}

/** The files of a project, before they are composed and checked. */
export interface ProjectFiles {
  readonly source: Source;
  readonly orgFiles: LoadedOrgs;
  readonly compromised: readonly CompromisedKey[];
  readonly rotations: ReturnType<typeof readRotations>;
  /** The answers that `calibrate` found in orgs. */
  readonly evidence?: readonly Evidence[];
}

/**
 * Reads the files of a project, and the files in `added`, by path relative to the project, as if they were written already.
 * Throws `no-project` and `unreadable-file`; everything else is a finding.
 */
export function readProjectFiles(folder: string, added: FileTexts = new Map()): ProjectFiles {
  const isOrgFile = ([file]: readonly [string, string]): boolean => file.startsWith(`${ORGS_FOLDER}/`);
  const orgFiles = loadOrgFiles(folder, new Map([...added].filter(isOrgFile)));
  return {
    source: readSource(folder, orgFiles.orgs, added),
    orgFiles,
    compromised: readCompromisedKeys(folder),
    rotations: readRotations(folder),
    evidence: readEvidence(folder),
  };
}

/**
 * Reads, composes, and checks all orgs of a project, because some rules compare orgs. Certificates are checked at `now`.
 * Throws `no-project`, `unknown-org`, `unreadable-file`, and `invalid-flag`; everything else is a finding.
 */
export const loadProject = (folder: string, selection: OrgSelection, now: Date): Project =>
  composeProject(readProjectFiles(folder), selection, now);

/** Composes and checks the files of a project. Pure. Throws `unknown-org` and `invalid-flag`; everything else is a finding. */
export function composeProject(
  { source, orgFiles: { orgs, findings }, compromised, rotations: rotationFiles, evidence = [] }: ProjectFiles,
  selection: OrgSelection,
  now: Date,
): Project {
  const composed = orgs.map((org) =>
    composeOrg(source.components, withCurrentTrust(org, now), compromised, source.undeployed, source.memberSite),
  );
  const desired = composed.map((each) => each.desired);
  const ruleResults = check({
    source: source.components,
    undeployed: source.undeployed,
    orgs: desired,
    apiVersion: source.apiVersion,
    now,
    evidence,
  });
  const { rotations, findings: rotationFileFindings } = rotationFiles;
  const rotationResults = rotationFindings({
    rotations,
    source: source.components,
    orgs: desired,
    now,
    // An invalid file yields no org, so the keys of that org would seem unused.
    allOrgsRead: findings.length === 0,
  });
  const selected = desired.filter(({ org }) => isSelected(org, selection, orgs, findings.length > 0));
  if (selected.length === 0 && findings.length === 0) throw noOrgsSelectedError(selection);
  const orgFindings = orgs.flatMap((org, index) => [
    ...[
      ...(composed[index]?.findings ?? []),
      ...acceptedTrustFindings(org, now),
      ...acceptedRuleFindings(org, now),
    ].map((finding) => ({ org, finding })),
  ]);
  const selectedAliases = new Set(selected.map(({ org }) => org.alias));
  const otherOrgFiles = new Set(desired.filter((each) => !selected.includes(each)).map(({ org }) => org.file));
  const hasNoOrgFile = findings.some(({ rule }) => rule === 'no-orgs');
  const scope = { orgs: desired, undeployed: source.undeployed, allOrgsRead: findings.length === 0 };
  const sourceFindings = [...source.findings, ...withoutReplaced(ruleResults, source.findings)];
  const allFindings = [
    ...(hasNoOrgFile ? sourceFindings : noteUnreceived(sourceFindings, scope)),
    ...findings,
    ...sharedOnce(orgFindings.filter(({ finding, org }) => isOwn(finding) || selectedAliases.has(org.alias))),
    ...rotationFileFindings,
    ...acceptFindings(rotationResults, desired, now),
  ];
  return {
    orgs: selected,
    production: desired.filter(({ org }) => org.kind === 'production'),
    // A finding in the file of an unselected org doesn't block the selected orgs.
    findings: allFindings.filter(({ file }) => !otherOrgFiles.has(file)),
    apiVersion: source.apiVersion.value,
  };
}

const isOwn = ({ file }: Finding): boolean => file !== DEFAULTS_FILE;

/** Orgs with the same shared values have the same findings about them. */
const sharedOnce = (findings: readonly { readonly finding: Finding }[]): readonly Finding[] =>
  uniqueBy(
    findings.map(({ finding }, index) => ({ finding, key: isOwn(finding) ? String(index) : JSON.stringify(finding) })),
    ({ key }) => key,
  ).map(({ finding }) => finding);

const UNREPLACED_RULES = ['replacement-without-value', 'replacement-with-secret'];

/** A placeholder of a file whose replacement isn't made is reported as that already. */
function withoutReplaced(ruleResults: readonly Finding[], sourceFindings: readonly Finding[]): readonly Finding[] {
  const unreplaced = new Set(
    sourceFindings.filter(({ rule }) => UNREPLACED_RULES.includes(rule)).map(({ file }) => file),
  );
  return ruleResults.filter(({ rule, file }) => rule !== 'placeholder' || !unreplaced.has(file));
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
    'The flags select no org.',
    `${orgs.length > 0 ? `None of ${orgs.join(', ')}` : 'No org in config/orgs'} is in wave ${String(wave)}.`,
    'Omit --wave, or specify a wave of the org files.',
  );

const unknownOrgError = (alias: string, orgs: readonly OrgConfig[]): ToolError =>
  new ToolError(
    'unknown-org',
    {
      what: `Org "${alias}" has no org file. No org was contacted.`,
      why: `config/orgs has files for: ${orgs.map((org) => org.alias).join(', ') || 'none'}.`,
      fix: `Create config/orgs/${alias}.json, or specify one of the existing aliases.`,
    },
    { exit: EXIT.invalid },
  );
