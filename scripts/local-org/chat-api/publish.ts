import { tryParseDocument, type StoredComponent } from '../metadata/store';
import { child, childText } from '../metadata/xml';
import type { Org } from '../org/org';
import { channelAddressId, authMode } from './channel';

const BOOLEAN_SETTINGS = [
  'shouldShowAgentforceTagline',
  'shouldShowDeliveryReceipts',
  'shouldShowEmojiSelection',
  'shouldShowReadReceipts',
  'shouldShowTypingIndicators',
  'shouldStartNewLineOnEnter',
] as const;

/**
 * Publishes a chat deployment. Clients get the settings as they are now until the next publish. A new authMode has no effect
 * before that. (Public build log of a live org)
 */
export function publish(org: Org, deployment: StoredComponent): void {
  deployment.record.publishedDate = org.now().toISOString();
  deployment.record.published = buildConfig(org, deployment);
}

// The names are those in public responses, which the web client reads.
function buildConfig(org: Org, deployment: StoredComponent): object {
  const root = tryParseDocument(deployment);
  return {
    name: deployment.name,
    masterLabel: childText(root, 'masterLabel') ?? deployment.name,
    deploymentType: childText(root, 'deploymentType')?.toLowerCase() ?? null,
    isEnabled: childText(root, 'isEnabled') === 'true',
    embeddedServiceMessagingChannel: channelConfig(org, deployment),
    branding: [],
    customLabels: [],
    standardLabels: [],
    forms: [],
  };
}

function channelConfig(org: Org, deployment: StoredComponent): object {
  const root = tryParseDocument(deployment);
  const settings = child(root, 'embeddedServiceMessagingChannel');
  const channel = org.metadata.find('MessagingChannel', childText(settings, 'messagingChannel') ?? '');
  const booleans = BOOLEAN_SETTINGS.map((name) => [name, childText(settings, name) === 'true'] as const);
  return {
    channelAddressIdentifier: channel ? channelAddressId(org, channel) : null,
    authMode: authMode(child(tryParseDocument(channel), 'embeddedConfig')),
    esClientVersion: childText(root, 'clientVersion') ?? null,
    ...Object.fromEntries(booleans),
  };
}
