import type { Files } from './package-zip';

const metadata = (type: string, content: string) =>
  `<?xml version="1.0" encoding="UTF-8"?>\n<${type} xmlns="http://soap.sforce.com/2006/04/metadata">\n${content}\n</${type}>\n`;

export function keyXml(jsonWebKey: unknown): string {
  const text = typeof jsonWebKey === 'string' ? jsonWebKey : JSON.stringify(jsonWebKey);
  const escaped = text.replace(/&/g, '&amp;').replace(/</g, '&lt;');
  return metadata(
    'PublicKeyCertificate',
    `    <isActive>true</isActive>\n    <jsonWebKey>${escaped}</jsonWebKey>\n    <masterLabel>Key</masterLabel>`,
  );
}

export function keysetXml(
  content = '<jwksEndPoint>https://id.example.com/jwks</jwksEndPoint>',
  type = 'JWKS_URL',
): string {
  return metadata(
    'PublicKeyCertificateSet',
    `    ${content}\n    <jwtIssuer>https://id.example.com</jwtIssuer>\n    <masterLabel>Keys</masterLabel>\n    <type>${type}</type>`,
  );
}

export const authorization =
  '<messagingAuthorizations><authIdentifier>Customer</authIdentifier>' +
  '<authorizationType>PublicKeyCertificateSet</authorizationType><enabled>true</enabled>' +
  '<publicKeyCertificateSetName>Keys</publicKeyCertificateSetName></messagingAuthorizations>';

export const embeddedConfig = `<authMode>Auth</authMode>\n        ${authorization}\n        <verifiedUserJwtExpirationTime>60</verifiedUserJwtExpirationTime>`;

/** A channel. `extra` is added before its label. */
export function channelXml(config = embeddedConfig, extra = ''): string {
  return metadata(
    'MessagingChannel',
    `    <embeddedConfig>\n        ${config}\n    </embeddedConfig>${extra}\n    <masterLabel>Web Chat</masterLabel>\n` +
      '    <messagingChannelType>EmbeddedMessaging</messagingChannelType>\n' +
      '    <sessionHandlerQueue>Chat</sessionHandlerQueue>\n    <sessionHandlerType>Queue</sessionHandlerType>',
  );
}

export const queueXml = metadata(
  'Queue',
  '    <name>Chat</name>\n    <queueRoutingConfig>Chat</queueRoutingConfig>\n' +
    '    <queueSobject>\n        <sobjectType>MessagingSession</sobjectType>\n    </queueSobject>',
);

export const routingXml = metadata(
  'QueueRoutingConfig',
  '    <capacityWeight>1.0</capacityWeight>\n    <label>Chat</label>\n' +
    '    <routingModel>MOST_AVAILABLE</routingModel>\n    <routingPriority>1</routingPriority>',
);

const SWITCHES =
  'shouldShowAgentforceTagline shouldShowDeliveryReceipts shouldShowEmojiSelection shouldShowReadReceipts ' +
  'shouldShowTypingIndicators shouldStartNewLineOnEnter';

/** A chat deployment (EmbeddedServiceConfig) of the channel Web. */
export function deploymentXml(type = 'API'): string {
  const switches = SWITCHES.split(' ').map((name) => `        <${name}>false</${name}>\n`);
  return metadata(
    'EmbeddedServiceConfig',
    `    <deploymentFeature>EmbeddedMessaging</deploymentFeature>\n    <deploymentType>${type}</deploymentType>\n` +
      '    <embeddedServiceMessagingChannel>\n        <isEnabled>true</isEnabled>\n' +
      `        <messagingChannel>Web</messagingChannel>\n${switches.join('')}    </embeddedServiceMessagingChannel>\n` +
      '    <isEnabled>true</isEnabled>\n    <masterLabel>Web</masterLabel>',
  );
}

/** A chat deployment of type Web with its site. */
export const webDeployment = (extra = ''): Files => ({
  [PATHS.deployment]: deploymentXml('Web').replace(
    '</EmbeddedServiceConfig>',
    `    <site>ESW_Web_1</site>${extra}\n</EmbeddedServiceConfig>`,
  ),
  'sites/ESW_Web_1.site': metadata('CustomSite', '    <urlPathPrefix>ESWWeb1</urlPathPrefix>'),
});

export const originXml = (pattern: string) =>
  metadata('CorsWhitelistOrigin', `    <urlPattern>${pattern}</urlPattern>`);

export const permissionSetXml = metadata(
  'PermissionSet',
  '    <classAccesses>\n        <apexClass>Signer</apexClass>\n        <enabled>true</enabled>\n    </classAccesses>\n    <label>Admin</label>',
);

export const PATHS = {
  key: 'PublicKeyCertificate/Key.PublicKeyCertificate',
  keyset: 'PublicKeyCertificateSet/Keys.PublicKeyCertificateSet',
  channel: 'messagingChannels/Web.messagingChannel',
  queue: 'queues/Chat.queue',
  routing: 'queueRoutingConfigs/Chat.queueRoutingConfig',
  deployment: 'EmbeddedServiceConfig/Web.EmbeddedServiceConfig',
  origin: 'corsWhitelistOrigins/Site.corsWhitelistOrigin',
  permissionSet: 'permissionsets/Admin.permissionset',
} as const;

/** A verified channel with the components that it refers to. */
export const verifiedChannel: Files = {
  [PATHS.routing]: routingXml,
  [PATHS.queue]: queueXml,
  [PATHS.keyset]: keysetXml(),
  [PATHS.channel]: channelXml(),
};

/** A manifest for destructive changes. */
export function destructive(type: string, ...members: string[]): string {
  const listed = members.map((member) => `<members>${member}</members>`).join('');
  return metadata('Package', `<types>${listed}<name>${type}</name></types>`);
}
