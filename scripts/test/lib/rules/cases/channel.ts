import { AUTHORIZATION, FILE } from '../project';
import type { RuleCase } from './case';

const SESSION_BASED = '<isSynchronousChatEnabled>true</isSynchronousChatEnabled>\n<masterLabel>';
const VERIFIED = '<verifiedUserJwtExpirationTime>';
const UNVERIFIED = '<anonymousUserJwtExpirationTime>';

const verified = (minutes: string) => ({ [FILE.web]: [[`${VERIFIED}60<`, `${VERIFIED}${minutes}<`]] }) as const;
const unverified = (minutes: string) =>
  ({ [FILE.guest]: [[`${UNVERIFIED}360<`, `${UNVERIFIED}${minutes}<`]] }) as const;

/** Boundaries: the value that breaks, and its neighbour that does not. */
const expiration = (rule: string, breaks: string, keeps: string): RuleCase => {
  const ofVerified = rule.startsWith('verified');
  const edit = ofVerified ? verified : unverified;
  const at = ofVerified ? ([FILE.web, VERIFIED] as const) : ([FILE.guest, UNVERIFIED] as const);
  return {
    rule,
    when: `it is ${breaks} minutes`,
    breaks: edit(breaks),
    at,
    unless: `it is ${keeps}`,
    keeps: edit(keeps),
  };
};

export const CHANNEL_CASES: readonly RuleCase[] = [
  {
    rule: 'auth-mode',
    when: 'authMode is written in another case',
    breaks: { [FILE.guest]: [['UnAuth', 'Unauth']] },
    at: [FILE.guest, '<authMode>'],
    unless: 'it is UnAuth',
    keeps: {},
  },
  {
    rule: 'not-enhanced-chat',
    when: 'a WhatsApp channel is to verify users',
    breaks: { [FILE.web]: [['>EmbeddedMessaging<', '>WhatsApp<']] },
    at: [FILE.web, '<messagingChannelType>'],
    unless: 'it does not verify them',
    keeps: { [FILE.guest]: [['>EmbeddedMessaging<', '>WhatsApp<']] },
  },
  {
    rule: 'session-based-chat',
    when: 'a channel with verification is session-based',
    breaks: { [FILE.web]: [['<masterLabel>', SESSION_BASED]] },
    at: [FILE.web, '<isSynchronousChatEnabled>'],
    unless: 'the channel is for guests',
    keeps: { [FILE.guest]: [['<masterLabel>', SESSION_BASED]] },
  },
  {
    rule: 'channel-without-queue',
    when: 'a chat channel names no queue',
    breaks: { [FILE.guest]: [['<sessionHandlerQueue>Chat</sessionHandlerQueue>', '']] },
    at: [FILE.guest, '<MessagingChannel'],
    unless: 'it names one',
    keeps: {},
  },
  {
    rule: 'queue-without-sessions',
    when: 'the queue of a channel takes cases only',
    breaks: { [FILE.queue]: [['>MessagingSession<', '>Case<']] },
    at: [FILE.queue, '<queueSobject>'],
    unless: 'it takes messaging sessions',
    keeps: {},
  },
  {
    rule: 'queue-without-routing',
    when: 'the queue of a channel has no routing configuration',
    breaks: { [FILE.queue]: [['<queueRoutingConfig>Chat</queueRoutingConfig>', '']] },
    at: [FILE.queue, '<Queue'],
    unless: 'it has one',
    keeps: {},
  },
  expiration('unverified-expiration', '59', '60'),
  expiration('unverified-expiration', '4321', '4320'),
  expiration('unverified-expiration', '360.5', '360'),
  expiration('unverified-expiration', '-60', '+60'),
  expiration('verified-expiration', '59', '60'),
  expiration('verified-expiration', '4321', '60'),
  expiration('verified-expiration', '60.5', '61'),
  expiration('verified-expiration-disputed', '241', '240'),
  expiration('verified-expiration-disputed', '4320', '240'),
  {
    rule: 'app-verified-and-not',
    when: 'a verified and an unverified channel name the same app',
    breaks: {
      [FILE.guest]: [['Guest channel', 'Guest channel\nApp: com.example.shop']],
      [FILE.web]: [['Web channel', 'Web channel\n  app: com.example.other , Com.Example.Shop']],
    },
    at: [FILE.web, '<authMode>'],
    unless: 'the channels name different apps',
    keeps: {
      [FILE.guest]: [['Guest channel', 'Guest channel\nApp: com.example.shop']],
      [FILE.web]: [['Web channel', 'Web channel\nApp: com.example.other. Not for App: com.example.shop']],
    },
  },
  {
    rule: 'app-verified-and-not',
    when: 'an unverified channel names the Mobile deployment of a verified one',
    breaks: { [FILE.guest]: [['Guest channel', 'App: Mobile_App']] },
    at: [FILE.mobile, '<authMode>'],
    unless: 'the deployment is for another kind of client',
    keeps: { [FILE.guest]: [['Guest channel', 'App: Mobile_App']], [FILE.app]: [['>Mobile<', '>API<']] },
  },
];

