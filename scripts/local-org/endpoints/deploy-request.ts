import { json, jsonBody, type Request, type Response } from '../http/exchange';
import { partsOf } from '../http/multipart';
import type { Route } from '../http/routes';
import { cancelDeploy, findDeploy, submitDeploy, submitQuickDeploy } from '../jobs/deploy';
import { deployResult } from '../jobs/deploy-result';
import { Fault } from '../fault';
import type { DeployOptions } from '../org/deployments';
import type { Org } from '../org/org';
import { takeStep } from '../org/steps';

const path = /^\/services\/data\/v\d+\.\d\/metadata\/deployRequest\/?$/;
const onePath = /^\/services\/data\/v\d+\.\d\/metadata\/deployRequest\/(\w{15,18})$/;

/** The Metadata API by REST (Metadata API guide, "Deploy Metadata with Apex Testing Using REST"). */
export const DEPLOY_REQUEST_ROUTES: readonly Route[] = [
  { method: 'POST', path, handle: submit },
  { method: 'GET', path: onePath, handle: status },
  { method: 'PATCH', path: onePath, handle: cancel },
];

interface Upload {
  readonly deployOptions?: Partial<DeployOptions>;
  readonly validatedDeployRequestId?: string;
}

function submit(org: Org, request: Request): Promise<Response> {
  return takeStep(org, 'deploy.submit', () => {
    const job = start(org, request);
    org.save();
    const { checkOnly, rollbackOnError, ignoreWarnings } = job.options;
    const deployOptions = { checkOnly, rollbackOnError, ignoreWarnings };
    return json({ id: job.id, validatedDeployRequestId: null, deployOptions, deployResult: null }, 201);
  });
}

function start(org: Org, request: Request) {
  const type = request.headers['content-type'] ?? '';
  if (!type.startsWith('multipart/'))
    return submitQuickDeploy(org, uploadOf(jsonBody(request)).validatedDeployRequestId ?? '');
  const parts = partsOf(request.body, type);
  const zip = parts.get('file');
  if (!zip) throw new Fault('INVALID_MULTIPART_REQUEST', 'The multipart request has no part "file"');
  const upload = uploadOf(parseJson(parts.get('entity_content')));
  const { checkOnly = false, ignoreWarnings = false, rollbackOnError = true, testLevel } = upload.deployOptions ?? {};
  return submitDeploy(org, zip, { checkOnly, ignoreWarnings, rollbackOnError, ...(testLevel && { testLevel }) });
}

function status(org: Org, request: Request, [id = '']: readonly string[]): Promise<Response> {
  const includeDetails = request.query.get('includeDetails') === 'true';
  return takeStep(org, 'deploy.status', () => json(statusBody(org, id, includeDetails)));
}

function cancel(org: Org, request: Request, [id = '']: readonly string[]): Response {
  const wanted = jsonBody(request) as { deployResult?: { status?: unknown } } | undefined;
  if (wanted?.deployResult?.status !== 'Canceling') throw new Fault('INVALID_FIELD', 'status must be Canceling');
  cancelDeploy(org, id);
  org.save();
  return json(statusBody(org, id, false), 202);
}

function statusBody(org: Org, id: string, includeDetails: boolean) {
  const job = findDeploy(org, id);
  return { id: job.id, deployResult: deployResult(org, job, includeDetails) };
}

function uploadOf(value: unknown): Upload {
  if (typeof value !== 'object' || value === null)
    throw new Fault('JSON_PARSER_ERROR', 'The request body is not a JSON object');
  return value;
}

function parseJson(part: Buffer | undefined): unknown {
  try {
    return JSON.parse(part?.toString('utf8') ?? '{}');
  } catch {
    return undefined;
  }
}
