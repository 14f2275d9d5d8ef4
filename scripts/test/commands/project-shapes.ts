import type { LocalOrgOptions, SeedFile } from '../../local-org/index';
import {
  authorization,
  bot,
  channel,
  deployment,
  endpointKeyset,
  flow,
  key,
  keyset,
  origin,
  queue,
  routing,
} from './import-orgs';

/** A project as public repositories have them, and the org that it is deployed to. */
export interface ProjectShape {
  readonly name: string;
  /** Files by path relative to the project, without org files. */
  readonly files: Readonly<Record<string, string>>;
  /** The content of the org file besides orgId and kind. */
  readonly org: { readonly channels: readonly string[] } & Readonly<Record<string, unknown>>;
  /** What the org contains before. */
  readonly seed?: readonly SeedFile[];
  readonly options?: Partial<LocalOrgOptions>;
  /** Environment variables of the commands. */
  readonly env?: Readonly<Record<string, string>>;
}

const MAIN = 'force-app/main/default';
const NAMESPACE = 'xmlns="http://soap.sforce.com/2006/04/metadata"';

const projectFile = (version: string | undefined, directories = ['force-app'], more: object = {}): string =>
  JSON.stringify(
    {
      packageDirectories: directories.map((path, index) => ({ path, ...(index === 0 && { default: true }) })),
      ...(version !== undefined && { sourceApiVersion: version }),
      ...more,
    },
    null,
    2,
  );

/** Metadata files as source files of a package directory. */
const sources = (files: readonly SeedFile[], directory = MAIN): Readonly<Record<string, string>> =>
  Object.fromEntries(files.map(({ path, content }) => [`${directory}/${path}-meta.xml`, content]));

const metadata = (path: string, type: string, body: string): SeedFile => ({
  path,
  content: `<?xml version="1.0" encoding="UTF-8"?>\n<${type} ${NAMESPACE} xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance">\n${body}\n</${type}>\n`,
});

const edited = ({ path, content }: SeedFile, ...edits: readonly (readonly [string | RegExp, string])[]): SeedFile => ({
  path,
  content: edits.reduce((text, [from, to]) => {
    const result = text.replace(from, to);
    if (result === text) throw new Error(`Nothing to replace in ${path}: ${String(from)}`);
    return result;
  }, content),
});

const TAGLINE = /<shouldShowAgentforceTagline>.*?<\/shouldShowAgentforceTagline>/;
const ROUTING = [queue(), routing()];
const GUEST = channel('Guest_Chat', '');

/** An SMS channel as an org returns it: without embeddedConfig and with an empty handler. */
const SMS = metadata(
  'messagingChannels/TEXT_US_15550100.messagingChannel',
  'MessagingChannel',
  `<automatedResponses><autoResponseContentType>TextResponse</autoResponseContentType><type>OptOutConfirmation</type></automatedResponses>
<channelUsages><channelConsentType>ImplicitOptIn</channelConsentType><deploymentType>MessagingEngagement</deploymentType></channelUsages>
<masterLabel>+15550100</masterLabel><messagingChannelType>Text</messagingChannelType><sessionHandlerType xsi:nil="true"/>`,
);
const CASE_QUEUE = metadata(
  'queues/Cases.queue',
  'Queue',
  '<doesSendEmailToMembers>false</doesSendEmailToMembers><name>Cases</name><queueSobject><sobjectType>Case</sobjectType></queueSobject>',
);
const STAFF = metadata(
  'permissionsets/Staff.permissionset',
  'PermissionSet',
  `${'<classAccesses><apexClass>Prices</apexClass><enabled>true</enabled></classAccesses>'.repeat(2)}<hasActivationRequired>false</hasActivationRequired><label>Staff</label>`,
);
const MESSAGE = metadata(
  'conversationMessageDefinitions/Hello.conversationMessageDefinition',
  'ConversationMessageDefinition',
  '<masterLabel>Hello</masterLabel>',
);
const SKILL = metadata('skills/Returns.skill', 'Skill', '<label>Returns</label>');
const HEADER: readonly SeedFile[] = [
  { path: 'lwc/chatHeader/chatHeader.js', content: 'export default class {}\n' },
  {
    path: 'lwc/chatHeader/chatHeader.js-meta.xml',
    content: `<?xml version="1.0"?>\n<LightningComponentBundle ${NAMESPACE}><apiVersion>67.0</apiVersion><isExposed>true</isExposed></LightningComponentBundle>\n`,
  },
];
const RESPONSES =
  '<automatedResponses><autoResponseContentType>TextResponse</autoResponseContentType><response>Hello</response><type>InitialResponse</type></automatedResponses>' +
  '<automatedResponses><autoResponseContentType>MessageDefinition</autoResponseContentType><messageDefinitionName>Hello</messageDefinitionName><type>EndUserInactiveResponse</type></automatedResponses>';
