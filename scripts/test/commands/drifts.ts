import type { LocalOrg } from '../../local-org/index';
import { jwkOf } from '../lib/jwk/keyring';
import type { OrgDocument } from './contract';
import { tamper } from './fleet';

type Change = OrgDocument['changes'][number];

/** One setting that somebody changes in Setup, and how the plan has to tell of it. */
export interface Drift {
  readonly what: string;
  readonly happens: (org: LocalOrg) => unknown;
  readonly told: Pick<Change, 'component' | 'path' | 'impact'> &
    Readonly<Record<'from' | 'to', string | RegExp | null>>;
  /** What the plan says it means for customers. */
  readonly effect: RegExp;
}

const CHANNEL = 'messagingChannels/Web_Chat.messagingChannel';
const KEYSET = 'PublicKeyCertificateSet/Customer_Identity.PublicKeyCertificateSet';
const KEY = 'PublicKeyCertificate/Customer_Identity_2026_A.PublicKeyCertificate';
const CONFIGURATION = 'embeddedConfig.messagingAuthorizations[Customer]';

const channel = (path: string, from: string | null, to: string, impact: Change['impact']): Drift['told'] => ({
  ...{ component: 'MessagingChannel:Web_Chat', path, from, to, impact },
});

export const CHANNEL_DRIFTS: readonly Drift[] = [
  {
    what: 'verification is switched off',
    happens: (org) => tamper(org, CHANNEL, '<authMode>Auth<', '<authMode>UnAuth<'),
    told: channel('embeddedConfig.authMode', 'UnAuth', 'Auth', 'disruptive'),
    effect: /Verification is switched on: .* Web_Chat .*guests are locked out/i,
  },
  {
    what: 'a configuration is disabled',
    happens: (org) => tamper(org, CHANNEL, '<enabled>true<', '<enabled>false<'),
    told: channel(`${CONFIGURATION}.enabled`, 'false', 'true', 'notice'),
    effect: /Web_Chat accepts (its )?tokens/,
  },
  {
    what: 'a channel trusts another keyset',
    happens: (org) => tamper(org, CHANNEL, '>Customer_Identity<', '>Other_Identity<'),
    told: channel(`${CONFIGURATION}.publicKeyCertificateSetName`, 'Other_Identity', 'Customer_Identity', 'disruptive'),
    effect: /Tokens of "https:\/\/other.example.com" .* are refused on Web_Chat.*"https:\/\/id.example.com"/,
  },
  {
    what: 'a configuration is removed',
    happens: (org) => tamper(org, CHANNEL, /<messagingAuthorizations>[^]*<\/messagingAuthorizations>/, ''),
    told: channel(
      CONFIGURATION,
      null,
      'authIdentifier Customer, authorizationType PublicKeyCertificateSet, enabled true, publicKeyCertificateSetName Customer_Identity',
      'notice',
    ),
    effect: /Web_Chat \w+ tokens of "https:\/\/id.example.com",? under the configuration Customer/,
  },
  {
    what: 'verified tokens live longer',
    happens: (org) => tamper(org, CHANNEL, 'verifiedUserJwtExpirationTime>60<', 'verifiedUserJwtExpirationTime>240<'),
    told: channel('embeddedConfig.verifiedUserJwtExpirationTime', '240', '60', 'notice'),
    effect: /verified customers on Web_Chat end sooner: after 60 instead of 240 minutes/,
  },
  {
    what: 'conversations are routed elsewhere',
    happens: (org) => tamper(org, CHANNEL, '>Customer_Chat<', '>Elsewhere<'),
    told: channel('sessionHandlerQueue', 'Elsewhere', 'Customer_Chat', 'disruptive'),
    effect: /Routing moves: .* go to Customer_Chat instead of Elsewhere/,
  },
];

export const TRUST_DRIFTS: readonly Drift[] = [
  {
    what: 'a keyset trusts another issuer',
    happens: (org) => tamper(org, KEYSET, 'https://id.example.com', 'https://evil.example.com'),
    told: {
      component: 'PublicKeyCertificateSet:Customer_Identity',
      path: 'jwtIssuer',
      from: 'https://evil.example.com',
      to: 'https://id.example.com',
      impact: 'disruptive',
    },
    effect: /Tokens of "https:\/\/evil.example.com" are refused on Mobile_Chat and Web_Chat/,
  },
  {
    what: 'a keyset loses a key',
    happens: (org) =>
      tamper(org, KEYSET, /<publicKeyCertificateSetKeys>\s*<publicKeyCertificate>\w+_A<[^]*?SetKeys>/, ''),
    told: {
      component: 'PublicKeyCertificateSet:Customer_Identity',
      path: 'publicKeyCertificateSetKeys[Customer_Identity_2026_A]',
      from: null,
      to: 'publicKeyCertificate Customer_Identity_2026_A',
      impact: 'notice',
    },
    effect: /Tokens signed with Customer_Identity_2026_A are accepted on Mobile_Chat and Web_Chat/,
  },
  {
    what: 'a key is no longer active',
    happens: (org) => tamper(org, KEY, '<isActive>true<', '<isActive>false<'),
    told: {
      component: 'PublicKeyCertificate:Customer_Identity_2026_A',
      ...{ path: 'isActive', from: 'false', to: 'true', impact: 'notice' },
    },
    effect: /Tokens signed with Customer_Identity_2026_A are accepted/,
  },
];

/** A key is replaced by one that nobody here knows: the worst of all, for its owner can sign as any customer. */
export async function replacedKey(org: LocalOrg): Promise<Drift> {
  const stranger = JSON.stringify({ ...(await jwkOf()), kid: 'stranger' });
  const text = /(?<=<jsonWebKey>)[^<]*(?=<)/;
  const ours = text.exec(org.files().get(KEY) ?? '')?.[0] ?? '';
  return {
    what: 'a key is replaced',
    happens: () => tamper(org, KEY, text, stranger),
    told: {
      component: 'PublicKeyCertificate:Customer_Identity_2026_A',
      path: 'jsonWebKey',
      from: new RegExp(`^kid stranger .*${endOf(stranger)}`),
      to: new RegExp(`^kid sample-2026-a .*${endOf(ours)}`),
      impact: 'disruptive',
    },
    effect: /The key is replaced.*: tokens signed with kid stranger .* are refused on Mobile_Chat and Web_Chat/,
  };
}

const endOf = (jwk: string): string => (JSON.parse(jwk.replaceAll('&quot;', '"')) as { n: string }).n.slice(-8);

export const NEIGHBOUR_DRIFTS: readonly Drift[] = [
  {
    what: 'a deployment is switched off',
    happens: (org) =>
      tamper(org, 'EmbeddedServiceConfig/Web_Chat.EmbeddedServiceConfig', /(?<=\n {4}<isEnabled>)true/, 'false'),
    told: {
      component: 'EmbeddedServiceConfig:Web_Chat',
      ...{ path: 'isEnabled', from: 'false', to: 'true', impact: 'notice' },
    },
    effect: /Web_Chat is switched on/,
  },
  {
    what: 'another site is allowed',
    happens: (org) =>
      tamper(org, 'corsWhitelistOrigins/Customer_Site.corsWhitelistOrigin', 'www.example.com', 'evil.example.com'),
    told: {
      component: 'CorsWhitelistOrigin:Customer_Site',
      path: 'urlPattern',
      from: 'https://evil.example.com',
      to: 'https://www.example.com',
      impact: 'disruptive',
    },
    effect: /Pages of https:\/\/evil.example.com can no longer reach the chat/,
  },
];
