import { textAt, type ComponentType, type Element } from '../model';

/** Elements of a type: `true` takes one as it is, a nested shape takes some of what it holds. */
export interface Shape {
  readonly [name: string]: Shape | true;
}

const all = (...names: readonly string[]): Shape => Object.fromEntries(names.map((name) => [name, true]));

/**
 * What an import states of each type: what user verification is made of, and what Salesforce asks of a component that is
 * deployed into an org without it (Metadata API guide and WSDL, one page a type). Everything else - automated responses,
 * parameters, branding, members of a queue - stays the org's own affair.
 */
export const OWNED: Readonly<Record<ComponentType, Shape>> = {
  QueueRoutingConfig: all(
    ...['capacityPercentage', 'capacityWeight', 'dropAdditionalSkillsTimeout', 'isAttributeBased', 'label'],
    ...['pushTimeout', 'routingModel', 'routingPriority'],
  ),
  Queue: all('doesIncludeBosses', 'doesSendEmailToMembers', 'name', 'queueRoutingConfig', 'queueSobject'),
  PublicKeyCertificate: all('isActive', 'jsonWebKey', 'masterLabel'),
  PublicKeyCertificateSet: all('jwksEndPoint', 'jwtIssuer', 'masterLabel', 'publicKeyCertificateSetKeys', 'type'),
  MessagingChannel: {
    embeddedConfig: all(
      ...['anonymousUserJwtExpirationTime', 'authMode', 'messagingAuthorizations', 'verifiedUserJwtExpirationTime'],
    ),
    ...all('masterLabel', 'messagingChannelType', 'queueRoutingConfig', 'sessionHandlerAsa', 'sessionHandlerFlow'),
    ...all('sessionHandlerQueue', 'sessionHandlerType', 'sessionHandlerUser'),
  },
  // Salesforce refuses a deployment whose booleans are left out (sf-skills: service-digital-engagement-deployment-configure).
  EmbeddedServiceConfig: {
    ...all('areGuestUsersAllowed', 'deploymentFeature', 'deploymentType', 'isEnabled', 'isTermsAndConditionsEnabled'),
    ...all('isTermsAndConditionsRequired', 'masterLabel', 'shouldHideAuthDialog', 'site'),
    embeddedServiceMessagingChannel: all(
      ...['isChatInvitationCustomizable', 'isEnabled', 'isInvitationEnabled', 'isSendInvtAllowedAfterAccept'],
      ...['isSendInvtAllowedAfterReject', 'messagingChannel', 'shouldShowAgentforceTagline'],
      ...['shouldShowDeliveryReceipts', 'shouldShowEmojiSelection', 'shouldShowReadReceipts'],
      ...['shouldShowTypingIndicators', 'shouldStartNewLineOnEnter'],
    ),
  },
  CorsWhitelistOrigin: all('urlPattern'),
  PermissionSet: {},
};

/** Items of owned lists that are not: a queue may serve other objects, too. */
export const isOwnedItem = (item: Element): boolean =>
  item.name !== 'queueSobject' || textAt(item, 'sobjectType') === 'MessagingSession';
