import { bearerOf, json, NO_CONTENT, type Request, type Response } from '../http/exchange';
import type { Route } from '../http/routes';
import type { Grant } from '../org/access-tokens';
import { record, type Org } from '../org/org';
import { takeStep } from '../org/steps';
import { continued, exchange, guest, type TokenAnswer } from '../runtime/exchange';
import { Refusal } from '../runtime/refusal';
import { readTokenRequest, type ApiVersion } from '../runtime/token-request';

const V2 = '\\/iamessage\\/api\\/v2\\/authorization';
const V1 = '\\/iamessage\\/v1\\/authorization';

/**
 * Access tokens (Messaging for In-App and Web API reference, authorization; v1 is what the web client and the mobile
 * SDKs call). How an SDK revokes a token is not documented: here as in v2.
 */
export const AUTHORIZATION_ROUTES: readonly Omit<Route, 'open'>[] = [
  post(`${V2}\\/authenticated\\/access-token`, (org, request) => exchanged(org, request, 2)),
  post(`${V2}\\/unauthenticated\\/access-token`, (org, request) => asGuest(org, request, 2)),
  { method: 'GET', path: exactly(`${V2}\\/continuation-access-token`), handle: goOn },
  { method: 'DELETE', path: exactly(`${V2}\\/authenticated\\/access-token`), handle: revoke },
  post(`${V1}\\/authenticated\\/accessToken`, (org, request) => exchanged(org, request, 1)),
  post(`${V1}\\/unauthenticated\\/accessToken`, (org, request) => asGuest(org, request, 1)),
  { method: 'GET', path: exactly(`${V1}\\/continuityAccessToken`), handle: goOn },
  { method: 'DELETE', path: exactly(`${V1}\\/authenticated\\/accessToken`), handle: revoke },
];

function exactly(path: string): RegExp {
  return new RegExp(`^${path}\\/?$`);
}

function post(path: string, handle: Route['handle']): Omit<Route, 'open'> {
  return { method: 'POST', path: exactly(path), handle };
}

async function exchanged(org: Org, request: Request, version: ApiVersion): Promise<Response> {
  return noted(org, async () => exchange(org, readTokenRequest(request.body, version, true)));
}

function asGuest(org: Org, request: Request, version: ApiVersion): Promise<Response> {
  return noted(org, async () => guest(org, readTokenRequest(request.body, version, false)));
}

// Neither a token nor anything of one goes into the log.
async function noted(org: Org, grant: () => Promise<TokenAnswer>): Promise<Response> {
  try {
    const { body, subject } = await takeStep(org, 'exchange', grant);
    record(org, 'exchange', { granted: true, subject });
    return json(body);
  } catch (error) {
    if (error instanceof Refusal) record(org, 'exchange', { granted: false, reason: error.reason });
    throw error;
  }
}

function goOn(org: Org, request: Request): Response {
  return json(continued(org, grantOf(org, request)));
}

function revoke(org: Org, request: Request): Response {
  const grant = grantOf(org, request);
  org.accessTokens.revoke(grant, seconds(org));
  record(org, 'revoke', { subject: grant.subject });
  return NO_CONTENT;
}

const seconds = (org: Org): number => Math.floor(org.now().getTime() / 1000);

/** What the access token of a request stands for; refuses without one that holds. */
export function grantOf(org: Org, request: Request): Grant {
  const grant = org.accessTokens.read(bearerOf(request), seconds(org));
  if (!grant) throw new Refusal('access-token');
  return grant;
}
