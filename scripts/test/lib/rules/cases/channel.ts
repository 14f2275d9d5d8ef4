import { AUTHORIZATION, FILE, xml } from '../valid-project';
import type { RuleCase } from './rule-case';

const SESSION_BASED = '<isSynchronousChatEnabled>true</isSynchronousChatEnabled>\n<masterLabel>';
const VERIFIED = '<verifiedUserJwtExpirationTime>';
const UNVERIFIED = '<anonymousUserJwtExpirationTime>';

const verifiedMinutes = (minutes: string) => ({ [FILE.web]: [[`${VERIFIED}60<`, `${VERIFIED}${minutes}<`]] }) as const;
const unverifiedMinutes = (minutes: string) =>
  ({ [FILE.guest]: [[`${UNVERIFIED}360<`, `${UNVERIFIED}${minutes}<`]] }) as const;

const GUEST_CONFIG = `<embeddedConfig>
<anonymousUserJwtExpirationTime>360</anonymousUserJwtExpirationTime>
<authMode>UnAuth</authMode>

<verifiedUserJwtExpirationTime>60</verifiedUserJwtExpirationTime>
</embeddedConfig>
`;
const WITHOUT_CHANNEL = xml(
  'EmbeddedServiceConfig',
  '<deploymentFeature>EmbeddedMessaging</deploymentFeature>\n<deploymentType>Mobile</deploymentType>\n<masterLabel>App</masterLabel>',
);
/** An org receives a chat deployment without a channel only if its org file includes it. */
const INCLUDED = [['"channels"', '"include": ["EmbeddedServiceConfig:Mobile_App"], "channels"']] as const;

/** A value that violates the rule, and one that follows it. */
const expirationCase = (rule: string, breaks: string, keeps: string): RuleCase => {
  const ofVerified = rule.startsWith('verified');
  const edit = ofVerified ? verifiedMinutes : unverifiedMinutes;
  const location = ofVerified ? ([FILE.web, VERIFIED] as const) : ([FILE.guest, UNVERIFIED] as const);
  return {
    rule,
    violatedWhen: `it is ${breaks} minutes`,
    violation: edit(breaks),
    location,
    validWhen: `it is ${keeps}`,
    valid: edit(keeps),
  };
};

export const CHANNEL_CASES: readonly RuleCase[] = [
  {
    rule: 'auth-mode',
    violatedWhen: 'authMode is written in another case',
    violation: { [FILE.guest]: [['UnAuth', 'Unauth']] },
    location: [FILE.guest, '<authMode>'],
    validWhen: 'it is UnAuth',
    valid: {},
  },
  {
    rule: 'auth-mode-not-set',
    violatedWhen: 'an Enhanced Chat channel has no embeddedConfig',
    violation: { [FILE.guest]: [[GUEST_CONFIG, '']] },
    location: [FILE.guest, '<MessagingChannel'],
    validWhen: 'a channel of another type has none',
    valid: {
      [FILE.guest]: [
        [GUEST_CONFIG, ''],
        ['>EmbeddedMessaging<', '>WhatsApp<'],
      ],
    },
  },
  {
    rule: 'chat-deployment-channel',
    violatedWhen: 'a chat deployment for Enhanced Chat names no channel',
    violation: {
      [FILE.app]: WITHOUT_CHANNEL,
      [FILE.dev]: INCLUDED,
      [FILE.prod]: INCLUDED,
    },
    location: [FILE.app, '<EmbeddedServiceConfig'],
    validWhen: 'it is one of another feature',
    valid: {
      [FILE.app]: WITHOUT_CHANNEL.replace('>EmbeddedMessaging<', '>LiveAgent<'),
      [FILE.dev]: INCLUDED,
      [FILE.prod]: INCLUDED,
    },
  },
  {
    rule: 'not-enhanced-chat',
    violatedWhen: 'a WhatsApp channel has user verification on',
    violation: { [FILE.web]: [['>EmbeddedMessaging<', '>WhatsApp<']] },
    location: [FILE.web, '<messagingChannelType>'],
    validWhen: 'its user verification is off',
    valid: { [FILE.guest]: [['>EmbeddedMessaging<', '>WhatsApp<']] },
  },
  {
    rule: 'session-based-chat',
    violatedWhen: 'a channel with verification is session-based',
    violation: { [FILE.web]: [['<masterLabel>', SESSION_BASED]] },
    location: [FILE.web, '<isSynchronousChatEnabled>'],
    validWhen: 'the channel is unverified',
    valid: { [FILE.guest]: [['<masterLabel>', SESSION_BASED]] },
  },
  {
    rule: 'channel-without-queue',
    violatedWhen: 'a chat channel names no queue',
    violation: { [FILE.guest]: [['<sessionHandlerQueue>Chat</sessionHandlerQueue>', '']] },
    location: [FILE.guest, '<MessagingChannel'],
    validWhen: 'it names one',
    valid: {},
  },
  {
    rule: 'queue-without-sessions',
    violatedWhen: 'the queue of a channel accepts only cases',
    violation: { [FILE.queue]: [['>MessagingSession<', '>Case<']] },
    location: [FILE.queue, '<queueSobject>'],
    validWhen: 'it accepts messaging sessions',
    valid: {},
  },
  {
    rule: 'queue-without-routing',
    violatedWhen: 'the queue of a channel has no routing configuration',
    violation: { [FILE.queue]: [['<queueRoutingConfig>Chat</queueRoutingConfig>', '']] },
    location: [FILE.queue, '<Queue'],
    validWhen: 'it has one',
    valid: {},
  },
  expirationCase('unverified-expiration', '59', '60'),
  expirationCase('unverified-expiration', '4321', '4320'),
  expirationCase('unverified-expiration', '360.5', '360'),
  expirationCase('unverified-expiration', '-60', '+60'),
  expirationCase('verified-expiration', '59', '60'),
  expirationCase('verified-expiration', '4321', '60'),
  expirationCase('verified-expiration', '60.5', '61'),
  expirationCase('verified-expiration-disputed', '241', '240'),
  expirationCase('verified-expiration-disputed', '4320', '240'),
  {
    rule: 'app-mixed-verification',
    violatedWhen: 'a verified and an unverified channel name the same app',
    violation: {
      [FILE.guest]: [['Guest channel', 'Guest channel\nApp: com.example.shop']],
      [FILE.web]: [['Web channel', 'Web channel\n  app: com.example.other , Com.Example.Shop']],
    },
    location: [FILE.web, '<authMode>'],
    validWhen: 'the channels name different apps',
    valid: {
      [FILE.guest]: [['Guest channel', 'Guest channel\nApp: com.example.shop']],
      [FILE.web]: [['Web channel', 'Web channel\nApp: com.example.other. Not for App: com.example.shop']],
    },
  },
  {
    rule: 'app-mixed-verification',
    violatedWhen: 'an unverified channel names the Mobile deployment of a verified one',
    violation: { [FILE.guest]: [['Guest channel', 'App: Mobile_App']] },
    location: [FILE.mobile, '<authMode>'],
    validWhen: 'the deployment is for another kind of client',
    valid: { [FILE.guest]: [['Guest channel', 'App: Mobile_App']], [FILE.app]: [['>Mobile<', '>API<']] },
  },
];

