import { comesFrom, empty, REQUIRED_HEADER, type Endpoint, type EndpointOptions } from './endpoint';
import type { TrialSessions } from './sessions';

export interface TrialOptions extends EndpointOptions {
  readonly sessions: TrialSessions;
  /** Who can be logged in as; each is the subject of its tokens. */
  readonly customers: readonly string[];
}

const PREFIX = '/session/';

/**
 * Adds a login for trying, without any password, to an endpoint. A backend has a login already and leaves this out.
 *
 *     POST   /session/<customer>    204 and the cookie
 *     DELETE /session/              204, the session ends
 */
export function withTrialLogin(endpoint: Endpoint, { sessions, customers, origins }: TrialOptions): Endpoint {
  return async (asked) => {
    const { method, path, headers } = asked;
    if (!path.startsWith(PREFIX)) return endpoint(asked);
    if (headers[REQUIRED_HEADER] === undefined || !comesFrom(origins, headers)) return empty(403);
    if (method === 'DELETE') return empty(204, { 'Set-Cookie': sessions.close(headers['cookie']) });
    if (method !== 'POST') return empty(405, { Allow: 'POST, DELETE' });
    const customer = customers.find((each) => path === `${PREFIX}${encodeURIComponent(each)}`);
    return customer === undefined ? empty(404) : empty(204, { 'Set-Cookie': sessions.open(customer) });
  };
}
