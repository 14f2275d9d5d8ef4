import { resolve } from 'node:path';
import type { Context } from '../cli';
import { EXIT, ToolError, invalidFlagError } from '../errors';
import { type PlannedOrg, type PlanOptions } from './plan-fleet';
import { orgResult } from './org-result';
import { mapOf, type DesiredState, type ErrorDetails, type OrgConfig } from '../model';
import { transitionFor } from '../org';
import { readPlanFile, assertFresh, writePlanFile, type UnplannedOrg, type PlanFile, type PlanFileOrg } from '../plan';
import { Sf, type CliWorkerPool } from '../sf';
import { durationFlag } from './timeouts';
import { planWithProgress } from './plan-with-progress';
import type { PlannedFleet } from './planned-fleet';

/** How old a sealed plan may be unless --max-age says otherwise. */
export const DEFAULT_MAX_AGE = '24h';

/** Writes the plans of a fleet as one file, and says so. Orgs that could not be planned are named in it, with the reason. */
export function savePlan({ now }: Pick<Context, 'now'>, file: string, { fleet, apiVersion }: PlannedFleet): string {
  const orgs = fleet.flatMap(({ desired: declared, plan, live }): PlanFileOrg[] => {
    const stated = [...declared.components.keys()];
    return plan && live
      ? [{ org: plan.org, changes: plan.changes, transition: transitionFor(plan, live, stated) }]
      : [];
  });
  const unplanned = fleet.flatMap(({ result }): UnplannedOrg[] => {
    const { alias, orgId, kind, wave, error } = result;
    return error ? [{ alias, orgId, kind, wave, error }] : [];
  });
  writePlanFile(resolve(file), { kind: 'plan', createdAt: now, apiVersion, orgs, unplanned: unplanned });
  const unplannedNote = unplanned.length > 0 ? ` It lacks ${unplanned.map(({ alias }) => alias).join(', ')}.` : '';
  return `Sealed in ${file}.${unplannedNote} Apply exactly this with: npm run deploy -- --plan ${file} --all`;
}

/**
 * Plans exactly what a sealed plan says, for the orgs that are selected. An org that is no longer as the plan was made from it is
 * refused, never planned anew. The source is not read.
 */
export async function planFromFile(
  context: Context,
  hosts: CliWorkerPool,
  file: string,
  maxAge = DEFAULT_MAX_AGE,
  planOptions: Partial<PlanOptions> = {},
): Promise<PlannedFleet> {
  const { flags, now } = context;
  const maxAgeMs = durationFlag('--max-age', maxAge);
  const planFile = readPlanFile(resolve(file), 'plan');
  assertFresh(planFile.createdAt, now, maxAgeMs);
  const { orgs, unplanned } = selectOrgs(planFile, flags);
  const sf = new Sf(hosts, planFile.apiVersion);
  const message = `Applying the plan of ${planFile.createdAt.toISOString()}; reading`;
  const { apiVersion } = planFile;
  const fleet = await planWithProgress(
    context,
    sf,
    orgs.map(desiredStateFrom),
    { apiVersion, ...planOptions },
    message,
  );
  const failedOrgs = unplanned.map((each) => unplannedResult(each, planFile.createdAt.getTime()));
  const createdAt = planFile.createdAt.toISOString();
  return {
    sf,
    apiVersion,
    from: 'plan',
    sealed: createdAt,
    valid: true,
    fleet: [...fleet, ...failedOrgs],
    findings: [],
  };
}

/** An org as its sealed plan or its snapshot describes it; what its file says beside that is not looked at. */
export const orgConfigFrom = ({ org }: Pick<PlanFileOrg, 'org'>): OrgConfig => ({
  ...org,
  ...{ channels: [], inactive: [], include: [], existing: [], overrides: new Map(), lines: new Map() },
});

/** All that is stated of an org is what a proof and a report look at; the way alone says what is done. */
function desiredStateFrom(planned: PlanFileOrg): DesiredState {
  const { from, to } = planned.transition;
  const declared = new Map([...from.components, ...to.components]);
  const components = mapOf([...declared.values()].filter((component) => component !== null));
  return { org: orgConfigFrom(planned), components, transition: planned.transition };
}

/** What --org and --wave select of a sealed plan or of the snapshots of a run. */
export function selectOrgs(
  { orgs, unplanned }: Pick<PlanFile, 'orgs' | 'unplanned'>,
  { org: aliases, wave }: Context['flags'],
): Pick<PlanFile, 'orgs' | 'unplanned'> {
  const all = [...orgs.map(({ org }) => org), ...unplanned];
  const unknown = aliases.find((alias) => !all.some((each) => each.alias === alias));
  if (unknown !== undefined) throw unknownOrgError(unknown, all);
  const isSelected = (each: Pick<UnplannedOrg, 'alias' | 'wave'>): boolean =>
    (aliases.length === 0 || aliases.includes(each.alias)) && (wave === undefined || each.wave === wave);
  if (!all.some(isSelected)) throw noOrgSelectedError(wave);
  return { orgs: orgs.filter(({ org }) => isSelected(org)), unplanned: unplanned.filter(isSelected) };
}

/** An org that was not planned has failed, so the waves after it do not start, as in a deploy that plans for itself. */
function unplannedResult({ error, ...org }: UnplannedOrg, readAt: number): PlannedOrg {
  const desired: DesiredState = { org: orgConfigFrom({ org: { ...org, file: '' } }), components: new Map() };
  const details: ErrorDetails = {
    code: error.code,
    what: 'The sealed plan does not hold this org, for it could not be planned.',
    why: `${error.what} ${error.why}`,
    fix: `${error.fix} Then seal a new plan; or name the other orgs with --org.`,
  };
  return { desired, readAt, result: { ...orgResult(desired, 'failed'), error: details } };
}

const unknownOrgError = (alias: string, orgs: readonly { readonly alias: string }[]): ToolError =>
  new ToolError(
    'unknown-org',
    {
      what: `There is nothing about an org "${alias}" in it.`,
      why: `It is about ${orgs.map((each) => each.alias).join(', ') || 'no org'}.`,
      fix: 'Name one of those, or leave --org out.',
    },
    { exit: EXIT.invalid },
  );

const noOrgSelectedError = (wave: number | undefined): ToolError =>
  invalidFlagError(
    'No org is selected.',
    wave === undefined ? 'There is none in it.' : `None of them is in wave ${wave}.`,
    'Leave --wave out, or name a wave that it has.',
  );
