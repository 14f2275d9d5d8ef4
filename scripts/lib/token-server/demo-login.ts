import { isAllowedOrigin, emptyResponse, REQUIRED_HEADER, type Endpoint, type EndpointOptions } from './endpoint';
import type { DemoSessions } from './sessions';

export interface DemoLoginOptions extends EndpointOptions {
  readonly sessions: DemoSessions;
  /** The customers that can log in. Each is the subject of its tokens. */
  readonly customers: readonly string[];
}

const SESSION_PATH = '/session/';

/**
 * Adds a demo login without a password to an endpoint. A backend with a login of its own doesn't need it.
 *
 *     POST   /session/<customer>    204 with the session cookie
 *     DELETE /session/              204; ends the session
 */
export function withDemoLogin(endpoint: Endpoint, { sessions, customers, origins }: DemoLoginOptions): Endpoint {
  return async (request) => {
    const { method, path, headers } = request;
    if (!path.startsWith(SESSION_PATH)) return endpoint(request);
    if (headers[REQUIRED_HEADER] === undefined || !isAllowedOrigin(origins, headers)) return emptyResponse(403);
    if (method === 'DELETE') return emptyResponse(204, { 'Set-Cookie': sessions.close(headers['cookie']) });
    if (method !== 'POST') return emptyResponse(405, { Allow: 'POST, DELETE' });
    const customer = customers.find((each) => path === `${SESSION_PATH}${encodeURIComponent(each)}`);
    return customer === undefined ? emptyResponse(404) : emptyResponse(204, { 'Set-Cookie': sessions.open(customer) });
  };
}
