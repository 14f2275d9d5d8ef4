import { setTimeout as pause } from 'node:timers/promises';
import pLimit from 'p-limit';
import { npmRun, parseCommandText, RESUME_HINT, type OrgResult } from '../model';
import type { Sf } from '../org';
import { orgsInFlight } from '../sf/capacity';
import { isHeldBack, isWatched, watchOrg } from './canary';
import { deployOrg } from './deploy-org';
import { OrgRun } from './org-run';
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
  const waves = wavesOf(fleet, options);
  for (const [index, orgs] of waves.entries()) {
    const failures = results.filter(isFailed);
    if (failures.length > maxFailures || failures.some(isHeldBack))
      results.push(...orgs.map((planned) => reportResult(skippedResult(planned, failures, options), options)));
    else {
      if (results.some(({ status }) => status === 'changed')) await pause(waveDelay);
      results.push(...(await deployWave(sf, orgs, options, index < waves.length - 1)));
    }
  }
  return results;
}

/** Deploys to the orgs of a wave. If another wave follows, their chats are watched. An org that is watched holds up no other org. */
async function deployWave(
  sf: Sf,
  orgs: readonly PlannedOrg[],
  options: RolloutOptions,
  isFollowed: boolean,
): Promise<readonly OrgResult[]> {
  const canary = isFollowed ? options.canary : undefined;
  const deployed = await pLimit(options.concurrency ?? orgsInFlight()).map(orgs, async (planned) => {
    const run = new OrgRun(planned, options);
    const org = { run, result: await deployOrg(sf, run) };
    const watch = canary && isWatched(org, canary) ? watchOrg(sf, org, canary) : Promise.resolve(org.result);
    return { watch: watch.then((result) => reportResult(result, options)) };
  });
  return Promise.all(deployed.map(({ watch }) => watch));
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
 * Adds the command that continues the run: `org` doesn't know which command it works for. It also replaces "run the command again":
 * a command that starts a new run can lack what protects this one. An org whose result is unknown may have a deploy job that only a
 * resumed run looks for.
 */
export function withResumeCommand(result: OrgResult, resumeCommand: string): OrgResult {
  const { error, status } = result;
  if (!error) return result;
  const hint = `Resume the run: ${resumeCommand}.`;
  const fix = error.fix
    .replaceAll(RESUME_HINT, () => hint)
    .replaceAll(/\b([Rr]un) the command again\b/g, (_all, run: string) => `${run}: ${resumeCommand}`);
  const isMissing = status === 'unknown' && !fix.includes(resumeCommand);
  // The fix of a check starts a new deploy, which would have no other checks.
  const newDeploy = npmRun('deploy', '--org', result.alias);
  const checks = isDeploy(resumeCommand)
    ? result.checks.map((check) => ({ ...check, detail: check.detail.replaceAll(newDeploy, () => resumeCommand) }))
    : result.checks;
  return { ...result, checks, error: { ...error, fix: isMissing ? `${fix} ${hint}` : fix } };
}

const isDeploy = (command: string): boolean => parseCommandText(command)?.[0] === 'deploy';

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