const DISABLED = AUTHORIZATION.replace('Customer', 'Other').replace('>true<', '>false<');

/** A second, disabled configuration on the channel that no org gets. */
const secondAuthorization = (from = '', to = '') =>
  ({ [FILE.spareChannel]: [['</authMode>', `</authMode>\n${DISABLED.replace(from, to)}`]] }) as const;

export const AUTHORIZATION_CASES: readonly RuleCase[] = [
  {
    rule: 'auth-without-authorization',
    violatedWhen: 'the only configuration is disabled',
    violation: { [FILE.spareChannel]: [['<enabled>true<', '<enabled>false<']] },
    location: [FILE.spareChannel, '<messagingAuthorizations>'],
    validWhen: 'another one is enabled',
    valid: secondAuthorization(),
  },
  {
    rule: 'auth-without-authorization',
    violatedWhen: 'there is no configuration',
    violation: { [FILE.guest]: [['UnAuth', 'Auth']] },
    location: [FILE.guest, '<embeddedConfig>'],
    validWhen: 'the channel is unverified',
    valid: {},
  },
  {
    rule: 'authorization-without-auth',
    violatedWhen: 'an unverified channel has a configuration',
    violation: { [FILE.spareChannel]: [['>Auth<', '>UnAuth<']] },
    location: [FILE.spareChannel, '<messagingAuthorizations>'],
    validWhen: 'the channel verifies users',
    valid: {},
  },
  {
    rule: 'authorization-type',
    violatedWhen: 'the authorization type is AuthProvider',
    violation: { [FILE.web]: [['>PublicKeyCertificateSet<', '>AuthProvider<']] },
    location: [FILE.web, '<authorizationType>'],
    validWhen: 'it is a keyset',
    valid: {},
  },
  {
    rule: 'authorization-provider',
    violatedWhen: 'authProviderName is set',
    violation: { [FILE.web]: [['<authorizationType>', '<authProviderName>X</authProviderName>\n<authorizationType>']] },
    location: [FILE.web, '<authProviderName>'],
    validWhen: 'it is empty',
    valid: { [FILE.web]: [['<authorizationType>', '<authProviderName/>\n<authorizationType>']] },
  },
  {
    rule: 'authorization-keyset',
    violatedWhen: 'a configuration names no keyset',
    violation: { [FILE.web]: [['<publicKeyCertificateSetName>Uploaded</publicKeyCertificateSetName>', '']] },
    location: [FILE.web, '<messagingAuthorizations>'],
    validWhen: 'it names one',
    valid: {},
  },
  {
    rule: 'authorization-enabled-not-set',
    violatedWhen: 'a configuration does not declare enabled',
    violation: secondAuthorization('<enabled>false</enabled>', ''),
    location: [FILE.spareChannel, '<messagingAuthorizations>'],
    validWhen: 'it declares false',
    valid: secondAuthorization(),
  },
  {
    rule: 'auth-identifier',
    violatedWhen: 'a Configuration Name starts with a digit',
    violation: secondAuthorization('Other', '1Other'),
    location: [FILE.spareChannel, '1Other'],
    validWhen: 'the digit is at the end',
    valid: secondAuthorization('Other', 'Other_1'),
  },
  {
    rule: 'auth-identifier',
    violatedWhen: 'a Configuration Name has a trailing space',
    violation: secondAuthorization('Other', 'Other '),
    location: [FILE.spareChannel, 'Other '],
    validWhen: 'it has none',
    valid: secondAuthorization(),
  },
  {
    rule: 'identifier-two-keysets',
    violatedWhen: 'two channels have one Configuration Name for different keysets',
    violation: { [FILE.web]: [['>Uploaded<', '>Spare<']] },
    location: [FILE.web, '>Spare<'],
    validWhen: 'they are in different orgs',
    valid: {},
  },
  {
    rule: 'keyset-two-identifiers',
    violatedWhen: 'two channels have different Configuration Names for one keyset',
    violation: { [FILE.web]: [['>Customer<', '>Customer_Web<']] },
    location: [FILE.web, '>Customer_Web<'],
    validWhen: 'one of the configurations is disabled',
    valid: { [FILE.web]: [['</authMode>', `</authMode>\n${DISABLED}`]] },
  },
];
