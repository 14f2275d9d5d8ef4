import { setTimeout as pause } from 'node:timers/promises';
import pLimit from 'p-limit';
import { isDisruptive, type OrgResult } from '../model';
import type { Sf } from '../org';
import { deployOrg } from './deploy-org';
import { orgResult } from './org-result';
import type { PlannedOrg } from './plan-fleet';
import type { RolloutOptions } from './rollout-options';

/** Orgs whose plan disturbs customers. */
export const disruptiveOrgs = (fleet: readonly PlannedOrg[]): readonly PlannedOrg[] =>
  fleet.filter(({ plan }) => plan?.changes.some(isDisruptive));

/**
 * Applies the plans of a fleet, wave after wave. A failed org never stops its neighbours in the wave; when more orgs have
 * failed than may, the waves after it are skipped, and say so.
 */
export async function deployFleet(
  sf: Sf,
  fleet: readonly PlannedOrg[],
  options: RolloutOptions,
): Promise<readonly OrgResult[]> {
  const results: OrgResult[] = [];
  const { maxFailures = 0, waveDelay = 0 } = options;
  const waveOf = ({ desired }: PlannedOrg): number => (options.ignoreWaves ? 0 : desired.org.wave);
  const waves = [...new Set(fleet.map(waveOf))].sort((one, other) => one - other);
  for (const wave of waves) {
    const orgs = fleet.filter((planned) => waveOf(planned) === wave);
    const failures = results.filter(isFailed);
    if (failures.length > maxFailures)
      results.push(...orgs.map((planned) => reportResult(skippedResult(planned, failures), options)));
    else {
      if (results.some(isChanged)) await pause(waveDelay);
      results.push(
        ...(await pLimit(options.concurrency).map(orgs, (planned) => deployAndReport(sf, planned, options))),
      );
    }
  }
  return results;
}

const isFailed = ({ status }: OrgResult): boolean => ['failed', 'unreachable', 'unknown'].includes(status);
const isChanged = ({ status }: OrgResult): boolean => status === 'changed';

async function deployAndReport(sf: Sf, planned: PlannedOrg, rollout: RolloutOptions): Promise<OrgResult> {
  return reportResult(await deployOrg(sf, planned, rollout), rollout);
}

function reportResult(result: OrgResult, { onResult }: RolloutOptions): OrgResult {
  onResult(result);
  return result;
}

function skippedResult({ desired, plan }: PlannedOrg, failures: readonly OrgResult[]): OrgResult {
  const error = {
    code: 'wave-skipped',
    what: `Wave ${desired.org.wave} was not started.`,
    why: `${failures.map(({ alias, wave }) => `${alias} of wave ${wave}`).join(', ')} did not come through.`,
    fix: 'Mend what stopped it, then run: npm run deploy -- --resume. Orgs that are done stay unchanged.',
  };
  return { ...orgResult(desired, 'skipped', { changes: plan?.changes ?? [] }), error };
}
