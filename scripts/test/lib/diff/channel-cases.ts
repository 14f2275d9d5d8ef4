import { casesOf, type ImpactCase } from './impact-case';

const AUTHORIZATION = `<messagingAuthorizations><authIdentifier>Customer</authIdentifier><enabled>true</enabled>
    <publicKeyCertificateSetName>Keys</publicKeyCertificateSetName></messagingAuthorizations>`;

const END = '</messagingAuthorizations>';
/** The end of the first configuration, and another one behind it. */
const client = (keyset: string, enabled: boolean): string =>
  END + AUTHORIZATION.replace('Customer', 'Client').replace('>Keys<', `>${keyset}<`).replace('>true<', `>${enabled}<`);
const GUESTS = ['>Auth<', '>UnAuth<'] as const;
const BREAKS = ['disruptive', 'none'] as const;
const SWITCHED_ON = /switched on: .*Web .*valid token\. Guests are locked out/;

const web = casesOf('MessagingChannel:Web');
const config = 'embeddedConfig';
const at = `${config}.messagingAuthorizations`;
const CUSTOMER = `${at}[Customer]`;

/** Verification switched on or off, tokens refused, conversations forked, tokens that end sooner, routing, going live. */
export const CHANNEL_CASES: readonly ImpactCase[] = [
  web('a channel is new', '', [], ['none', 'none'], /^User verification is on\.$/, 'missing'),
  web('a channel for guests is new', '', [['>Auth<', '>UnAuth<']], ['none', 'none'], /nobody is verified/, 'missing'),
  web('a channel is set up for the first time', 'embeddedConfig', [], BREAKS, SWITCHED_ON, [
    ['<embeddedConfig>', '<!--'],
    ['</embeddedConfig>', '-->'],
  ]),
  web('verification is switched on', `${config}.authMode`, [], BREAKS, SWITCHED_ON, [['>Auth<', '>UnAuth<']]),
  web(
    'verification is switched off',
    `${config}.authMode`,
    [['>Auth<', '>UnAuth<']],
    BREAKS,
    /switched off: everybody on Web is a guest/,
  ),
  web(
    'a configuration is renamed',
    `${at}[Client]`,
    [
      ['>true<', '>false<'],
      [END, client('Keys', true)],
    ],
    BREAKS,
    /renamed from Customer to Client: customers lose sight of the conversations they hold under Customer/,
  ),
  web(
    'the old name of a renamed one is disabled',
    `${CUSTOMER}.enabled`,
    [
      ['>true<', '>false<'],
      [END, client('Keys', true)],
    ],
    BREAKS,
    /renamed from Customer to Client/,
  ),
  web(
    'a second configuration for one keyset',
    `${at}[Client]`,
    [[END, client('Keys', true)]],
    BREAKS,
    /second active configuration for keyset Keys, beside Customer/,
  ),
  web(
    'a configuration for other keys joins the first',
    `${at}[Client]`,
    [[END, client('Fetched', true)]],
    ['notice', 'notice'],
    /tokens of "https:\/\/login\.example\.com", under the configuration Client/,
  ),
  web(
    'a configuration joins that is not enabled',
    `${at}[Client]`,
    [[END, client('Keys', false)]],
    ['none', 'none'],
    /Client is not active/,
  ),
  web('a first configuration', CUSTOMER, [], ['notice', 'notice'], /tokens of "https:\/\/id\.example\.com"/, [
    [AUTHORIZATION, ''],
  ]),
  web(
    'a configuration trusts another keyset',
    `${CUSTOMER}.publicKeyCertificateSetName`,
    [['>Keys<', '>Fetched<']],
    BREAKS,
    /Tokens of "https:\/\/id\.example\.com" \(keyset Keys\) are refused on Web; .*"https:\/\/login\.example\.com" \(keyset Fetched\) are accepted/,
  ),
  web(
    'a configuration is disabled',
    `${CUSTOMER}.enabled`,
    [['>true<', '>false<']],
    BREAKS,
    /Customer is no longer active: its tokens are refused on Web/,
  ),
  web(
    'a configuration is enabled',
    `${CUSTOMER}.enabled`,
    [],
    ['notice', 'notice'],
    /Web accepts tokens of "https:\/\/id\.example\.com"/,
    [['>true<', '>false<']],
  ),
  web(
    'verified tokens end sooner',
    `${config}.verifiedUserJwtExpirationTime`,
    [['>120<', '>60<']],
    ['notice', 'none'],
    /verified customers on Web end sooner: after 60 instead of 120 minutes/,
  ),
  web(
    'verified tokens live longer',
    `${config}.verifiedUserJwtExpirationTime`,
    [['>120<', '>240<']],
    ['notice', 'none'],
    /verified customers on Web end later: after 240 instead of 120 minutes/,
  ),
  web(
    'the time of guests where there are none',
    `${config}.anonymousUserJwtExpirationTime`,
    [['>360<', '>180<']],
    ['none', 'none'],
    /no effect/,
  ),
  web(
    'the time of verified customers where there are none',
    `${config}.verifiedUserJwtExpirationTime`,
    [GUESTS, ['>120<', '>60<']],
    ['none', 'none'],
    /no effect/,
    [GUESTS],
  ),
  web(
    'sessions of guests end sooner',
    `${config}.anonymousUserJwtExpirationTime`,
    [GUESTS, ['>360<', '>180<']],
    ['notice', 'none'],
    /guests on Web end sooner: after 180 instead of 360 minutes/,
    [GUESTS],
  ),
  web(
    'another queue',
    'sessionHandlerQueue',
    [['>Chat<', '>Other<']],
    BREAKS,
    /Routing moves: .*Web go to Other instead of Chat/,
  ),
  web('another routing', 'queueRoutingConfig', [['>Route<', '>Other<']], BREAKS, /go to Other instead of Route/),
  web('another label', 'masterLabel', [['>Web<', '>Chat<']], ['none', 'none'], /^$/),
  web('another description', 'description', [['For customers', 'For all']], ['none', 'none'], /^$/),
  web(
    'a setting without a rule of its own',
    'consentType',
    [['<description>', '<consentType>No</consentType><description>']],
    ['notice', 'none'],
    /who chat on Web may notice/,
  ),
];
