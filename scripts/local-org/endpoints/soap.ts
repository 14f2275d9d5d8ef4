import type { Request, Response } from '../http/message';
import type { Route } from '../http/routes';
import { ApiError, UnsupportedError } from '../api-error';
import type { Org } from '../org/org';
import { DEPLOY_OPERATIONS } from './soap-deploy';
import { soapResponse, faultResponse, readCall } from './soap-message';
import type { Operation } from './soap-operation';
import { READ_OPERATIONS } from './soap-read';

const OPERATIONS: Readonly<Record<string, Operation>> = { ...DEPLOY_OPERATIONS, ...READ_OPERATIONS };

/** The SOAP Metadata API. The session ID is in the envelope, not in an HTTP header. */
export const SOAP_ROUTES: readonly Route[] = [
  { method: 'POST', path: /^\/services\/Soap\/m\/(\d+\.\d)(?:\/.*)?$/, isPublic: true, handle },
];

/** Operations of the Metadata API. (Metadata API guide, "Metadata API Calls") */
const DOCUMENTED_OPERATIONS: readonly string[] = [
  ...['cancelDeploy', 'checkDeployStatus', 'checkRetrieveStatus', 'createMetadata', 'deleteMetadata', 'deploy'],
  ...['deployRecentValidation', 'describeMetadata', 'describeValueType', 'listMetadata', 'readMetadata'],
  ...['renameMetadata', 'retrieve', 'updateMetadata', 'upsertMetadata'],
];

function unknownOperationError(operation: string): ApiError {
  const message = `No operation available for request ${operation}`;
  return DOCUMENTED_OPERATIONS.includes(operation)
    ? new UnsupportedError('INVALID_OPERATION', `${message}. The operation is not supported by the local org.`)
    : new ApiError('INVALID_OPERATION', message);
}

async function handle(org: Org, request: Request, [version]: readonly string[]): Promise<Response> {
  try {
    const call = readCall(request.body);
    if (!org.sessions.has(call.sessionId)) {
      throw new ApiError('INVALID_SESSION_ID', 'Invalid Session ID found in SessionHeader: Illegal Session');
    }
    const operation = Object.hasOwn(OPERATIONS, call.operation) ? OPERATIONS[call.operation] : undefined;
    if (!operation) throw unknownOperationError(call.operation);
    return soapResponse(call.operation, await operation(org, call.parameters, Number(version)));
  } catch (error) {
    return faultResponse(error);
  }
}
