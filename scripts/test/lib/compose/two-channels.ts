import { mapOf, parent, type Component, type ComponentMap, type OrgConfig } from '../../../lib/model';
import { read } from '../rules/org';

const channel = (name: string, queue: string, keyset: string): Component =>
  read(
    'MessagingChannel',
    name,
    `<MessagingChannel><description>x</description><embeddedConfig><messagingAuthorizations>
     <authIdentifier>Customer</authIdentifier><publicKeyCertificateSetName>${keyset}</publicKeyCertificateSetName>
     </messagingAuthorizations></embeddedConfig><sessionHandlerQueue>${queue}</sessionHandlerQueue></MessagingChannel>`,
    `${name}.xml`,
  );
const queue = (name: string, routing: string): Component =>
  read('Queue', name, `<Queue><queueRoutingConfig>${routing}</queueRoutingConfig></Queue>`, `${name}.xml`);
const keyset = (name: string, key: string): Component => {
  const item = `<publicKeyCertificateSetKeys><publicKeyCertificate>${key}</publicKeyCertificate></publicKeyCertificateSetKeys>`;
  return read(
    'PublicKeyCertificateSet',
    name,
    `<PublicKeyCertificateSet>${item}</PublicKeyCertificateSet>`,
    `${name}.xml`,
  );
};
const bare = (type: Component['type'], fullName: string): Component => ({ type, fullName, root: parent(type, []) });
/** A deployment that serves a channel. */
export const deployment = (name: string, of: string): Component => {
  const inner = `<embeddedServiceMessagingChannel><messagingChannel>${of}</messagingChannel></embeddedServiceMessagingChannel>`;
  return read('EmbeddedServiceConfig', name, `<EmbeddedServiceConfig>${inner}</EmbeddedServiceConfig>`, `${name}.xml`);
};

/** Two channels, each with all that it needs, and neighbours that nothing names. */
export const SOURCE: ComponentMap = mapOf([
  bare('PermissionSet', 'Admin'),
  bare('CorsWhitelistOrigin', 'Site'),
  deployment('Web_Site', 'Web'),
  deployment('Shop_Site', 'Shop'),
  channel('Web', 'Chat', 'Keys'),
  channel('Shop', 'Shop_Chat', 'Shop_Keys'),
  keyset('Shop_Keys', 'Shop_Key'),
  keyset('Keys', 'Key'),
  bare('PublicKeyCertificate', 'Shop_Key'),
  bare('PublicKeyCertificate', 'Key'),
  queue('Shop_Chat', 'Shop_Route'),
  queue('Chat', 'Route'),
  bare('QueueRoutingConfig', 'Shop_Route'),
  bare('QueueRoutingConfig', 'Route'),
]);

/** An org that gets the channel Web, unless stated otherwise. */
export const org = (rest: Partial<OrgConfig>): OrgConfig => ({
  ...{ alias: 'dev', file: 'config/orgs/dev.json', orgId: '00D000000000001EAA', kind: 'sandbox', wave: 1 },
  ...{ channels: ['Web'], inactive: [], include: [], existing: [], overrides: new Map(), lines: new Map() },
  ...rest,
});
