import assert from 'node:assert/strict';

/** The files of an org whose trust is declared: three verified channels, one unverified channel, and two keysets. */
export const TRUSTED_FILES: Readonly<Record<string, string>> = {
  'messagingChannels/Web.messagingChannel': channelXml('Auth', authorizationXml('Customer', 'Keys')),
  'messagingChannels/Mobile.messagingChannel': channelXml('Auth', authorizationXml('Customer', 'Keys')),
  'messagingChannels/App.messagingChannel': channelXml('Auth', authorizationXml('App_User', 'Served')),
  'messagingChannels/Guest.messagingChannel': channelXml('UnAuth', ''),
  'PublicKeyCertificateSet/Keys.PublicKeyCertificateSet': keysetXml('https://id.example.com', 'Key_A', 'Key_Retired'),
  'PublicKeyCertificateSet/Served.PublicKeyCertificateSet': endpointXml('https://login.example.com'),
  'PublicKeyCertificate/Key_A.PublicKeyCertificate': keyXml('a'),
  'PublicKeyCertificate/Key_Retired.PublicKeyCertificate': keyXml('retired', false),
  'EmbeddedServiceConfig/Web_Site.EmbeddedServiceConfig': chatDeploymentXml('Web', true),
  'EmbeddedServiceConfig/Old_Site.EmbeddedServiceConfig': chatDeploymentXml('Mobile', false),
};

/** Components of the org that source doesn't declare. */
export const UNMANAGED_FILES: Readonly<Record<string, string>> = {
  'messagingChannels/Partner.messagingChannel': channelXml('Auth', authorizationXml('Partner', 'Partner_Keys')),
  'PublicKeyCertificateSet/Partner_Keys.PublicKeyCertificateSet': keysetXml(
    'https://partner.example.com',
    'Partner_Key',
  ),
  'PublicKeyCertificate/Partner_Key.PublicKeyCertificate': keyXml('partner'),
  'PublicKeyCertificate/Rogue.PublicKeyCertificate': keyXml('rogue'),
  'PublicKeyCertificate/Idle.PublicKeyCertificate': keyXml('idle', false),
};

export function authorizationXml(name: string, keyset: string, enabled = true): string {
  return `<messagingAuthorizations><authIdentifier>${name}</authIdentifier><authorizationType>PublicKeyCertificateSet</authorizationType><enabled>${String(enabled)}</enabled><publicKeyCertificateSetName>${keyset}</publicKeyCertificateSetName></messagingAuthorizations>`;
}

/** A user verification configuration of the type AuthProvider, without a provider. */
const verifiedByProvider = (authorization: string): string =>
  authorization.replace('>PublicKeyCertificateSet</authorizationType>', '>AuthProvider</authorizationType>');

export function channelXml(mode: string, authorizations: string): string {
  return `<MessagingChannel><description>Chat</description><embeddedConfig><authMode>${mode}</authMode>${authorizations}</embeddedConfig><masterLabel>Chat</masterLabel><messagingChannelType>EmbeddedMessaging</messagingChannelType></MessagingChannel>`;
}

export function keysetXml(issuer: string, ...keys: readonly string[]): string {
  return `<PublicKeyCertificateSet><jwtIssuer>${issuer}</jwtIssuer><masterLabel>Keys</masterLabel>${keys.map(listedKey).join('')}<type>JWKS</type></PublicKeyCertificateSet>`;
}

export function endpointXml(issuer: string): string {
  return `<PublicKeyCertificateSet><jwksEndPoint>${issuer}/jwks</jwksEndPoint><jwtIssuer>${issuer}</jwtIssuer><masterLabel>Served</masterLabel><type>JWKS_URL</type></PublicKeyCertificateSet>`;
}

export function listedKey(name: string): string {
  return `<publicKeyCertificateSetKeys><publicKeyCertificate>${name}</publicKeyCertificate></publicKeyCertificateSetKeys>`;
}

export function keyXml(name: string, active = true): string {
  return `<PublicKeyCertificate><isActive>${String(active)}</isActive><jsonWebKey>{"kty":"RSA","kid":"${name}","n":"${name}-modulus","e":"AQAB"}</jsonWebKey><masterLabel>Key</masterLabel></PublicKeyCertificate>`;
}

