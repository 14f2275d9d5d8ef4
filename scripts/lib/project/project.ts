import { compose } from '../compose';
import { readOrgs } from '../config';
import { EXIT, ToolError } from '../errors';
import type { Desired, Finding, OrgConfig } from '../model';
import { readRotations, rotationFindings } from '../rotation';
import { check } from '../rules';
import { readSource } from '../source';

/** Which orgs of config/orgs a command is about; nothing stated means all of them. */
export interface Selection {
  readonly orgs: readonly string[];
  readonly wave?: number;
}

/** A project as every command starts from it: what each selected org should hold, and everything wrong with it. */
export interface Project {
  readonly orgs: readonly Desired[];
  /** What production should hold, whichever orgs are selected: what other orgs must not trust. */
  readonly production: readonly Desired[];
  readonly findings: readonly Finding[];
  readonly apiVersion: string;
}

/**
 * Reads, composes and checks a project, all orgs of it whatever is selected, because some rules compare orgs. `now` (UTC)
 * decides how long certificates still live. Throws `no-project` and `unknown-org`; everything else is a finding.
 */
export function loadProject(folder: string, selection: Selection, now: Date): Project {
  const source = readSource(folder);
  const { orgs, findings } = readOrgs(folder);
  const composed = orgs.map((org) => compose(source.components, org));
  const desired = composed.map((each) => each.desired);
  const ruled = check({
    source: source.components,
    orgs: desired,
    apiVersion: source.apiVersion,
    signers: source.signers,
    now,
  });
  const { rotations, findings: unreadable } = readRotations(folder);
  const timely = rotationFindings({ rotations, source: source.components, orgs: desired, now });
  const selected = desired.filter(({ org }) => isSelected(org, selection, orgs, findings.length > 0));
  if (selected.length === 0 && findings.length === 0) throw noneSelected(selection);
  const others = new Set(desired.filter((each) => !selected.includes(each)).map(({ org }) => org.file));
  const found = [
    ...source.findings,
    ...findings,
    ...composed.flatMap((each) => each.findings),
    ...ruled,
    ...unreadable,
    ...timely,
  ];
  return {
    orgs: selected,
    production: desired.filter(({ org }) => org.kind === 'production'),
    // What is wrong in the file of an org that the command is not about does not keep it from the others.
    findings: found.filter(({ file }) => !others.has(file)),
    apiVersion: source.apiVersion.value,
  };
}

function isSelected(org: OrgConfig, selection: Selection, orgs: readonly OrgConfig[], broken: boolean): boolean {
  const unknown = selection.orgs.find((alias) => !orgs.some((each) => each.alias === alias));
  if (unknown !== undefined && !broken) throw unknownOrg(unknown, orgs);
  const named = selection.orgs.length === 0 || selection.orgs.includes(org.alias);
  return named && (selection.wave === undefined || org.wave === selection.wave);
}

const noneSelected = ({ orgs, wave }: Selection): ToolError =>
  new ToolError(
    'bad-flag',
    {
      what: 'No org is selected.',
      why: `${orgs.length > 0 ? `None of ${orgs.join(', ')}` : 'No org of config/orgs'} is in wave ${String(wave)}.`,
      fix: 'Leave --wave out, or name a wave that the org files have.',
    },
    { exit: EXIT.invalid },
  );

const unknownOrg = (alias: string, orgs: readonly OrgConfig[]): ToolError =>
  new ToolError(
    'unknown-org',
    {
      what: `There is no org "${alias}" in config/orgs.`,
      why: `The file name is the alias; config/orgs has ${orgs.map((org) => org.alias).join(', ') || 'none'}.`,
      fix: `Write config/orgs/${alias}.json, or name one of those.`,
    },
    { exit: EXIT.invalid },
  );
