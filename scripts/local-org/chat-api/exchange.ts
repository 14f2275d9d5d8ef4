import { randomUUID } from 'node:crypto';
import { isVerified, type Grant } from '../org/access-tokens';
import type { Org } from '../org/org';
import { requireUsable, type UsableChatDeployment } from './chat-deployment';
import { Rejection } from './rejection';
import type { TokenRequest } from './token-request';
import { verifyIdentityToken } from './verify-token';

interface TokenBody {
  readonly accessToken: string;
  readonly lastEventId: string;
  readonly context?: object;
  readonly refreshToken?: string | undefined;
}

/** The response to a token request, and the subject of the access token. */
export interface TokenResult {
  readonly body: TokenBody;
  readonly subject: string;
}

/** Issues an access token for a verified user. */
export async function exchangeToken(org: Org, request: TokenRequest): Promise<TokenResult> {
  const deployment = requireUsableFor(org, request);
  const { channel } = deployment;
  const { accept } = org.chatApi;
  if (!channel.verifiesUsers && !accept.includes('verification-off')) throw new Rejection('verification-off');
  if (channel.verifiesUsers && channel.authorizations.length === 0) throw new Rejection('no-authorization');
  const subject = await resolveSubject(org, deployment, request.identityToken ?? '');
  return issueToken(org, request, deployment, subject, channel.verifiedTokenMinutes);
}

/** Issues an access token for an unverified user. A verified channel rejects it. (Salesforce playbook for Teams agents) */
export function issueUnverifiedToken(org: Org, request: TokenRequest): TokenResult {
  const deployment = requireUsableFor(org, request);
  const { channel } = deployment;
  if (channel.verifiesUsers && !org.chatApi.accept.includes('unverified-user')) throw new Rejection('verification-on');
  return issueToken(org, request, deployment, unverifiedSubject(), channel.unverifiedTokenMinutes);
}

/**
 * Issues an access token for an unverified user of a mobile app, with a refresh token that renews it. (Public Retrofit interface of
 * the Android SDK, `fetchUnauthenticatedTokens`)
 */
export function issuePersistedToken(org: Org, request: TokenRequest): TokenResult {
  const result = issueUnverifiedToken(org, request);
  return withRefreshToken(org, result.subject, result.body);
}

/**
 * Renews the access token of a mobile app, which can have expired. (Public Retrofit interface of the Android SDK,
 * `renewUnauthenticatedTokens`: accessToken, refreshToken, deviceId, capabilitiesVersion)
 */
export function renewToken(org: Org, refreshToken: string): TokenResult {
  const grant = org.accessTokens.redeemRefreshToken(refreshToken);
  if (!grant) throw new Rejection('refresh-token');
  const { channel } = requireUsable(org, org.orgId, grant.deployment);
  const minutes = isVerified(grant) ? channel.verifiedTokenMinutes : channel.unverifiedTokenMinutes;
  const renewed = { ...grant, expiresAt: nowInSeconds(org) + minutes * 60 };
  return withRefreshToken(org, grant.subject, continuationToken(org, renewed));
}

function withRefreshToken(org: Org, subject: string, body: TokenBody): TokenResult {
  const grant = org.accessTokens.read(body.accessToken, nowInSeconds(org));
  const refreshToken = grant && org.accessTokens.issueRefreshToken(grant);
  return { subject, body: { ...body, refreshToken } };
}

/** Issues another token for the same session, for another tab. It expires when the first one does. */
export function continuationToken(org: Org, grant: Grant): TokenBody {
  return { accessToken: org.accessTokens.issue(grant, nowInSeconds(org)), lastEventId: String(org.chatEvents.lastId) };
}

// The v2 endpoints are for chat deployments of type API. (API reference; observed in a live org)
function requireUsableFor(org: Org, { version, orgId, deployment }: TokenRequest): UsableChatDeployment {
  const usable = requireUsable(org, orgId, deployment);
  if (version === 2 && usable.type !== 'API') throw new Rejection('deployment-type');
  return usable;
}

async function resolveSubject(org: Org, { channel }: UsableChatDeployment, identityToken: string): Promise<string> {
  if (identityToken === '' && org.chatApi.accept.includes('no-token')) return unverifiedSubject();
  try {
    return await verifyIdentityToken(org, channel, identityToken);
  } catch (error) {
    if (!(error instanceof Rejection) || org.chatApi.badToken === 'reject') throw error;
    return `v2/iamessage/ANON/${randomUUID()}`;
  }
}

const unverifiedSubject = (): string => `v2/iamessage/UNAUTH/NA/uid:${randomUUID()}`;
const nowInSeconds = (org: Org): number => Math.floor(org.now().getTime() / 1000);

function issueToken(
  org: Org,
  request: TokenRequest,
  deployment: UsableChatDeployment,
  subject: string,
  minutes: number,
): TokenResult {
  const { name, channel } = deployment;
  const expiresAt = nowInSeconds(org) + minutes * 60;
  const grant = { subject, deployment: name, channel: channel.name, channelAddress: channel.address, expiresAt };
  const accessToken = org.accessTokens.issue({ ...grant, session: randomUUID() }, nowInSeconds(org));
  const context = request.version === 1 ? {} : responseContext(org, request, deployment, subject);
  return { subject, body: { accessToken, lastEventId: String(org.chatEvents.lastId), context } };
}

// In v1, an empty context was observed. The subject is in the token's sub.
function responseContext(
  org: Org,
  { deviceId }: TokenRequest,
  { config }: UsableChatDeployment,
  subject: string,
): object {
  return {
    ...(deviceId && { deviceId }),
    configuration: { embeddedServiceConfig: config, timestamp: org.now().getTime() },
    endUser: { subject },
  };
}