const FORMS =
  '<embeddedServiceCustomComponents><customComponent>chatHeader</customComponent><customComponentType>MIAW_Header</customComponentType></embeddedServiceCustomComponents>' +
  '<embeddedServiceForms><displayContext>Session</displayContext><embeddedServiceFormFields><displayOrder>0</displayOrder><formField>_FirstName</formField><formFieldType>Text</formFieldType><isHidden>false</isHidden><isRequired>true</isRequired><messagingChannelParameterType>Standard</messagingChannelParameterType></embeddedServiceFormFields><formType>PreChat</formType><isActive>true</isActive></embeddedServiceForms>';

/** The keys, the keyset, and a channel that uses it. */
async function verified(issuer = 'https://id.example.com', name = 'Web_Chat'): Promise<readonly SeedFile[]> {
  return [
    ...ROUTING,
    await key('Shape_Key'),
    keyset('Identity', issuer, 'Shape_Key'),
    channel(name, authorization('Identity')),
  ];
}

const WEB = { channels: ['Web_Chat'] };
const BOTH = { channels: ['Web_Chat', 'Guest_Chat'] };
const toAgent = channel('Web_Chat', authorization('Identity'), {
  routing:
    '<sessionHandlerAsa>Helper</sessionHandlerAsa><sessionHandlerQueue>Chat</sessionHandlerQueue><sessionHandlerType>AgentforceServiceAgent</sessionHandlerType>',
});
const toFlow = channel('Web_Chat', authorization('Identity'), {
  routing:
    '<sessionHandlerFlow>Route_Chat</sessionHandlerFlow><sessionHandlerQueue>Chat</sessionHandlerQueue><sessionHandlerType>Flow</sessionHandlerType>',
});

/** The same project at each API version. An element of a later version isn't in an older project. */
async function versions(): Promise<readonly ProjectShape[]> {
  const parts = [...(await verified()), deployment('Web_Chat', 'Web_Chat'), deployment('App', 'Web_Chat', 'Mobile')];
  return ['62.0', '63.0', '64.0', '65.0', '66.0', '67.0', undefined].map((version) => ({
    name: version === undefined ? 'no sourceApiVersion' : `API ${version}`,
    files: {
      'sfdx-project.json': projectFile(version),
      ...sources(Number(version ?? 67) < 66 ? parts.map((each) => withoutTagline(each)) : parts),
    },
    org: WEB,
  }));
}

const withoutTagline = (file: SeedFile): SeedFile => (TAGLINE.test(file.content) ? edited(file, [TAGLINE, '']) : file);

