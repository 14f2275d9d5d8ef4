import { trackProgress, writeReports, type Context } from '../cli';
import { EXIT, type ExitCode } from '../errors';
import type { OrgResult } from '../model';
import { resultLabel, verificationTextWithErrors } from '../report';
import type { CliWorkerPool } from '../sf';
import { exitCodeOf } from '../rollout/org-result';
import { orgSettings } from '../rollout/org-settings';
import { planProject } from '../rollout/plan-project';
import type { VerifyFlags } from '../verification/verify-flags';
import { createVerifier } from '../rollout/org-verifier';

/** Verifies each org: a valid token is accepted and each forged token is rejected. */
export async function runVerify(context: Context<VerifyFlags>, workers: CliWorkerPool): Promise<ExitCode> {
  const { layout, now, print } = context;
  const verifier = createVerifier(context);
  const { valid, fleet, findings, sf } = await planProject(context, workers, 'summary');
  const trackedWork = {
    activity: 'Verifying',
    firstStep: 'verifying',
    ignoreWaves: true,
    orgs: fleet.map(({ desired }) => desired.org),
  };
  const orgs = await trackProgress(context, trackedWork, (board) =>
    Promise.all(
      fleet.map(async (planned) => {
        const outcome = await verifier(sf, planned, withoutPlannedChanges(planned.result));
        board.onResult(outcome.alias, resultLabel(outcome).word);
        return outcome;
      }),
    ),
  );
  const exitCode = valid ? exitCodeOf(orgs) : EXIT.invalid;
  if (valid) print(verificationTextWithErrors(layout, orgs));
  return writeReports(context, { command: 'verify', exitCode, findings, orgs }, () => orgSettings(fleet, now));
}

/** Removes planned changes from a result: verification changes nothing, and reports drift as a check. */
export const withoutPlannedChanges = (result: OrgResult): OrgResult =>
  result.status === 'planned' ? { ...result, status: 'unchanged', changes: [] } : result;
