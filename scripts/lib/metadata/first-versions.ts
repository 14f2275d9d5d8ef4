/** The newest API version that the type tables describe. */
export const NEWEST_API_VERSION = '67.0';

/**
 * The first API version of elements that 62.0 doesn't have, and of one that it requires, by `Type.element`. Sources: the Metadata
 * WSDLs of 62.0 to 66.0 in the history of github.com/forcedotcom/wsdl, and @salesforce/types for 67.0. Where the Metadata API
 * guide names an earlier version, the element isn't listed. Which version introduced the newest elements isn't known, so they
 * have 67.
 */
const FIRST_VERSIONS: Readonly<Record<string, number>> = {
  'MessagingAutoResponse.autoResponseContentType': 62,
  'MessagingChannel.queueRoutingConfig': 63,
  'MessagingChannel.sessionHandlerAsa': 64,
  'MessagingChannel.isEstimatedWaitTimeEnabled': 65,
  'MessagingChannel.isQueuePositionEnabled': 65,
  'MessagingChannel.isSynchronousChatEnabled': 65,
  'MessagingChannel.isVoiceModeEnabled': 66,
  'MessagingChannel.endInactiveSessionTimeOut': 67,
  'MessagingChannel.endUserIdleAction': 67,
  'MessagingChannel.endUserIdleTimeOut': 67,
  'MessagingChannel.isAgentMessageResetInactivityEnabled': 67,
  'MessagingChannel.isEndUserDataCaptured': 67,
  'MessagingChannel.isFeedbackEnabled': 67,
  'MessagingChannel.isVoiceRecordingEnabled': 67,
  'EmbeddedMessagingChannel.connectedApp': 63,
  'EmbeddedMessagingChannel.isFallbackMessageEnabled': 63,
  'EmbeddedMessagingChannel.allowedFileTypes': 65,
  'EmbeddedMessagingChannel.isAgentAvlCheckEnabled': 65,
  'EmbeddedMessagingChannel.maxFileSize': 65,
  'EmbeddedMessagingChannel.queueLimitType': 65,
  'EmbeddedMessagingChannel.queueThreshold': 65,
  'EmbeddedMessagingChannel.isAbandonedChatsEnabled': 66,
  'EmbeddedMessagingChannel.isFileAttachmentExtUnrestricted': 66,
  'EmbeddedMessagingChannel.chatAbandonmentTimeout': 67,
  'EmbeddedMessagingChannel.isFileTransferRepInitiated': 67,
  'EmbeddedMessagingChannel.offlineFormFlow': 67,
  'EmbeddedServiceConfig.clientVersion': 65,
  'EmbeddedServiceForm.formType': 67,
  'EmbeddedServiceMessagingChannel.embdMsgChannelInvitationConditions': 65,
  'EmbeddedServiceMessagingChannel.formula': 65,
  'EmbeddedServiceMessagingChannel.isChatInvitationCustomizable': 65,
  'EmbeddedServiceMessagingChannel.isInvitationEnabled': 65,
  'EmbeddedServiceMessagingChannel.isSendInvtAllowedAfterAccept': 65,
  'EmbeddedServiceMessagingChannel.isSendInvtAllowedAfterReject': 65,
  'EmbeddedServiceMessagingChannel.displayNameFormat': 66,
  'EmbeddedServiceMessagingChannel.shouldShowAgentforceTagline': 66,
  'PermissionSet.agentAccesses': 64,
  'PermissionSet.servicePresenceStatusAccesses': 64,
  'PermissionSet.genComputingSummaryDefAccesses': 66,
  'PermissionSet.enrichments': 67,
  'PermissionSetObjectPermissions.viewAllFields': 63,
  'Queue.doesIncludeBosses': 67,
  'QueueRoutingConfig.pausedCapacityPercentage': 64,
  'QueueRoutingConfig.pausedCapacityWeight': 64,
};

/** The first API version of values of an enumeration, from the same sources, by `Type.element=value`. */
const FIRST_VALUE_VERSIONS: Readonly<Record<string, number>> = {
  'MessagingChannel.sessionHandlerType=AgentforceServiceAgent': 64,
  'MessagingAutoResponse.type=DoubleOptInPrompt': 63,
  'MessagingAutoResponse.type=EndUserIdleResponse': 63,
  'MessagingAutoResponse.type=OptInPrompt': 63,
  'MessagingAutoResponse.type=RerouteResponse': 67,
  'MessagingAutoResponse.type=RoutingUnavailableResponse': 67,
  'EmbeddedServiceCustomComponent.customComponentType=MIAW_TextMessage': 63,
};

/**
 * Elements that the type tables lack and that the WSDLs of 62.0 to 66.0 have (github.com/forcedotcom/wsdl). Files that orgs
 * returned contain them, also with 67.0: the WSDL of an org depends on its features.
 */
const ORG_DEPENDENT_ELEMENTS: ReadonlySet<string> = new Set([
  'EmbeddedMessagingChannel.presenceTimeout',
  'EmbdMsgChannelInvitationCondition.embeddedServiceMessagingChannel',
  'MessagingChannelCustomParameter.parameterValueMappings',
  'MessagingChannelStandardParameter.parameterValueMappings',
  'PermissionSet.dataspaceScopes',
  'PermissionSetObjectPermissions.customizeSetup',
  'PermissionSetObjectPermissions.deleteSetup',
  'PermissionSetObjectPermissions.viewSetup',
]);

/** Whether only some orgs have an element, so that the type tables lack it. */
export const isOrgDependentElement = (type: string, element: string): boolean =>
  ORG_DEPENDENT_ELEMENTS.has(`${type}.${element}`);

/** The names that the tables above use. A test compares them with the type tables. */
export const VERSIONED_NAMES: readonly string[] = [
  ...Object.keys(FIRST_VERSIONS),
  ...Object.keys(FIRST_VALUE_VERSIONS),
];

const lookUp = (table: Readonly<Record<string, number>>, key: string): number =>
  Object.hasOwn(table, key) ? (table[key] ?? 0) : 0;

/** The first API version of an element of a type. */
export const firstVersionOf = (type: string, element: string): number => lookUp(FIRST_VERSIONS, `${type}.${element}`);

/** The first API version of a value of an element. */
export const firstVersionOfValue = (type: string, element: string, value: string): number =>
  lookUp(FIRST_VALUE_VERSIONS, `${type}.${element}=${value}`);
