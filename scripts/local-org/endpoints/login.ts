import { errors, jwtVerify } from 'jose';
import { createPublicKey, randomBytes } from 'node:crypto';
import { json, NO_CONTENT, type Request, type Response } from '../http/message';
import type { Route } from '../http/routes';
import { logEvent, type Org } from '../org/org';
import { runStep } from '../org/steps';

const JWT_BEARER = 'urn:ietf:params:oauth:grant-type:jwt-bearer';

/** The login endpoints. (OAuth 2.0; Help, "OAuth 2.0 JWT Bearer Flow for Server-to-Server Integration") */
export const TOKEN_ROUTES: readonly Route[] = [
  { method: 'POST', path: /^\/services\/oauth2\/token\/?$/, isPublic: true, handle: grant },
  { method: 'POST', path: /^\/services\/oauth2\/revoke\/?$/, isPublic: true, handle: revoke },
  { method: 'GET', path: /^\/services\/oauth2\/userinfo\/?$/, handle: userInfo },
  { method: 'GET', path: /^\/id\/\w+\/\w+$/, handle: identity },
  { method: 'GET', path: /^\/services\/oauth2\/singleaccess\/?$/, handle: singleAccess },
  { method: 'POST', path: /^\/services\/oauth2\/singleaccess\/?$/, handle: singleAccess },
];

/** A rejected login, in the format of RFC 6749. */
class LoginError extends Error {
  readonly error: string;

  constructor(error: string, description: string) {
    super(description);
    this.error = error;
  }
}

async function grant(org: Org, request: Request): Promise<Response> {
  const form = new URLSearchParams(request.body.toString('utf8'));
  const grantType = form.get('grant_type') ?? '';
  try {
    return await runStep(org, 'login', async () => {
      await assertValidGrant(org, grantType, form);
      logEvent(org, 'login', { grantType });
      return json(tokenResponse(org));
    });
  } catch (error) {
    if (!(error instanceof LoginError)) throw error;
    return json({ error: error.error, error_description: error.message }, 400);
  }
}

async function assertValidGrant(org: Org, grantType: string, form: URLSearchParams): Promise<void> {
  if (grantType === JWT_BEARER) return assertValidAssertion(org, form.get('assertion') ?? '');
  if (grantType !== 'refresh_token') throw new LoginError('unsupported_grant_type', 'grant type not supported');
  if (form.get('refresh_token') !== org.sessions.refreshToken) {
    throw new LoginError('invalid_grant', 'expired access/refresh token');
  }
}

// The CLI sends exp in milliseconds, which is far in the future in seconds. Salesforce accepts this. iat is ignored. The
// audience is the URL of this org. A Salesforce org also accepts login.salesforce.com or test.salesforce.com.
async function assertValidAssertion(org: Org, assertion: string): Promise<void> {
  const key = typeof org.loginKey === 'string' ? createPublicKey(org.loginKey) : org.loginKey;
  try {
    await jwtVerify(assertion, key, {
      algorithms: ['RS256'],
      issuer: org.clientId,
      subject: org.username,
      audience: [org.url, `${org.url}/`],
      requiredClaims: ['exp'],
      currentDate: org.now(),
    });
  } catch (error) {
    throw toLoginError(error);
  }
}

function toLoginError(error: unknown): LoginError {
  if (error instanceof errors.JWTExpired) return new LoginError('invalid_grant', 'assertion is expired');
  if (!(error instanceof errors.JWTClaimValidationFailed)) return new LoginError('invalid_grant', 'invalid assertion');
  switch (error.claim) {
    case 'iss':
      return new LoginError('invalid_client_id', 'client identifier invalid');
    case 'aud':
      return new LoginError('invalid_grant', 'audience is invalid');
    case 'sub':
      return new LoginError('invalid_grant', "user hasn't approved this consumer");
    default:
      return new LoginError('invalid_grant', 'invalid assertion');
  }
}

function tokenResponse(org: Org) {
  const token = org.sessions.create();
  return {
    access_token: token,
    // A client can verify the signature with the consumer secret. This org has none.
    signature: Buffer.from(token).toString('base64').slice(0, 43) + '=',
    scope: 'api web refresh_token',
    instance_url: org.url,
    id: identityUrl(org),
    token_type: 'Bearer',
    issued_at: String(org.now().getTime()),
  };
}

function revoke(org: Org, request: Request): Response {
  const token = new URLSearchParams(request.body.toString('utf8')).get('token') ?? request.query.get('token') ?? '';
  org.sessions.end(token);
  return { ...NO_CONTENT, status: 200 };
}

function userInfo(org: Org): Response {
  return json({
    sub: identityUrl(org),
    user_id: org.userId,
    organization_id: org.orgId,
    preferred_username: org.username,
    nickname: 'admin',
    name: 'Local Admin',
    email: org.username,
    email_verified: true,
    active: true,
    user_type: 'STANDARD',
    language: 'en_US',
    locale: 'en_US',
    is_app_installed: true,
  });
}

/** The user of the session. (Help, Identity URLs) */
function identity(org: Org): Response {
  return json({
    id: identityUrl(org),
    asserted_user: true,
    user_id: org.userId,
    organization_id: org.orgId,
    username: org.username,
    nick_name: 'admin',
    display_name: 'Local Admin',
    first_name: 'Local',
    last_name: 'Admin',
    email: org.username,
    email_verified: true,
    timezone: 'UTC',
    utcOffset: 0,
    locale: 'en_US',
    language: 'en_US',
    user_type: 'STANDARD',
    active: true,
    is_app_installed: true,
    status: { created_date: null, body: null },
    urls: {
      rest: `${org.url}/services/data/v{version}/`,
      sobjects: `${org.url}/services/data/v{version}/sobjects/`,
      query: `${org.url}/services/data/v{version}/query/`,
      metadata: `${org.url}/services/Soap/m/{version}/${org.orgId}`,
      tooling_rest: `${org.url}/services/data/v{version}/tooling/`,
    },
  });
}

/**
 * Returns a URL that opens the org in a browser once. This org has no pages, so the page behind the URL says that it isn't
 * supported. (Help, Generate a Frontdoor URL to Bridge into UI Sessions)
 */
function singleAccess(org: Org, request: Request): Response {
  const form = new URLSearchParams(request.body.toString('utf8'));
  const start = request.query.get('redirect_uri') ?? form.get('redirect_uri') ?? '';
  const query = new URLSearchParams({ otp: randomBytes(24).toString('base64url'), ...(start && { startURL: start }) });
  return json({ frontdoor_uri: `${org.url}/secur/frontdoor.jsp?${query.toString()}` });
}

/** The address of the user's identity. */
export function identityUrl(org: Org): string {
  return `${org.url}/id/${org.orgId}/${org.userId}`;
}
