import type { Case } from './key-cases';
import * as sample from './samples';
import { PATHS } from './samples';

export const channel = (config?: string, extra?: string) => ({
  ...sample.verifiedChannel,
  [PATHS.channel]: sample.channelXml(config, extra),
});
export const validChannel = () => sample.verifiedChannel;
export const verified = sample.embeddedConfig;
export const without = (...paths: string[]) =>
  Object.fromEntries(Object.entries(sample.verifiedChannel).filter(([path]) => !paths.includes(path)));

const apexClass = (name: string) => ({
  [`classes/${name}.cls`]: `public class ${name} { }`,
  [`classes/${name}.cls-meta.xml`]:
    '<ApexClass xmlns="http://soap.sforce.com/2006/04/metadata"><apiVersion>67.0</apiVersion></ApexClass>',
});

const unresolvable = 'Required fields are missing: [AuthorizationConfigId]'.replace(/[[\]]/g, '\\$&');

export const CHANNEL_CASES: readonly Case[] = [
  {
    rule: 'channel-auth-mode',
    breaks: () => channel(verified.replace('>Auth<', '>auth<')),
    keeps: () => channel('<authMode>UnAuth</authMode>'),
    problem: /'auth' is not a valid value for authMode/,
  },
  {
    rule: 'channel-session-based-chat',
    breaks: () => channel(verified, '<isSynchronousChatEnabled>true</isSynchronousChatEnabled>'),
    keeps: () => channel('<authMode>UnAuth</authMode>', '<isSynchronousChatEnabled>true</isSynchronousChatEnabled>'),
    problem: /^You can't enable Session-Based Chat for verified users$/,
  },
  {
    rule: 'channel-verified-expiration',
    breaks: () => channel(verified.replace('>60<', '>59<')),
    keeps: () => channel(verified.replace('>60<', '>360<')),
    problem: /between 60 and 4320/,
  },
  {
    rule: 'channel-unverified-expiration',
    breaks: () => channel(`<anonymousUserJwtExpirationTime>4321</anonymousUserJwtExpirationTime>${verified}`),
    keeps: () => channel(`<anonymousUserJwtExpirationTime>4320</anonymousUserJwtExpirationTime>${verified}`),
    problem: /between 60 and 4320/,
  },
  {
    rule: 'channel-file-size',
    breaks: () => channel(`${verified}<maxFileSize>6</maxFileSize>`),
    keeps: () => channel(`${verified}<maxFileSize>5</maxFileSize>`),
    problem: /between 1 and 5/,
  },
  {
    rule: 'channel-label-length',
    breaks: () => ({ ...channel(), [PATHS.channel]: sample.channelXml().replace('Web Chat', 'x'.repeat(81)) }),
    keeps: () => ({ ...channel(), [PATHS.channel]: sample.channelXml().replace('Web Chat', 'x'.repeat(80)) }),
    problem: /data value too large: x+ \(max length=80\)/,
  },
  {
    rule: 'channel-name',
    breaks: () => ({ ...without(PATHS.channel), 'messagingChannels/1_Web.messagingChannel': sample.channelXml() }),
    keeps: validChannel,
    problem: /begin with a letter/,
  },
  {
    rule: 'class-name',
    breaks: () => apexClass('ns__Signer'),
    keeps: () => apexClass('Own_Signer'),
    problem: /two consecutive underscores/,
  },
  {
    rule: 'authorization-keyset-exists',
    breaks: () => without(PATHS.keyset),
    keeps: validChannel,
    problem: new RegExp(`^${unresolvable}$`),
  },
  {
    rule: 'authorization-identifier',
    breaks: () => channel(verified.replace('>Customer<', '>1 Customer<')),
    keeps: validChannel,
    problem: /begin with a letter/,
  },
  {
    rule: 'channel-has-queue',
    breaks: () => ({
      ...channel(),
      [PATHS.channel]: sample.channelXml().replace('<sessionHandlerQueue>Chat</sessionHandlerQueue>', ''),
    }),
    keeps: validChannel,
    problem: /Required field is missing: sessionHandlerQueue/,
  },
  {
    rule: 'channel-queue-exists',
    breaks: () => without(PATHS.queue),
    keeps: validChannel,
    problem: /no Queue named Chat/,
  },
  {
    rule: 'channel-queue-takes-messaging-sessions',
    breaks: () => ({ ...channel(), [PATHS.queue]: sample.queueXml.replace('MessagingSession', 'Case') }),
    keeps: validChannel,
    problem: /MessagingSession/,
  },
  {
    rule: 'channel-flow-exists',
    breaks: () => channel(verified, '<sessionHandlerFlow>Route</sessionHandlerFlow>'),
    keeps: () => ({
      ...channel(verified, '<sessionHandlerFlow>Route</sessionHandlerFlow>'),
      'flows/Route.flow': '<Flow/>',
    }),
    problem: /no Flow named Route found/,
  },
  {
    rule: 'web-deployment-has-site',
    breaks: () => ({ ...channel(), [PATHS.deployment]: sample.deploymentXml('Web') }),
    keeps: () => ({ ...channel(), ...sample.webDeployment() }),
    problem: /^Required fields are missing: \[SiteId\]/,
  },
  {
    rule: 'web-deployment-has-site',
    breaks: () => ({ ...channel(), [PATHS.deployment]: sample.webDeployment()[PATHS.deployment] ?? '' }),
    keeps: () => ({ ...channel(), [PATHS.deployment]: sample.deploymentXml('Mobile') }),
    problem: /no CustomSite named ESW_Web_1 found/,
  },
  {
    rule: 'deployment-branding-exists',
    breaks: () => ({ ...channel(), ...sample.webDeployment('<branding>Other</branding>') }),
    keeps: () => ({ ...channel(), ...sample.webDeployment() }),
    problem: /no BrandingSet named Other found/,
  },
  {
    rule: 'deployment-channel-exists',
    breaks: () => ({ [PATHS.deployment]: sample.deploymentXml() }),
    keeps: () => ({ ...channel(), [PATHS.deployment]: sample.deploymentXml() }),
    problem: /no MessagingChannel named Web found/,
  },
  {
    rule: 'queue-routing-exists',
    breaks: () => without(PATHS.routing),
    keeps: validChannel,
    problem: /no QueueRoutingConfig/,
  },
  {
    rule: 'permission-set-classes-exist',
    breaks: () => ({ [PATHS.permissionSet]: sample.permissionSetXml }),
    keeps: () => ({
      [PATHS.permissionSet]: sample.permissionSetXml,
      'classes/Signer.cls': 'public class Signer {}',
      'classes/Signer.cls-meta.xml': '<ApexClass/>',
    }),
    problem: /^In field: apexClass - no ApexClass named Signer found$/,
  },
  ...['http://www.example.com', 'https://www.*.com', 'https://www.example.com/chat', 'example.com'].map((pattern) => ({
    rule: 'origin-is-https',
    breaks: () => ({ [PATHS.origin]: sample.originXml(pattern) }),
    keeps: () => ({ [PATHS.origin]: sample.originXml('https://*.example.com:8443') }),
    problem: /Invalid origin/,
  })),
];
