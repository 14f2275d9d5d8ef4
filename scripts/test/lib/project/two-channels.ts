import {
  EMPTY_ORG_SETTINGS,
  mapOf,
  parent,
  type Component,
  type ComponentMap,
  type OrgConfig,
} from '../../../lib/model';
import { readComponent } from '../rules/org-components';

const channel = (name: string, queue: string, keyset: string): Component =>
  readComponent(
    'MessagingChannel',
    name,
    `<MessagingChannel><description>x</description><embeddedConfig><messagingAuthorizations>
     <authIdentifier>Customer</authIdentifier><publicKeyCertificateSetName>${keyset}</publicKeyCertificateSetName>
     </messagingAuthorizations></embeddedConfig><sessionHandlerQueue>${queue}</sessionHandlerQueue></MessagingChannel>`,
    `${name}.xml`,
  );
const queue = (name: string, routing: string): Component =>
  readComponent('Queue', name, `<Queue><queueRoutingConfig>${routing}</queueRoutingConfig></Queue>`, `${name}.xml`);
const keyset = (name: string, key: string): Component => {
  const item = `<publicKeyCertificateSetKeys><publicKeyCertificate>${key}</publicKeyCertificate></publicKeyCertificateSetKeys>`;
  return readComponent(
    'PublicKeyCertificateSet',
    name,
    `<PublicKeyCertificateSet>${item}</PublicKeyCertificateSet>`,
    `${name}.xml`,
  );
};
const emptyComponent = (type: Component['type'], fullName: string): Component => ({
  type,
  fullName,
  root: parent(type, []),
});
/** A chat deployment that serves a channel. */
export const chatDeployment = (name: string, channelName: string): Component => {
  const inner = `<embeddedServiceMessagingChannel><messagingChannel>${channelName}</messagingChannel></embeddedServiceMessagingChannel>`;
  return readComponent(
    'EmbeddedServiceConfig',
    name,
    `<EmbeddedServiceConfig>${inner}</EmbeddedServiceConfig>`,
    `${name}.xml`,
  );
};

/** Two channels with all their references, and components that nothing references. */
export const SOURCE: ComponentMap = mapOf([
  emptyComponent('PermissionSet', 'Admin'),
  emptyComponent('CorsWhitelistOrigin', 'Site'),
  chatDeployment('Web_Site', 'Web'),
  chatDeployment('Shop_Site', 'Shop'),
  channel('Web', 'Chat', 'Keys'),
  channel('Shop', 'Shop_Chat', 'Shop_Keys'),
  keyset('Shop_Keys', 'Shop_Key'),
  keyset('Keys', 'Key'),
  emptyComponent('PublicKeyCertificate', 'Shop_Key'),
  emptyComponent('PublicKeyCertificate', 'Key'),
  queue('Shop_Chat', 'Shop_Route'),
  queue('Chat', 'Route'),
  emptyComponent('QueueRoutingConfig', 'Shop_Route'),
  emptyComponent('QueueRoutingConfig', 'Route'),
]);

/** An org that gets the channel Web by default. */
export const orgConfig = (rest: Partial<OrgConfig>): OrgConfig => ({
  alias: 'dev',
  file: 'config/orgs/dev.json',
  orgId: '00D000000000001EAA',
  kind: 'sandbox',
  wave: 1,
  ...EMPTY_ORG_SETTINGS,
  channels: ['Web'],
  ...rest,
});
