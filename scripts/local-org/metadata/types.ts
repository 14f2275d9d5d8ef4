/** The files of a component in a package. */
export type Layout =
  /** one XML file: queues/Chat.queue */
  | 'xml'
  /** a content file and its -meta.xml: classes/Chat.cls and classes/Chat.cls-meta.xml */
  | 'content'
  /** a folder of files: lwc/chat/... */
  | 'bundle';

export interface MetadataType {
  readonly name: string;
  readonly directory: string;
  /** empty for bundles */
  readonly suffix: string;
  readonly layout: Layout;
  /** child components in the same file: element name -> type name */
  readonly childTypes: Readonly<Record<string, string>>;
  /** the first API version with this type */
  readonly since: number;
}

// Directory, suffix, and layout are from the Metadata API guide, "Metadata Types" (one page for each type).
const TYPES = `
AiAuthoringBundle aiAuthoringBundles - bundle
ApexClass classes cls content
ApexComponent components component content
ApexPage pages page content
ApexTestSuite testSuites testSuite xml
ApexTrigger triggers trigger content
Audience audience audience xml
AuraDefinitionBundle aura - bundle
AuthProvider authproviders authprovider xml
Bot bots bot xml
BotBlock botBlocks botBlock xml
BotTemplate botTemplates botTemplate xml
BrandingSet brandingSets brandingSet xml
Certificate certs crt content
ConnectedApp connectedApps connectedApp xml
ConversationChannelDefinition conversationChannelDefinitions ConversationChannelDefinition xml
ConversationMessageDefinition conversationMessageDefinitions conversationMessageDefinition xml
ConversationVendorInfo ConversationVendorInformation ConversationVendorInformation xml
CorsWhitelistOrigin corsWhitelistOrigins corsWhitelistOrigin xml
CspTrustedSite cspTrustedSites cspTrustedSite xml
CustomApplication applications app xml
CustomLabels labels labels xml
CustomMetadata customMetadata md xml
CustomNotificationType notificationtypes notiftype xml
CustomObject objects object xml
CustomPermission customPermissions customPermission xml
CustomSite sites site xml
CustomTab tabs tab xml
Dashboard dashboards dashboard xml
DigitalExperienceBundle digitalExperiences - bundle
DigitalExperienceConfig digitalExperienceConfigs digitalExperienceConfig xml
EmbeddedServiceBranding EmbeddedServiceBranding EmbeddedServiceBranding xml
EmbeddedServiceConfig EmbeddedServiceConfig EmbeddedServiceConfig xml
EmbeddedServiceFieldService EmbeddedServiceFieldService EmbeddedServiceFieldService xml
EmbeddedServiceFlowConfig EmbeddedServiceFlowConfig EmbeddedServiceFlowConfig xml
EmbeddedServiceLiveAgent EmbeddedServiceLiveAgent EmbeddedServiceLiveAgent xml
EmbeddedServiceMenuSettings EmbeddedServiceMenuSettings EmbeddedServiceMenuSettings xml
ExperienceBundle experiences - bundle
ExternalClientApplication externalClientApps eca xml
ExternalCredential externalCredentials externalCredential xml
FlexiPage flexipages flexipage xml
Flow flows flow xml
FlowDefinition flowDefinitions flowDefinition xml
FlowTest flowtests flowtest xml
GenAiFunction genAiFunctions - bundle
GenAiPlanner genAiPlanners genAiPlanner xml
GenAiPlannerBundle genAiPlannerBundles - bundle
GenAiPlugin genAiPlugins genAiPlugin xml
GenAiPromptTemplate genAiPromptTemplates genAiPromptTemplate xml
GlobalValueSet globalValueSets globalValueSet xml
Group groups group xml
IframeWhiteListUrlSettings iframeWhiteListUrlSettings iframeWhiteListUrlSettings xml
Layout layouts layout xml
LightningComponentBundle lwc - bundle
LightningMessageChannel messageChannels messageChannel xml
LiveChatAgentConfig liveChatAgentConfigs liveChatAgentConfig xml
LiveChatButton liveChatButtons liveChatButton xml
LiveChatDeployment liveChatDeployments liveChatDeployment xml
ManagedTopics managedTopics managedTopics xml
MessagingChannel messagingChannels messagingChannel xml 55
NamedCredential namedCredentials namedCredential xml
NavigationMenu navigationMenus navigationMenu xml
Network networks network xml
NetworkBranding networkBranding networkBranding content
OmniSupervisorConfig omniSupervisorConfigs omniSupervisorConfig xml
PermissionSet permissionsets permissionset xml
PermissionSetGroup permissionsetgroups permissionsetgroup xml
PlatformEventChannel platformEventChannels platformEventChannel xml
PlatformEventChannelMember platformEventChannelMembers platformEventChannelMember xml
PresenceDeclineReason presenceDeclineReasons presenceDeclineReason xml
PresenceUserConfig presenceUserConfigs presenceUserConfig xml
Profile profiles profile xml
PublicKeyCertificate PublicKeyCertificate PublicKeyCertificate xml 62
PublicKeyCertificateSet PublicKeyCertificateSet PublicKeyCertificateSet xml 62
Queue queues queue xml
QueueRoutingConfig queueRoutingConfigs queueRoutingConfig xml 44
QuickAction quickActions quickAction xml
RemoteSiteSetting remoteSiteSettings remoteSite xml
Report reports report xml
Role roles role xml
ServiceChannel serviceChannels serviceChannel xml
ServicePresenceStatus servicePresenceStatuses servicePresenceStatus xml
Settings settings settings xml
SharingRules sharingRules sharingRules xml
Skill skills skill xml
SkillType skilltypes skilltype xml
StandardValueSet standardValueSets standardValueSet xml
StaticResource staticresources resource content
Translations translations translation xml
WorkSkillRouting workSkillRoutings workSkillRouting xml
Workflow workflows workflow xml
`;

