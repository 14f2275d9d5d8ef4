import type { LocalOrg } from '../../local-org/index';
import { publicJwk } from '../lib/jwk/test-keys';
import type { OrgDocument } from './document-schemas';
import { editInSetup } from './fleet';

type Change = OrgDocument['changes'][number];

/** One setting that an admin changes in Setup, and the change that the plan must report. */
export interface Drift {
  readonly name: string;
  readonly apply: (org: LocalOrg) => unknown;
  readonly expectedChange: Pick<Change, 'component' | 'path' | 'impact'> &
    Readonly<Record<'from' | 'to', string | RegExp | null>>;
  /** Customer impact that the plan must describe. */
  readonly effect: RegExp;
}

const CHANNEL = 'messagingChannels/Web_Chat.messagingChannel';
const KEYSET = 'PublicKeyCertificateSet/Customer_Identity.PublicKeyCertificateSet';
const KEY = 'PublicKeyCertificate/Customer_Identity_2026_A.PublicKeyCertificate';
const CONFIGURATION = 'embeddedConfig.messagingAuthorizations[Customer]';

const channel = (path: string, from: string | null, to: string, impact: Change['impact']): Drift['expectedChange'] => ({
  component: 'MessagingChannel:Web_Chat',
  path,
  from,
  to,
  impact,
});

export const CHANNEL_DRIFTS: readonly Drift[] = [
  {
    name: 'user verification is turned off',
    apply: (org) => editInSetup(org, CHANNEL, '<authMode>Auth<', '<authMode>UnAuth<'),
    expectedChange: channel('embeddedConfig.authMode', 'UnAuth', 'Auth', 'disruptive'),
    effect: /Turns user verification on\. New chats on Web_Chat require a valid token\./,
  },
  {
    name: 'a user verification configuration is disabled',
    apply: (org) => editInSetup(org, CHANNEL, '<enabled>true<', '<enabled>false<'),
    expectedChange: channel(`${CONFIGURATION}.enabled`, 'false', 'true', 'visible'),
    effect: /Web_Chat accepts (its )?tokens/,
  },
  {
    name: 'a channel uses another keyset',
    apply: (org) => editInSetup(org, CHANNEL, '>Customer_Identity<', '>Other_Identity<'),
    expectedChange: channel(
      `${CONFIGURATION}.publicKeyCertificateSetName`,
      'Other_Identity',
      'Customer_Identity',
      'disruptive',
    ),
    effect: /Tokens of "https:\/\/other.example.com" .* are rejected on Web_Chat.*"https:\/\/id.example.com"/,
  },
  {
    name: 'a user verification configuration is deleted',
    apply: (org) => editInSetup(org, CHANNEL, /<messagingAuthorizations>[^]*<\/messagingAuthorizations>/, ''),
    expectedChange: channel(
      CONFIGURATION,
      null,
      'authIdentifier Customer, authorizationType PublicKeyCertificateSet, enabled true, publicKeyCertificateSetName Customer_Identity',
      'visible',
    ),
    effect: /Web_Chat accepts tokens of "https:\/\/id.example.com" under user verification configuration Customer/,
  },
  {
    name: 'access tokens have a longer lifetime',
    apply: (org) =>
      editInSetup(org, CHANNEL, 'verifiedUserJwtExpirationTime>60<', 'verifiedUserJwtExpirationTime>240<'),
    expectedChange: channel('embeddedConfig.verifiedUserJwtExpirationTime', '240', '60', 'visible'),
    effect: /verified users on Web_Chat expire after 60 minutes instead of 240/,
  },
  {
    name: 'chats are routed to another queue',
    apply: (org) => editInSetup(org, CHANNEL, '>Customer_Chat<', '>Elsewhere<'),
    expectedChange: channel('sessionHandlerQueue', 'Elsewhere', 'Customer_Chat', 'disruptive'),
    effect: /Changes routing\. .* go to Customer_Chat instead of Elsewhere/,
  },
];

