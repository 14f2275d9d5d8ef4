import type { DeployJob } from '../org/deploy-jobs';
import type { Org } from '../org/org';
import { deployResult } from '../jobs/deploy-result';
import type { Row, Table } from './table';

/**
 * The deploy jobs of an org, as in Deployment Status in Setup. The object is available only in the Tooling API and isn't
 * documented. Its fields are those that public tools query.
 */
export const DEPLOY_TABLES: readonly Table[] = [
  {
    name: 'DeployRequest',
    apis: ['tooling'],
    fields: {
      Id: 'id',
      Status: 'string',
      CheckOnly: 'boolean',
      CreatedById: 'id',
      CreatedDate: 'datetime',
      StartDate: 'datetime',
      CompletedDate: 'datetime',
      NumberComponentsTotal: 'int',
      NumberComponentsDeployed: 'int',
      NumberComponentErrors: 'int',
      ErrorStatusCode: 'string',
      ErrorMessage: 'string',
    },
    parents: { CreatedBy: 'User' },
    rows: (org) => org.deployJobs.all.map((job) => row(org, job)),
  },
];

function row(org: Org, job: DeployJob): Row {
  const result = deployResult(org, job, false);
  return {
    Id: result.id,
    Status: result.status,
    CheckOnly: result.checkOnly,
    CreatedById: result.createdBy,
    CreatedBy: { Name: result.createdByName },
    CreatedDate: result.createdDate,
    StartDate: result.startDate,
    CompletedDate: result.completedDate ?? null,
    NumberComponentsTotal: result.numberComponentsTotal,
    NumberComponentsDeployed: result.numberComponentsDeployed,
    NumberComponentErrors: result.numberComponentErrors,
    ErrorStatusCode: result.errorStatusCode ?? null,
    ErrorMessage: result.errorMessage ?? null,
  };
}
