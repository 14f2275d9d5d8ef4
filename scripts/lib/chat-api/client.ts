import { z } from 'zod';
import { numberClaim, readToken, textClaim, redactTokens } from '../token';
import type { JsonObject } from '../files';
import { sendRequest, type HttpReply, type HttpRequest } from './http';

/** A chat deployment, as clients address it in the Enhanced Chat API. */
export interface ChatApiClient {
  /** Origin of the Enhanced Chat API (SCRT2 URL). */
  readonly chatApiUrl: string;
  readonly orgId: string;
  /** Developer name of the chat deployment. */
  readonly chatDeployment: string;
  /** 2 for chat deployments of type API, and only for them (observed in a live org); the web client and the mobile SDKs use 1. */
  readonly version: 1 | 2;
  /** Timeout of one request. */
  readonly timeoutMs?: number;
}

/** The response to a request for an access token. */
export type ExchangeResult =
  | {
      readonly kind: 'granted';
      readonly subject: string;
      readonly lifetimeMinutes: number | undefined;
      readonly accessToken: string;
    }
  /** An HTTP error with a JSON body. */
  | { readonly kind: 'rejected'; readonly status: number; readonly message: string }
  /** Neither: no response, or one that the Enhanced Chat API doesn't send. */
  | { readonly kind: 'unexpected'; readonly reason: string };

/** The paths of the Messaging for In-App and Web API (2), and those that the web client uses (1: its bootstrap script). */
const PATHS = {
  1: { root: '/iamessage/v1/authorization', last: 'accessToken' },
  2: { root: '/iamessage/api/v2/authorization', last: 'access-token' },
} as const;

type Audience = 'authenticated' | 'unauthenticated';

const authorizationUrl = ({ chatApiUrl, version }: ChatApiClient, audience: Audience): string =>
  `${chatApiUrl}${PATHS[version].root}/${audience}/${PATHS[version].last}`;

function requestBody({ orgId, chatDeployment, version }: ChatApiClient): object {
  const org = orgId.slice(0, 15);
  if (version === 1) return { orgId: org, developerName: chatDeployment, capabilitiesVersion: '246' };
  const context = { appName: 'verify', clientVersion: '1' };
  return { orgId: org, esDeveloperName: chatDeployment, capabilitiesVersion: '1', platform: 'Web', context };
}

/** Requests an access token for a verified user. Without an identity token, the request contains none. */
export async function exchangeToken(client: ChatApiClient, identityToken?: string): Promise<ExchangeResult> {
  const identity = identityToken === undefined ? {} : { customerIdentityToken: identityToken };
  return requestToken(client, 'authenticated', { ...requestBody(client), authorizationType: 'JWT', ...identity });
}

/** Requests an access token for an unverified user. */
export const requestUnverifiedToken = (client: ChatApiClient): Promise<ExchangeResult> =>
  requestToken(client, 'unauthenticated', requestBody(client));

const requestToken = async (client: ChatApiClient, audience: Audience, body: object): Promise<ExchangeResult> =>
  toExchangeResult(await sendFor(client, { method: 'POST', url: authorizationUrl(client, audience), body }));

/** Sends a request with the timeout of the client. */
const sendFor = ({ timeoutMs }: ChatApiClient, request: HttpRequest): Promise<HttpReply> =>
  sendRequest({ ...request, ...(timeoutMs !== undefined && { timeoutMs }) });

const grantSchema = z.object({
  accessToken: z.string().min(1),
  context: z.object({ endUser: z.object({ subject: z.string() }).optional() }).optional(),
});

function toExchangeResult({ status, body, problem }: HttpReply): ExchangeResult {
  if (status === undefined || problem !== undefined) return { kind: 'unexpected', reason: problem ?? NO_RESPONSE };
  if (status >= 400) return { kind: 'rejected', status, message: errorMessageOf(body) };
  const { data } = grantSchema.safeParse(body);
  if (!data) return { kind: 'unexpected', reason: `The response (${status}) contains no access token.` };
  const { accessToken, context } = data;
  const claims = readToken(accessToken).token?.claims ?? {};
  const subject = context?.endUser?.subject ?? textClaim(claims, 'sub') ?? '';
  return { kind: 'granted', accessToken, subject, lifetimeMinutes: tokenLifetimeMinutes(claims) };
}

const NO_RESPONSE = 'No response arrived.';

const errorSchema = z.object({ message: z.string().optional(), text: z.string().optional() });

/** An error is an object with a message, or a list of such objects (REST API); the public configuration calls it text. */
function errorMessageOf(body: unknown): string {
  const { data } = errorSchema.safeParse(Array.isArray(body) ? body[0] : body);
  return redactTokens(data?.message ?? data?.text ?? '');
}

/** Salesforce's access tokens are JWTs (object reference: channelAddId claim). Undefined if `iat` or `exp` is missing. */
function tokenLifetimeMinutes(claims: JsonObject): number | undefined {
  const [issuedAt, expiresAt] = [numberClaim(claims, 'iat'), numberClaim(claims, 'exp')];
  return issuedAt !== undefined && expiresAt !== undefined ? (expiresAt - issuedAt) / 60 : undefined;
}

/** Revokes an access token. Returns the reason why that failed, or undefined. */
export async function revokeToken(client: ChatApiClient, accessToken: string): Promise<string | undefined> {
  const url = authorizationUrl(client, 'authenticated');
  const { status, problem } = await sendFor(client, { method: 'DELETE', url, bearer: accessToken });
  if (status !== undefined && status < 300) return undefined;
  return problem ?? (status === undefined ? NO_RESPONSE : `The Enhanced Chat API responded with ${status}.`);
}

/** The published settings of a chat deployment that anybody can read without a login, or the reason why they can't be read. */
export type PublicConfig =
  | { readonly authMode: string; readonly problem?: undefined }
  | { readonly authMode?: undefined; readonly problem: string; readonly state: UnreadState };

/**
 * Why published settings can't be read. `unreachable`: no response. `unpublished`: Salesforce rejects the request.
 * `unreadable`: a response that says nothing about the chat deployment, such as a server error or the page of a proxy.
 */
export type UnreadState = 'unreachable' | 'unpublished' | 'unreadable';

const publicConfigSchema = z.object({
  embeddedServiceConfig: z.object({ embeddedServiceMessagingChannel: z.object({ authMode: z.string() }) }),
});

/** Reads the published settings of a chat deployment, as the web client does first (its bootstrap script). */
export async function readPublicConfig(client: ChatApiClient): Promise<PublicConfig> {
  const { chatApiUrl, orgId, chatDeployment } = client;
  const query = new URLSearchParams({ orgId: orgId.slice(0, 15), esConfigName: chatDeployment, language: 'en_US' });
  const url = `${chatApiUrl}/embeddedservice/v1/embedded-service-config?${query.toString()}`;
  const { status, body, problem } = await sendFor(client, { method: 'GET', url });
  if (status === undefined) return { problem: problem ?? NO_RESPONSE, state: 'unreachable' };
  if (problem !== undefined) return { problem, state: 'unreadable' };
  const answer = `${status} ${errorMessageOf(body)}`.trim();
  if (status >= 500 || status === 429)
    return { problem: `The Enhanced Chat API responded with ${answer}.`, state: 'unreadable' };
  if (status >= 400) return { problem: `It isn't published (${answer}).`, state: 'unpublished' };
  const { data } = publicConfigSchema.safeParse(body);
  if (!data) return { problem: 'The published settings contain no authMode.', state: 'unreadable' };
  return { authMode: redactTokens(data.embeddedServiceConfig.embeddedServiceMessagingChannel.authMode) };
}
