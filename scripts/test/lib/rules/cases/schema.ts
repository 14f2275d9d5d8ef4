import { FILE } from '../valid-project';
import type { RuleCase } from './rule-case';

const TAGLINE = '<shouldShowAgentforceTagline>false</shouldShowAgentforceTagline>\n';
const LABEL = '<masterLabel>Web</masterLabel>';

export const SCHEMA_CASES: readonly RuleCase[] = [
  {
    rule: 'unknown-element',
    violatedWhen: 'the name of an element is misspelled',
    violation: { [FILE.web]: [[LABEL, `${LABEL}\n<masterLable>Web</masterLable>`]] },
    location: [FILE.web, '<masterLable>'],
    validWhen: 'the element is a declared one that this project never uses',
    valid: { [FILE.web]: [[LABEL, `${LABEL}\n<isVoiceModeEnabled>false</isVoiceModeEnabled>`]] },
  },
  {
    rule: 'unknown-element',
    violatedWhen: 'the file lacks the element that was meant',
    violation: { [FILE.web]: [['<description>Web channel</description>', '<descripton>Web channel</descripton>']] },
    location: [FILE.web, '<descripton>'],
    validWhen: 'the name is right',
    valid: {},
  },
  {
    rule: 'missing-element',
    violatedWhen: 'a required element is missing',
    violation: { [FILE.web]: [['<sessionHandlerType>Queue</sessionHandlerType>', '']] },
    location: [FILE.web, '<MessagingChannel'],
    validWhen: 'the missing element is optional',
    valid: { [FILE.web]: [['<description>Web channel</description>', '']] },
  },
  {
    rule: 'missing-element',
    violatedWhen: 'a required element inside another is empty',
    violation: { [FILE.app]: [['<isEnabled>true</isEnabled>', '<isEnabled/>']] },
    location: [FILE.app, '<isEnabled/>'],
    validWhen: 'an optional text is empty',
    valid: { [FILE.web]: [['<description>Web channel</description>', '<description/>']] },
  },
  {
    rule: 'missing-element',
    violatedWhen: 'an element that is required from API 66.0 is missing at 66.0',
    violation: { [FILE.project]: [['67.0', '66.0']], [FILE.app]: [[TAGLINE, '']] },
    location: [FILE.app, '<embeddedServiceMessagingChannel>'],
    validWhen: 'it is missing at 65.0',
    valid: { [FILE.project]: [['67.0', '65.0']], [FILE.app]: [[TAGLINE, '']] },
  },
  {
    rule: 'missing-element',
    violatedWhen: 'a required element is empty',
    violation: { [FILE.web]: [['<sessionHandlerType>Queue</sessionHandlerType>', '<sessionHandlerType/>']] },
    location: [FILE.web, '<sessionHandlerType/>'],
    validWhen: 'it is nil, as Salesforce writes it',
    valid: {
      [FILE.web]: [
        ['<MessagingChannel ', '<MessagingChannel xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance" '],
        ['<sessionHandlerType>Queue</sessionHandlerType>', '<sessionHandlerType xsi:nil="true"/>'],
      ],
    },
  },
  {
    rule: 'newer-element',
    violatedWhen: 'the API version of the project is older than an element',
    violation: { [FILE.project]: [['67.0', '65.0']] },
    location: [FILE.app, 'shouldShowAgentforceTagline'],
    validWhen: 'it is the version that introduced the element',
    valid: { [FILE.project]: [['67.0', '66.0']] },
  },
  {
    rule: 'newer-element',
    violatedWhen: 'the API version of the project is older than a value',
    violation: {
      [FILE.project]: [['67.0', '63.0']],
      [FILE.app]: [[TAGLINE, '']],
      [FILE.web]: [['Type>Queue<', 'Type>AgentforceServiceAgent<']],
    },
    location: [FILE.web, 'AgentforceServiceAgent'],
    validWhen: 'it is the version that introduced the value',
    valid: {
      [FILE.project]: [['67.0', '64.0']],
      [FILE.app]: [[TAGLINE, '']],
      [FILE.web]: [['Type>Queue<', 'Type>AgentforceServiceAgent<']],
    },
  },
  {
    rule: 'repeated-element',
    violatedWhen: 'an element that may occur once occurs twice',
    violation: { [FILE.web]: [[LABEL, `${LABEL}\n<masterLabel >Web</masterLabel>`]] },
    location: [FILE.web, '<masterLabel >'],
    validWhen: 'the element is a list',
    valid: {
      [FILE.queue]: [
        ['</queueSobject>', '</queueSobject><queueSobject><sobjectType>Case</sobjectType></queueSobject>'],
      ],
    },
  },
  {
    rule: 'duplicate-list-item',
    violatedWhen: 'a keyset lists the same key twice',
    violation: { [FILE.spare]: [['Key_C</publicKeyCertificate>', 'Key_B</publicKeyCertificate><!-- again -->']] },
    location: [FILE.spare, 'again'],
    validWhen: 'it lists two',
    valid: {},
  },
  {
    rule: 'bad-value',
    violatedWhen: 'a value is not in its enumeration',
    violation: { [FILE.spare]: [['<type>JWKS<', '<type>Jwks<']] },
    location: [FILE.spare, '<type>'],
    validWhen: 'it is in the enumeration, with spaces around it',
    valid: { [FILE.spare]: [['<type>JWKS<', '<type> JWKS <']] },
  },
  {
    rule: 'bad-value',
    violatedWhen: 'a boolean is not true, false, 1 or 0',
    violation: { [FILE.app]: [['<isEnabled>true<', '<isEnabled>yes<']] },
    location: [FILE.app, '<isEnabled>'],
    validWhen: 'it is 1',
    valid: { [FILE.app]: [['<isEnabled>true<', '<isEnabled>1<']] },
  },
  {
    rule: 'bad-value',
    violatedWhen: 'a number has a unit',
    violation: { [FILE.web]: [['>60<', '>1h<']] },
    location: [FILE.web, '<verifiedUserJwtExpirationTime>'],
    validWhen: 'it is marked as nil',
    valid: {
      [FILE.web]: [
        ['<MessagingChannel ', '<MessagingChannel xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance" '],
        ['<verifiedUserJwtExpirationTime>60<', '<verifiedUserJwtExpirationTime xsi:nil="true"><'],
      ],
    },
  },
  {
    rule: 'bad-value',
    violatedWhen: 'a complex element contains text',
    violation: { [FILE.queue]: [['<queueSobject>', '<queueMembers>Ann</queueMembers>\n<queueSobject>']] },
    location: [FILE.queue, '<queueMembers>'],
    validWhen: 'it contains elements',
    valid: {
      [FILE.queue]: [['<queueSobject>', '<queueMembers><users><user>Ann</user></users></queueMembers><queueSobject>']],
    },
  },
  {
    rule: 'bad-value',
    violatedWhen: 'a simple element contains elements',
    violation: { [FILE.queue]: [['<name>', '<email><at>x</at></email>\n<name>']] },
    location: [FILE.queue, '<email>'],
    validWhen: 'it contains a value',
    valid: { [FILE.queue]: [['<name>', '<email>chat@example.com</email>\n<name>']] },
  },
  {
    rule: 'unresolved-reference',
    violatedWhen: 'a channel references a queue that no org has',
    violation: { [FILE.web]: [['<sessionHandlerQueue>Chat<', '<sessionHandlerQueue>Chats<']] },
    location: [FILE.web, '<sessionHandlerQueue>'],
    validWhen: 'every org file lists it as existing',
    valid: {
      [FILE.web]: [['<sessionHandlerQueue>Chat<', '<sessionHandlerQueue>Chats<']],
      [FILE.dev]: [['"kind"', '"existing": ["Queue:Chats"], "kind"']],
      [FILE.prod]: [['"kind"', '"existing": ["Queue:Chats"], "kind"']],
    },
  },
  {
    rule: 'unresolved-reference',
    violatedWhen: 'an org receives a keyset that lists a deleted key',
    violation: { [FILE.uploaded]: [['Key_B', 'Key_Z']] },
    location: [FILE.uploaded, 'Key_Z'],
    validWhen: 'every org that receives the keyset overrides its list of keys',
    valid: {
      [FILE.uploaded]: [['Key_B', 'Key_Z']],
      [FILE.dev]: [
        [
          '"jwtIssuer"',
          '"publicKeyCertificateSetKeys": [{ "publicKeyCertificate": "Key_A" }, { "publicKeyCertificate": "Key_B" }], "jwtIssuer"',
        ],
      ],
    },
  },
  {
    rule: 'unresolved-reference',
    violatedWhen: 'a channel references a flow that one of the orgs does not have',
    violation: {
      [FILE.web]: [['<sessionHandlerQueue>', '<sessionHandlerFlow>Route</sessionHandlerFlow>\n<sessionHandlerQueue>']],
      [FILE.dev]: [['"kind"', '"existing": ["Flow:Route"], "kind"']],
    },
    location: [FILE.web, '<sessionHandlerFlow>'],
    validWhen: 'all of them have it',
    valid: {
      [FILE.web]: [['<sessionHandlerQueue>', '<sessionHandlerFlow>Route</sessionHandlerFlow>\n<sessionHandlerQueue>']],
      [FILE.dev]: [['"kind"', '"existing": ["Flow:Route"], "kind"']],
      [FILE.prod]: [['"kind"', '"existing": ["Flow:Route"], "kind"']],
    },
  },
  {
    rule: 'undeployed-reference',
    violatedWhen: 'a channel references a flow of the project that the org files do not list',
    violation: {
      [FILE.web]: [['<sessionHandlerQueue>', '<sessionHandlerFlow>Route</sessionHandlerFlow>\n<sessionHandlerQueue>']],
      'force-app/main/default/flows/Route.flow-meta.xml': '<Flow/>',
    },
    location: [FILE.web, '<sessionHandlerFlow>'],
    validWhen: 'they list it',
    valid: {
      [FILE.web]: [['<sessionHandlerQueue>', '<sessionHandlerFlow>Route</sessionHandlerFlow>\n<sessionHandlerQueue>']],
      'force-app/main/default/flows/Route.flow-meta.xml': '<Flow/>',
      [FILE.dev]: [['"kind"', '"existing": ["Flow:Route"], "kind"']],
      [FILE.prod]: [['"kind"', '"existing": ["Flow:Route"], "kind"']],
    },
  },
  {
    rule: 'ignored-reference',
    violatedWhen: '.forceignore excludes a referenced routing configuration',
    violation: { '.forceignore': 'Chat.queueRoutingConfig-meta.xml' },
    location: [FILE.queue, '<queueRoutingConfig>'],
    validWhen: 'it excludes another file',
    valid: { '.forceignore': 'Chat.queueRoutingConfig' },
  },
  {
    rule: 'api-version',
    violatedWhen: 'sourceApiVersion is 61.0',
    violation: { [FILE.project]: [['67.0', '61.0']], [FILE.app]: [[TAGLINE, '']] },
    location: [FILE.project, 'sourceApiVersion'],
    validWhen: 'it is 62.0',
    valid: { [FILE.project]: [['67.0', '62.0']], [FILE.app]: [[TAGLINE, '']] },
  },
  {
    rule: 'api-version',
    violatedWhen: 'sourceApiVersion is a number',
    violation: { [FILE.project]: [['"67.0"', '67.0']] },
    location: [FILE.project, 'sourceApiVersion'],
    validWhen: 'it is a text',
    valid: {},
  },
  {
    rule: 'api-version-not-set',
    violatedWhen: 'sourceApiVersion is missing',
    violation: { [FILE.project]: '{ "packageDirectories": [{ "path": "force-app" }] }' },
    location: [FILE.project, 'packageDirectories'],
    validWhen: 'it is 67.0',
    valid: {},
  },
  {
    rule: 'api-version',
    violatedWhen: 'sourceApiVersion is not a version',
    violation: { [FILE.project]: [['67.0', 'v67']] },
    location: [FILE.project, 'sourceApiVersion'],
    validWhen: 'it has three digits',
    valid: { [FILE.project]: [['67.0', '100.0']] },
  },
  {
    rule: 'org-value',
    violatedWhen: 'a Web chat deployment has a site',
    violation: {
      [FILE.app]: [
        ['>Mobile<', '>Web<'],
        ['</EmbeddedServiceConfig>', '<site>ESW_Shop_1</site>\n</EmbeddedServiceConfig>'],
      ],
    },
    location: [FILE.app, '<site>'],
    validWhen: 'it has none',
    valid: { [FILE.app]: [['>Mobile<', '>Web<']] },
  },
];