export const TRUST_DRIFTS: readonly Drift[] = [
  {
    name: 'a keyset has another issuer',
    apply: (org) => editInSetup(org, KEYSET, 'https://id.example.com', 'https://evil.example.com'),
    expectedChange: {
      component: 'PublicKeyCertificateSet:Customer_Identity',
      path: 'jwtIssuer',
      from: 'https://evil.example.com',
      to: 'https://id.example.com',
      impact: 'disruptive',
    },
    effect: /Tokens of "https:\/\/evil.example.com" are rejected on Mobile_Chat and Web_Chat/,
  },
  {
    name: 'a key is removed from a keyset',
    apply: (org) =>
      editInSetup(org, KEYSET, /<publicKeyCertificateSetKeys>\s*<publicKeyCertificate>\w+_A<[^]*?SetKeys>/, ''),
    expectedChange: {
      component: 'PublicKeyCertificateSet:Customer_Identity',
      path: 'publicKeyCertificateSetKeys[Customer_Identity_2026_A]',
      from: null,
      to: 'publicKeyCertificate Customer_Identity_2026_A',
      impact: 'visible',
    },
    effect: /Tokens signed with Customer_Identity_2026_A are accepted on Mobile_Chat and Web_Chat/,
  },
  {
    name: 'a key is deactivated',
    apply: (org) => editInSetup(org, KEY, '<isActive>true<', '<isActive>false<'),
    expectedChange: {
      component: 'PublicKeyCertificate:Customer_Identity_2026_A',
      path: 'isActive',
      from: 'false',
      to: 'true',
      impact: 'visible',
    },
    effect: /Tokens signed with Customer_Identity_2026_A are accepted/,
  },
];

/** A key is replaced by an untrusted key, whose owner can sign tokens for any customer. */
export async function replacedKeyDrift(org: LocalOrg): Promise<Drift> {
  const untrustedKey = JSON.stringify({ ...(await publicJwk()), kid: 'stranger' });
  const text = /(?<=<jsonWebKey>)[^<]*(?=<)/;
  const current = text.exec(org.files().get(KEY) ?? '')?.[0] ?? '';
  return {
    name: 'a key is replaced',
    apply: () => editInSetup(org, KEY, text, untrustedKey),
    expectedChange: {
      component: 'PublicKeyCertificate:Customer_Identity_2026_A',
      path: 'jsonWebKey',
      from: new RegExp(`^kid stranger .*${modulusSuffix(untrustedKey)}`),
      to: new RegExp(`^kid sample-2026-a .*${modulusSuffix(current)}`),
      impact: 'disruptive',
    },
    effect: /Replaces the key .*\. Tokens signed with kid stranger .* are rejected on Mobile_Chat and Web_Chat/,
  };
}

const modulusSuffix = (jwk: string): string => (JSON.parse(jwk.replaceAll('&quot;', '"')) as { n: string }).n.slice(-8);

export const RELATED_DRIFTS: readonly Drift[] = [
  {
    name: 'a chat deployment is turned off',
    apply: (org) =>
      editInSetup(org, 'EmbeddedServiceConfig/Web_Chat.EmbeddedServiceConfig', /(?<=\n {4}<isEnabled>)true/, 'false'),
    expectedChange: {
      component: 'EmbeddedServiceConfig:Web_Chat',
      path: 'isEnabled',
      from: 'false',
      to: 'true',
      impact: 'visible',
    },
    effect: /Enables Web_Chat\./,
  },
  {
    name: 'another site is allowed',
    apply: (org) =>
      editInSetup(org, 'corsWhitelistOrigins/Customer_Site.corsWhitelistOrigin', 'www.example.com', 'evil.example.com'),
    expectedChange: {
      component: 'CorsWhitelistOrigin:Customer_Site',
      path: 'urlPattern',
      from: 'https://evil.example.com',
      to: 'https://www.example.com',
      impact: 'disruptive',
    },
    effect: /Pages of https:\/\/evil.example.com can no longer connect to chat/,
  },
];
