import { createCertificate, keyPair } from '../lib/jwk/test-keys';
import type { OrgSetup } from './fleet';
import type { SeedFile } from '../../local-org/index';
import { loadSeed } from '../../local-org/orgs';

const NAMESPACE = 'xmlns="http://soap.sforce.com/2006/04/metadata"';
const XSI = 'xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance"';

/** A metadata file of an org. `body` is written unchanged. */
const file = (path: string, type: string, body: string, active?: boolean): SeedFile => ({
  path,
  content: `<?xml version="1.0" encoding="UTF-8"?>\n<${type} ${NAMESPACE} ${XSI}>\n${body}\n</${type}>\n`,
  ...(active !== undefined && { active }),
});

const element = (name: string, text: string): string => `<${name}>${text}</${name}>`;
const elements = (values: Readonly<Record<string, string>>): string =>
  Object.entries(values)
    .map(([name, text]) => element(name, text))
    .join('\n');

export const authorization = (keyset: string, name = 'Customer', more = ''): string =>
  element(
    'messagingAuthorizations',
    elements({
      authIdentifier: name,
      authorizationType: 'PublicKeyCertificateSet',
      enabled: 'true',
      publicKeyCertificateSetName: keyset,
    }) + more,
  );

interface ChannelParts {
  readonly config?: string;
  readonly more?: string;
  readonly routing?: string;
  readonly active?: boolean;
}

const QUEUE_ROUTING = elements({ sessionHandlerQueue: 'Chat', sessionHandlerType: 'Queue' });

export function channel(name: string, authorizations: string, parts: ChannelParts = {}): SeedFile {
  const { config = '', more = '', routing = QUEUE_ROUTING, active = true } = parts;
  const mode = elements({ anonymousUserJwtExpirationTime: '360', authMode: authorizations === '' ? 'UnAuth' : 'Auth' });
  const embedded = element(
    'embeddedConfig',
    `${mode}${authorizations}${element('verifiedUserJwtExpirationTime', '60')}${config}`,
  );
  const rest = elements({ masterLabel: name, messagingChannelType: 'EmbeddedMessaging' });
  return file(
    `messagingChannels/${name}.messagingChannel`,
    'MessagingChannel',
    more + embedded + rest + routing,
    active,
  );
}

export const keyset = (name: string, issuer: string, ...keys: readonly string[]): SeedFile =>
  file(
    `PublicKeyCertificateSet/${name}.PublicKeyCertificateSet`,
    'PublicKeyCertificateSet',
    elements({ jwtIssuer: issuer, masterLabel: name, type: 'JWKS' }) +
      keys.map((key) => element('publicKeyCertificateSetKeys', element('publicKeyCertificate', key))).join(''),
  );

export const endpointKeyset = (name: string, issuer: string, endpoint: string): SeedFile =>
  file(
    `PublicKeyCertificateSet/${name}.PublicKeyCertificateSet`,
    'PublicKeyCertificateSet',
    elements({ jwksEndPoint: endpoint, jwtIssuer: issuer, masterLabel: name, type: 'JWKS_URL' }),
  );

/** A key with a new key pair. `more` adds members, such as private ones. */
export async function key(name: string, more: object = {}, notAfter?: Date): Promise<SeedFile> {
  const pair = keyPair(name);
  const { n, e } = pair.publicKey.export({ format: 'jwk' });
  const x5c = [(await createCertificate(pair, notAfter ? { notAfter } : {})).toString('base64')];
  const jwk = { kty: 'RSA', alg: 'RS256', use: 'sig', kid: `${name}-1`, n, e, x5c, ...more };
  return file(
    `PublicKeyCertificate/${name}.PublicKeyCertificate`,
    'PublicKeyCertificate',
    elements({ isActive: 'true', jsonWebKey: JSON.stringify(jwk, null, 1), masterLabel: name }),
  );
}

/** The private member of a key pair, which must not appear in a file, the output, or a log. */
export const secretOf = (name: string): string => keyPair(name).privateKey.export({ format: 'jwk' }).d ?? '';

export const queue = (name = 'Chat'): SeedFile =>
  file(
    `queues/${name}.queue`,
    'Queue',
    elements({
      doesIncludeBosses: 'true',
      doesSendEmailToMembers: 'false',
      email: 'agents@example.com',
      name,
      queueRoutingConfig: 'Chat',
    }) +
      '<queueMembers><users><user>agent@example.com</user></users></queueMembers>' +
      '<queueSobject><sobjectType>Case</sobjectType></queueSobject>' +
      '<queueSobject><sobjectType>MessagingSession</sobjectType></queueSobject>',
  );

export const routing = (): SeedFile =>
  file(
    'queueRoutingConfigs/Chat.queueRoutingConfig',
    'QueueRoutingConfig',
    elements({ capacityWeight: '1.0', label: 'Chat', routingModel: 'LEAST_ACTIVE', routingPriority: '1' }),
  );

export const origin = (name: string, url: string): SeedFile =>
  file(`corsWhitelistOrigins/${name}.corsWhitelistOrigin`, 'CorsWhitelistOrigin', element('urlPattern', url));

export const flow = (name: string): SeedFile => file(`flows/${name}.flow`, 'Flow', element('label', name));

export const bot = (name: string): SeedFile => file(`bots/${name}.bot`, 'Bot', element('label', name));

const DISPLAY_OPTIONS = ['AgentforceTagline', 'DeliveryReceipts', 'EmojiSelection', 'ReadReceipts', 'TypingIndicators'];

