import { complexType, type ComplexTypes, type Enums } from './field';

/** MessagingChannel and its nested types. */
export const messagingChannelTypes: ComplexTypes = {
  MessagingChannel: complexType({
    automatedResponses: 'MessagingAutoResponse[]',
    channelUsages: 'MessagingChannelUsage[]',
    countryCode: 'string?',
    customParameters: 'MessagingChannelCustomParameter[]',
    description: 'string?',
    embeddedConfig: 'EmbeddedMessagingChannel?',
    endInactiveSessionTimeOut: 'int?',
    endUserIdleAction: 'EndUserIdleAction?',
    endUserIdleTimeOut: 'int?',
    externalAccountId: 'string?',
    isAgentMessageResetInactivityEnabled: 'boolean?',
    isEndUserDataCaptured: 'boolean?',
    isEstimatedWaitTimeEnabled: 'boolean?',
    isFeedbackEnabled: 'boolean?',
    isQueuePositionEnabled: 'boolean?',
    isSynchronousChatEnabled: 'boolean?',
    isVoiceModeEnabled: 'boolean?',
    isVoiceRecordingEnabled: 'boolean?',
    masterLabel: 'string',
    messagingChannelType: 'MessagingChannelType',
    messagingKeywords: 'MessagingKeyword[]',
    platformKey: 'string?',
    queueRoutingConfig: 'string?',
    sessionHandlerAsa: 'string?',
    sessionHandlerFlow: 'string?',
    sessionHandlerQueue: 'string?',
    sessionHandlerType: 'MessagingSessionHandlerType',
    sessionHandlerUser: 'string?',
    standardParameters: 'MessagingChannelStandardParameter[]',
  }),
  EmbeddedMessagingChannel: complexType({
    allowedFileTypes: 'string?',
    anonymousUserJwtExpirationTime: 'int?',
    // The WSDL has no values for EmbeddedServiceAuthModeType and EmbeddedMsgQueueLimitType.
    authMode: 'EmbeddedServiceAuthModeType',
    chatAbandonmentTimeout: 'int?',
    connectedApp: 'string?',
    isAbandonedChatsEnabled: 'boolean?',
    isAgentAvlCheckEnabled: 'boolean?',
    isAttachmentUploadEnabled: 'boolean?',
    isEstimatedWaitTimeEnabled: 'boolean?',
    isFallbackMessageEnabled: 'boolean?',
    isFileAttachmentExtUnrestricted: 'boolean?',
    isFileTransferRepInitiated: 'boolean?',
    isSaveTranscriptEnabled: 'boolean?',
    maxFileSize: 'int?',
    messagingAuthorizations: 'MessagingAuthorization[]',
    offlineFormFlow: 'string?',
    queueLimitType: 'EmbeddedMsgQueueLimitType?',
    queueThreshold: 'int?',
    verifiedUserJwtExpirationTime: 'int?',
  }),
  MessagingAuthorization: complexType({
    authIdentifier: 'string',
    authProviderName: 'string?',
    authorizationType: 'MessagingAuthorizationType',
    enabled: 'boolean?',
    publicKeyCertificateSetName: 'string?',
  }),
  MessagingAutoResponse: complexType({
    autoResponseContentType: 'AutoResponseContentType@62',
    language: 'string?',
    messageDefinitionName: 'string?',
    response: 'string?',
    responseTimeoutInMins: 'int?',
    type: 'MessagingAutoResponseType',
  }),
  MessagingChannelUsage: complexType({
    channelConsentType: 'MessagingChannelConsentType?',
    deploymentType: 'MessagingChannelUsageDeploymentType',
  }),
  MessagingChannelCustomParameter: complexType({
    actionParameterMappings: 'MessagingChannelActionParameterMapping[]',
    externalParameterName: 'string',
    masterLabel: 'string',
    maxLength: 'int?',
    name: 'string',
    parameterDataType: 'FlowDataType',
  }),
  MessagingChannelStandardParameter: complexType({
    actionParameterMappings: 'MessagingChannelActionParameterMapping[]',
    parameterType: 'MessagingChannelStandardParameterType',
  }),
  MessagingChannelActionParameterMapping: complexType({ actionParameterName: 'string' }),
  MessagingKeyword: complexType({ keyword: 'string[]', keywordType: 'MessagingKeywordType', language: 'string' }),
};

/** An empty list is an enum without values in the WSDL. It accepts any text. */
export const messagingChannelEnums: Enums = {
  EmbeddedServiceAuthModeType: [],
  EmbeddedMsgQueueLimitType: [],
  EndUserIdleAction: ['Inactivate', 'End', 'InactivateAndEnd'],
  MessagingSessionHandlerType: ['Queue', 'Flow', 'User', 'AgentforceServiceAgent'],
  MessagingAuthorizationType: ['PublicKeyCertificateSet', 'AuthProvider'],
  AutoResponseContentType: ['TextResponse', 'MessageDefinition'],
  MessagingChannelConsentType: ['ImplicitOptIn', 'ExplicitOptIn', 'DoubleOptIn'],
  MessagingKeywordType: ['OptIn', 'DoubleOptIn', 'OptOut', 'Help', 'Custom'],
  MessagingChannelStandardParameterType: ['FirstName', 'LastName', 'Email', 'Subject'],
  MessagingChannelType: (
    'EmbeddedMessaging InternalCopilot Voice Custom Facebook Line WhatsApp AppleMessagesForBusiness ' +
    'VoiceIntegrationPilot Text PstnVoice WhatsAppVoice SipVoice Email Rcs'
  ).split(' '),
  MessagingAutoResponseType: (
    'InitialResponse AgentEngagedResponse AgentEndEngagementResponse OptInPrompt DoubleOptInPrompt ' +
    'EndUserInactiveResponse EndUserIdleResponse OptOutConfirmation CustomResponse HelpResponse OptInConfirmation ' +
    'RerouteResponse RoutingUnavailableResponse'
  ).split(' '),
  MessagingChannelUsageDeploymentType:
    'DigitalEngagementConversation UnifiedConversation MessagingEngagement MarketingJourneyBuilder'.split(' '),
  FlowDataType: 'Currency Date Number String Boolean SObject DateTime Time Picklist Multipicklist Apex'.split(' '),
};
