import { bearerToken, json, NO_CONTENT, type Request, type Response } from '../http/message';
import type { Route } from '../http/routes';
import type { Grant } from '../org/access-tokens';
import { logEvent, type Org } from '../org/org';
import { runStep } from '../org/steps';
import { isNonEmptyString, parseJsonObject } from '../chat-api/body';
import {
  continuationToken,
  exchangeToken,
  issuePersistedToken,
  issueUnverifiedToken,
  renewToken,
  type TokenResult,
} from '../chat-api/exchange';
import { Rejection } from '../chat-api/rejection';
import { countRequest } from '../chat-api/request-limit';
import { parseTokenRequest, type ApiVersion } from '../chat-api/token-request';
import { pathPattern } from './chat-api-paths';

const V2 = '/iamessage/api/v2/authorization';
const V1 = '/iamessage/v1/authorization';

/**
 * The endpoints for access tokens. (Messaging for In-App and Web API reference, authorization.) The web client and the mobile
 * SDKs use v1; persistedToken, renewToken, and revokeToken are in the public Retrofit interface `AuthorizationApi` of the Android
 * SDK. v1 also accepts the form in which v2 revokes a token.
 */
export const AUTHORIZATION_ROUTES: readonly Omit<Route, 'isPublic'>[] = [
  post(`${V2}/authenticated/access-token`, (org, request) => exchangeIdentityToken(org, request, 2)),
  post(`${V2}/unauthenticated/access-token`, (org, request) => issueForUnverified(org, request, 2)),
  { method: 'GET', path: pathPattern(`${V2}/continuation-access-token`), handle: continueToken },
  { method: 'DELETE', path: pathPattern(`${V2}/authenticated/access-token`), handle: revoke },
  post(`${V1}/authenticated/accessToken`, (org, request) => exchangeIdentityToken(org, request, 1)),
  post(`${V1}/unauthenticated/accessToken`, (org, request) => issueForUnverified(org, request, 1)),
  { method: 'GET', path: pathPattern(`${V1}/continuityAccessToken`), handle: continueToken },
  { method: 'DELETE', path: pathPattern(`${V1}/authenticated/accessToken`), handle: revoke },
  post(`${V1}/unauthenticated/persistedToken`, issuePersisted),
  post(`${V1}/renewToken`, renew),
  post(`${V1}/revokeToken`, revoke),
];

function post(path: string, handle: Route['handle']): Omit<Route, 'isPublic'> {
  return { method: 'POST', path: pathPattern(path), handle };
}

async function exchangeIdentityToken(org: Org, request: Request, version: ApiVersion): Promise<Response> {
  return withLog(org, 'token', async () => exchangeToken(org, parseTokenRequest(request.body, version, true)));
}

function issueForUnverified(org: Org, request: Request, version: ApiVersion): Promise<Response> {
  return withLog(org, 'token', async () => issueUnverifiedToken(org, parseTokenRequest(request.body, version, false)));
}

function issuePersisted(org: Org, request: Request): Promise<Response> {
  return withLog(org, 'token', async () => issuePersistedToken(org, parseTokenRequest(request.body, 1, false)));
}

function renew(org: Org, request: Request): Promise<Response> {
  return withLog(org, 'renewal', async () => {
    const { refreshToken } = parseJsonObject(request.body);
    return renewToken(org, isNonEmptyString(refreshToken) ? refreshToken : '');
  });
}

// The log never contains a token or a part of one.
async function withLog(org: Org, kind: 'token' | 'renewal', grant: () => Promise<TokenResult>): Promise<Response> {
  try {
    countRequest(org, kind);
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
