import { PREFIX, recordId, uuidOf } from '../identifiers';
import { toJson } from '../metadata/json';
import { siteOf } from '../metadata/sites';
import { tryParseDocument, type StoredComponent } from '../metadata/store';
import { childText } from '../metadata/xml';
import type { Org } from '../org/org';
import type { Row, Table } from './table';

/**
 * Channels are available in the data API, and chat deployments in the Tooling API. Keys, keysets, and authorizations are available
 * only in the Metadata API. (Salesforce playbook service-itsm-teams-employee-agent-configure)
 */
export const MESSAGING_TABLES: readonly Table[] = [
  {
    name: 'MessagingChannel',
    apis: ['data'],
    fields: {
      Id: 'id',
      DeveloperName: 'string',
      MasterLabel: 'string',
      Description: 'string',
      IsActive: 'boolean',
      IsAuthenticated: 'boolean',
      MessageType: 'string',
      MessagingPlatformKey: 'string',
      ChannelAddressIdentifier: 'string',
      PlatformType: 'string',
      SessionHandlerId: 'id',
      FallbackQueueId: 'id',
      CreatedDate: 'datetime',
      LastModifiedDate: 'datetime',
    },
    parents: {},
    rows: (org) => org.metadata.ofType('MessagingChannel').map((channel) => channelRow(org, channel)),
  },
  {
    name: 'BotDefinition',
    apis: ['data'],
    fields: { Id: 'id', DeveloperName: 'string', MasterLabel: 'string' },
    parents: {},
    rows: (org) => org.metadata.ofType('Bot').map(botRow),
  },
  {
    name: 'BotVersion',
    apis: ['data'],
    fields: { Id: 'id', BotDefinitionId: 'id', DeveloperName: 'string', Status: 'string' },
    parents: { BotDefinition: 'BotDefinition' },
    rows: (org) => org.metadata.ofType('Bot').map(botVersionRow),
  },
  {
    name: 'EmbeddedServiceConfig',
    apis: ['tooling'],
    fields: {
      Id: 'id',
      DeveloperName: 'string',
      MasterLabel: 'string',
      DeploymentType: 'string',
      DeploymentFeature: 'string',
      IsEnabled: 'boolean',
      ClientVersion: 'string',
      SiteId: 'id',
      FullName: 'string',
      Metadata: 'complex',
    },
    parents: {},
    rows: (org) => org.metadata.ofType('EmbeddedServiceConfig').map((deployment) => deploymentRow(org, deployment)),
  },
];

// For Enhanced Chat, the address and the platform key are the same UUID, which differs in each org. IsAuthenticated is for voice
// assistants, and is false even if user verification is on.
export function channelRow(org: Org, channel: StoredComponent): Row {
  const root = tryParseDocument(channel);
  const address = uuidOf(org.orgId, channel.record.id);
  const queue = org.metadata.find('Queue', childText(root, 'sessionHandlerQueue') ?? '')?.record.id ?? null;
  const flow = org.metadata.find('Flow', childText(root, 'sessionHandlerFlow') ?? '')?.record.id ?? null;
  const type = childText(root, 'sessionHandlerType');
  const agent = org.metadata.find('Bot', childText(root, 'sessionHandlerAsa') ?? '')?.record.id ?? null;
  const byAgent = type === 'AgentforceServiceAgent';
  return {
    Id: channel.record.id,
    DeveloperName: channel.name,
    MasterLabel: childText(root, 'masterLabel') ?? null,
    Description: childText(root, 'description') ?? null,
    IsActive: channel.record.active ?? false,
    IsAuthenticated: false,
    MessageType: childText(root, 'messagingChannelType') ?? null,
    MessagingPlatformKey: address,
    ChannelAddressIdentifier: address,
    PlatformType: 'Enhanced',
    SessionHandlerId: type === 'Queue' ? queue : byAgent ? agent : flow,
    FallbackQueueId: type === 'Queue' ? null : byAgent ? fallbackQueueId(channel, queue) : queue,
    CreatedDate: channel.record.createdDate,
    LastModifiedDate: channel.record.lastModifiedDate,
  };
}

function botRow(bot: StoredComponent): Row {
  return {
    Id: bot.record.id,
    DeveloperName: bot.name,
    MasterLabel: childText(tryParseDocument(bot), 'label') ?? null,
  };
}

const fallbackQueueId = ({ record }: StoredComponent, queue: string | null): string | null =>
  record.fallbackQueueId === undefined ? queue : record.fallbackQueueId;

// The metadata of a bot doesn't say which version is active, so the one version here is.
function botVersionRow(bot: StoredComponent): Row {
  return {
    Id: recordId(PREFIX.botVersion, bot.record.id, 'v1'),
    BotDefinitionId: bot.record.id,
    DeveloperName: 'v1',
    Status: 'Active',
    BotDefinition: botRow(bot),
  };
}

function deploymentRow(org: Org, deployment: StoredComponent): Row {
  const root = tryParseDocument(deployment);
  return {
    Id: deployment.record.id,
    DeveloperName: deployment.name,
    MasterLabel: childText(root, 'masterLabel') ?? null,
    DeploymentType: childText(root, 'deploymentType') ?? null,
    DeploymentFeature: childText(root, 'deploymentFeature') ?? null,
    IsEnabled: childText(root, 'isEnabled') === 'true',
    ClientVersion: childText(root, 'clientVersion') ?? null,
    SiteId: siteOf(org.metadata, deployment)?.id ?? null,
    FullName: deployment.name,
    Metadata: root ? toJson(root, 'EmbeddedServiceConfig') : null,
  };
}
