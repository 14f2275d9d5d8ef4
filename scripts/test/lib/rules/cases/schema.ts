import { FILE } from '../project';
import type { RuleCase } from './case';

const LABEL = '<masterLabel>Web</masterLabel>';

export const SCHEMA_CASES: readonly RuleCase[] = [
  {
    rule: 'unknown-element',
    when: 'the name of an element is misspelt',
    breaks: { [FILE.web]: [[LABEL, `${LABEL}\n<masterLable>Web</masterLable>`]] },
    at: [FILE.web, '<masterLable>'],
    unless: 'the element is a declared one that this project never uses',
    keeps: { [FILE.web]: [[LABEL, `${LABEL}\n<isVoiceModeEnabled>false</isVoiceModeEnabled>`]] },
  },
  {
    rule: 'missing-element',
    when: 'a required element is missing',
    breaks: { [FILE.web]: [['<sessionHandlerType>Queue</sessionHandlerType>', '']] },
    at: [FILE.web, '<MessagingChannel'],
    unless: 'the missing element is optional',
    keeps: { [FILE.web]: [['<description>Web channel</description>', '']] },
  },
  {
    rule: 'missing-element',
    when: 'a required element inside another is empty',
    breaks: { [FILE.app]: [['<isEnabled>true</isEnabled>', '<isEnabled/>']] },
    at: [FILE.app, '<isEnabled/>'],
    unless: 'an optional text is empty',
    keeps: { [FILE.web]: [['<description>Web channel</description>', '<description/>']] },
  },
  {
    rule: 'repeated-element',
    when: 'an element that may occur once occurs twice',
    breaks: { [FILE.web]: [[LABEL, `${LABEL}\n<masterLabel >Web</masterLabel>`]] },
    at: [FILE.web, '<masterLabel >'],
    unless: 'the element is a list',
    keeps: {
      [FILE.queue]: [
        ['</queueSobject>', '</queueSobject><queueSobject><sobjectType>Case</sobjectType></queueSobject>'],
      ],
    },
  },
  {
    rule: 'repeated-key',
    when: 'a keyset lists the same key twice',
    breaks: { [FILE.spare]: [['Key_C</publicKeyCertificate>', 'Key_B</publicKeyCertificate><!-- again -->']] },
    at: [FILE.spare, 'again'],
    unless: 'it lists two',
    keeps: {},
  },
  {
    rule: 'bad-value',
    when: 'a value is none of its enumeration',
    breaks: { [FILE.spare]: [['<type>JWKS<', '<type>Jwks<']] },
    at: [FILE.spare, '<type>'],
    unless: 'it is one of them, with blanks around it',
    keeps: { [FILE.spare]: [['<type>JWKS<', '<type> JWKS <']] },
  },
  {
    rule: 'bad-value',
    when: 'a boolean is not true, false, 1 or 0',
    breaks: { [FILE.app]: [['<isEnabled>true<', '<isEnabled>yes<']] },
    at: [FILE.app, '<isEnabled>'],
    unless: 'it is 1',
    keeps: { [FILE.app]: [['<isEnabled>true<', '<isEnabled>1<']] },
  },
  {
    rule: 'bad-value',
    when: 'a number has a unit',
    breaks: { [FILE.web]: [['>60<', '>1h<']] },
    at: [FILE.web, '<verifiedUserJwtExpirationTime>'],
    unless: 'it is marked as nil',
    keeps: {
      [FILE.web]: [
        ['<MessagingChannel ', '<MessagingChannel xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance" '],
        ['<verifiedUserJwtExpirationTime>60<', '<verifiedUserJwtExpirationTime xsi:nil="true"><'],
      ],
    },
  },
  {
    rule: 'bad-value',
    when: 'an element that holds others holds text',
    breaks: { [FILE.queue]: [['<queueSobject>', '<queueMembers>Ann</queueMembers>\n<queueSobject>']] },
    at: [FILE.queue, '<queueMembers>'],
    unless: 'it holds the others',
    keeps: {
      [FILE.queue]: [['<queueSobject>', '<queueMembers><users><user>Ann</user></users></queueMembers><queueSobject>']],
    },
  },
  {
    rule: 'bad-value',
    when: 'an element that holds a value holds others',
    breaks: { [FILE.queue]: [['<name>', '<email><at>x</at></email>\n<name>']] },
    at: [FILE.queue, '<email>'],
    unless: 'it holds the value',
    keeps: { [FILE.queue]: [['<name>', '<email>chat@example.com</email>\n<name>']] },
  },
  {
    rule: 'unresolved-reference',
    when: 'a queue is named that nobody has',
    breaks: { [FILE.web]: [['<sessionHandlerQueue>Chat<', '<sessionHandlerQueue>Chats<']] },
    at: [FILE.web, '<sessionHandlerQueue>'],
    unless: 'every org says that it exists there',
    keeps: {
      [FILE.web]: [['<sessionHandlerQueue>Chat<', '<sessionHandlerQueue>Chats<']],
      [FILE.dev]: [['"kind"', '"existing": ["Queue:Chats"], "kind"']],
      [FILE.prod]: [['"kind"', '"existing": ["Queue:Chats"], "kind"']],
    },
  },
  {
    rule: 'unresolved-reference',
    when: 'a flow is named that one of the orgs does not have',
    breaks: {
      [FILE.web]: [['<sessionHandlerQueue>', '<sessionHandlerFlow>Route</sessionHandlerFlow>\n<sessionHandlerQueue>']],
      [FILE.dev]: [['"kind"', '"existing": ["Flow:Route"], "kind"']],
    },
    at: [FILE.web, '<sessionHandlerFlow>'],
    unless: 'all of them have it',
    keeps: {
      [FILE.web]: [['<sessionHandlerQueue>', '<sessionHandlerFlow>Route</sessionHandlerFlow>\n<sessionHandlerQueue>']],
      [FILE.dev]: [['"kind"', '"existing": ["Flow:Route"], "kind"']],
      [FILE.prod]: [['"kind"', '"existing": ["Flow:Route"], "kind"']],
    },
  },
  {
    rule: 'api-version',
    when: 'sourceApiVersion is 61.0',
    breaks: { [FILE.project]: [['67.0', '61.0']] },
    at: [FILE.project, 'sourceApiVersion'],
    unless: 'it is 62.0',
    keeps: { [FILE.project]: [['67.0', '62.0']] },
  },
  {
    rule: 'api-version',
    when: 'sourceApiVersion is not a version',
    breaks: { [FILE.project]: [['67.0', 'v67']] },
    at: [FILE.project, 'sourceApiVersion'],
    unless: 'it has three digits',
    keeps: { [FILE.project]: [['67.0', '100.0']] },
  },
];
