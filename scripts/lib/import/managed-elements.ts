import { textAt, type ComponentType, type Element } from '../model';

/** Elements of a type: `true` takes one as it is, a nested shape takes some of what it holds. */
export interface ElementShape {
  readonly [name: string]: ElementShape | true;
}

const elements = (...names: readonly string[]): ElementShape => Object.fromEntries(names.map((name) => [name, true]));

/**
 * What an import states of each type: what user verification is made of, and what Salesforce asks of a component that is
 * deployed into an org without it (Metadata API guide and WSDL, one page a type). Everything else - automated responses,
 * parameters, branding, members of a queue - stays the org's own affair.
 */
export const MANAGED_ELEMENTS: Readonly<Record<ComponentType, ElementShape>> = {
  QueueRoutingConfig: elements(
    ...['capacityPercentage', 'capacityWeight', 'dropAdditionalSkillsTimeout', 'isAttributeBased', 'label'],
    ...['pushTimeout', 'routingModel', 'routingPriority'],
  ),
  Queue: elements('doesIncludeBosses', 'doesSendEmailToMembers', 'name', 'queueRoutingConfig', 'queueSobject'),
  PublicKeyCertificate: elements('isActive', 'jsonWebKey', 'masterLabel'),
  PublicKeyCertificateSet: elements('jwksEndPoint', 'jwtIssuer', 'masterLabel', 'publicKeyCertificateSetKeys', 'type'),
  MessagingChannel: {
    embeddedConfig: elements(
      ...['anonymousUserJwtExpirationTime', 'authMode', 'messagingAuthorizations', 'verifiedUserJwtExpirationTime'],
    ),
    ...elements('masterLabel', 'messagingChannelType', 'queueRoutingConfig', 'sessionHandlerAsa', 'sessionHandlerFlow'),
    ...elements('sessionHandlerQueue', 'sessionHandlerType', 'sessionHandlerUser'),
  },
  // Salesforce refuses a deployment whose booleans are left out (sf-skills: service-digital-engagement-deployment-configure).
  EmbeddedServiceConfig: {
    ...elements(
      'areGuestUsersAllowed',
      'deploymentFeature',
      'deploymentType',
      'isEnabled',
      'isTermsAndConditionsEnabled',
    ),
    ...elements('isTermsAndConditionsRequired', 'masterLabel', 'shouldHideAuthDialog', 'site'),
    embeddedServiceMessagingChannel: elements(
      ...['isChatInvitationCustomizable', 'isEnabled', 'isInvitationEnabled', 'isSendInvtAllowedAfterAccept'],
      ...['isSendInvtAllowedAfterReject', 'messagingChannel', 'shouldShowAgentforceTagline'],
      ...['shouldShowDeliveryReceipts', 'shouldShowEmojiSelection', 'shouldShowReadReceipts'],
      ...['shouldShowTypingIndicators', 'shouldStartNewLineOnEnter'],
    ),
  },
  CorsWhitelistOrigin: elements('urlPattern'),
  PermissionSet: {},
};

/** Items of owned lists that are not: a queue may serve other objects, too. */
export const isManagedItem = (item: Element): boolean =>
  item.name !== 'queueSobject' || textAt(item, 'sobjectType') === 'MessagingSession';
