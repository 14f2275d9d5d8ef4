import { setTimeout as pause } from 'node:timers/promises';
import pLimit from 'p-limit';
import type { OrgResult } from '../model';
import type { Sf } from '../org';
import { RESUME_HINT } from '../org/deploy-job';
import { deployOrg } from './deploy-org';
import { orgResult } from './org-result';
import type { PlannedOrg } from './plan-fleet';
import type { RolloutOptions } from './rollout-options';

/**
 * Applies the plans of a fleet, wave by wave, and returns one result for each org. A failed org doesn't stop the other orgs of its
 * wave. When more orgs have failed than `maxFailures` allows, the later waves are skipped.
 */
export async function deployFleet(
  sf: Sf,
  fleet: readonly PlannedOrg[],
  options: RolloutOptions,
): Promise<readonly OrgResult[]> {
  const results: OrgResult[] = [];
  const { maxFailures = 0, waveDelay = 0 } = options;
  for (const orgs of wavesOf(fleet, options)) {
    const failures = results.filter(isFailed);
    if (failures.length > maxFailures)
      results.push(...orgs.map((planned) => reportResult(skippedResult(planned, failures, options), options)));
    else {
      if (results.some(({ status }) => status === 'changed')) await pause(waveDelay);
      const deploy = async (planned: PlannedOrg) => reportResult(await deployOrg(sf, planned, options), options);
      results.push(...(await pLimit(options.concurrency).map(orgs, deploy)));
    }
  }
  return results;
}

/** The orgs of each wave, in the order in which the waves are applied. */
function wavesOf(
  fleet: readonly PlannedOrg[],
  { ignoreWaves = false, lastWaveFirst = false }: RolloutOptions,
): readonly (readonly PlannedOrg[])[] {
  if (ignoreWaves) return [fleet];
  const waves = [...new Set(fleet.map(({ desired }) => desired.org.wave))].sort((one, other) => one - other);
  const ordered = lastWaveFirst ? waves.reverse() : waves;
  return ordered.map((wave) => fleet.filter(({ desired }) => desired.org.wave === wave));
}

const isFailed = ({ status }: OrgResult): boolean => ['failed', 'unreachable', 'unknown'].includes(status);

function reportResult(result: OrgResult, options: RolloutOptions): OrgResult {
  options.onResult(result);
  return withResumeCommand(result, options.resumeCommand);
}

/**
 * Adds the command that continues the run: `org` doesn't know which command it works for. An org whose result is unknown may have a
 * deploy job that only a resumed run looks for.
 */
export function withResumeCommand(result: OrgResult, resumeCommand: string): OrgResult {
  const { error, status } = result;
  if (!error) return result;
  const hint = `Resume the run: ${resumeCommand}.`;
  const isMissing = status === 'unknown' && !error.fix.includes(RESUME_HINT);
  return {
    ...result,
    error: { ...error, fix: `${error.fix.replaceAll(RESUME_HINT, hint)}${isMissing ? ` ${hint}` : ''}` },
  };
}

function skippedResult(
  { desired, plan }: PlannedOrg,
  failures: readonly OrgResult[],
  { resumeCommand }: RolloutOptions,
): OrgResult {
  const error = {
    code: 'wave-skipped',
    what: `Wave ${desired.org.wave} was skipped.`,
    why: `${failures.map(({ alias, wave }) => `${alias} (wave ${wave})`).join(', ')} failed.`,
    fix: `Resolve the failure, then run: ${resumeCommand}`,
  };
  return { ...orgResult(desired, 'skipped', { changes: plan?.changes ?? [] }), error };
}
