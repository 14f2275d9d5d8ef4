import { leaf, type Component, type ComponentType, type Element } from '../model';
import { named } from './prefix';

/** The content of an element: text, child elements, or a list of either. Undefined omits the element. */
type Content = string | number | boolean | undefined | Contents | readonly Contents[];
interface Contents {
  readonly [name: string]: Content;
}

const elementsOf = (contents: Contents): readonly Element[] =>
  Object.entries(contents).flatMap(([name, content]) =>
    (Array.isArray(content) ? (content as readonly Contents[]) : [content]).flatMap((one) => elementOf(name, one)),
  );

function elementOf(name: string, content: Exclude<Content, readonly Contents[]> | Content): readonly Element[] {
  if (content === undefined) return [];
  if (typeof content !== 'object') return [leaf(name, String(content))];
  return [{ name, attributes: {}, text: '', children: elementsOf(content as Contents) }];
}

const component = (type: ComponentType, name: string, contents: Contents): Component => ({
  type,
  fullName: named(name),
  root: { name: type, attributes: {}, text: '', children: elementsOf(contents) },
});

/** An uploaded key. Without `jwk`, it has no JSON web key. */
export const keyComponent = (name: string, jwk?: object): Component =>
  component('PublicKeyCertificate', name, {
    isActive: true,
    jsonWebKey: jwk && JSON.stringify(jwk),
    masterLabel: named(name),
  });

export interface KeysetParts {
  readonly issuer?: string;
  /** Names of uploaded keys, without the prefix. */
  readonly keys?: readonly string[];
  /** URL of a JWKS endpoint. The type is then JWKS_URL. */
  readonly endpoint?: string;
}

export const keysetComponent = (name: string, { issuer, keys = [], endpoint }: KeysetParts): Component =>
  component('PublicKeyCertificateSet', name, {
    jwksEndPoint: endpoint,
    jwtIssuer: issuer,
    masterLabel: named(name),
    publicKeyCertificateSetKeys: keys.map((key) => ({ publicKeyCertificate: named(key) })),
    type: endpoint === undefined ? 'JWKS' : 'JWKS_URL',
  });

export interface ChannelParts {
  /** Default: Auth. */
  readonly authMode?: 'Auth' | 'UnAuth';
  /** User verification configurations: pairs of a Configuration Name and a keyset without the prefix. */
  readonly authorizations?: readonly (readonly [identifier: string, keyset: string])[];
  readonly verifiedMinutes?: number;
  readonly description?: string;
  /** Developer name of an Agentforce Service Agent. */
  readonly agent?: string;
}

export const channelComponent = (
  name: string,
  { authMode = 'Auth', authorizations = [], verifiedMinutes = 60, description, agent }: ChannelParts,
): Component =>
  component('MessagingChannel', name, {
    description,
    embeddedConfig: {
      anonymousUserJwtExpirationTime: 360,
      authMode,
      messagingAuthorizations: authorizations.map(([authIdentifier, keyset]) => ({
        authIdentifier,
        authorizationType: 'PublicKeyCertificateSet',
        enabled: true,
        publicKeyCertificateSetName: named(keyset),
      })),
      verifiedUserJwtExpirationTime: verifiedMinutes,
    },
    masterLabel: named(name),
    messagingChannelType: 'EmbeddedMessaging',
    sessionHandlerAsa: agent,
    sessionHandlerQueue: named('Queue'),
    sessionHandlerType: agent === undefined ? 'Queue' : 'AgentforceServiceAgent',
  });

/** A queue for chats without members. `bosses` is `doesIncludeBosses`, which the guide requires from API version 67.0. */
export const queueComponent = (name: string, bosses?: boolean): Component =>
  component('Queue', name, {
    doesIncludeBosses: bosses,
    doesSendEmailToMembers: false,
    name: named(name),
    queueRoutingConfig: named('Routing'),
    queueSobject: { sobjectType: 'MessagingSession' },
  });

export const routingComponent: Component = component('QueueRoutingConfig', 'Routing', {
  capacityWeight: '1.0',
  label: named('Routing'),
  routingModel: 'MOST_AVAILABLE',
  routingPriority: 1,
});

export interface ChatDeploymentParts {
  /** Name of the channel, without the prefix. */
  readonly channel: string;
  /** Default: API. */
  readonly type?: 'API' | 'Web';
  /** Only for type Web. */
  readonly site?: string;
  readonly label?: string;
}

/** A chat deployment with every Boolean, because one playbook requires them (service-digital-engagement-deployment-configure). */
export const chatDeploymentComponent = (
  name: string,
  { channel, type = 'API', site, label = named(name) }: ChatDeploymentParts,
): Component =>
  component('EmbeddedServiceConfig', name, {
    areGuestUsersAllowed: false,
    deploymentFeature: 'EmbeddedMessaging',
    deploymentType: type,
    embeddedServiceMessagingChannel: {
      isChatInvitationCustomizable: false,
      isEnabled: true,
      isInvitationEnabled: false,
      isSendInvtAllowedAfterAccept: false,
      isSendInvtAllowedAfterReject: false,
      messagingChannel: named(channel),
      shouldShowAgentforceTagline: false,
      shouldShowDeliveryReceipts: false,
      shouldShowEmojiSelection: false,
      shouldShowReadReceipts: false,
      shouldShowTypingIndicators: false,
      shouldStartNewLineOnEnter: false,
    },
    isEnabled: true,
    isTermsAndConditionsEnabled: false,
    isTermsAndConditionsRequired: false,
    masterLabel: label,
    shouldHideAuthDialog: false,
    site,
  });
