import { z } from 'zod';
import { numberClaim, readToken, textClaim, redactTokens, type JsonObject } from '../token';
import { sendRequest, type HttpReply } from './http';

/** A deployment, as its clients name it to the messaging runtime. */
export interface ChatApiClient {
  /** Origin of the runtime. */
  readonly chatApiUrl: string;
  readonly orgId: string;
  /** Developer name of the deployment. */
  readonly chatDeployment: string;
  /** 2 for deployments of type API, and only for them (seen in a live org); the web client and the mobile SDKs use 1. */
  readonly version: 1 | 2;
  /** Milliseconds to wait for an answer. */
  readonly timeoutMs?: number;
}

/** How the runtime answered a request for an access token. */
export type ExchangeResult =
  | {
      readonly kind: 'granted';
      readonly subject: string;
      readonly lifetimeMinutes: number | undefined;
      readonly accessToken: string;
    }
  /** An error in JSON, with its text. */
  | { readonly kind: 'rejected'; readonly status: number; readonly message: string }
  /** Neither: out of reach, or no answer of a messaging runtime. */
  | { readonly kind: 'unexpected'; readonly reason: string };

/** The paths of the Messaging for In-App and Web API, and those that the web client uses (its bootstrap script). */
const PATHS = {
  1: { root: '/iamessage/v1/authorization', last: 'accessToken' },
  2: { root: '/iamessage/api/v2/authorization', last: 'access-token' },
} as const;

const authorizationUrl = ({ chatApiUrl, version }: ChatApiClient, who: 'authenticated' | 'unauthenticated'): string =>
  `${chatApiUrl}${PATHS[version].root}/${who}/${PATHS[version].last}`;

/** The body that both requests for a token share. */
function requestBody({ orgId, chatDeployment, version }: ChatApiClient): object {
  const org = orgId.slice(0, 15);
  if (version === 1) return { orgId: org, developerName: chatDeployment, capabilitiesVersion: '246' };
  const context = { appName: 'verify', clientVersion: '1' };
  return { orgId: org, esDeveloperName: chatDeployment, capabilitiesVersion: '1', platform: 'Web', context };
}

/** Asks for the access token of a verified customer. Without a token it is asked for with none. */
export async function exchangeToken(client: ChatApiClient, token?: string): Promise<ExchangeResult> {
  const identity = token === undefined ? {} : { customerIdentityToken: token };
  return requestToken(client, 'authenticated', { ...requestBody(client), authorizationType: 'JWT', ...identity });
}

/** Asks for the access token of a guest. */
export const requestUnverifiedToken = (client: ChatApiClient): Promise<ExchangeResult> =>
  requestToken(client, 'unauthenticated', requestBody(client));

async function requestToken(
  client: ChatApiClient,
  who: 'authenticated' | 'unauthenticated',
  body: object,
): Promise<ExchangeResult> {
  return toExchangeResult(
    await sendRequest({ method: 'POST', url: authorizationUrl(client, who), body, ...timeoutOption(client) }),
  );
}

/** As the options of a question. */
export const timeoutOption = ({ timeoutMs: timeoutMs }: ChatApiClient): { readonly timeoutMs?: number } =>
  timeoutMs === undefined ? {} : { timeoutMs: timeoutMs };

const grantSchema = z.object({
  accessToken: z.string().min(1),
  context: z.object({ endUser: z.object({ subject: z.string() }).optional() }).optional(),
});

function toExchangeResult({ status, body, problem }: HttpReply): ExchangeResult {
  if (status === undefined || problem !== undefined)
    return { kind: 'unexpected', reason: problem ?? 'There was no answer.' };
  if (status >= 400) return { kind: 'rejected', status, message: errorMessageOf(body) };
  const { data } = grantSchema.safeParse(body);
  if (!data) return { kind: 'unexpected', reason: `The answer (${status}) has no access token.` };
  const { accessToken, context } = data;
  const claims = readToken(accessToken).token?.claims ?? {};
  const subject = context?.endUser?.subject ?? textClaim(claims, 'sub') ?? '';
  return { kind: 'granted', accessToken, subject, lifetimeMinutes: tokenLifetimeMinutes(claims) };
}

const errorSchema = z.object({ message: z.string().optional(), text: z.string().optional() });

/** Errors come as an object with a message, or as a list of such (REST API); the public configuration calls it text. */
export function errorMessageOf(body: unknown): string {
  const { data } = errorSchema.safeParse(Array.isArray(body) ? body[0] : body);
  return redactTokens(data?.message ?? data?.text ?? '');
}

/** The life of an access token in minutes; undefined where it does not say. Salesforce's are JWTs (object reference: channelAddId claim). */
function tokenLifetimeMinutes(claims: JsonObject): number | undefined {
  const [issuedAt, expiresAt] = [numberClaim(claims, 'iat'), numberClaim(claims, 'exp')];
  return issuedAt !== undefined && expiresAt !== undefined ? (expiresAt - issuedAt) / 60 : undefined;
}

/** Makes an access token worthless. The reason why not, or undefined. */
export async function revokeToken(client: ChatApiClient, accessToken: string): Promise<string | undefined> {
  const url = authorizationUrl(client, 'authenticated');
  const { status, problem } = await sendRequest({
    method: 'DELETE',
    url,
    bearer: accessToken,
    ...timeoutOption(client),
  });
  if (status !== undefined && status < 300) return undefined;
  return problem ?? `It answered ${status ?? 'nothing'}.`;
}