/** Projects shaped like those of public repositories (34 repositories with messaging channels were read for this list). */
export async function projectShapes(): Promise<readonly ProjectShape[]> {
  const base = await verified();
  const withoutChannel = base.filter(({ path }) => !path.startsWith('messagingChannels/'));
  const shape = (name: string, files: readonly SeedFile[], more: Partial<ProjectShape> = {}): ProjectShape => ({
    name,
    org: WEB,
    ...more,
    files: { 'sfdx-project.json': projectFile('67.0'), ...sources(files), ...more.files },
  });
  return [
    ...(await versions()),
    {
      name: 'three package directories',
      files: {
        'sfdx-project.json': projectFile('65.0', ['packages/chat', 'packages/keys', 'unpackaged']),
        ...sources(
          base.filter(({ path }) => /Channel|queue/i.test(path)),
          'packages/chat/main/default',
        ),
        ...sources(
          base.filter(({ path }) => path.startsWith('PublicKey')),
          'packages/keys/main/default',
        ),
        ...sources([CASE_QUEUE, STAFF], 'unpackaged'),
      },
      org: WEB,
    },
    {
      name: 'an origin in two packages',
      files: {
        'sfdx-project.json': projectFile('66.0', ['force-app', 'extra']),
        ...sources([...base, origin('Shop', 'https://shop.example.com')]),
        ...sources([origin('Shop', 'https://shop.example.com')], 'extra/main/default'),
      },
      org: WEB,
    },
    shape('a flow in the same project', [...withoutChannel, toFlow, flow('Route_Chat')], {
      org: { ...WEB, existing: ['Flow:Route_Chat'] },
      seed: [flow('Route_Chat')],
    }),
    shape('an agent that the deploy drops', [...withoutChannel, toAgent, bot('Helper')], {
      org: { ...WEB, existing: ['Bot:Helper'] },
      seed: [bot('Helper')],
    }),
    shape('an agent that the deploy binds', [...withoutChannel, toAgent], {
      org: { ...WEB, existing: ['Bot:Helper'] },
      seed: [bot('Helper')],
      options: { agentRouting: 'bound' },
    }),
    shape('SMS channels, case queues, and an invalid permission set', [...base, SMS, CASE_QUEUE, STAFF]),
    shape('an SMS channel and other channels in the org', base, { seed: [...ROUTING, SMS, GUEST] }),
    shape(
      'a replacement by a variable',
      [
        ...ROUTING,
        await key('Shape_Key'),
        keyset('Identity', 'ISSUER_URL', 'Shape_Key'),
        channel('Web_Chat', authorization('Identity')),
      ],
      {
        files: {
          'sfdx-project.json': projectFile('67.0', ['force-app'], {
            replacements: [
              {
                glob: 'force-app/**/*.PublicKeyCertificateSet-meta.xml',
                stringToReplace: 'ISSUER_URL',
                replaceWithEnv: 'SHAPE_ISSUER',
              },
            ],
          }),
        },
        env: { SHAPE_ISSUER: 'https://id.shape.example.com' },
      },
    ),
    shape(
      'a replacement by a file',
      base.map((each) => (each.path.startsWith('queues/') ? edited(each, ['agents@example.com', 'DESK_EMAIL']) : each)),
      {
        files: {
          'sfdx-project.json': projectFile('67.0', ['force-app'], {
            replacements: [
              {
                filename: `${MAIN}/queues/Chat.queue-meta.xml`,
                stringToReplace: 'DESK_EMAIL',
                replaceWithFile: 'replacements/desk.txt',
              },
            ],
          }),
          'replacements/desk.txt': 'desk@shop.example.com',
        },
      },
    ),
    shape(
      'an ignored chat deployment with errors',
      [...base, edited(deployment('Old_Web', 'Web_Chat'), ['>API<', '>Fax<'])],
      {
        files: { '.forceignore': '**/Old_Web.EmbeddedServiceConfig-meta.xml\n**/jsconfig.json\n' },
      },
    ),
    shape(
      'files with CRLF and a byte order mark',
      base.map(({ path, content }) => ({ path, content: `\uFEFF${content.replaceAll('\n', '\r\n')}` })),
    ),
    shape(
      'comments and whitespace',
      base.map((each) => edited(each, [/>\n</, '>\n\n    <!-- as in Setup -->\n<'])),
    ),
    shape('a Web chat deployment with the site of another org', [
      ...base,
      deployment('Site', 'Web_Chat', 'Web', '<site>ESW_Site_1700000000001</site>'),
    ]),
    shape('a Web chat deployment that the org has', [...base, deployment('Site', 'Web_Chat', 'Web')], {
      seed: [
        ...base,
        edited(deployment('Site', 'Web_Chat', 'Web', '<site>ESW_Site_1799999999999</site>'), [
          '<masterLabel>Site<',
          '<masterLabel>Old<',
        ]),
      ],
    }),
    shape(
      'custom components and pre-chat forms',
      [
        ...base,
        edited(deployment('App', 'Web_Chat'), [
          '<embeddedServiceMessagingChannel>',
          `${FORMS}<embeddedServiceMessagingChannel>`,
        ]),
      ],
      { seed: HEADER },
    ),
    shape(
      'automated responses and a message definition',
      [...withoutChannel, channel('Web_Chat', authorization('Identity'), { more: RESPONSES })],
      { seed: [MESSAGE] },
    ),
    shape(
      'a routing configuration with skills and an overflow queue',
      [
        ...base.filter(({ path }) => !path.startsWith('queueRoutingConfigs/')),
        edited(
          routing(),
          ['<label>', '<queueOverflowAssignee>Chat</queueOverflowAssignee><label>'],
          [/(<routingPriority>.*<\/routingPriority>)/, '$1<skills><skill>Returns</skill></skills>'],
        ),
      ],
      { seed: [SKILL] },
    ),
    shape(
      'allowed origins of orgs',
      [...base, origin('Shop', 'https://shop.example.com'), origin('Star', 'https://*.my.site.com')],
      {
        org: { ...WEB, include: ['CorsWhitelistOrigin:Shop', 'CorsWhitelistOrigin:Star'] },
      },
    ),
    shape('a verified and an unverified channel', [...base, GUEST], { org: BOTH }),
    shape(
      'an endpoint keyset with an override',
      [
        ...ROUTING,
        endpointKeyset('Identity', 'https://id.example.com', 'https://id.example.com/keys'),
        channel('Web_Chat', authorization('Identity')),
      ],
      {
        org: {
          ...WEB,
          overrides: { PublicKeyCertificateSet: { Identity: { jwtIssuer: 'https://id.uat.example.com' } } },
        },
      },
    ),
    shape('an inactive channel', [...base, GUEST], { org: { ...BOTH, inactive: ['Guest_Chat'] } }),
    shape('Session-Based Chat of an unverified channel in the org', [...base, GUEST], {
      org: BOTH,
      seed: [
        ...ROUTING,
        edited(GUEST, ['<masterLabel>', '<isSynchronousChatEnabled>true</isSynchronousChatEnabled><masterLabel>']),
      ],
    }),
    shape(
      'Experience Cloud and other types around',
      [
        ...base,
        metadata('sites/Shop.site', 'CustomSite', '<active>true</active>'),
        metadata('networks/Shop.network', 'Network', '<status>Live</status>'),
      ],
      {
        files: {
          [`${MAIN}/digitalExperiences/site/Shop1/Shop1.digitalExperience-meta.xml`]: `<DigitalExperienceBundle ${NAMESPACE}><label>Shop</label></DigitalExperienceBundle>`,
          [`${MAIN}/digitalExperiences/site/Shop1/sfdc_cms__site/Shop1/content.json`]: '{"type":"sfdc_cms__site"}',
          [`${MAIN}/genAiPlugins/Orders.genAiPlugin-meta.xml`]: `<GenAiPlugin ${NAMESPACE}><masterLabel>Orders</masterLabel></GenAiPlugin>`,
        },
      },
    ),
  ];
}
