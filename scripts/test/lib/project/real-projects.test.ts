import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Finding } from '../../../lib/model';
import { loadProject } from '../../../lib/project';
import { withFolder } from './temp-folder';

type Files = Readonly<Record<string, string>>;

const APP = 'force-app/main/default';
const NAMESPACE =
  'xmlns="http://soap.sforce.com/2006/04/metadata" xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance"';
const xml = (type: string, content: string): string => `<${type} ${NAMESPACE}>\n${content}\n</${type}>\n`;

const projectFile = (members: object = {}): string =>
  JSON.stringify({ packageDirectories: [{ path: 'force-app' }], sourceApiVersion: '67.0', ...members }, null, 1);
const orgFile = (members: object = {}): string =>
  JSON.stringify({ orgId: '00D000000000001EAA', kind: 'sandbox', channels: ['Shop'], ...members });

const channel = (routing: string): string =>
  xml(
    'MessagingChannel',
    `<embeddedConfig><authMode>UnAuth</authMode></embeddedConfig>
<masterLabel>Shop</masterLabel>
<messagingChannelType>EmbeddedMessaging</messagingChannelType>
${routing}`,
  );
const ROUTING = '<sessionHandlerQueue>Chat</sessionHandlerQueue><sessionHandlerType>Queue</sessionHandlerType>';
const FLOW_ROUTING = `<sessionHandlerFlow>Route</sessionHandlerFlow>${ROUTING.replace('>Queue<', '>Flow<')}`;
const TEXT = xml(
  'MessagingChannel',
  '<masterLabel>Texts</masterLabel><messagingChannelType>Text</messagingChannelType><sessionHandlerType xsi:nil="true"/>',
);
const queue = (content: string): string =>
  xml('Queue', `<name>Chat</name><queueRoutingConfig>Chat</queueRoutingConfig>${content}`);
const SESSIONS = '<queueSobject><sobjectType>MessagingSession</sobjectType></queueSobject>';
const FLAGS = ['isEnabled', 'shouldShowDeliveryReceipts', 'shouldShowEmojiSelection', 'shouldShowReadReceipts'];
const chatDeployment = (flags: readonly string[]): string =>
  xml(
    'EmbeddedServiceConfig',
    `<deploymentFeature>EmbeddedMessaging</deploymentFeature><deploymentType>API</deploymentType>
<embeddedServiceMessagingChannel><messagingChannel>Shop</messagingChannel>
${flags.map((name) => `<${name}>false</${name}>`).join('\n')}
</embeddedServiceMessagingChannel><masterLabel>Shop</masterLabel>`,
  );
const FLAGS_65 = [...FLAGS, 'shouldShowTypingIndicators', 'shouldStartNewLineOnEnter'];

const PROJECT: Files = {
  'sfdx-project.json': projectFile(),
  'config/orgs/dev.json': orgFile(),
  [`${APP}/messagingChannels/Shop.messagingChannel-meta.xml`]: channel(ROUTING),
  [`${APP}/queues/Chat.queue-meta.xml`]: queue(SESSIONS),
  [`${APP}/queueRoutingConfigs/Chat.queueRoutingConfig-meta.xml`]: xml(
    'QueueRoutingConfig',
    '<label>Chat</label><routingModel>LEAST_ACTIVE</routingModel><routingPriority>1</routingPriority>',
  ),
};

const findingsIn = (files: Files): readonly Finding[] =>
  withFolder({ ...PROJECT, ...files }, (folder) => loadProject(folder, { orgs: [] }, new Date('2026-10-01')).findings);

const summaries = (files: Files): readonly string[] =>
  findingsIn(files)
    .map(({ severity, rule, component }) => [severity, rule, component].join(' ').trim())
    .sort();

const CHAT_DEPLOYMENT = `${APP}/EmbeddedServiceConfig/Shop.EmbeddedServiceConfig-meta.xml`;
const SHOP = `${APP}/messagingChannels/Shop.messagingChannel-meta.xml`;
const QUEUE = `${APP}/queues/Chat.queue-meta.xml`;
const SALES = `${APP}/permissionsets/Sales.permissionset-meta.xml`;
const FLAWED_SALES = xml('PermissionSet', '<hasActivationRequired/>');
const TEXT_CHANNEL = `${APP}/messagingChannels/TEXT_US.messagingChannel-meta.xml`;