export function deployment(name: string, serves: string, type = 'API', more = ''): SeedFile {
  const shown = Object.fromEntries(DISPLAY_OPTIONS.map((each) => [`shouldShow${each}`, 'true']));
  const served = elements({
    isEnabled: 'true',
    messagingChannel: serves,
    ...shown,
    shouldStartNewLineOnEnter: 'false',
  });
  return file(
    `EmbeddedServiceConfig/${name}.EmbeddedServiceConfig`,
    'EmbeddedServiceConfig',
    elements({ areGuestUsersAllowed: 'false', deploymentFeature: 'EmbeddedMessaging', deploymentType: type }) +
      element('embeddedServiceMessagingChannel', served) +
      elements({ isEnabled: 'true', masterLabel: name }) +
      more,
  );
}

/** The components that each channel refers to. */
const routingComponents = [queue(), routing()];

const PARAMETERS = `
  <automatedResponses><autoResponseContentType>TextResponse</autoResponseContentType><language>de</language>
    <response>Hallo &amp; willkommen</response><type>InitialResponse</type></automatedResponses>
  <customParameters><actionParameterMappings><actionParameterName>Order</actionParameterName></actionParameterMappings>
    <externalParameterName>order</externalParameterName><masterLabel>Order</masterLabel><maxLength>40</maxLength>
    <name>Order</name><parameterDataType>String</parameterDataType></customParameters>
  <standardParameters><parameterType>Email</parameterType></standardParameters>
  <description>Set up by hand in 2024</description>`;

/** Orgs that were set up by hand, each with a different peculiarity. */
export async function unusualOrgs(): Promise<Readonly<Record<string, OrgSetup>>> {
  return {
    plain: {
      seed: [
        ...routingComponents,
        ...[
          await key('Plain_A'),
          await key('Plain_B'),
          keyset('Identity', 'https://id.example.com', 'Plain_A', 'Plain_B'),
        ],
        ...[channel('Web_Chat', authorization('Identity')), deployment('Web_Chat', 'Web_Chat')],
        ...[origin('Shop', 'https://shop.example.com'), channel('Guest_Chat', '')],
      ],
    },
    parameters: {
      seed: [
        ...routingComponents,
        ...[
          await key('Key_A'),
          keyset('Identity', 'plain-text-issuer', 'Key_A'),
          origin('Port', 'https://*.example.com:8443'),
        ],
        channel('Web_Chat', authorization('Identity'), {
          more: PARAMETERS,
          config: elements({ allowedFileTypes: 'pdf,png', isAttachmentUploadEnabled: 'true', maxFileSize: '5' }),
        }),
      ],
    },
    live: { kind: 'production', seed: loadSeed('production') },
    strange: {
      seed: [
        ...routingComponents,
        ...[await key('Strange'), keyset('Identity', 'https://id.strange.example.com', 'Strange')],
        channel('Web_Chat', authorization('Identity', 'Customer', '<futureFlag>x</futureFlag>'), {
          config: '<unknownToday><deep>1</deep></unknownToday><maxFileSize xsi:nil="true"/>',
          more: '<countryCode xsi:nil="true"/><futureList><a>1</a></futureList><futureList><a>2</a></futureList><description>\n  two lines\n</description>',
        }),
      ],
    },
    routed: {
      seed: [
        ...routingComponents,
        ...[
          flow('Route_Chat'),
          bot('Helper'),
          await key('Routed'),
          keyset('Identity', 'https://id.routed.example.com', 'Routed'),
        ],
        channel('Flow_Chat', authorization('Identity'), {
          routing: elements({
            sessionHandlerFlow: 'Route_Chat',
            sessionHandlerQueue: 'Chat',
            sessionHandlerType: 'Flow',
          }),
          config: element('offlineFormFlow', 'Route_Chat'),
        }),
        channel('Bot_Chat', authorization('Identity'), {
          routing: elements({
            sessionHandlerAsa: 'Helper',
            sessionHandlerQueue: 'Chat',
            sessionHandlerType: 'AgentforceServiceAgent',
          }),
        }),
      ],
    },
    unsafe: {
      seed: [
        ...routingComponents,
        ...[await key('Leaked', { d: secretOf('Leaked') }), await key('Ended', {}, new Date('2026-10-02T00:00:00Z'))],
        ...[await key('Good'), keyset('Identity', 'https://id.unsafe.example.com', 'Leaked', 'Ended', 'Good')],
        ...[channel('Web_Chat', authorization('identity')), deployment('Web_Chat', 'Web_Chat', 'Mobile')],
      ],
    },
    twice: {
      seed: [
        ...routingComponents,
        ...[await key('Twice'), keyset('Identity', 'https://id.twice.example.com', 'Twice')],
        endpointKeyset('Partner', 'https://id.partner.example.com', 'https://id.partner.example.com/keys'),
        channel(
          'Web_Chat',
          authorization('Identity') + authorization('Partner', 'Partner') + authorization('Identity'),
        ),
        channel('Old_Chat', authorization('Identity'), { active: false }),
        channel('Bad_Chat', authorization('Identity', '9 lives')),
      ],
    },
    web: {
      seed: [
        ...routingComponents,
        ...[
          await key('Web_Key'),
          keyset('Identity', 'https://id.web.example.com', 'Web_Key'),
          channel('Web_Chat', authorization('Identity')),
        ],
        ...[
          deployment('Site', 'Web_Chat', 'Web', element('site', 'ESW_Site_1')),
          deployment('App', 'Web_Chat', 'Mobile'),
        ],
      ],
    },
  };
}
