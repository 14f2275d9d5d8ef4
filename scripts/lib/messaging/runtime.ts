import { z } from 'zod';
import { numberClaim, readToken, textClaim, withoutTokens, type Members } from '../token';
import { ask, type Reply } from './ask';

/** A deployment, as its clients name it to the messaging runtime. */
export interface Client {
  /** Origin of the runtime. */
  readonly runtime: string;
  readonly orgId: string;
  /** Developer name of the deployment. */
  readonly deployment: string;
  /** 2 for deployments of type API, and only for them (seen in a live org); the web client and the mobile SDKs use 1. */
  readonly version: 1 | 2;
  /** Milliseconds to wait for an answer. */
  readonly patience?: number;
}

/** How the runtime answered a request for an access token. */
export type Exchange =
  | {
      readonly kind: 'granted';
      readonly subject: string;
      readonly minutes: number | undefined;
      readonly accessToken: string;
    }
  /** An error in JSON, with its text. */
  | { readonly kind: 'refused'; readonly status: number; readonly message: string }
  /** Neither: out of reach, or no answer of a messaging runtime. */
  | { readonly kind: 'odd'; readonly reason: string };

/** The paths of the Messaging for In-App and Web API, and those that the web client uses (its bootstrap script). */
const PATHS = {
  1: { root: '/iamessage/v1/authorization', last: 'accessToken' },
  2: { root: '/iamessage/api/v2/authorization', last: 'access-token' },
} as const;

const urlOf = ({ runtime, version }: Client, who: 'authenticated' | 'unauthenticated'): string =>
  `${runtime}${PATHS[version].root}/${who}/${PATHS[version].last}`;

/** The body that both requests for a token share. */
function common({ orgId, deployment, version }: Client): object {
  const org = orgId.slice(0, 15);
  if (version === 1) return { orgId: org, developerName: deployment, capabilitiesVersion: '246' };
  const context = { appName: 'verify', clientVersion: '1' };
  return { orgId: org, esDeveloperName: deployment, capabilitiesVersion: '1', platform: 'Web', context };
}

/** Asks for the access token of a verified customer. Without a token it is asked for with none. */
export async function exchange(client: Client, token?: string): Promise<Exchange> {
  const identity = token === undefined ? {} : { customerIdentityToken: token };
  return request(client, 'authenticated', { ...common(client), authorizationType: 'JWT', ...identity });
}

/** Asks for the access token of a guest. */
export const askAsGuest = (client: Client): Promise<Exchange> => request(client, 'unauthenticated', common(client));

async function request(client: Client, who: 'authenticated' | 'unauthenticated', body: object): Promise<Exchange> {
  return judged(await ask({ method: 'POST', url: urlOf(client, who), body, ...patienceOf(client) }));
}

/** As the options of a question. */
export const patienceOf = ({ patience }: Client): { readonly patience?: number } =>
  patience === undefined ? {} : { patience };

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
  const claims = readToken(accessToken).token?.claims ?? {};
  const subject = context?.endUser?.subject ?? textClaim(claims, 'sub') ?? '';
  return { kind: 'granted', accessToken, subject, minutes: minutesOf(claims) };
}

const complaint = z.object({ message: z.string().optional(), text: z.string().optional() });

/** Errors come as an object with a message, or as a list of such (REST API); the public configuration calls it text. */
export function messageOf(body: unknown): string {
  const { data } = complaint.safeParse(Array.isArray(body) ? body[0] : body);
  return withoutTokens(data?.message ?? data?.text ?? '');
}

/** The life of an access token in minutes; undefined where it does not say. Salesforce's are JWTs (object reference: channelAddId claim). */
function minutesOf(claims: Members): number | undefined {
  const [from, until] = [numberClaim(claims, 'iat'), numberClaim(claims, 'exp')];
  return from !== undefined && until !== undefined ? (until - from) / 60 : undefined;
}

/** Makes an access token worthless. The reason why not, or undefined. */
export async function revoke(client: Client, accessToken: string): Promise<string | undefined> {
  const url = urlOf(client, 'authenticated');
  const { status, problem } = await ask({ method: 'DELETE', url, bearer: accessToken, ...patienceOf(client) });
  if (status !== undefined && status < 300) return undefined;
  return problem ?? `It answered ${status ?? 'nothing'}.`;
}
