import { resolve } from 'node:path';
import type { Context } from '../cli';
import { EXIT, ToolError, invalidFlagError } from '../errors';
import { type PlannedOrg, type PlanOptions } from './plan-fleet';
import { orgResult } from './org-result';
import {
  type Component,
  type CompromisedKey,
  type DesiredState,
  type ErrorDetails,
  isDisruptive,
  mapOf,
  npmRun,
  type OrgConfig,
  EMPTY_ORG_SETTINGS,
} from '../model';
import { transitionFor } from '../org';
import { readPlanFile, assertFresh, writePlanFile, type UnplannedOrg, type PlanFile, type PlanFileOrg } from '../plan';
import { readCompromisedKeys } from '../rotation';
import { Sf, type CliWorkerPool } from '../sf';
import { durationFlag } from './timeouts';
import { planWithProgress } from './plan-with-progress';
import type { PlannedFleet } from './planned-fleet';

/** The maximum age of a saved plan without --max-age. */
const DEFAULT_MAX_AGE = '24h';

/** Saves the plans of a fleet as one file, with the errors of orgs that couldn't be planned. Returns the message for the user. */
export function savePlan({ now }: Pick<Context, 'now'>, file: string, { fleet, apiVersion }: PlannedFleet): string {
  const orgs = fleet.flatMap(({ desired: declared, plan, live }): PlanFileOrg[] => {
    const keys = [...declared.components.keys()];
    return plan && live ? [{ org: plan.org, changes: plan.changes, transition: transitionFor(plan, live, keys) }] : [];
  });
  const unplanned = fleet.flatMap(({ result }): UnplannedOrg[] => {
    const { alias, orgId, kind, wave, error } = result;
    return error ? [{ alias, orgId, kind, wave, error }] : [];
  });
  writePlanFile(resolve(file), { kind: 'plan', createdAt: now, apiVersion, orgs, unplanned });
  if (orgs.length === 0)
    return `No org could be planned, so ${file} contains only the errors. Resolve them, then plan again.`;
  const unplannedNote =
    unplanned.length > 0 ? ` It doesn't include ${unplanned.map(({ alias }) => alias).join(', ')}.` : '';
  const accept = orgs.some(({ changes }) => changes.some(isDisruptive)) ? ['--accept', 'disruptive'] : [];
  return `Plan saved to ${file}.${unplannedNote}\nTo deploy exactly this plan: ${npmRun('deploy', '--plan', file, '--all', ...accept)}`;
}

/**
 * Plans the selected orgs exactly as a saved plan specifies. An org that changed since then is rejected, never planned again. The
 * source isn't read, except for the list of compromised keys.
 */
export async function planFromFile(
  context: Context,
  workers: CliWorkerPool,
  file: string,
  maxAge = DEFAULT_MAX_AGE,
  planOptions: Partial<PlanOptions> = {},
): Promise<PlannedFleet> {
  const { flags, now } = context;
  const maxAgeMs = durationFlag('--max-age', maxAge);
  const planFile = readPlanFile(resolve(file), 'plan');
  assertFresh(planFile.createdAt, now, maxAgeMs);
  const { orgs, unplanned } = selectOrgs(planFile, flags);
  const compromised = readCompromisedKeys(flags.project);
  const sf = new Sf(workers, planFile.apiVersion);
  const message = `Applying the plan saved at ${planFile.createdAt.toISOString()}. Reading`;
  const { apiVersion } = planFile;
  const fleet = await planWithProgress(
    context,
    sf,
    orgs.map((org) => desiredStateFrom(org, compromised)),
    { apiVersion, ...planOptions },
    message,
  );
  const failedOrgs = unplanned.map((each) => unplannedResult(each, planFile.createdAt.getTime()));
  const createdAt = planFile.createdAt.toISOString();
  return {
    sf,
    apiVersion,
    from: 'plan',
    planCreatedAt: createdAt,
    valid: true,
    fleet: [...fleet, ...failedOrgs],
    findings: [],
  };
}

/** The org file as a saved plan or a snapshot contains it. The current org file isn't read. */
export const orgConfigFrom = ({ org }: Pick<PlanFileOrg, 'org'>): OrgConfig => ({
  ...EMPTY_ORG_SETTINGS,
  ...org,
});

/**
 * The desired state of a saved plan. Only the transition is applied; verification and reports use the components. A channel that
 * the org file doesn't list isn't declared: the plan only revokes its trust.
 */
export function desiredStateFrom(planned: PlanFileOrg, compromised: readonly CompromisedKey[]): DesiredState {
  const { from, to } = planned.transition;
  const declared = new Map([...from.components, ...to.components]);
  const org = orgConfigFrom(planned);
  const isDeclared = ({ type, fullName }: Component): boolean =>
    type !== 'MessagingChannel' || org.channels.length === 0 || org.channels.includes(fullName);
  const components = mapOf([...declared.values()].filter((component) => component !== null).filter(isDeclared));
  return { org, components, compromised, transition: planned.transition };
}

/** The orgs of a saved plan or of a run's snapshots that --org and --wave select. */
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

/** An org that couldn't be planned counts as failed, so that later waves are skipped, as in a deploy without a saved plan. */
function unplannedResult({ error, ...org }: UnplannedOrg, readAt: number): PlannedOrg {
  const details: ErrorDetails = {
    code: error.code,
    what: `${org.alias} isn't in the saved plan, because it couldn't be planned.`,
    why: `${error.what} ${error.why}`,
    fix: `${error.fix} Then save a new plan. To deploy only the other orgs, select them with --org.`,
  };
  return failedPlan({ ...org, error: details }, readAt);
}

/** An org that has an error instead of a plan. */
export function failedPlan({ error, ...org }: UnplannedOrg, readAt: number): PlannedOrg {
  const config = orgConfigFrom({ org: { ...org, file: '' } });
  const desired: DesiredState = { org: config, components: new Map(), compromised: [] };
  return { desired, readAt, result: { ...orgResult(desired, 'failed'), error } };
}

const unknownOrgError = (alias: string, orgs: readonly { readonly alias: string }[]): ToolError =>
  new ToolError(
    'unknown-org',
    {
      what: `Unknown org "${alias}".`,
      why: `The plan or run contains: ${orgs.map((each) => each.alias).join(', ') || 'no org'}.`,
      fix: 'Use one of these aliases with --org, or omit --org.',
    },
    { exit: EXIT.invalid },
  );

const noOrgSelectedError = (wave: number | undefined): ToolError =>
  invalidFlagError(
    'No org is selected.',
    wave === undefined ? 'There is none in it.' : `None of them is in wave ${wave}.`,
    'Leave --wave out, or name a wave that it has.',
  );
