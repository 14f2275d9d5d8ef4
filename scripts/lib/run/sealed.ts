import { resolve } from 'node:path';
import type { Context } from '../cli';
import { EXIT, ToolError } from '../errors';
import { outcomeOf, type Planned, type Planning } from '../fleet';
import { mapOf, type Desired, type Fault, type OrgConfig } from '../model';
import { wayOf } from '../org';
import { readSealed, verifyAge, writeSealed, type LeftOut, type Sealed, type SealedOrg } from '../seal';
import { Sf, type HostPool } from '../sf';
import { spanFlag } from './patience';
import { planShown } from './plan-shown';
import type { Prepared } from './prepared';

/** How old a sealed plan may be unless --max-age says otherwise. */
export const MAX_AGE = '24h';

/** Writes the plans of a fleet as one file, and says so. Orgs that could not be planned are named in it, with the reason. */
export function sealPlan({ now }: Pick<Context, 'now'>, file: string, { fleet, apiVersion }: Prepared): string {
  const orgs = fleet.flatMap(({ desired, plan, live }): SealedOrg[] => {
    const stated = [...desired.components.keys()];
    return plan && live ? [{ org: plan.org, changes: plan.changes, way: wayOf(plan, live, stated) }] : [];
  });
  const without = fleet.flatMap(({ outcome }): LeftOut[] => {
    const { alias, orgId, kind, wave, error } = outcome;
    return error ? [{ alias, orgId, kind, wave, error }] : [];
  });
  writeSealed(resolve(file), { what: 'sealed plan', made: now, apiVersion, orgs, without });
  const missing = without.length > 0 ? ` It lacks ${without.map(({ alias }) => alias).join(', ')}.` : '';
  return `Sealed in ${file}.${missing} Apply exactly this with: npm run deploy -- --plan ${file}`;
}

/**
 * Plans exactly what a sealed plan says, for the orgs that are selected. An org that is no longer as the plan was made from it is
 * refused, never planned anew. The source is not read.
 */
export async function planSealed(
  context: Context,
  hosts: HostPool,
  file: string,
  maxAge = MAX_AGE,
  planning: Partial<Planning> = {},
): Promise<Prepared> {
  const { flags, now } = context;
  const limit = spanFlag('--max-age', maxAge);
  const sealed = readSealed(resolve(file), 'sealed plan');
  verifyAge(sealed.made, now, limit);
  const { orgs, without } = selected(sealed, flags);
  const sf = new Sf(hosts, sealed.apiVersion);
  const told = `Applying the plan of ${sealed.made.toISOString()}; reading`;
  const { apiVersion } = sealed;
  const fleet = await planShown(context, sf, orgs.map(desiredOf), { apiVersion, ...planning }, told);
  const unplanned = without.map((each) => leftOut(each, sealed.made.getTime()));
  const made = sealed.made.toISOString();
  return {
    sf,
    apiVersion,
    from: 'sealed plan',
    sealed: made,
    valid: true,
    fleet: [...fleet, ...unplanned],
    findings: [],
  };
}

/** An org as its sealed plan or its snapshot describes it; what its file says beside that is not looked at. */
export const orgOf = ({ org }: Pick<SealedOrg, 'org'>): OrgConfig => ({
  ...org,
  ...{ channels: [], inactive: [], include: [], existing: [], overrides: new Map(), lines: new Map() },
});

/** All that is stated of an org is what a proof and a report look at; the way alone says what is done. */
function desiredOf(sealed: SealedOrg): Desired {
  const { from, to } = sealed.way;
  const stated = new Map([...from.components, ...to.components]);
  const components = mapOf([...stated.values()].filter((component) => component !== null));
  return { org: orgOf(sealed), components, way: sealed.way };
}

/** What --org and --wave select of a sealed plan or of the snapshots of a run. */
export function selected(
  { orgs, without }: Pick<Sealed, 'orgs' | 'without'>,
  { org: aliases, wave }: Context['flags'],
): Pick<Sealed, 'orgs' | 'without'> {
  const all = [...orgs.map(({ org }) => org), ...without];
  const unknown = aliases.find((alias) => !all.some((each) => each.alias === alias));
  if (unknown !== undefined) throw unknownOrg(unknown, all);
  const isSelected = (each: Pick<LeftOut, 'alias' | 'wave'>): boolean =>
    (aliases.length === 0 || aliases.includes(each.alias)) && (wave === undefined || each.wave === wave);
  if (!all.some(isSelected)) throw noneSelected(wave);
  return { orgs: orgs.filter(({ org }) => isSelected(org)), without: without.filter(isSelected) };
}

/** An org that was not planned has failed, so the waves after it do not start, as in a deploy that plans for itself. */
function leftOut({ error, ...org }: LeftOut, at: number): Planned {
  const desired: Desired = { org: orgOf({ org: { ...org, file: '' } }), components: new Map() };
  const fault: Fault = {
    code: error.code,
    what: 'The sealed plan does not hold this org, for it could not be planned.',
    why: `${error.what} ${error.why}`,
    fix: `${error.fix} Then seal a new plan; or name the other orgs with --org.`,
  };
  return { desired, at, outcome: { ...outcomeOf(desired, 'failed'), error: fault } };
}

const unknownOrg = (alias: string, orgs: readonly { readonly alias: string }[]): ToolError =>
  new ToolError(
    'unknown-org',
    {
      what: `There is nothing about an org "${alias}" in it.`,
      why: `It is about ${orgs.map((each) => each.alias).join(', ') || 'no org'}.`,
      fix: 'Name one of those, or leave --org out.',
    },
    { exit: EXIT.invalid },
  );

const noneSelected = (wave: number | undefined): ToolError =>
  new ToolError(
    'bad-flag',
    {
      what: 'No org is selected.',
      why: wave === undefined ? 'There is none in it.' : `None of them is in wave ${wave}.`,
      fix: 'Leave --wave out, or name a wave that it has.',
    },
    { exit: EXIT.invalid },
  );
