import { textAt, type ComponentType, type Element } from '../model';

/** Elements of a type. `true` imports the whole element, and a nested shape imports some of its children. */
export interface ElementShape {
  readonly [name: string]: ElementShape | true;
}

const elements = (...names: readonly string[]): ElementShape => Object.fromEntries(names.map((name) => [name, true]));

/**
 * The elements of each type that an import declares: those of user verification, and those that Salesforce requires to
 * create the component in another org (Metadata API Developer Guide and WSDL, one page for each type). All other elements,
 * such as automated responses, parameters, and members of a queue, stay unmanaged.
 */
export const MANAGED_ELEMENTS: Readonly<Partial<Record<ComponentType, ElementShape>>> = {
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
  // Salesforce rejects a chat deployment without its Boolean elements (sf-skills: service-digital-engagement-deployment-configure).
  EmbeddedServiceConfig: {
    ...elements(
      'areGuestUsersAllowed',
      'deploymentFeature',
      'deploymentType',
      'isEnabled',
      'isTermsAndConditionsEnabled',
    ),
    ...elements('isTermsAndConditionsRequired', 'masterLabel', 'shouldHideAuthDialog'),
    embeddedServiceMessagingChannel: elements(
      ...['isChatInvitationCustomizable', 'isEnabled', 'isInvitationEnabled', 'isSendInvtAllowedAfterAccept'],
      ...['isSendInvtAllowedAfterReject', 'messagingChannel', 'shouldShowAgentforceTagline'],
      ...['shouldShowDeliveryReceipts', 'shouldShowEmojiSelection', 'shouldShowReadReceipts'],
      ...['shouldShowTypingIndicators', 'shouldStartNewLineOnEnter'],
    ),
  },
  CorsWhitelistOrigin: elements('urlPattern'),
  CspTrustedSite: {},
  PermissionSet: {},
};

/** Whether an item of a managed list is managed. A queue can also serve other objects. */
export const isManagedItem = (item: Element): boolean =>
  item.name !== 'queueSobject' || textAt(item, 'sobjectType') === 'MessagingSession';