const CHILD_TYPES: Readonly<Record<string, Readonly<Record<string, string>>>> = {
  Bot: { botVersions: 'BotVersion' },
  CustomLabels: { labels: 'CustomLabel' },
  // The files of a site, which aren't elements of a file.
  DigitalExperienceBundle: { '': 'DigitalExperience' },
  CustomObject: {
    fields: 'CustomField',
    validationRules: 'ValidationRule',
    recordTypes: 'RecordType',
    listViews: 'ListView',
    fieldSets: 'FieldSet',
    compactLayouts: 'CompactLayout',
    businessProcesses: 'BusinessProcess',
    webLinks: 'WebLink',
    indexes: 'Index',
    sharingReasons: 'SharingReason',
  },
};

/**
 * Ends a message of Salesforce about a metadata type that the local org doesn't know: it can't tell whether Salesforce knows it.
 */
export const UNKNOWN_TYPE_NOTE = 'If Salesforce has this type, it is not supported by the local org.';

/** The types that this org stores. */
export const METADATA_TYPES: readonly MetadataType[] = TYPES.trim().split('\n').map(parseTypeRow);

const byName = new Map(METADATA_TYPES.map((type) => [type.name, type]));
const byDirectory = new Map(METADATA_TYPES.map((type) => [type.directory, type]));
const parentOfChild = new Map(
  METADATA_TYPES.flatMap((type) => Object.values(type.childTypes).map((name) => [name, type] as const)),
);

/** Returns the type with a name, if the API version has it. */
export function findType(name: string, version = Infinity): MetadataType | undefined {
  const type = byName.get(name);
  return type && type.since <= version ? type : undefined;
}

export function findTypeByDirectory(directory: string): MetadataType | undefined {
  return byDirectory.get(directory);
}

/** Returns the type whose files contain a child type, such as CustomObject for CustomField. */
export function findParentType(childType: string): MetadataType | undefined {
  return parentOfChild.get(childType);
}

function parseTypeRow(row: string): MetadataType {
  const [name = '', directory = '', suffix = '', layout = 'xml', since = '0'] = row.split(' ');
  return {
    name,
    directory,
    suffix: suffix === '-' ? '' : suffix,
    layout: layout as Layout,
    childTypes: CHILD_TYPES[name] ?? {},
    since: Number(since),
  };
}
