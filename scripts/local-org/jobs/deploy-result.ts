import type { DeployJob, DeployMessage, DeployOutcome } from '../org/deploy-jobs';
import type { Org } from '../org/org';
import { runTestResult } from './apex-tests';
import { ADMIN_NAME } from './file-properties';

/** A deploy result with the field names of the Metadata API. SOAP and REST return the same values. */
export function deployResult(org: Org, job: DeployJob, includeDetails: boolean) {
  const { outcome, options } = job;
  const running = Date.now() >= job.startsAt;
  return {
    checkOnly: options.checkOnly,
    ...(outcome && { completedDate: outcome.completedDate }),
    ...(outcome?.status === 'Canceled' && { canceledBy: org.userId, canceledByName: ADMIN_NAME }),
    createdBy: org.userId,
    createdByName: ADMIN_NAME,
    createdDate: job.createdDate,
    details: includeDetails ? resultDetails(outcome) : undefined,
    done: outcome !== undefined,
    ...(outcome?.error && { errorMessage: outcome.error.message, errorStatusCode: outcome.error.code }),
    id: job.id,
    ignoreWarnings: options.ignoreWarnings,
    lastModifiedDate: outcome?.completedDate ?? job.createdDate,
    ...resultCounts(outcome?.messages ?? [], outcome?.tests),
    rollbackOnError: options.rollbackOnError,
    runTestsEnabled: options.testLevel !== undefined && options.testLevel !== 'NoTestRun',
    startDate: job.createdDate,
    status: outcome?.status ?? (running ? 'InProgress' : 'Pending'),
    success: outcome?.status === 'Succeeded' || outcome?.status === 'SucceededPartial',
  };
}

function resultDetails(outcome: DeployJob['outcome']) {
  const messages = outcome?.messages ?? [];
  return {
    componentFailures: messages.filter(({ success }) => !success).map((message) => ({ ...message })),
    componentSuccesses: messages.filter(({ success }) => success).map((message) => ({ ...message })),
    runTestResult: runTestResult(outcome?.tests),
  };
}

function resultCounts(messages: readonly DeployMessage[], tests: DeployOutcome['tests']) {
  const components = messages.filter(({ componentType }) => componentType !== '');
  return {
    numberComponentErrors: messages.filter(({ success }) => !success).length,
    numberComponentsDeployed: components.filter(({ success }) => success).length,
    numberComponentsTotal: components.length,
    numberTestErrors: tests?.failures.length ?? 0,
    numberTestsCompleted: tests?.passed ?? 0,
    numberTestsTotal: (tests?.passed ?? 0) + (tests?.failures.length ?? 0),
  };
}
