import assert from 'node:assert/strict';
import { test } from 'node:test';
import { startTestOrg } from './client';
import { typesXml } from './package-zip';
import { PATHS, queueXml, routingXml, verifiedChannel, channelXml, deploymentXml } from './samples';

const file = (type: string, content = '<masterLabel>Chat</masterLabel>'): string =>
  `<?xml version="1.0" encoding="UTF-8"?>\n<${type} xmlns="http://soap.sforce.com/2006/04/metadata">\n    ${content}\n</${type}>\n`;

/** Files of the types around chat, as public projects contain them after a retrieve. Their content isn't checked. */
const AROUND_CHAT: Readonly<Record<string, string>> = {
  'flows/Route.flow': file('Flow', '<label>Route</label><processType>RoutingFlow</processType><status>Active</status>'),
  'bots/Helper.bot': file(
    'Bot',
    '<label>Helper</label><botVersions><fullName>v1</fullName><entryDialog>Welcome</entryDialog></botVersions>',
  ),
  'genAiPlannerBundles/Helper_v1/Helper_v1.genAiPlannerBundle': file('GenAiPlannerBundle'),
  'genAiPlugins/Orders.genAiPlugin': file('GenAiPlugin'),
  'genAiFunctions/Find_Order/Find_Order.genAiFunction': file('GenAiFunction'),
  'genAiFunctions/Find_Order/input/schema.json': '{"required":["orderNumber"]}',
  'digitalExperiences/site/Shop1/sfdc_cms__site/Shop1/content.json': '{"type":"sfdc_cms__site"}',
  'digitalExperiences/site/Shop1/Shop1.digitalExperience-meta.xml': file(
    'DigitalExperienceBundle',
    '<label>Shop</label>',
  ),
  'digitalExperienceConfigs/Shop1.digitalExperienceConfig': file('DigitalExperienceConfig', '<label>Shop</label>'),
  'networks/Shop.network': file('Network', '<allowMembersToFlag>false</allowMembersToFlag><status>Live</status>'),
  'sites/Shop.site': file('CustomSite', '<active>true</active><urlPathPrefix>shop</urlPathPrefix>'),
  'cspTrustedSites/Chat.cspTrustedSite': file(
    'CspTrustedSite',
    '<context>All</context><endpointUrl>https://*.my.salesforce-scrt.com</endpointUrl><isActive>true</isActive>',
  ),
  'conversationMessageDefinitions/Hello.conversationMessageDefinition': file('ConversationMessageDefinition'),
  'presenceDeclineReasons/Busy.presenceDeclineReason': file('PresenceDeclineReason', '<label>Busy</label>'),
};

test('returns the types around chat as they were deployed', async (t) => {
  const client = await startTestOrg(t);
  const { status, failures } = await client.deploy(AROUND_CHAT);
  assert.deepEqual([status, failures], ['Succeeded', []]);
  const types = ['Flow', 'Bot', 'GenAiPlannerBundle', 'GenAiPlugin', 'GenAiFunction', 'DigitalExperienceBundle'];
  const more = ['DigitalExperienceConfig', 'Network', 'CustomSite', 'CspTrustedSite', 'ConversationMessageDefinition'];
  const wanted = Object.fromEntries([...types, ...more, 'PresenceDeclineReason'].map((type) => [type, ['*']]));
  const { files, problems } = await client.retrieve(wanted);
  assert.deepEqual(problems, []);
  for (const [path, content] of Object.entries(AROUND_CHAT)) assert.equal(files.get(path)?.toString(), content, path);
});

test('accepts a manifest that also lists the versions of a bot and the parts of a site', async (t) => {
  const client = await startTestOrg(t);
  const bot = 'bots/Helper.bot';
  const listed = typesXml('Bot', ['Helper']) + typesXml('BotVersion', ['Helper.v1']);
  const manifest = `<Package xmlns="http://soap.sforce.com/2006/04/metadata">${listed}<version>67.0</version></Package>`;
  const { failures } = await client.deploy({ [bot]: AROUND_CHAT[bot] ?? '', 'package.xml': manifest });
  assert.deepEqual(failures, []);
  assert.deepEqual((await client.retrieve({ BotVersion: ['Helper.v1'], DigitalExperience: ['*'] })).problems, []);
});

/** Forms of channels, chat deployments, and origins in 34 public repositories. Salesforce returned them, so it accepts them. */
const REAL_FORMS: Readonly<Record<string, Readonly<Record<string, string>>>> = {
  'a channel without embeddedConfig': {
    ...verifiedChannel,
    [PATHS.channel]: channelXml('').replace(/<embeddedConfig>[^]*<\/embeddedConfig>/, ''),
  },
  'automated responses without a response or language': {
    ...verifiedChannel,
    [PATHS.channel]: channelXml().replace(
      '<masterLabel>',
      '<automatedResponses><autoResponseContentType>TextResponse</autoResponseContentType><type>InitialResponse</type></automatedResponses><masterLabel>',
    ),
  },
  'a voice mode': {
    ...verifiedChannel,
    [PATHS.channel]: channelXml().replace(
      '<masterLabel>',
      '<isVoiceModeEnabled>false</isVoiceModeEnabled><masterLabel>',
    ),
  },
  'a chat deployment of an API version without shouldShowAgentforceTagline': {
    ...verifiedChannel,
    [PATHS.deployment]: deploymentXml().replace(/\s*<shouldShowAgentforceTagline>.*/, ''),
  },
  'an SMS channel with an empty handler': {
    'messagingChannels/TEXT_US_15550100.messagingChannel': file(
      'MessagingChannel',
      '<masterLabel>Texts</masterLabel><messagingChannelType>Text</messagingChannelType><sessionHandlerType xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance" xsi:nil="true"/>',
    ),
  },
  'a chat deployment of type Web with its site and a branding set': {
    ...verifiedChannel,
    'sites/ESW_Shop_1.site': file('CustomSite', '<active>true</active><urlPathPrefix>ESWShop1</urlPathPrefix>'),
    'brandingSets/EmbeddedService_Shop_1.brandingSet': file('BrandingSet'),
    [PATHS.deployment]: deploymentXml()
      .replace('>API<', '>Web<')
      .replace('<deploymentFeature>', '<branding>EmbeddedService_Shop_1</branding><deploymentFeature>')
      .replace('</EmbeddedServiceConfig>', '<site>ESW_Shop_1</site></EmbeddedServiceConfig>'),
  },
  'a queue with its routing': { [PATHS.routing]: routingXml, [PATHS.queue]: queueXml },
  'an origin with a wildcard without a dot': {
    'corsWhitelistOrigins/Sites.corsWhitelistOrigin': file(
      'CorsWhitelistOrigin',
      '<urlPattern>https://*my.site.com</urlPattern>',
    ),
  },
  'an origin with HTTP and an IP address': {
    'corsWhitelistOrigins/Phone.corsWhitelistOrigin': file(
      'CorsWhitelistOrigin',
      '<urlPattern>http://192.168.1.175:3000</urlPattern>',
    ),
  },
};

for (const [form, files] of Object.entries(REAL_FORMS))
  test(`accepts ${form}`, async (t) => {
    const client = await startTestOrg(t);
    const { status, failures } = await client.deploy(files, {}, '65.0');
    assert.deepEqual([status, failures], ['Succeeded', []]);
  });
