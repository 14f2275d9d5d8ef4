import { impactCasesFor, type ImpactTestCase } from './impact-case';

const AUTHORIZATION = `<messagingAuthorizations><authIdentifier>Customer</authIdentifier><enabled>true</enabled>
    <publicKeyCertificateSetName>Keys</publicKeyCertificateSetName></messagingAuthorizations>`;

const END = '</messagingAuthorizations>';
/** The end of the first configuration, and another one behind it. */
const partnerAuthorization = (keyset: string, enabled: boolean): string =>
  END + AUTHORIZATION.replace('Customer', 'Client').replace('>Keys<', `>${keyset}<`).replace('>true<', `>${enabled}<`);
const TO_UNVERIFIED = ['>Auth<', '>UnAuth<'] as const;
const DISRUPTIVE_IF_ACTIVE = ['disruptive', 'none'] as const;
const SWITCHED_ON = /switched on: .*Web .*valid token\. Guests are locked out/;

const web = impactCasesFor('MessagingChannel:Web');
const EMBEDDED_CONFIG = 'embeddedConfig';
const AUTHORIZATIONS = `${EMBEDDED_CONFIG}.messagingAuthorizations`;
const CUSTOMER = `${AUTHORIZATIONS}[Customer]`;

/** Verification switched on or off, tokens refused, conversations forked, tokens that end sooner, routing, going live. */
export const CHANNEL_CASES: readonly ImpactTestCase[] = [
  web('a channel is new', '', [], ['none', 'none'], /^User verification is on\.$/, 'missing'),
  web('a channel for guests is new', '', [['>Auth<', '>UnAuth<']], ['none', 'none'], /nobody is verified/, 'missing'),
  web('a channel is set up for the first time', 'embeddedConfig', [], DISRUPTIVE_IF_ACTIVE, SWITCHED_ON, [
    ['<embeddedConfig>', '<!--'],
    ['</embeddedConfig>', '-->'],
  ]),
  web('verification is switched on', `${EMBEDDED_CONFIG}.authMode`, [], DISRUPTIVE_IF_ACTIVE, SWITCHED_ON, [
    ['>Auth<', '>UnAuth<'],
  ]),
  web(
    'verification is switched off',
    `${EMBEDDED_CONFIG}.authMode`,
    [['>Auth<', '>UnAuth<']],
    DISRUPTIVE_IF_ACTIVE,
    /switched off: everybody on Web is a guest/,
  ),
  web(
    'a configuration is renamed',
    `${AUTHORIZATIONS}[Client]`,
    [
      ['>true<', '>false<'],
      [END, partnerAuthorization('Keys', true)],
    ],
    DISRUPTIVE_IF_ACTIVE,
    /renamed from Customer to Client: customers lose sight of the conversations they hold under Customer/,
  ),
  web(
    'the old name of a renamed one is disabled',
    `${CUSTOMER}.enabled`,
    [
      ['>true<', '>false<'],
      [END, partnerAuthorization('Keys', true)],
    ],
    DISRUPTIVE_IF_ACTIVE,
    /renamed from Customer to Client/,
  ),
  web(
    'a second configuration for one keyset',
    `${AUTHORIZATIONS}[Client]`,
    [[END, partnerAuthorization('Keys', true)]],
    DISRUPTIVE_IF_ACTIVE,
    /second active configuration for keyset Keys, beside Customer/,
  ),
  web(
    'a configuration for other keys joins the first',
    `${AUTHORIZATIONS}[Client]`,
    [[END, partnerAuthorization('Fetched', true)]],
    ['visible', 'visible'],
    /tokens of "https:\/\/login\.example\.com", under the configuration Client/,
  ),
  web(
    'a configuration joins that is not enabled',
    `${AUTHORIZATIONS}[Client]`,
    [[END, partnerAuthorization('Keys', false)]],
    ['none', 'none'],
    /Client is not active/,
  ),
  web('a first configuration', CUSTOMER, [], ['visible', 'visible'], /tokens of "https:\/\/id\.example\.com"/, [
    [AUTHORIZATION, ''],
  ]),
  web(
    'a configuration trusts another keyset',
    `${CUSTOMER}.publicKeyCertificateSetName`,
    [['>Keys<', '>Fetched<']],
    DISRUPTIVE_IF_ACTIVE,
    /Tokens of "https:\/\/id\.example\.com" \(keyset Keys\) are refused on Web; .*"https:\/\/login\.example\.com" \(keyset Fetched\) are accepted/,
  ),
  web(
    'a configuration is disabled',
    `${CUSTOMER}.enabled`,
    [['>true<', '>false<']],
    DISRUPTIVE_IF_ACTIVE,
    /Customer is no longer active: its tokens are refused on Web/,
  ),
  web(
    'a configuration is enabled',
    `${CUSTOMER}.enabled`,
    [],
    ['visible', 'visible'],
    /Web accepts tokens of "https:\/\/id\.example\.com"/,
    [['>true<', '>false<']],
  ),
  web(
    'verified tokens end sooner',
    `${EMBEDDED_CONFIG}.verifiedUserJwtExpirationTime`,
    [['>120<', '>60<']],
    ['visible', 'none'],
    /verified customers on Web end sooner: after 60 instead of 120 minutes/,
  ),
  web(
    'verified tokens live longer',
    `${EMBEDDED_CONFIG}.verifiedUserJwtExpirationTime`,
    [['>120<', '>240<']],
    ['visible', 'none'],
    /verified customers on Web end later: after 240 instead of 120 minutes/,
  ),
  web(
    'the time of guests where there are none',
    `${EMBEDDED_CONFIG}.anonymousUserJwtExpirationTime`,
    [['>360<', '>180<']],
    ['none', 'none'],
    /no effect/,
  ),
  web(
    'the time of verified customers where there are none',
    `${EMBEDDED_CONFIG}.verifiedUserJwtExpirationTime`,
    [TO_UNVERIFIED, ['>120<', '>60<']],
    ['none', 'none'],
    /no effect/,
    [TO_UNVERIFIED],
  ),
  web(
    'sessions of guests end sooner',
    `${EMBEDDED_CONFIG}.anonymousUserJwtExpirationTime`,
    [TO_UNVERIFIED, ['>360<', '>180<']],
    ['visible', 'none'],
    /guests on Web end sooner: after 180 instead of 360 minutes/,
    [TO_UNVERIFIED],
  ),
  web(
    'another queue',
    'sessionHandlerQueue',
    [['>Chat<', '>Other<']],
    DISRUPTIVE_IF_ACTIVE,
    /Routing moves: .*Web go to Other instead of Chat/,
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
    /who chat on Web may notice/,
  ),
];
