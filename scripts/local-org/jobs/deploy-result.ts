import type { DeployJob, DeployMessage } from '../org/deploy-jobs';
import type { Org } from '../org/org';
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
    details: includeDetails ? resultDetails(outcome?.messages ?? []) : undefined,
    done: outcome !== undefined,
    ...(outcome?.error && { errorMessage: outcome.error.message, errorStatusCode: outcome.error.code }),
    id: job.id,
    ignoreWarnings: options.ignoreWarnings,
    lastModifiedDate: outcome?.completedDate ?? job.createdDate,
    ...resultCounts(outcome?.messages ?? []),
    rollbackOnError: options.rollbackOnError,
    runTestsEnabled: options.testLevel !== undefined && options.testLevel !== 'NoTestRun',
    startDate: job.createdDate,
    status: outcome?.status ?? (running ? 'InProgress' : 'Pending'),
    success: outcome?.status === 'Succeeded' || outcome?.status === 'SucceededPartial',
  };
}

function resultDetails(messages: readonly DeployMessage[]) {
  return {
    componentFailures: messages.filter(({ success }) => !success).map((message) => ({ ...message })),
    componentSuccesses: messages.filter(({ success }) => success).map((message) => ({ ...message })),
    // No Apex test runs in this org.
    runTestResult: { numFailures: 0, numTestsRun: 0, totalTime: 0 },
  };
}

function resultCounts(messages: readonly DeployMessage[]) {
  const components = messages.filter(({ componentType }) => componentType !== '');
  return {
    numberComponentErrors: messages.filter(({ success }) => !success).length,
    numberComponentsDeployed: components.filter(({ success }) => success).length,
    numberComponentsTotal: components.length,
    numberTestErrors: 0,
    numberTestsCompleted: 0,
    numberTestsTotal: 0,
  };
}