export function chatDeploymentXml(channel: string, enabled: boolean): string {
  return `<EmbeddedServiceConfig><deploymentType>API</deploymentType><embeddedServiceMessagingChannel><isEnabled>true</isEnabled><messagingChannel>${channel}</messagingChannel></embeddedServiceMessagingChannel><isEnabled>${String(enabled)}</isEnabled><masterLabel>Site</masterLabel></EmbeddedServiceConfig>`;
}

/** An org that is tampered with: its metadata files by package path. */
export interface TamperedOrg {
  readonly files: Map<string, string>;
}

/** A change that somebody makes in the org, past source. */
export interface Tampering {
  readonly name: string;
  readonly apply: (org: TamperedOrg) => void;
  /** What the plan and the verification say about it. Absent if the change is drift, but verifies nobody else. */
  readonly consequence?: RegExp;
}

export const WEB = 'messagingChannels/Web.messagingChannel';
export const MOBILE = 'messagingChannels/Mobile.messagingChannel';
const APP = 'messagingChannels/App.messagingChannel';
const GUEST = 'messagingChannels/Guest.messagingChannel';
export const PARTNER = 'messagingChannels/Partner.messagingChannel';
export const KEYS = 'PublicKeyCertificateSet/Keys.PublicKeyCertificateSet';
const SERVED = 'PublicKeyCertificateSet/Served.PublicKeyCertificateSet';
const KEY_A = 'PublicKeyCertificate/Key_A.PublicKeyCertificate';
const RETIRED = 'PublicKeyCertificate/Key_Retired.PublicKeyCertificate';
export const ROGUE = 'PublicKeyCertificate/Rogue.PublicKeyCertificate';
const IDLE = 'PublicKeyCertificate/Idle.PublicKeyCertificate';
const WEB_SITE = 'EmbeddedServiceConfig/Web_Site.EmbeddedServiceConfig';
const OLD_SITE = 'EmbeddedServiceConfig/Old_Site.EmbeddedServiceConfig';

/** Replaces text in a file of an org. Fails if there is nothing to replace. */
export function edit(org: TamperedOrg, path: string, ...edits: readonly (readonly [from: string, to: string])[]): void {
  const text = edits.reduce(
    (before, [from, to]) => {
      assert.ok(before.includes(from), `${path} has no ${from}`);
      return before.replace(from, () => to);
    },
    org.files.get(path) ?? '',
  );
  org.files.set(path, text);
}

export const addKey = (org: TamperedOrg, keyset: string, name: string): void =>
  edit(org, keyset, ['<type>', `${listedKey(name)}<type>`]);
export const addAuthorization = (org: TamperedOrg, channel: string, xml: string): void =>
  edit(org, channel, ['</embeddedConfig>', `${xml}</embeddedConfig>`]);
const addFirst = (org: TamperedOrg, channel: string, xml: string): void =>
  edit(org, channel, ['</authMode>', `</authMode>${xml}`]);

const ROGUE_ON_WEB_AND_MOBILE = /^Tokens signed with Rogue are accepted on Mobile and Web for any customer\.$/;
export const ROGUE_KEYSET = 'PublicKeyCertificateSet/Rogue_Keys.PublicKeyCertificateSet';
export const addRogueKeyset = (org: TamperedOrg): void =>
  void org.files.set(ROGUE_KEYSET, keysetXml('https://rogue.example.com', 'Rogue'));
const PROVIDER =
  '<messagingAuthorizations><authIdentifier>Login</authIdentifier><authorizationType>AuthProvider</authorizationType><authProviderName>Rogue_Login</authProviderName><enabled>true</enabled></messagingAuthorizations>';

