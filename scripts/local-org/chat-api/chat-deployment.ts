import { sameId } from '../identifiers';
import { tryParseDocument, type StoredComponent } from '../metadata/store';
import { child, childText } from '../metadata/xml';
import type { Org } from '../org/org';
import { findChannel, type Channel } from './channel';
import { Rejection } from './rejection';

/** A published deployment. */
export interface ChatDeployment {
  readonly name: string;
  /** Web, Mobile or API */
  readonly type: string;
  /** what clients are served, as it was when the deployment was last published */
  readonly config: object;
  readonly channelName: string;
}

/** A deployment that clients can use, with its channel as it is now. */
export interface UsableChatDeployment extends ChatDeployment {
  readonly channel: Channel;
}

/** The published deployment of that name, or a refusal. The org id may have 15 or 18 characters. */
export function requirePublished(org: Org, orgId: string, name: string): ChatDeployment {
  if (!sameId(org.orgId, orgId)) throw new Rejection('org');
  const component = org.metadata.find('EmbeddedServiceConfig', name);
  if (!component) throw new Rejection('deployment');
  const config = component.record.published;
  if (!config) throw new Rejection('unpublished');
  return { ...readDeployment(component), config: { ...config, siteUrl: `${org.url}/ESW${name}` } };
}

/** The same, when its channel can be used, too. */
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

// Both switches are in the type without a word on what they do at runtime; read strictly here.
function isEnabled(org: Org, name: string): boolean {
  const root = tryParseDocument(org.metadata.find('EmbeddedServiceConfig', name));
  return [root, child(root, 'embeddedServiceMessagingChannel')].every((at) => childText(at, 'isEnabled') === 'true');
}
