import { bearerToken, json, NO_CONTENT, type Request, type Response } from '../http/message';
import type { Route } from '../http/routes';
import type { Grant } from '../org/access-tokens';
import { logEvent, type Org } from '../org/org';
import { runStep } from '../org/steps';
import { continuationToken, exchangeToken, issueUnverifiedToken, type TokenResult } from '../chat-api/exchange';
import { Rejection } from '../chat-api/rejection';
import { countTokenRequest } from '../chat-api/token-limit';
import { parseTokenRequest, type ApiVersion } from '../chat-api/token-request';

const V2 = '\\/iamessage\\/api\\/v2\\/authorization';
const V1 = '\\/iamessage\\/v1\\/authorization';

/**
 * The endpoints for access tokens. (Messaging for In-App and Web API reference, authorization.) The web client and the mobile
 * SDKs use v1. How an SDK revokes a token isn't documented; this org accepts the form of v2.
 */
export const AUTHORIZATION_ROUTES: readonly Omit<Route, 'isPublic'>[] = [
  post(`${V2}\\/authenticated\\/access-token`, (org, request) => exchangeIdentityToken(org, request, 2)),
  post(`${V2}\\/unauthenticated\\/access-token`, (org, request) => issueForUnverified(org, request, 2)),
  { method: 'GET', path: pathPattern(`${V2}\\/continuation-access-token`), handle: continueToken },
  { method: 'DELETE', path: pathPattern(`${V2}\\/authenticated\\/access-token`), handle: revoke },
  post(`${V1}\\/authenticated\\/accessToken`, (org, request) => exchangeIdentityToken(org, request, 1)),
  post(`${V1}\\/unauthenticated\\/accessToken`, (org, request) => issueForUnverified(org, request, 1)),
  { method: 'GET', path: pathPattern(`${V1}\\/continuityAccessToken`), handle: continueToken },
  { method: 'DELETE', path: pathPattern(`${V1}\\/authenticated\\/accessToken`), handle: revoke },
];

function pathPattern(path: string): RegExp {
  return new RegExp(`^${path}\\/?$`);
}

function post(path: string, handle: Route['handle']): Omit<Route, 'isPublic'> {
  return { method: 'POST', path: pathPattern(path), handle };
}

async function exchangeIdentityToken(org: Org, request: Request, version: ApiVersion): Promise<Response> {
  return withLog(org, async () => exchangeToken(org, parseTokenRequest(request.body, version, true)));
}

function issueForUnverified(org: Org, request: Request, version: ApiVersion): Promise<Response> {
  return withLog(org, async () => issueUnverifiedToken(org, parseTokenRequest(request.body, version, false)));
}

// The log never contains a token or a part of one.
async function withLog(org: Org, grant: () => Promise<TokenResult>): Promise<Response> {
  try {
    countTokenRequest(org);
    const { body, subject } = await runStep(org, 'exchange', grant);
    logEvent(org, 'exchange', { granted: true, subject });
    return json(body);
  } catch (error) {
    if (error instanceof Rejection) logEvent(org, 'exchange', { granted: false, reason: error.reason });
    throw error;
  }
}

function continueToken(org: Org, request: Request): Response {
  return json(continuationToken(org, requireGrant(org, request)));
}

function revoke(org: Org, request: Request): Response {
  const grant = requireGrant(org, request);
  org.accessTokens.revoke(grant, nowInSeconds(org));
  logEvent(org, 'revoke', { subject: grant.subject });
  return NO_CONTENT;
}

const nowInSeconds = (org: Org): number => Math.floor(org.now().getTime() / 1000);

/** Returns the content of the request's access token. Throws a Rejection if it is missing or invalid. */
export function requireGrant(org: Org, request: Request): Grant {
  const grant = org.accessTokens.read(bearerToken(request), nowInSeconds(org));
  if (!grant) throw new Rejection('access-token');
  return grant;
}