/** Ways to add, widen, or restore trust. Each must be detected, described, and revoked. */
export const TRUST_TAMPERINGS: readonly Tampering[] = [
  // Keys
  {
    name: 'a key is added to a keyset',
    apply: (org) => addKey(org, KEYS, 'Rogue'),
    consequence: ROGUE_ON_WEB_AND_MOBILE,
  },
  {
    name: 'a key is added before the others',
    apply: (org) =>
      edit(org, KEYS, ['<publicKeyCertificateSetKeys>', `${listedKey('Rogue')}<publicKeyCertificateSetKeys>`]),
    consequence: ROGUE_ON_WEB_AND_MOBILE,
  },
  {
    name: 'a new key is uploaded and added',
    apply: (org) => {
      org.files.set('PublicKeyCertificate/New.PublicKeyCertificate', keyXml('new'));
      addKey(org, KEYS, 'New');
    },
    consequence: /signed with New are accepted on Mobile and Web/,
  },
  {
    name: 'two keys are added',
    apply: (org) => {
      addKey(org, KEYS, 'Rogue');
      addKey(org, KEYS, 'Partner_Key');
    },
    consequence: ROGUE_ON_WEB_AND_MOBILE,
  },
  {
    name: "another keyset's key is added",
    apply: (org) => addKey(org, KEYS, 'Partner_Key'),
    consequence: /signed with Partner_Key are accepted on Mobile and Web/,
  },
  {
    name: 'an inactive key is added and activated',
    apply: (org) => {
      addKey(org, KEYS, 'Idle');
      edit(org, IDLE, ['<isActive>false<', '<isActive>1<']);
    },
    consequence: /signed with Idle are accepted/,
  },
  {
    name: 'a retired key is reactivated',
    apply: (org) => edit(org, RETIRED, ['<isActive>false<', '<isActive>true<']),
    consequence: /signed with Key_Retired are accepted on Mobile and Web/,
  },
  {
    name: 'a key is replaced',
    apply: (org) => org.files.set(KEY_A, keyXml('rogue')),
    consequence: /signed with the key that the org has as Key_A are accepted on Mobile and Web/,
  },
  {
    name: 'the modulus of a key is replaced',
    apply: (org) => edit(org, KEY_A, ['a-modulus', 'rogue-modulus']),
    consequence: /the key that the org has as Key_A/,
  },
  {
    name: 'the certificate of a key is replaced',
    apply: (org) => edit(org, KEY_A, ['"e":"AQAB"', '"e":"AQAB","x5c":["rogue-certificate"]']),
    consequence: /the key that the org has as Key_A/,
  },
  {
    name: 'a key gets a second modulus before its own',
    apply: (org) => edit(org, KEY_A, ['"n":"a-modulus"', '"n":"rogue-modulus","n":"a-modulus"']),
    consequence: /the key that the org has as Key_A/,
  },
  {
    name: 'a retired key is replaced and activated',
    apply: (org) => org.files.set(RETIRED, keyXml('rogue')),
    consequence: /the key that the org has as Key_Retired|signed with Key_Retired/,
  },
  {
    name: 'a key with the kid of a declared key is added',
    apply: (org) => {
      edit(org, ROGUE, ['"kid":"rogue"', '"kid":"a"']);
      addKey(org, KEYS, 'Rogue');
    },
    consequence: ROGUE_ON_WEB_AND_MOBILE,
  },
  // Keysets, issuers, and endpoints
  {
    name: 'the issuer of a keyset is changed',
    apply: (org) => edit(org, KEYS, ['https://id.example.com', 'https://rogue.example.com']),
    consequence: /^Tokens of "https:\/\/rogue\.example\.com" signed with Key_A are accepted on Mobile and Web/,
  },
  {
    name: 'the issuer gets a trailing slash',
    apply: (org) => edit(org, KEYS, ['https://id.example.com<', 'https://id.example.com/<']),
    consequence: /Tokens of "https:\/\/id\.example\.com\/"/,
  },
  {
    name: 'the issuer gets whitespace',
    apply: (org) => edit(org, KEYS, ['https://id.example.com<', 'https://id.example.com <']),
    consequence: /Tokens of "https:\/\/id\.example\.com "/,
  },
  {
    name: 'the issuer gets a line break',
    apply: (org) => edit(org, KEYS, ['https://id.example.com<', 'https://id.example.com\n<']),
    consequence: /^Tokens of "https:\/\/id\.example\.com\\n" signed with Key_A are accepted on Mobile and Web for any/,
  },
  {
    name: 'the issuer gets another case',
    apply: (org) => edit(org, KEYS, ['https://id.example.com', 'https://ID.example.com']),
    consequence: /Tokens of "https:\/\/ID\.example\.com"/,
  },
  {
    name: 'the endpoint of a keyset is changed',
    apply: (org) => edit(org, SERVED, ['https://login.example.com/jwks', 'https://rogue.example.com/jwks']),
    consequence: /signed with a key from https:\/\/rogue\.example\.com\/jwks are accepted on App for any customer/,
  },
  {
    name: 'the path of an endpoint is changed',
    apply: (org) => edit(org, SERVED, ['/jwks<', '/jwks?tenant=rogue<']),
    consequence: /jwks\?tenant=rogue/,
  },
  {
    name: 'a keyset of keys becomes one with an endpoint',
    apply: (org) =>
      edit(
        org,
        KEYS,
        ['<jwtIssuer>', '<jwksEndPoint>https://rogue.example.com/jwks</jwksEndPoint><jwtIssuer>'],
        ['>JWKS<', '>JWKS_URL<'],
      ),
    consequence: /a key from https:\/\/rogue\.example\.com\/jwks are accepted on Mobile and Web/,
  },
  {
    name: 'a keyset with an endpoint becomes one of keys',
    apply: (org) =>
      edit(
        org,
        SERVED,
        ['<jwksEndPoint>https://login.example.com/jwks</jwksEndPoint>', ''],
        ['<type>JWKS_URL<', `${listedKey('Rogue')}<type>JWKS<`],
      ),
    consequence: /signed with Rogue are accepted on App/,
  },
  {
    name: 'a keyset is replaced as a whole',
    apply: (org) => org.files.set(KEYS, keysetXml('https://rogue.example.com', 'Rogue')),
    consequence: /Tokens of "https:\/\/rogue\.example\.com" signed with Rogue are accepted on Mobile and Web/,
  },
  // User verification configurations
  {
    name: 'a configuration with another keyset is added',
    apply: (org) => {
      addRogueKeyset(org);
      addAuthorization(org, WEB, authorizationXml('Rogue', 'Rogue_Keys'));
    },
    consequence:
      /Tokens of "https:\/\/rogue\.example\.com" signed with Rogue are accepted on Web for any customer \(Configuration Name Rogue\)/,
  },
  {
    name: 'a configuration for the own keyset is added under another name',
    apply: (org) => addAuthorization(org, WEB, authorizationXml('Second', 'Keys')),
    consequence: /signed with Key_A are accepted on Web for any customer \(Configuration Name Second\)/,
  },
  {
    name: 'a second configuration with the same name is added',
    apply: (org) => addAuthorization(org, WEB, authorizationXml('Customer', 'Partner_Keys')),
    consequence: /signed with Partner_Key are accepted on Web for any customer\.$/,
  },
  {
    name: 'a second configuration with the same name is added before the own',
    apply: (org) => addFirst(org, WEB, authorizationXml('Customer', 'Partner_Keys')),
    consequence: /signed with Partner_Key are accepted on Web for any customer\.$/,
  },
  {
    name: 'a configuration whose name differs in case is added',
    apply: (org) => addAuthorization(org, WEB, authorizationXml('customer', 'Partner_Keys')),
    consequence: /signed with Partner_Key are accepted on Web/,
  },
  {
    name: 'a configuration with an auth provider is added',
    apply: (org) => addAuthorization(org, WEB, PROVIDER),
    consequence: /a key from Rogue_Login are accepted on Web/,
  },
  {
    name: 'a configuration gets an auth provider beside its keyset',
    apply: (org) => edit(org, WEB, ['<enabled>', '<authProviderName>Rogue_Login</authProviderName><enabled>']),
    consequence: /a key from Rogue_Login are accepted on Web for any customer\.$/,
  },
  {
    name: 'the keyset of a configuration is replaced',
    apply: (org) => edit(org, WEB, ['>Keys<', '>Partner_Keys<']),
    consequence: /Tokens of "https:\/\/partner\.example\.com" signed with Partner_Key are accepted on Web/,
  },
  {
    name: 'the Configuration Name is replaced',
    apply: (org) => edit(org, WEB, ['>Customer<', '>Partner<']),
    consequence: /signed with Key_A are accepted on Web for any customer \(Configuration Name Partner\)/,
  },
  {
    name: 'configurations are added to all channels',
    apply: (org) =>
      [WEB, MOBILE, APP].forEach((path) => addAuthorization(org, path, authorizationXml('Rogue', 'Partner_Keys'))),
    consequence: /signed with Partner_Key are accepted on App, Mobile, and Web/,
  },
  // Channels and modes
  {
    name: 'user verification is turned off',
    apply: (org) => edit(org, WEB, ['>Auth<', '>UnAuth<']),
    consequence: /User verification is off on Web, so anybody can start a chat without a token/,
  },
  {
    name: 'an unverified channel verifies tokens',
    apply: (org) => {
      edit(org, GUEST, ['>UnAuth<', '>Auth<']);
      addAuthorization(org, GUEST, authorizationXml('Rogue', 'Partner_Keys'));
    },
    consequence: /signed with Partner_Key are accepted on Guest/,
  },
  {
    name: 'an unverified channel gets an enabled configuration',
    apply: (org) => addAuthorization(org, GUEST, authorizationXml('Rogue', 'Partner_Keys')),
    consequence: /signed with Partner_Key are accepted on Guest/,
  },
  {
    name: 'an unmanaged channel uses the Configuration Name with another keyset',
    apply: (org) => edit(org, PARTNER, ['>Partner<', '>Customer<']),
    consequence:
      /signed with Partner_Key are accepted on Partner for any customer of Configuration Name Customer \(keyset Partner_Keys\)/,
  },
  {
    name: 'a new channel uses the Configuration Name with another keyset',
    apply: (org) => {
      addRogueKeyset(org);
      org.files.set(
        'messagingChannels/Rogue.messagingChannel',
        channelXml('Auth', authorizationXml('Customer', 'Rogue_Keys')),
      );
    },
    consequence: /signed with Rogue are accepted on Rogue for any customer of Configuration Name Customer/,
  },
  {
    name: 'an unmanaged channel adds the Configuration Name to its own',
    apply: (org) => addAuthorization(org, PARTNER, authorizationXml('App_User', 'Partner_Keys')),
    consequence: /accepted on Partner for any customer of Configuration Name App_User/,
  },
  {
    name: 'an unmanaged channel uses the Configuration Name in another case',
    apply: (org) => edit(org, PARTNER, ['>Partner<', '>cusTomer<']),
    consequence: /signed with Partner_Key are accepted on Partner for any customer of Configuration Name cusTomer/,
  },
  {
    name: 'an unmanaged channel uses the Configuration Name with the keyset and an auth provider',
    apply: (org) =>
      edit(
        org,
        PARTNER,
        ['>Partner<', '>Customer<'],
        ['>Partner_Keys<', '>Keys<'],
        ['<enabled>', '<authProviderName>Rogue_Login</authProviderName><enabled>'],
      ),
    consequence: /a key from Rogue_Login are accepted on Partner for any customer of Configuration Name Customer/,
  },
  {
    name: 'an unverified unmanaged channel uses the Configuration Name with another keyset',
    apply: (org) => edit(org, PARTNER, ['>Auth<', '>UnAuth<'], ['>Partner<', '>Customer<']),
    consequence: /accepted on Partner for any customer of Configuration Name Customer/,
  },
  // Chat deployments
  {
    name: 'a disabled chat deployment is enabled',
    apply: (org) =>
      edit(org, OLD_SITE, [
        '</embeddedServiceMessagingChannel><isEnabled>false',
        '</embeddedServiceMessagingChannel><isEnabled>true',
      ]),
  },
  { name: 'a chat deployment uses another channel', apply: (org) => edit(org, WEB_SITE, ['>Web<', '>Partner<']) },
  { name: 'a chat deployment uses the unverified channel', apply: (org) => edit(org, WEB_SITE, ['>Web<', '>Guest<']) },
];

