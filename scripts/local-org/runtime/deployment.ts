import { sameId } from '../identifiers';
import { readableDocumentOf, type StoredComponent } from '../metadata/store';
import { child, childText } from '../metadata/xml';
import type { Org } from '../org/org';
import { channelNamed, type Channel } from './channel';
import { Refusal } from './refusal';

/** A published deployment. */
export interface Deployment {
  readonly name: string;
  /** Web, Mobile or API */
  readonly type: string;
  /** what clients are served, as it was when the deployment was last published */
  readonly config: object;
  readonly channelName: string;
}

/** A deployment that clients can use, with its channel as it is now. */
export interface Reached extends Deployment {
  readonly channel: Channel;
}

/** The published deployment of that name, or a refusal. The org id may have 15 or 18 characters. */
export function publishedDeployment(org: Org, orgId: string, name: string): Deployment {
  if (!sameId(org.orgId, orgId)) throw new Refusal('org');
  const component = org.metadata.find('EmbeddedServiceConfig', name);
  if (!component) throw new Refusal('deployment');
  const config = component.record.published;
  if (!config) throw new Refusal('unpublished');
  return { ...partsOf(component), config: { ...config, siteUrl: `${org.url}/ESW${name}` } };
}

/** The same, when its channel can be used, too. */
export function reach(org: Org, orgId: string, name: string): Reached {
  const deployment = publishedDeployment(org, orgId, name);
  if (!isEnabled(org, name)) throw new Refusal('deployment-off');
  const channel = channelNamed(org, deployment.channelName);
  if (!channel?.active) throw new Refusal('channel-inactive');
  return { ...deployment, channel };
}

function partsOf(component: StoredComponent) {
  const root = readableDocumentOf(component);
  const channelName = childText(child(root, 'embeddedServiceMessagingChannel'), 'messagingChannel') ?? '';
  return { name: component.name, type: childText(root, 'deploymentType') ?? '', channelName };
}

// Both switches are in the type without a word on what they do at runtime; read strictly here.
function isEnabled(org: Org, name: string): boolean {
  const root = readableDocumentOf(org.metadata.find('EmbeddedServiceConfig', name));
  return [root, child(root, 'embeddedServiceMessagingChannel')].every((at) => childText(at, 'isEnabled') === 'true');
}
