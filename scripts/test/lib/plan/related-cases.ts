import { impactCase, impactCasesFor, type ImpactTestCase } from './impact-case';

const keys = impactCasesFor('PublicKeyCertificateSet:Keys');
const key = impactCasesFor('PublicKeyCertificate:Key_A');
const site = impactCasesFor('EmbeddedServiceConfig:Site');

const DISRUPTIVE_IF_ACTIVE = ['disruptive', 'none'] as const;
const CHANNEL_REFERENCE = 'embeddedServiceMessagingChannel';
const endpoint = (host: string): string => `<jwksEndPoint>https://${host}.example.com</jwksEndPoint><type>`;

/** Changes of keysets, keys, chat deployments, queues, origins, and permission sets. */
export const RELATED_CASES: readonly ImpactTestCase[] = [
  keys('a new keyset', '', [], ['none', 'none'], /Trusts the issuer "https:\/\/id\.example\.com"/, 'missing'),
  keys(
    'another issuer',
    'jwtIssuer',
    [['id.example', 'new.example']],
    DISRUPTIVE_IF_ACTIVE,
    /Tokens of "https:\/\/id\.example\.com" are rejected on Web; .*"https:\/\/new\.example\.com" are accepted/,
  ),
  keys(
    'another endpoint',
    'jwksEndPoint',
    [['<type>', endpoint('b')]],
    DISRUPTIVE_IF_ACTIVE,
    /keys from https:\/\/b\.example\.com\. .*only https:\/\/a\.example\.com provides are rejected/,
    [['<type>', endpoint('a')]],
  ),
  keys(
    'another key source',
    'type',
    [['>JWKS<', '>JWKS_URL<']],
    DISRUPTIVE_IF_ACTIVE,
    /^Changes the key source for Web\. .* rejected/,
  ),
  keys(
    'an added key',
    'publicKeyCertificateSetKeys[Key_B]',
    [['Key_A', 'Key_B']],
    ['visible', 'none'],
    /signed with Key_B are accepted on Web, in addition to/,
  ),
  keys(
    'an added key that is inactive',
    'publicKeyCertificateSetKeys[Key_C]',
    [['Key_A', 'Key_C']],
    ['none', 'none'],
    /Key_C isn't active/,
  ),
  keys('another label of a keyset', 'masterLabel', [['>Keys<', '>More<']], ['none', 'none'], /^$/),
  key('a new key', '', [], ['none', 'none'], /^$/, 'missing'),
  key(
    'a deactivated key',
    'isActive',
    [['>true<', '>false<']],
    DISRUPTIVE_IF_ACTIVE,
    /^Deactivates the key\. Tokens signed with Key_A are rejected on Web/,
  ),
  key('an activated key', 'isActive', [], ['visible', 'none'], /signed with Key_A are accepted on Web/, [
    ['>true<', '>false<'],
  ]),
  key(
    'another key under one name',
    'jsonWebKey',
    [['cdefghij', 'CDEFGHIJ']],
    DISRUPTIVE_IF_ACTIVE,
    /signed with kid 2026-A .*cdefghij.* are rejected on Web/,
  ),
  key(
    'another kid for one key',
    'jsonWebKey',
    [['2026-A', '2027-A']],
    DISRUPTIVE_IF_ACTIVE,
    /signed with kid 2026-A .* are rejected on Web/,
  ),
  key(
    'another certificate of one key',
    'jsonWebKey',
    [['"AQAB"', '"AQAB","x5c":["bmV3"]']],
    ['none', 'none'],
    /Tokens signed with the key stay valid/,
  ),
  key(
    'another key in place of an inactive one',
    'jsonWebKey',
    [
      ['>true<', '>false<'],
      ['cdefghij', 'CDEFGHIJ'],
    ],
    ['none', 'none'],
    /wasn't active/,
    [['>true<', '>false<']],
  ),
  key('another label of a key', 'masterLabel', [['Key A', 'Key B']], ['none', 'none'], /^$/),
  site(
    'a new chat deployment',
    '',
    [],
    ['none', 'none'],
    /^Salesforce creates a site for Site\. client-kit prints/,
    'missing',
  ),
  site(
    'a disabled chat deployment',
    `${CHANNEL_REFERENCE}.isEnabled`,
    [['>true<', '>false<']],
    ['disruptive', 'disruptive'],
    /^Disables Site\. Customers can't chat/,
  ),
  site('an enabled chat deployment', `${CHANNEL_REFERENCE}.isEnabled`, [], ['visible', 'visible'], /^Enables Site\.$/, [
    ['>true<', '>false<'],
  ]),
  site(
    'another channel of a chat deployment',
    `${CHANNEL_REFERENCE}.messagingChannel`,
    [['<messagingChannel>Web', '<messagingChannel>Other']],
    ['disruptive', 'disruptive'],
    /of Site use channel Other instead of Web/,
  ),
  site(
    'another type of a chat deployment',
    'deploymentType',
    [['>Web</d', '>Mobile</d']],
    ['disruptive', 'disruptive'],
    /Site has type Web in the org/,
  ),
  site('another label of a chat deployment', 'masterLabel', [['>Site<', '>Shop<']], ['none', 'none'], /^$/),
  site(
    'another setting of a chat deployment',
    'deploymentFeature',
    [['<deploymentType>', '<deploymentFeature>EmbeddedMessaging</deploymentFeature><deploymentType>']],
    ['visible', 'visible'],
    /use Site get the change after it is published/,
  ),
  impactCase('Queue:Chat', 'a new queue', '', [], ['none', 'none'], /^$/, 'missing'),
  impactCase('Queue:Chat', 'another name of a queue', 'name', [['>Chat<', '>Chats<']], ['none', 'none'], /^$/),
  impactCase(
    'QueueRoutingConfig:Route',
    'another capacity',
    'capacityWeight',
    [['>1<', '>2<']],
    ['visible', 'visible'],
    /^Changes the routing .* wait in Route\.$/,
  ),
  impactCase(
    'CorsWhitelistOrigin:Shop',
    'a new origin',
    '',
    [],
    ['none', 'none'],
    /Pages of https:\/\/shop\.example\.com can connect/,
    'missing',
  ),
  impactCase(
    'CorsWhitelistOrigin:Shop',
    'another origin',
    'urlPattern',
    [['shop.', 'new.']],
    ['disruptive', 'disruptive'],
    /https:\/\/shop\.example\.com can no longer connect to chat; those of https:\/\/new\.example\.com can/,
  ),
  impactCase(
    'CspTrustedSite:Shop',
    'a new Trusted URL',
    '',
    [],
    ['none', 'none'],
    /Chat windows can use https:\/\/shop\.example\.com\.$/,
    'missing',
  ),
  impactCase(
    'CspTrustedSite:Shop',
    'an inactive Trusted URL',
    'isActive',
    [['>true<', '>false<']],
    ['visible', 'visible'],
    /^Changes what chat windows can load from Trusted URL Shop\.$/,
  ),
  impactCase(
    'PermissionSet:Admin',
    'another label of a permission set',
    'label',
    [['>Admin<', '>Admins<']],
    ['none', 'none'],
    /^$/,
  ),
];