const DISABLED = AUTHORIZATION.replace('Customer', 'Other').replace('>true<', '>false<');

/** A second configuration, disabled, beside that of the channel that no org gets. */
const second = (from = '', to = '') =>
  ({ [FILE.spareChannel]: [['</authMode>', `</authMode>\n${DISABLED.replace(from, to)}`]] }) as const;

export const AUTHORIZATION_CASES: readonly RuleCase[] = [
  {
    rule: 'auth-without-authorization',
    when: 'the only configuration is disabled',
    breaks: { [FILE.spareChannel]: [['<enabled>true<', '<enabled>false<']] },
    at: [FILE.spareChannel, '<messagingAuthorizations>'],
    unless: 'another one is enabled',
    keeps: second(),
  },
  {
    rule: 'auth-without-authorization',
    when: 'there is no configuration',
    breaks: { [FILE.guest]: [['UnAuth', 'Auth']] },
    at: [FILE.guest, '<embeddedConfig>'],
    unless: 'the channel is for guests',
    keeps: {},
  },
  {
    rule: 'authorization-without-auth',
    when: 'a channel for guests has a configuration',
    breaks: { [FILE.spareChannel]: [['>Auth<', '>UnAuth<']] },
    at: [FILE.spareChannel, '<messagingAuthorizations>'],
    unless: 'the channel verifies users',
    keeps: {},
  },
  {
    rule: 'authorization-type',
    when: 'an AuthProvider is to verify users',
    breaks: { [FILE.web]: [['>PublicKeyCertificateSet<', '>AuthProvider<']] },
    at: [FILE.web, '<authorizationType>'],
    unless: 'it is a keyset',
    keeps: {},
  },
  {
    rule: 'authorization-provider',
    when: 'authProviderName is set',
    breaks: { [FILE.web]: [['<authorizationType>', '<authProviderName>X</authProviderName>\n<authorizationType>']] },
    at: [FILE.web, '<authProviderName>'],
    unless: 'it is there but empty',
    keeps: { [FILE.web]: [['<authorizationType>', '<authProviderName/>\n<authorizationType>']] },
  },
  {
    rule: 'authorization-keyset',
    when: 'a configuration names no keyset',
    breaks: { [FILE.web]: [['<publicKeyCertificateSetName>Uploaded</publicKeyCertificateSetName>', '']] },
    at: [FILE.web, '<messagingAuthorizations>'],
    unless: 'it names one',
    keeps: {},
  },
  {
    rule: 'authorization-enabled-unstated',
    when: 'a configuration does not state enabled',
    breaks: second('<enabled>false</enabled>', ''),
    at: [FILE.spareChannel, '<messagingAuthorizations>'],
    unless: 'it states false',
    keeps: second(),
  },
  {
    rule: 'auth-identifier',
    when: 'a Configuration Name starts with a digit',
    breaks: second('Other', '1Other'),
    at: [FILE.spareChannel, '1Other'],
    unless: 'the digit is at the end',
    keeps: second('Other', 'Other_1'),
  },
  {
    rule: 'auth-identifier',
    when: 'a Configuration Name has a blank after it',
    breaks: second('Other', 'Other '),
    at: [FILE.spareChannel, 'Other '],
    unless: 'it has none',
    keeps: second(),
  },
  {
    rule: 'identifier-two-keysets',
    when: 'two channels have one Configuration Name for different keysets',
    breaks: { [FILE.web]: [['>Uploaded<', '>Spare<']] },
    at: [FILE.web, '>Spare<'],
    unless: 'they are in different orgs',
    keeps: {},
  },
  {
    rule: 'keyset-two-identifiers',
    when: 'two channels have different Configuration Names for one keyset',
    breaks: { [FILE.web]: [['>Customer<', '>Customer_Web<']] },
    at: [FILE.web, '>Customer_Web<'],
    unless: 'one of the configurations is disabled',
    keeps: { [FILE.web]: [['</authMode>', `</authMode>\n${DISABLED}`]] },
  },
];
