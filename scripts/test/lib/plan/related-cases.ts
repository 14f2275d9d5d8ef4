import { impactCase, impactCasesFor, type ImpactTestCase } from './impact-case';

const keys = impactCasesFor('PublicKeyCertificateSet:Keys');
const key = impactCasesFor('PublicKeyCertificate:Key_A');
const site = impactCasesFor('EmbeddedServiceConfig:Site');

const DISRUPTIVE_IF_ACTIVE = ['disruptive', 'none'] as const;
const CHANNEL_REFERENCE = 'embeddedServiceMessagingChannel';
const endpoint = (host: string): string => `<jwksEndPoint>https://${host}.example.com</jwksEndPoint><type>`;

/** Tokens of which issuer or key are refused, and what becomes of deployments, queues and origins. */
export const RELATED_CASES: readonly ImpactTestCase[] = [
  keys('a keyset is new', '', [], ['none', 'none'], /Trusts the issuer "https:\/\/id\.example\.com"/, 'missing'),
  keys(
    'another issuer',
    'jwtIssuer',
    [['id.example', 'new.example']],
    DISRUPTIVE_IF_ACTIVE,
    /Tokens of "https:\/\/id\.example\.com" are refused on Web; .*"https:\/\/new\.example\.com" are accepted/,
  ),
  keys(
    'another endpoint',
    'jwksEndPoint',
    [['<type>', endpoint('b')]],
    DISRUPTIVE_IF_ACTIVE,
    /come from https:\/\/b\.example\.com: .*only https:\/\/a\.example\.com serves are refused/,
    [['<type>', endpoint('a')]],
  ),
  keys(
    'another kind of source',
    'type',
    [['>JWKS<', '>JWKS_URL<']],
    DISRUPTIVE_IF_ACTIVE,
    /another kind of source: .* refused/,
  ),
  keys(
    'a key more',
    'publicKeyCertificateSetKeys[Key_B]',
    [['Key_A', 'Key_B']],
    ['visible', 'none'],
    /signed with Key_B are accepted on Web, beside/,
  ),
  keys(
    'a key more that is not active',
    'publicKeyCertificateSetKeys[Key_C]',
    [['Key_A', 'Key_C']],
    ['none', 'none'],
    /Key_C is not active/,
  ),
  keys('another label of a keyset', 'masterLabel', [['>Keys<', '>More<']], ['none', 'none'], /^$/),
  key('a key is new', '', [], ['none', 'none'], /^$/, 'missing'),
  key(
    'a key is no longer active',
    'isActive',
    [['>true<', '>false<']],
    DISRUPTIVE_IF_ACTIVE,
    /signed with Key_A are refused on Web/,
  ),
  key('a key becomes active', 'isActive', [], ['visible', 'none'], /signed with Key_A are accepted on Web/, [
    ['>true<', '>false<'],
  ]),
  key(
    'another key under one name',
    'jsonWebKey',
    [['cdefghij', 'CDEFGHIJ']],
    DISRUPTIVE_IF_ACTIVE,
    /signed with kid 2026-A .*cdefghij.* are refused on Web/,
  ),
  key(
    'another kid for one key',
    'jsonWebKey',
    [['2026-A', '2027-A']],
    DISRUPTIVE_IF_ACTIVE,
    /signed with kid 2026-A .* are refused on Web/,
  ),
  key(
    'another certificate of one key',
    'jsonWebKey',
    [['"AQAB"', '"AQAB","x5c":["bmV3"]']],
    ['none', 'none'],
    /tokens stay valid/,
  ),
  key(
    'another key that was not active',
    'jsonWebKey',
    [
      ['>true<', '>false<'],
      ['cdefghij', 'CDEFGHIJ'],
    ],
    ['none', 'none'],
    /was not active/,
    [['>true<', '>false<']],
  ),
  key('another label of a key', 'masterLabel', [['Key A', 'Key B']], ['none', 'none'], /^$/),
  site('a deployment is new', '', [], ['none', 'none'], /^$/, 'missing'),
  site(
    'a deployment is switched off',
    `${CHANNEL_REFERENCE}.isEnabled`,
    [['>true<', '>false<']],
    ['disruptive', 'disruptive'],
    /Site is switched off: .*lose their chat/,
  ),
  site(
    'a deployment is switched on',
    `${CHANNEL_REFERENCE}.isEnabled`,
    [],
    ['visible', 'visible'],
    /Site is switched on/,
    [['>true<', '>false<']],
  ),
  site(
    'a deployment serves another channel',
    `${CHANNEL_REFERENCE}.messagingChannel`,
    [['<messagingChannel>Web', '<messagingChannel>Other']],
    ['disruptive', 'disruptive'],
    /of Site chat on Other instead of Web/,
  ),
  site(
    'another type of a deployment',
    'deploymentType',
    [['>Web</d', '>Mobile</d']],
    ['disruptive', 'disruptive'],
    /Site is of type Web in the org/,
  ),
  site('another label of a deployment', 'masterLabel', [['>Site<', '>Shop<']], ['none', 'none'], /^$/),
  site(
    'another setting of a deployment',
    'deploymentFeature',
    [['<deploymentType>', '<deploymentFeature>EmbeddedMessaging</deploymentFeature><deploymentType>']],
    ['visible', 'visible'],
    /use Site change once it is published/,
  ),
  impactCase('Queue:Chat', 'a queue is new', '', [], ['none', 'none'], /^$/, 'missing'),
  impactCase('Queue:Chat', 'another name of a queue', 'name', [['>Chat<', '>Chats<']], ['none', 'none'], /^$/),
  impactCase(
    'QueueRoutingConfig:Route',
    'another capacity',
    'capacityWeight',
    [['>1<', '>2<']],
    ['visible', 'visible'],
    /wait in Route changes/,
  ),
  impactCase(
    'CorsWhitelistOrigin:Shop',
    'an origin is new',
    '',
    [],
    ['none', 'none'],
    /Pages of https:\/\/shop\.example\.com may call/,
    'missing',
  ),
  impactCase(
    'CorsWhitelistOrigin:Shop',
    'another origin',
    'urlPattern',
    [['shop.', 'new.']],
    ['disruptive', 'disruptive'],
    /https:\/\/shop\.example\.com can no longer reach the chat; those of https:\/\/new\.example\.com can/,
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
