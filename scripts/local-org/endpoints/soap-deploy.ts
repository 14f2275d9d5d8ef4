import { cancelDeploy, findDeploy, submitDeploy, submitQuickDeploy } from '../jobs/deploy';
import { deployResult } from '../jobs/deploy-result';
import { child, children, childText, type XmlElement } from '../metadata/xml';
import type { DeployJob, DeployOptions } from '../org/deploy-jobs';
import type { Org } from '../org/org';
import { runStep } from '../org/steps';
import { elements, RawXml } from './soap-message';
import type { Operation } from './soap-operation';

/** deploy() and the related operations. */
export const DEPLOY_OPERATIONS: Readonly<Record<string, Operation>> = {
  deploy: (org, parameters) =>
    runStep(org, 'deploy.submit', () => {
      const zip = Buffer.from(childText(parameters, 'ZipFile') ?? '', 'base64');
      return queuedResult(org, submitDeploy(org, zip, parseOptions(child(parameters, 'DeployOptions'))));
    }),

  checkDeployStatus: (org, parameters) =>
    runStep(org, 'deploy.status', () => {
      const job = findDeploy(org, childText(parameters, 'asyncProcessId') ?? '');
      return deployResult(org, job, childText(parameters, 'includeDetails') === 'true');
    }),

  // The result is only the ID, not a structure.
  deployRecentValidation: (org, parameters) =>
    runStep(org, 'deploy.submit', () => {
      const job = submitQuickDeploy(org, childText(parameters, 'validationId') ?? '');
      org.save();
      return new RawXml(elements('result', job.id));
    }),

  cancelDeploy(org, parameters) {
    const job = cancelDeploy(org, childText(parameters, 'String') ?? childText(parameters, 'id') ?? '');
    org.save();
    return { done: true, id: job.id };
  },
};

function queuedResult(org: Org, job: DeployJob) {
  org.save();
  return { done: false, id: job.id, state: 'Queued' };
}

// The default of rollbackOnError is false. The CLI always sends true. (Metadata API guide, "DeployOptions")
function parseOptions(element: XmlElement | undefined): DeployOptions {
  const isOn = (name: string) => childText(element, name) === 'true';
  const testLevel = childText(element, 'testLevel');
  const runTests = children(element, 'runTests').map(({ text }) => text.trim());
  return {
    checkOnly: isOn('checkOnly'),
    ignoreWarnings: isOn('ignoreWarnings'),
    rollbackOnError: isOn('rollbackOnError'),
    ...(testLevel && { testLevel }),
    ...(runTests.length > 0 && { runTests }),
  };
}
