import type { Request, Response } from '../http/message';
import type { Route } from '../http/routes';
import { ApiError, UnsupportedError } from '../api-error';
import { MAX_API_VERSION } from '../versions';
import type { Org } from '../org/org';
import { CRUD_OPERATIONS } from './soap-crud';
import { DEPLOY_OPERATIONS } from './soap-deploy';
import { soapResponse, faultResponse, readCall } from './soap-message';
import type { Operation } from './soap-operation';
import { READ_OPERATIONS } from './soap-read';

const OPERATIONS: Readonly<Record<string, Operation>> = {
  ...DEPLOY_OPERATIONS,
  ...READ_OPERATIONS,
  ...CRUD_OPERATIONS,
};

/** The SOAP Metadata API. The session ID is in the envelope, not in an HTTP header. */
export const SOAP_ROUTES: readonly Route[] = [
  { method: 'POST', path: /^\/services\/Soap\/m\/(\d+\.\d)(?:\/.*)?$/, isPublic: true, handle },
];

/** Salesforce's message, from public deploy logs. */
const UNSUPPORTED_VERSION = new ApiError('UNSUPPORTED_API_VERSION', 'Invalid Api version specified on URL');

async function handle(org: Org, request: Request, [version]: readonly string[]): Promise<Response> {
  try {
    const call = readCall(request.body);
    if (Number(version) > MAX_API_VERSION) throw UNSUPPORTED_VERSION;
    if (!org.sessions.has(call.sessionId)) {
      throw new ApiError('INVALID_SESSION_ID', 'Invalid Session ID found in SessionHeader: Illegal Session');
    }
    const operation = Object.hasOwn(OPERATIONS, call.operation) ? OPERATIONS[call.operation] : undefined;
    if (!operation) throw new ApiError('INVALID_OPERATION', `No operation available for request ${call.operation}`);
    if (call.allOrNone)
      throw new UnsupportedError('INVALID_OPERATION', 'AllOrNoneHeader is not supported by the local org.');
    return soapResponse(call.operation, await operation(org, call.parameters, Number(version)));
  } catch (error) {
    return faultResponse(error);
  }
}
