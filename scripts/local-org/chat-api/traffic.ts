import type { Org } from '../org/org';
import type { TrafficStream } from '../org/traffic';
import { requireUsable } from './chat-deployment';

/** Adds the chats of customers until now. Called before each request and change. */
export function advanceTraffic(org: Org): void {
  if (!org.traffic) return;
  org.traffic.advance(
    org.metadata.ofType('EmbeddedServiceConfig').flatMap(({ name }) => streamOf(org, name) ?? []),
    org.now(),
  );
}

/** Nobody can chat through a chat deployment that isn't published or enabled, or whose channel is inactive. */
function streamOf(org: Org, chatDeployment: string): TrafficStream | undefined {
  try {
    const { channel } = requireUsable(org, org.orgId, chatDeployment);
    const [authorization] = channel.authorizations;
    const stream = { chatDeployment, channel: channel.name };
    return channel.verifiesUsers && authorization ? { ...stream, authIdentifier: authorization.identifier } : stream;
  } catch {
    return undefined;
  }
}