/**
 * Trust that a local org can't have: through a component that the retrieve doesn't contain, because the login has no access to it or
 * a name has another case, and through settings that Salesforce may reject.
 */
export const UNREAD_TAMPERINGS: readonly Tampering[] = [
  {
    name: 'the user verification mode is removed',
    apply: (org) => edit(org, WEB, ['<authMode>Auth</authMode>', '']),
    consequence: /User verification is off on Web, so anybody can start a chat without a token/,
  },
  {
    name: 'all user verification settings are removed',
    apply: (org) =>
      edit(org, WEB, [
        `<embeddedConfig><authMode>Auth</authMode>${authorizationXml('Customer', 'Keys')}</embeddedConfig>`,
        '',
      ]),
    consequence: /User verification is off on Web, so anybody can start a chat without a token/,
  },
  {
    name: 'a keyset with an endpoint also lists a key',
    apply: (org) => addKey(org, SERVED, 'Rogue'),
    consequence: /^Tokens signed with Rogue are accepted on App for any customer\.$/,
  },
  {
    name: 'a keyset of keys gets an endpoint and keeps its type',
    apply: (org) =>
      edit(org, KEYS, ['<jwtIssuer>', '<jwksEndPoint>https://rogue.example.com/jwks</jwksEndPoint><jwtIssuer>']),
    consequence: /a key from https:\/\/rogue\.example\.com\/jwks are accepted on Mobile and Web/,
  },
  {
    name: 'a configuration without a keyset is added',
    apply: (org) =>
      addAuthorization(
        org,
        WEB,
        authorizationXml('Other', 'Keys').replace(
          /<authorizationType>[^]*(?=<enabled>)|<publicKeyCertificateSetName>[^]*(?=<\/messaging)/g,
          '',
        ),
      ),
    consequence:
      /a key from another verifier \(no type\) are accepted on Web for any customer \(Configuration Name Other\)/,
  },
  {
    name: 'a configuration verifies by another type and keeps its keyset',
    apply: (org) => edit(org, WEB, ['>PublicKeyCertificateSet</auth', '>AuthProvider</auth']),
    consequence: /a key from another verifier \(AuthProvider\) are accepted on Web for any customer\.$/,
  },
  {
    name: 'a second configuration verifies by another type, with the own name and keyset',
    apply: (org) => addAuthorization(org, WEB, verifiedByProvider(authorizationXml('Customer', 'Keys'))),
    consequence: /a key from another verifier \(AuthProvider\) are accepted on Web for any customer\.$/,
  },
  {
    name: 'an unmanaged channel uses the Configuration Name and its keyset with another type',
    apply: (org) =>
      org.files.set(PARTNER, channelXml('Auth', verifiedByProvider(authorizationXml('Customer', 'Keys')))),
    consequence: /a key from another verifier \(AuthProvider\) are accepted on Partner for any customer of/,
  },
  {
    name: 'an unmanaged channel uses the Configuration Name with an invisible character',
    apply: (org) => edit(org, PARTNER, ['>Partner<', '>Customer\u200b<']),
    consequence: /signed with Partner_Key are accepted on Partner for any customer of Configuration Name Customer/,
  },
  {
    name: 'an unmanaged channel uses the Configuration Name with a fullwidth letter',
    apply: (org) => edit(org, PARTNER, ['>Partner<', '>\uff23ustomer<']),
    consequence: /signed with Partner_Key are accepted on Partner for any customer of Configuration Name/,
  },
  {
    name: 'an unmanaged channel uses the Configuration Name with a Cyrillic letter',
    apply: (org) => edit(org, PARTNER, ['>Partner<', '>Cust\u043emer<']),
    consequence: /signed with Partner_Key are accepted on Partner for any customer of Configuration Name/,
  },
  {
    name: 'a key that the retrieve does not contain is added to a keyset',
    apply: (org) => addKey(org, KEYS, 'Hidden'),
    consequence:
      /^Tokens signed with a key from Hidden, which can't be read, are accepted on Mobile and Web for any customer\.$/,
  },
  {
    name: 'a key is added to a keyset in another case',
    apply: (org) => addKey(org, KEYS, 'rogue'),
    consequence: /a key from rogue, which can't be read, are accepted on Mobile and Web/,
  },
  {
    name: 'a configuration with a keyset that the retrieve does not contain is added',
    apply: (org) => addAuthorization(org, WEB, authorizationXml('Hidden', 'other__Hidden')),
    consequence: /a key from keyset other__Hidden, which can't be read, are accepted on Web for any customer/,
  },
  {
    name: 'an unmanaged channel uses the Configuration Name with a keyset in another case',
    apply: (org) => edit(org, PARTNER, ['>Partner<', '>Customer<'], ['>Partner_Keys<', '>partner_keys<']),
    consequence: /a key from keyset partner_keys, which can't be read, are accepted on Partner for any customer/,
  },
];