const CASES: readonly (readonly [claim: string, files: Files, findings: readonly string[]])[] = [
  ['a channel with a queue', {}, []],
  // API versions
  ...[62, 63, 64, 65].map((version): readonly [string, Files, readonly string[]] => [
    `a chat deployment of API ${version}.0 without the tagline`,
    {
      'sfdx-project.json': projectFile({ sourceApiVersion: `${version}.0` }),
      [CHAT_DEPLOYMENT]: chatDeployment(FLAGS_65),
    },
    [],
  ]),
  ...[66, 67].map((version): readonly [string, Files, readonly string[]] => [
    `a chat deployment of API ${version}.0 without the tagline`,
    {
      'sfdx-project.json': projectFile({ sourceApiVersion: `${version}.0` }),
      [CHAT_DEPLOYMENT]: chatDeployment(FLAGS_65),
    },
    ['error missing-element EmbeddedServiceConfig:Shop'],
  ]),
  [
    'a chat deployment of API 65.0 with the tagline',
    {
      'sfdx-project.json': projectFile({ sourceApiVersion: '65.0' }),
      [CHAT_DEPLOYMENT]: chatDeployment([...FLAGS_65, 'shouldShowAgentforceTagline']),
    },
    ['warning newer-element EmbeddedServiceConfig:Shop'],
  ],
  [
    'a channel of API 63.0 with an agent',
    {
      'sfdx-project.json': projectFile({ sourceApiVersion: '63.0' }),
      [SHOP]: channel(ROUTING.replace('>Queue<', '>AgentforceServiceAgent<')),
    },
    ['warning newer-element MessagingChannel:Shop'],
  ],
  [
    'an element that only some orgs have',
    {
      [SHOP]: channel(ROUTING).replace('</authMode>', '</authMode><presenceTimeout>5</presenceTimeout>'),
    },
    [],
  ],
  [
    'no API version',
    { 'sfdx-project.json': projectFile({ sourceApiVersion: undefined }) },
    ['note api-version-not-set'],
  ],
  ['an empty API version', { 'sfdx-project.json': projectFile({ sourceApiVersion: '' }) }, ['error api-version']],
  ['API version 61.0', { 'sfdx-project.json': projectFile({ sourceApiVersion: '61.0' }) }, ['error api-version']],
  [
    'no API version in a project with a package.json',
    {
      'sfdx-project.json': projectFile({
        sourceApiVersion: undefined,
        namespace: '',
        sfdcLoginUrl: 'https://login.salesforce.com',
      }),
      'package.json': '{}',
    },
    ['note api-version-not-set'],
  ],
  // Types that aren't deployed
  [
    'a flow in the project that the org file does not list',
    { [SHOP]: channel(FLOW_ROUTING), [`${APP}/flows/Route.flow-meta.xml`]: xml('Flow', '') },
    ['warning undeployed-reference MessagingChannel:Shop'],
  ],
  [
    'a flow in another package directory',
    {
      'sfdx-project.json': projectFile({ packageDirectories: [{ path: 'force-app' }, { path: 'flows' }] }),
      [SHOP]: channel(FLOW_ROUTING),
      'flows/Route.flow-meta.xml': xml('Flow', ''),
    },
    ['warning undeployed-reference MessagingChannel:Shop'],
  ],
  [
    'a flow that the org file lists',
    {
      'config/orgs/dev.json': orgFile({ existing: ['Flow:Route'] }),
      [SHOP]: channel(FLOW_ROUTING),
      [`${APP}/flows/Route.flow-meta.xml`]: xml('Flow', ''),
    },
    [],
  ],
  [
    'a flow that the project does not contain',
    { [SHOP]: channel(FLOW_ROUTING) },
    ['error unresolved-reference MessagingChannel:Shop'],
  ],
  // .forceignore
  [
    'a broken file that .forceignore excludes',
    { '.forceignore': '**/Old_*', [`${APP}/queues/Old_A.queue-meta.xml`]: '<' },
    [],
  ],
  [
    'a chat deployment that .forceignore excludes',
    { '.forceignore': '**/EmbeddedServiceConfig/**', [CHAT_DEPLOYMENT]: chatDeployment([]) },
    [],
  ],
  [
    'a chat deployment that .forceignore includes again',
    { '.forceignore': '**/EmbeddedServiceConfig/*\n!**/Shop.*', [CHAT_DEPLOYMENT]: chatDeployment(FLAGS_65) },
    ['error missing-element EmbeddedServiceConfig:Shop'],
  ],
  [
    'a channel of an org that .forceignore excludes',
    { '.forceignore': 'Shop.messagingChannel-meta.xml' },
    ['error unknown-component MessagingChannel:Shop'],
  ],
  [
    'a queue that .forceignore excludes and the org has',
    { '.forceignore': '**/queues/**', 'config/orgs/dev.json': orgFile({ existing: ['Queue:Chat'] }) },
    [],
  ],
  // Components that no org receives
  ['an SMS channel of no org', { [TEXT_CHANNEL]: TEXT }, []],
  [
    'an SMS channel of an org',
    { [TEXT_CHANNEL]: TEXT, 'config/orgs/dev.json': orgFile({ channels: ['Shop', 'TEXT_US'] }) },
    [],
  ],
  [
    'an SMS channel of no org with an invalid value',
    { [TEXT_CHANNEL]: TEXT.replace('>Text<', '>Pigeon<') },
    ['note bad-value MessagingChannel:TEXT_US'],
  ],
  [
    'a case queue with errors',
    { [`${APP}/queues/Cases.queue-meta.xml`]: xml('Queue', '<email/>') },
    ['note missing-element Queue:Cases'],
  ],
  ['a permission set with errors that no org file names', { [SALES]: FLAWED_SALES }, []],
  ['a broken permission set that no org file names', { [SALES]: '<PermissionSet>' }, []],
  [
    'a permission set with errors that an org file includes',
    { [SALES]: FLAWED_SALES, 'config/orgs/dev.json': orgFile({ include: ['PermissionSet:Sales'] }) },
    ['error bad-value PermissionSet:Sales', 'error missing-element PermissionSet:Sales'],
  ],
  [
    'a permission set that the shared values of the orgs include',
    { [SALES]: FLAWED_SALES, 'config/orgs/_defaults.json': JSON.stringify({ include: ['PermissionSet:Sales'] }) },
    ['error bad-value PermissionSet:Sales', 'error missing-element PermissionSet:Sales'],
  ],
  [
    'the override of a permission set that no org receives',
    {
      [SALES]: FLAWED_SALES,
      'config/orgs/dev.json': orgFile({ overrides: { PermissionSet: { Sales: { label: 'Sales' } } } }),
    },
    [
      'error unused-override PermissionSet:Sales',
      'note bad-value PermissionSet:Sales',
      'note missing-element PermissionSet:Sales',
    ],
  ],
  [
    'a broken permission set of the member site',
    {
      'sfdx-project.json': projectFile({ packageDirectories: [{ path: 'force-app' }, { path: 'member-site' }] }),
      'member-site/Sales.permissionset-meta.xml': '<PermissionSet>',
    },
    ['note ill-formed-xml PermissionSet:Sales'],
  ],
  [
    'a broken file of a component that no org receives',
    { [`${APP}/queues/Cases.queue-meta.xml`]: '<Queue>' },
    ['note ill-formed-xml Queue:Cases'],
  ],
  [
    'a broken file of a queue that an org receives, without findings about its channel',
    { [QUEUE]: '<Queue>' },
    ['error ill-formed-xml Queue:Chat'],
  ],
  [
    'a broken file of a channel that an org lists',
    { [SHOP]: '<MessagingChannel>' },
    ['error ill-formed-xml MessagingChannel:Shop'],
  ],
  [
    'a broken chat deployment, because its channel is not known',
    { [CHAT_DEPLOYMENT]: '<EmbeddedServiceConfig>' },
    ['error ill-formed-xml EmbeddedServiceConfig:Shop'],
  ],
  [
    'one origin in two packages',
    Object.fromEntries(
      ['a', 'b'].map((folder) => [
        `force-app/${folder}/corsWhitelistOrigins/Star.corsWhitelistOrigin-meta.xml`,
        xml('CorsWhitelistOrigin', `<urlPattern>https://*${folder}.example.com</urlPattern>`),
      ]),
    ),
    ['note duplicate-component CorsWhitelistOrigin:Star'],
  ],
  [
    'two different files of a queue that an org receives',
    { [`force-app/b/Chat.queue-meta.xml`]: queue(`<email>a@b.example</email>${SESSIONS}`) },
    ['error duplicate-component Queue:Chat'],
  ],
  // Web chat deployments
  ...(
    [
      ['the site of another org', ['<site>ESW_Other_1</site>']],
      ['the branding of another org', ['<branding>EmbeddedServiceConfig_BrandingSet_1a0b</branding>']],
      ['a site and a branding', ['<branding>Own</branding>', '<site>Own</site>']],
    ] as const
  ).map(([what, elements]): readonly [string, Files, readonly string[]] => [
    `a Web chat deployment with ${what}`,
    {
      [CHAT_DEPLOYMENT]: chatDeployment([...FLAGS_65, 'shouldShowAgentforceTagline'])
        .replace('>API<', '>Web<')
        .replace('<masterLabel>', `${elements.join('')}<masterLabel>`),
    },
    elements.map(() => 'warning org-value EmbeddedServiceConfig:Shop'),
  ]),
  // Org files
  [
    'an invalid org file, without findings about what it may receive or list',
    {
      'config/orgs/prod.json': '{',
      [`${APP}/messagingChannels/Desk.messagingChannel-meta.xml`]: channel(ROUTING.replace('>Chat<', '>Only_In_Prod<')),
    },
    ['error ill-formed-json'],
  ],
  [
    'a single org file that is invalid, without errors about source',
    { 'config/orgs/dev.json': orgFile({ kind: 'sandboxx' }), [TEXT_CHANNEL]: TEXT.replace('>Text<', '>Pigeon<') },
    ['error bad-org-file', 'note bad-value MessagingChannel:TEXT_US'],
  ],
];

