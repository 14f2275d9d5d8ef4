import { z } from 'zod';
import { numberClaim, readToken, withoutTokens } from '../token';
import { ask, type Reply } from './ask';

/** A deployment, as its clients name it to the messaging runtime. */
export interface Client {
  /** Origin of the runtime. */
  readonly runtime: string;
  readonly orgId: string;
  /** Developer name of the deployment. */
  readonly deployment: string;
  /** Milliseconds to wait for an answer. */
  readonly patience?: number;
}

/** How the runtime answered a request for an access token. */
export type Exchange =
  | { readonly kind: 'granted'; readonly subject: string; readonly minutes: number | undefined; readonly accessToken: string }
  /** An error in JSON, with its text. */
  | { readonly kind: 'refused'; readonly status: number; readonly message: string }
  /** Neither: out of reach, or no answer of a messaging runtime. */
  | { readonly kind: 'odd'; readonly reason: string };

const V2 = '/iamessage/api/v2/authorization';

/** The body that both requests for a token share (DEV-API: Messaging for In-App and Web API, authorization, version 2). */
const common = ({ orgId, deployment }: Client): object => ({
  orgId: orgId.slice(0, 15),
  esDeveloperName: deployment,
  capabilitiesVersion: '1',
  platform: 'Web',
  context: { appName: 'verify', clientVersion: '1' },
});

/** Asks for the access token of a verified customer. Without a token it is asked for with none. */
export async function exchange(client: Client, token?: string): Promise<Exchange> {
  const identity = token === undefined ? {} : { customerIdentityToken: token };
  return request(client, 'authenticated', { ...common(client), authorizationType: 'JWT', ...identity });
}

/** Asks for the access token of a guest. */
export const askAsGuest = (client: Client): Promise<Exchange> => request(client, 'unauthenticated', common(client));

async function request({ runtime, patience }: Client, who: string, body: object): Promise<Exchange> {
  const url = `${runtime}${V2}/${who}/access-token`;
  return judged(await ask({ method: 'POST', url, body, ...(patience !== undefined && { patience }) }));
}

const grant = z.object({
  accessToken: z.string().min(1),
  context: z.object({ endUser: z.object({ subject: z.string() }).optional() }).optional(),
});

function judged({ status, body, problem }: Reply): Exchange {
  if (status === undefined || problem !== undefined) return { kind: 'odd', reason: problem ?? 'There was no answer.' };
  if (status >= 400) return { kind: 'refused', status, message: messageOf(body) };
  const { data } = grant.safeParse(body);
  if (!data) return { kind: 'odd', reason: `The answer (${status}) has no access token.` };
  const { accessToken, context } = data;
  const subject = context?.endUser?.subject ?? '';
  return { kind: 'granted', accessToken, subject, minutes: minutesOf(accessToken) };
}

/** Errors come as an object with a message, or as a list of such (REST API). */
function messageOf(body: unknown): string {
  const first: unknown = Array.isArray(body) ? body[0] : body;
  const { message } = z.object({ message: z.string() }).catch({ message: '' }).parse(first);
  return withoutTokens(message);
}

/** The life of an access token in minutes; undefined where it does not say. Salesforce's are JWTs (object reference: channelAddId claim). */
function minutesOf(accessToken: string): number | undefined {
  const { claims } = readToken(accessToken).token ?? {};
  const [from, until] = claims ? [numberClaim(claims, 'iat'), numberClaim(claims, 'exp')] : [];
  return from !== undefined && until !== undefined ? (until - from) / 60 : undefined;
}

/** Makes an access token worthless. The reason why not, or undefined. */
export async function revoke({ runtime, patience }: Client, accessToken: string): Promise<string | undefined> {
  const url = `${runtime}${V2}/authenticated/access-token`;
  const how = { method: 'DELETE', url, bearer: accessToken, ...(patience !== undefined && { patience }) } as const;
  const { status, problem } = await ask(how);
  if (status !== undefined && status < 300) return undefined;
  return problem ?? `It answered ${status ?? 'nothing'}.`;
}

/** What anybody may know of a deployment without a login. */
export type PublicConfig =
  | { readonly authMode: string; readonly problem?: undefined }
  | { readonly authMode?: undefined; readonly problem: string; readonly unreachable: boolean };

const publicConfig = z.object({
  embeddedServiceConfig: z.object({ embeddedServiceMessagingChannel: z.object({ authMode: z.string() }) }),
});

/** Reads the public configuration of a deployment, as the web client does before anything else (its bootstrap script). */
export async function readPublicConfig({ runtime, orgId, deployment, patience }: Client): Promise<PublicConfig> {
  const query = new URLSearchParams({ orgId: orgId.slice(0, 15), esConfigName: deployment, language: 'en_US' });
  const url = `${runtime}/embeddedservice/v1/embedded-service-config?${query.toString()}`;
  const { status, body, problem } = await ask({ method: 'GET', url, ...(patience !== undefined && { patience }) });
  if (status === undefined || problem !== undefined)
    return { problem: problem ?? 'There was no answer.', unreachable: status === undefined };
  if (status >= 400) return { problem: `It is not served (${status} ${messageOf(body)}).`.replace(' )', ')'), unreachable: false };
  const { data } = publicConfig.safeParse(body);
  if (!data) return { problem: 'The answer does not say an authMode.', unreachable: false };
  return { authMode: withoutTokens(data.embeddedServiceConfig.embeddedServiceMessagingChannel.authMode) };
}
