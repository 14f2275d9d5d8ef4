import { asToolError, ToolError } from '../errors';
import { RESUME_HINT } from '../model';
import type { Sf } from '../sf';
import { findDeployJob, pollDeploy, type UnconfirmedDeploy } from './deploy-job';
import { DEFAULT_TIMEOUTS, waitUntilIdle, type Timeouts } from './job-queue';
import type { ReportStep } from './progress';
import { findChatDeployment } from './set-up-deployments';

/** The last submission of an earlier run. */
export interface PendingDeploy extends UnconfirmedDeploy {
  /** The job ID, if Salesforce returned one. */
  readonly id?: string;
  /** The chat deployment that was being created, if it was no deploy job. */
  readonly creates?: string;
  /** Whether the result is known. */
  readonly settled: boolean;
}

/**
 * Determines the result of an earlier run's submission, or of its creation of a chat deployment, and waits until the org has no
 * running deploy job. After that, reading the org shows the remaining work. Throws `deploy-unknown` if the result can't be
 * determined.
 */
export async function recoverDeploy(
  sf: Sf,
  alias: string,
  pending: PendingDeploy | undefined,
  reportStep: ReportStep,
  timeouts: Timeouts = DEFAULT_TIMEOUTS,
): Promise<void> {
  if (pending && !pending.settled && pending.creates !== undefined) {
    const elapsed = Math.max(0, Date.now() - pending.at.getTime());
    const found = await findChatDeployment(sf, alias, pending.creates, timeouts.submit - elapsed);
    reportStep(found ? 'created' : 'not created', pending.creates);
  } else if (pending && !pending.settled) {
    const report =
      pending.id === undefined
        ? await findPendingDeploy(sf, alias, pending, timeouts)
        : await pollDeploy(sf, alias, pending.id);
    if (report && pending.id === undefined) reportStep('submitted', report.id);
    if (report) reportStep(report.success ? 'deployed' : 'rejected', report.id);
    else reportStep('not submitted');
  }
  await waitUntilIdle(sf, alias, timeouts.lock, (why) => reportStep('waiting', why));
}

const findPendingDeploy = (
  sf: Sf,
  alias: string,
  pending: UnconfirmedDeploy,
  { submit: timeout }: Timeouts,
): ReturnType<typeof findDeployJob> =>
  findDeployJob(sf, alias, pending, timeout).catch((thrown: unknown) => {
    const cause = asToolError(thrown);
    throw new ToolError(
      'deploy-unknown',
      {
        what: `The status of the deploy to "${alias}" is still unknown.`,
        why: `The deploy jobs of the org can't be read: ${cause.what} ${cause.why}`,
        fix: `${cause.fix} ${RESUME_HINT}`,
      },
      { cause },
    );
  });