for (const [claim, files, findings] of CASES) {
  test(`findings in a project with ${claim}: ${findings.length === 0 ? 'none' : findings.join(', ')}`, () => {
    assert.deepEqual(summaries(files), findings);
  });
}

test('suggests a permission set that is not read yet for a misspelled one', () => {
  const findings = findingsIn({
    [SALES]: FLAWED_SALES,
    'config/orgs/dev.json': orgFile({ include: ['PermissionSet:Salse'] }),
  });
  assert.deepEqual(
    findings.map(({ rule, fix }) => `${rule}: ${fix}`),
    ['unknown-component: Did you mean PermissionSet:Sales?'],
  );
});

const replacing = (members: object): string =>
  projectFile({ replacements: [{ glob: '**/*.queue-meta.xml', stringToReplace: '${DESK}', ...members }] });
const DESK_QUEUE = { [QUEUE]: queue(`<email>\${DESK}</email>${SESSIONS}`) };

const REPLACEMENT_CASES: readonly (readonly [claim: string, files: Files, findings: readonly string[]])[] = [
  [
    'a variable that is set',
    { 'sfdx-project.json': replacing({ replaceWithEnv: 'REAL_PROJECTS_DESK' }) },
    ['note replacement-applied'],
  ],
  [
    'a variable that is not set',
    { 'sfdx-project.json': replacing({ replaceWithEnv: 'REAL_PROJECTS_UNSET' }) },
    ['error replacement-without-value Queue:Chat'],
  ],
  [
    'a value in a file',
    { 'sfdx-project.json': replacing({ replaceWithFile: 'desk.txt' }), 'desk.txt': 'desk@shop.example\n' },
    ['note replacement-applied'],
  ],
  [
    'a missing file',
    { 'sfdx-project.json': replacing({ replaceWithFile: 'desk.txt' }) },
    ['error replacement-without-value Queue:Chat'],
  ],
  [
    'a variable that is not set, in a component that no org receives',
    {
      'sfdx-project.json': replacing({ replaceWithEnv: 'REAL_PROJECTS_UNSET' }),
      [QUEUE]: queue(SESSIONS),
      'config/orgs/dev.json': orgFile({ existing: ['Queue:Chat'] }),
    },
    ['note replacement-without-value Queue:Chat'],
  ],
  [
    'an invalid replacement',
    { 'sfdx-project.json': replacing({}), [QUEUE]: queue(SESSIONS) },
    ['error bad-replacement'],
  ],
];

