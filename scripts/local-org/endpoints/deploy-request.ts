import { json, parseJsonBody, type Request, type Response } from '../http/message';
import { parseMultipart } from '../http/multipart';
import type { Route } from '../http/routes';
import { cancelDeploy, findDeploy, submitDeploy, submitQuickDeploy } from '../jobs/deploy';
import { deployResult } from '../jobs/deploy-result';
import { ApiError } from '../api-error';
import type { DeployOptions } from '../org/deploy-jobs';
import type { Org } from '../org/org';
import { runStep } from '../org/steps';

const path = /^\/services\/data\/v\d+\.\d\/metadata\/deployRequest\/?$/;
const jobPath = /^\/services\/data\/v\d+\.\d\/metadata\/deployRequest\/(\w{15,18})$/;

/** The REST endpoints of the Metadata API. (Metadata API guide, "Deploy Metadata with Apex Testing Using REST") */
export const DEPLOY_REQUEST_ROUTES: readonly Route[] = [
  { method: 'POST', path, handle: submit },
  { method: 'GET', path: jobPath, handle: status },
  { method: 'PATCH', path: jobPath, handle: cancel },
];

interface Upload {
  readonly deployOptions?: Partial<DeployOptions>;
  readonly validatedDeployRequestId?: string;
}

function submit(org: Org, request: Request): Promise<Response> {
  return runStep(org, 'deploy.submit', () => {
    const job = startDeploy(org, request);
    org.save();
    const { checkOnly, rollbackOnError, ignoreWarnings } = job.options;
    const deployOptions = { checkOnly, rollbackOnError, ignoreWarnings };
    return json({ id: job.id, validatedDeployRequestId: null, deployOptions, deployResult: null }, 201);
  });
}

function startDeploy(org: Org, request: Request) {
  const type = request.headers['content-type'] ?? '';
  if (!type.startsWith('multipart/'))
    return submitQuickDeploy(org, parseUpload(parseJsonBody(request)).validatedDeployRequestId ?? '');
  const parts = parseMultipart(request.body, type);
  const zip = parts.get('file');
  if (!zip) throw new ApiError('INVALID_MULTIPART_REQUEST', 'The multipart request has no part "file"');
  const upload = parseUpload(parseJsonPart(parts.get('entity_content')));
  const { checkOnly = false, ignoreWarnings = false, rollbackOnError = true, ...tests } = upload.deployOptions ?? {};
  return submitDeploy(org, zip, { checkOnly, ignoreWarnings, rollbackOnError, ...tests });
}

function status(org: Org, request: Request, [id = '']: readonly string[]): Promise<Response> {
  const includeDetails = request.query.get('includeDetails') === 'true';
  return runStep(org, 'deploy.status', () => json(statusBody(org, id, includeDetails)));
}

function cancel(org: Org, request: Request, [id = '']: readonly string[]): Response {
  const body = parseJsonBody(request) as { deployResult?: { status?: unknown } } | undefined;
  if (body?.deployResult?.status !== 'Canceling') throw new ApiError('INVALID_FIELD', 'status must be Canceling');
  cancelDeploy(org, id);
  org.save();
  return json(statusBody(org, id, false), 202);
}

function statusBody(org: Org, id: string, includeDetails: boolean) {
  const job = findDeploy(org, id);
  return { id: job.id, deployResult: deployResult(org, job, includeDetails) };
}

function parseUpload(value: unknown): Upload {
  if (typeof value !== 'object' || value === null)
    throw new ApiError('JSON_PARSER_ERROR', 'The request body is not a JSON object');
  return value;
}

function parseJsonPart(part: Buffer | undefined): unknown {
  try {
    return JSON.parse(part?.toString('utf8') ?? '{}');
  } catch {
    return undefined;
  }
}
