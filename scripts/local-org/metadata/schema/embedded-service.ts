import { complexType, type ComplexTypes, type Enums } from './field';

/** The parts of EmbeddedServiceConfig for messaging. The parts for legacy chat and Field Service aren't checked. */
export const embeddedServiceTypes: ComplexTypes = {
  EmbeddedServiceConfig: complexType({
    areGuestUsersAllowed: 'boolean?',
    authMethod: 'EmbeddedServiceAuthMethod?',
    branding: 'string?',
    clientVersion: 'EmbeddedServiceClientVersion?',
    deploymentFeature: 'EmbeddedServiceDeploymentFeature',
    deploymentType: 'EmbeddedServiceDeploymentType',
    embeddedServiceAppointmentSettings: 'EmbeddedServiceAppointmentSettings?',
    embeddedServiceCustomComponents: 'EmbeddedServiceCustomComponent[]',
    embeddedServiceCustomLabels: 'EmbeddedServiceCustomLabel[]',
    embeddedServiceCustomizations: 'EmbeddedServiceCustomization[]',
    embeddedServiceFlowConfig: 'EmbeddedServiceFlowConfig?',
    embeddedServiceFlows: 'EmbeddedServiceFlow[]',
    embeddedServiceForms: 'EmbeddedServiceForm[]',
    embeddedServiceLayouts: 'EmbeddedServiceLayout[]',
    embeddedServiceMessagingChannel: 'EmbeddedServiceMessagingChannel?',
    isEnabled: 'boolean?',
    isTermsAndConditionsEnabled: 'boolean?',
    isTermsAndConditionsRequired: 'boolean?',
    masterLabel: 'string',
    shouldHideAuthDialog: 'boolean?',
    site: 'string?',
  }),
  EmbeddedServiceMessagingChannel: complexType({
    businessHours: 'string?',
    displayNameFormat: 'string?',
    embdMsgChannelInvitationConditions: 'EmbdMsgChannelInvitationCondition[]',
    formula: 'string?',
    isChatInvitationCustomizable: 'boolean?',
    isEnabled: 'boolean',
    isInvitationEnabled: 'boolean?',
    isSendInvtAllowedAfterAccept: 'boolean?',
    isSendInvtAllowedAfterReject: 'boolean?',
    messagingChannel: 'string',
    // Of 47 files in public repositories, none below 66.0 has it.
    shouldShowAgentforceTagline: 'boolean@66',
    shouldShowDeliveryReceipts: 'boolean',
    shouldShowEmojiSelection: 'boolean',
    shouldShowReadReceipts: 'boolean',
    shouldShowTypingIndicators: 'boolean',
    shouldStartNewLineOnEnter: 'boolean',
  }),
  EmbeddedServiceCustomComponent: complexType({
    componentBundleType: 'EmbeddedServiceComponentBundleType?',
    customComponent: 'string?',
    customComponentType: 'EmbeddedServiceCustomComponentType?',
  }),
};

export const embeddedServiceEnums: Enums = {
  EmbeddedServiceAuthMethod: ['CommunitiesLogin', 'CustomLogin'],
  EmbeddedServiceClientVersion: ['WebV1', 'WebV2'],
  EmbeddedServiceDeploymentFeature: ['None', 'EmbeddedMessaging', 'LiveAgent', 'Flows', 'FieldService'],
  EmbeddedServiceDeploymentType: ['Web', 'Mobile', 'API', 'InternalCopilot'],
  EmbeddedServiceComponentBundleType: ['AuraDefinitionBundle', 'LightningComponentBundle'],
  EmbeddedServiceCustomComponentType:
    'LA_Prechat LA_Minimized LA_PlainTextChatMessage LA_ChatHeader MIAW_Prechat MIAW_Header MIAW_TextMessage'.split(
      ' ',
    ),
};