for (const [claim, files, findings] of REPLACEMENT_CASES) {
  test(`findings in a project whose replacement has ${claim}: ${findings.join(', ')}`, () => {
    process.env['REAL_PROJECTS_DESK'] = 'desk@shop.example';
    assert.deepEqual(summaries({ ...DESK_QUEUE, ...files }), findings);
  });
}

test('reports all variables that a file lacks in one finding, and no placeholder in addition', () => {
  const replacements = ['A', 'B'].map((name) => ({
    glob: '**/*.queue-meta.xml',
    stringToReplace: `\${${name}}`,
    replaceWithEnv: `REAL_PROJECTS_${name}`,
  }));
  const files = {
    'sfdx-project.json': projectFile({ replacements }),
    [QUEUE]: queue(`<email>\${B}</email>${SESSIONS}`),
  };
  const [finding, ...others] = findingsIn(files);
  assert.deepEqual([finding?.rule, others], ['replacement-without-value', []]);
  assert.match(finding?.message ?? '', /^The environment variables REAL_PROJECTS_A and REAL_PROJECTS_B aren't set\./);
});

test('names the file of a flow and the line to add to the org file', () => {
  const [finding] = findingsIn({
    [SHOP]: channel(FLOW_ROUTING),
    [`${APP}/flows/Route.flow-meta.xml`]: xml('Flow', ''),
  });
  assert.match(
    finding?.message ?? '',
    /The project contains it \(force-app\/main\/default\/flows\/Route\.flow-meta\.xml\)/,
  );
  assert.match(
    finding?.fix ?? '',
    /npx sf project deploy start --metadata Flow:Route .*"existing": \["Flow:Route"\]\.$/,
  );
});
