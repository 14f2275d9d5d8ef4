import { impactCasesFor, type ImpactTestCase } from './impact-case';

const AUTHORIZATION = `<messagingAuthorizations><authIdentifier>Customer</authIdentifier><enabled>true</enabled>
    <publicKeyCertificateSetName>Keys</publicKeyCertificateSetName></messagingAuthorizations>`;

const END = '</messagingAuthorizations>';
/** The end of the first configuration, followed by a second one. */
const partnerAuthorization = (keyset: string, enabled: boolean): string =>
  END + AUTHORIZATION.replace('Customer', 'Client').replace('>Keys<', `>${keyset}<`).replace('>true<', `>${enabled}<`);
const TO_UNVERIFIED = ['>Auth<', '>UnAuth<'] as const;
const DISRUPTIVE_IF_ACTIVE = ['disruptive', 'none'] as const;
const TURNED_ON =
  /^Turns user verification on\. New chats on Web require a valid token\. Unverified users, .* can't start a chat/;

const web = impactCasesFor('MessagingChannel:Web');
const EMBEDDED_CONFIG = 'embeddedConfig';
const AUTHORIZATIONS = `${EMBEDDED_CONFIG}.messagingAuthorizations`;
const CUSTOMER = `${AUTHORIZATIONS}[Customer]`;