/** Changes that verify nobody else, in settings that source doesn't declare or in components of other teams. */
export const HARMLESS_CHANGES: readonly Tampering[] = [
  {
    name: 'a key that no keyset lists is added',
    apply: (org) => org.files.set('PublicKeyCertificate/Other.PublicKeyCertificate', keyXml('other')),
  },
  { name: 'an unlisted key is activated', apply: (org) => edit(org, IDLE, ['>false<', '>true<']) },
  { name: 'an unlisted key is deactivated', apply: (org) => edit(org, ROGUE, ['>true<', '>false<']) },
  { name: 'an unlisted key is deleted', apply: (org) => org.files.delete(ROGUE) },
  { name: 'an inactive key is added to a keyset', apply: (org) => addKey(org, KEYS, 'Idle') },
  { name: 'a keyset that no channel uses is added', apply: addRogueKeyset },
  {
    name: "another team's keyset gets a key",
    apply: (org) => addKey(org, 'PublicKeyCertificateSet/Partner_Keys.PublicKeyCertificateSet', 'Rogue'),
  },
  {
    name: "another team's keyset gets an issuer",
    apply: (org) =>
      edit(org, 'PublicKeyCertificateSet/Partner_Keys.PublicKeyCertificateSet', ['partner.example', 'new.example']),
  },
  {
    name: 'a disabled configuration is added',
    apply: (org) => addAuthorization(org, WEB, authorizationXml('Test', 'Partner_Keys', false)),
  },
  {
    name: 'a disabled configuration with the own name is added',
    apply: (org) => addAuthorization(org, WEB, authorizationXml('Customer', 'Partner_Keys', false)),
  },
  {
    name: 'a configuration is listed twice',
    apply: (org) => addAuthorization(org, WEB, authorizationXml('Customer', 'Keys')),
  },
  {
    name: "another team's channel gets a configuration",
    apply: (org) => addAuthorization(org, PARTNER, authorizationXml('Second', 'Partner_Keys')),
  },
  {
    name: "another team's channel uses the own keyset under the own name",
    apply: (org) => edit(org, PARTNER, ['>Partner<', '>Customer<'], ['>Partner_Keys<', '>Keys<']),
  },
  { name: "another team's channel turns verification off", apply: (org) => edit(org, PARTNER, ['>Auth<', '>UnAuth<']) },
  { name: "another team's channel is deleted", apply: (org) => org.files.delete(PARTNER) },
  {
    name: 'a channel is added without verification',
    apply: (org) => org.files.set('messagingChannels/New.messagingChannel', channelXml('UnAuth', '')),
  },
  {
    name: 'the order of keys changes',
    apply: (org) =>
      edit(org, KEYS, [listedKey('Key_A') + listedKey('Key_Retired'), listedKey('Key_Retired') + listedKey('Key_A')]),
  },
  {
    name: 'the layout of a key changes',
    apply: (org) => edit(org, KEY_A, ['{"kty":"RSA","kid":"a"', '{\n  "kid": "a",\n  "kty": "RSA"']),
  },
  { name: 'a Boolean is spelled as a digit', apply: (org) => edit(org, WEB, ['<enabled>true<', '<enabled>1<']) },
  {
    name: 'an undeclared setting changes',
    apply: (org) =>
      edit(org, WEB, ['<messagingChannelType>', '<isFeedbackEnabled>true</isFeedbackEnabled><messagingChannelType>']),
  },
  {
    name: 'a chat deployment for a channel of another team is added',
    apply: (org) =>
      org.files.set('EmbeddedServiceConfig/New.EmbeddedServiceConfig', chatDeploymentXml('Partner', true)),
  },
  {
    name: 'an inactive listed key gets other text',
    apply: (org) =>
      edit(org, 'PublicKeyCertificate/Partner_Key.PublicKeyCertificate', ['"kid":"partner"', '"kid":"partner-2"']),
  },
];
