import { sameId } from '../identifiers';
import { siteOf } from '../metadata/sites';
import { tryParseDocument, type StoredComponent } from '../metadata/store';
import { child, childText } from '../metadata/xml';
import type { Org } from '../org/org';
import { findChannel, type Channel } from './channel';
import { Rejection } from './rejection';

/** A published chat deployment. */
export interface ChatDeployment {
  readonly name: string;
  /** Web, Mobile or API */
  readonly type: string;
  /** the settings that clients get: those of the last publish */
  readonly config: object;
  readonly channelName: string;
}

/** A chat deployment that clients can use, with the current settings of its channel. */
export interface UsableChatDeployment extends ChatDeployment {
  readonly channel: Channel;
}

/** Returns a published chat deployment, or throws a Rejection. The org ID can have 15 or 18 characters. */
export function requirePublished(org: Org, orgId: string, name: string): ChatDeployment {
  if (!sameId(org.orgId, orgId)) throw new Rejection('org');
  const component = org.metadata.find('EmbeddedServiceConfig', name);
  if (!component) throw new Rejection('deployment');
  const config = component.record.published;
  if (!config || !isServed(org, component)) throw new Rejection('unpublished');
  const path = siteOf(org.metadata, component)?.path ?? `ESW${name}`;
  return { ...readDeployment(component), config: { ...config, siteUrl: `${org.url}/${path}` } };
}

const PUBLISH_DELAY_MS = { immediate: 0, '1m': 60_000, '10m': 600_000 } as const;

/** Whether enough time has passed since the last publish. How long it takes isn't documented. */
function isServed(org: Org, { record }: StoredComponent): boolean {
  const delay = PUBLISH_DELAY_MS[org.assumptions.publishDelay];
  return delay === 0 || org.now().getTime() >= Date.parse(record.publishedDate ?? '') + delay;
}

/** Returns a chat deployment that is published, enabled, and has an active channel, or throws a Rejection. */
export function requireUsable(org: Org, orgId: string, name: string): UsableChatDeployment {
  const deployment = requirePublished(org, orgId, name);
  if (!isEnabled(org, name)) throw new Rejection('deployment-disabled');
  const channel = findChannel(org, deployment.channelName);
  if (!channel?.active) throw new Rejection('channel-inactive');
  return { ...deployment, channel };
}

function readDeployment(component: StoredComponent) {
  const root = tryParseDocument(component);
  const channelName = childText(child(root, 'embeddedServiceMessagingChannel'), 'messagingChannel') ?? '';
  return { name: component.name, type: childText(root, 'deploymentType') ?? '', channelName };
}

// The effect of the two isEnabled fields isn't documented. This org requires both.
function isEnabled(org: Org, name: string): boolean {
  const root = tryParseDocument(org.metadata.find('EmbeddedServiceConfig', name));
  return [root, child(root, 'embeddedServiceMessagingChannel')].every((at) => childText(at, 'isEnabled') === 'true');
}