/** Changes of user verification, configurations, lifetimes, and routing of a channel. */
export const CHANNEL_CASES: readonly ImpactTestCase[] = [
  web('a new verified channel', '', [], ['none', 'none'], /^User verification is on\.$/, 'missing'),
  web(
    'a new unverified channel',
    '',
    [['>Auth<', '>UnAuth<']],
    ['none', 'none'],
    /All users are unverified/,
    'missing',
  ),
  web('the first chat settings of a channel', 'embeddedConfig', [], DISRUPTIVE_IF_ACTIVE, TURNED_ON, [
    ['<embeddedConfig>', '<!--'],
    ['</embeddedConfig>', '-->'],
  ]),
  web('user verification turned on', `${EMBEDDED_CONFIG}.authMode`, [], DISRUPTIVE_IF_ACTIVE, TURNED_ON, [
    ['>Auth<', '>UnAuth<'],
  ]),
  web(
    'user verification turned off',
    `${EMBEDDED_CONFIG}.authMode`,
    [['>Auth<', '>UnAuth<']],
    DISRUPTIVE_IF_ACTIVE,
    /^Turns user verification off\. All users on Web are unverified/,
  ),
  web(
    'a renamed configuration',
    `${AUTHORIZATIONS}[Client]`,
    [
      ['>true<', '>false<'],
      [END, partnerAuthorization('Keys', true)],
    ],
    DISRUPTIVE_IF_ACTIVE,
    /^Renames user verification configuration Customer to Client\. Customers no longer see their conversations under Customer/,
  ),
  web(
    'the disabled old name of a renamed configuration',
    `${CUSTOMER}.enabled`,
    [
      ['>true<', '>false<'],
      [END, partnerAuthorization('Keys', true)],
    ],
    DISRUPTIVE_IF_ACTIVE,
    /^Renames user verification configuration Customer to Client/,
  ),
  web(
    'a second configuration for one keyset',
    `${AUTHORIZATIONS}[Client]`,
    [[END, partnerAuthorization('Keys', true)]],
    DISRUPTIVE_IF_ACTIVE,
    /second user verification configuration for keyset Keys on Web: Client in addition to Customer/,
  ),
  web(
    'a second configuration for another keyset',
    `${AUTHORIZATIONS}[Client]`,
    [[END, partnerAuthorization('Fetched', true)]],
    ['visible', 'visible'],
    /tokens of "https:\/\/login\.example\.com" under user verification configuration Client/,
  ),
  web(
    'a second configuration that is disabled',
    `${AUTHORIZATIONS}[Client]`,
    [[END, partnerAuthorization('Keys', false)]],
    ['none', 'none'],
    /Client isn't enabled/,
  ),
  web('a first configuration', CUSTOMER, [], ['visible', 'visible'], /tokens of "https:\/\/id\.example\.com"/, [
    [AUTHORIZATION, ''],
  ]),
  web(
    'another keyset of a configuration',
    `${CUSTOMER}.publicKeyCertificateSetName`,
    [['>Keys<', '>Fetched<']],
    DISRUPTIVE_IF_ACTIVE,
    /Tokens of "https:\/\/id\.example\.com" \(keyset Keys\) are rejected on Web; .*"https:\/\/login\.example\.com" \(keyset Fetched\) are accepted/,
  ),
  web(
    'a disabled configuration',
    `${CUSTOMER}.enabled`,
    [['>true<', '>false<']],
    DISRUPTIVE_IF_ACTIVE,
    /^Disables user verification configuration Customer\. Its tokens are rejected on Web/,
  ),
  web(
    'an enabled configuration',
    `${CUSTOMER}.enabled`,
    [],
    ['visible', 'visible'],
    /Web accepts tokens of "https:\/\/id\.example\.com"/,
    [['>true<', '>false<']],
  ),
  web(
    'a shorter lifetime of access tokens for verified users',
    `${EMBEDDED_CONFIG}.verifiedUserJwtExpirationTime`,
    [['>120<', '>60<']],
    ['visible', 'none'],
    /verified users on Web expire after 60 minutes instead of 120/,
  ),
  web(
    'a longer lifetime of access tokens for verified users',
    `${EMBEDDED_CONFIG}.verifiedUserJwtExpirationTime`,
    [['>120<', '>240<']],
    ['visible', 'none'],
    /verified users on Web expire after 240 minutes instead of 120/,
  ),
  web(
    'the lifetime for unverified users of a verified channel',
    `${EMBEDDED_CONFIG}.anonymousUserJwtExpirationTime`,
    [['>360<', '>180<']],
    ['none', 'none'],
    /no effect/,
  ),
  web(
    'the lifetime for verified users of an unverified channel',
    `${EMBEDDED_CONFIG}.verifiedUserJwtExpirationTime`,
    [TO_UNVERIFIED, ['>120<', '>60<']],
    ['none', 'none'],
    /no effect/,
    [TO_UNVERIFIED],
  ),
  web(
    'a shorter lifetime of sessions of unverified users',
    `${EMBEDDED_CONFIG}.anonymousUserJwtExpirationTime`,
    [TO_UNVERIFIED, ['>360<', '>180<']],
    ['visible', 'none'],
    /unverified users on Web expire after 180 minutes instead of 360/,
    [TO_UNVERIFIED],
  ),
  web(
    'another queue',
    'sessionHandlerQueue',
    [['>Chat<', '>Other<']],
    DISRUPTIVE_IF_ACTIVE,
    /^Changes routing\. .*Web go to Other instead of Chat/,
  ),
  ...[
    '<sessionHandlerQueue/>',
    '<sessionHandlerQueue xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance" xsi:nil="true"/>',
    '<sessionHandlerQueue> </sessionHandlerQueue>',
    '',
  ].map((live) =>
    web(
      `a queue for a channel with ${live === '' ? 'none' : live} in the org`,
      'sessionHandlerQueue',
      [],
      DISRUPTIVE_IF_ACTIVE,
      /^Changes routing\. .*Web go to Chat instead of nobody\.$/,
      [['<sessionHandlerQueue>Chat</sessionHandlerQueue>', live]],
    ),
  ),
  web(
    'an agent',
    'sessionHandlerAsa',
    [['<sessionHandlerQueue>', '<sessionHandlerAsa>Helper</sessionHandlerAsa><sessionHandlerQueue>']],
    DISRUPTIVE_IF_ACTIVE,
    /Web go to Helper instead of nobody\. Salesforce can drop the agent from a deploy\. The deploy then sets it .*Sessions that start in between/,
  ),
  web(
    'a new channel with an agent',
    '',
    [['<sessionHandlerQueue>', '<sessionHandlerAsa>Helper</sessionHandlerAsa><sessionHandlerQueue>']],
    ['none', 'none'],
    /Agent Helper handles messaging sessions\. Salesforce can drop/,
    'missing',
  ),
  web(
    'another routing',
    'queueRoutingConfig',
    [['>Route<', '>Other<']],
    DISRUPTIVE_IF_ACTIVE,
    /go to Other instead of Route/,
  ),
  web('another label', 'masterLabel', [['>Web<', '>Chat<']], ['none', 'none'], /^$/),
  web('another description', 'description', [['For customers', 'For all']], ['none', 'none'], /^$/),
  web(
    'a setting without a rule of its own',
    'consentType',
    [['<description>', '<consentType>No</consentType><description>']],
    ['visible', 'none'],
    /who chat on Web may notice the change/,
  ),
];
