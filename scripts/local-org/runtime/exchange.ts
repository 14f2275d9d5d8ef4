import { randomUUID } from 'node:crypto';
import type { Grant } from '../org/access-tokens';
import type { Org } from '../org/org';
import { reach, type Reached } from './deployment';
import { Refusal } from './refusal';
import type { TokenRequest } from './token-request';
import { verifiedSubject } from './verification';

/** What the client is answered, and who it is now. */
export interface TokenAnswer {
  readonly body: object;
  readonly subject: string;
}

/** A token for a customer who is verified by an identity token. */
export async function exchange(org: Org, request: TokenRequest): Promise<TokenAnswer> {
  const reached = reachFor(org, request);
  const { channel } = reached;
  if (!channel.verified) throw new Refusal('verification-off');
  if (channel.authorizations.length === 0) throw new Refusal('no-authorization');
  const subject = await subjectFor(org, reached, request.identityToken ?? '');
  return answer(org, request, reached, subject, channel.verifiedLife);
}

/** A token for a guest. A channel with verification on has none. (Salesforce playbook for Teams agents) */
export function guest(org: Org, request: TokenRequest): TokenAnswer {
  const reached = reachFor(org, request);
  const { channel } = reached;
  if (channel.verified && !org.runtime.accept.includes('no-token')) throw new Refusal('verification-on');
  return answer(org, request, reached, guestSubject(), channel.guestLife);
}

/** Another token for the same session, for another tab: it does not live longer than the first. */
export function continued(org: Org, grant: Grant): object {
  return { accessToken: org.accessTokens.issue(grant, seconds(org)), lastEventId: String(org.chatEvents.last) };
}

// The v2 endpoints are for deployments of type API. (API reference; seen in a live org)
function reachFor(org: Org, { version, orgId, deployment }: TokenRequest): Reached {
  const reached = reach(org, orgId, deployment);
  if (version === 2 && reached.type !== 'API') throw new Refusal('deployment-type');
  return reached;
}

async function subjectFor(org: Org, { channel }: Reached, identityToken: string): Promise<string> {
  if (identityToken === '' && org.runtime.accept.includes('no-token')) return guestSubject();
  try {
    return await verifiedSubject(org, channel, identityToken);
  } catch (error) {
    if (!(error instanceof Refusal) || org.runtime.badToken === 'refuse') throw error;
    return `v2/iamessage/ANON/${randomUUID()}`;
  }
}

const guestSubject = (): string => `v2/iamessage/UNAUTH/NA/uid:${randomUUID()}`;
const seconds = (org: Org): number => Math.floor(org.now().getTime() / 1000);

function answer(org: Org, request: TokenRequest, reached: Reached, subject: string, minutes: number): TokenAnswer {
  const { name, channel } = reached;
  const expires = seconds(org) + minutes * 60;
  const grant = { subject, deployment: name, channel: channel.name, channelAddress: channel.address, expires };
  const accessToken = org.accessTokens.issue({ ...grant, session: randomUUID() }, seconds(org));
  const context = request.version === 1 ? {} : contextOf(org, request, reached, subject);
  return { subject, body: { accessToken, lastEventId: String(org.chatEvents.last), context } };
}

// v1 was seen to answer with an empty context; who it is stands in the token's sub.
function contextOf(org: Org, { deviceId }: TokenRequest, { config }: Reached, subject: string): object {
  return {
    ...(deviceId && { deviceId }),
    configuration: { embeddedServiceConfig: config, timestamp: org.now().getTime() },
    endUser: { subject },
  };
}
