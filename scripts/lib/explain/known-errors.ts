import { npmRun } from '../model';
import { DEPLOY_ERRORS } from './deploy-errors';
import { matchesText, type KnownError } from './known-error';
import type { ParsedInput } from './parse-input';

const BUILD_LOG = 'public build log of a live org, June 2026';
const API_NOTES = 'public notes on the API of a live org, 2026';
const MIAW_GUIDE = 'public WordPress and MIAW guide';
const BOOTSTRAP = "the web client's own bootstrap script";
const DEVELOPER_GUIDE = 'developer.salesforce.com, Enhanced Web Chat: user verification';
const TEAMS_PLAYBOOK = 'Salesforce playbook service-itsm-teams-employee-agent-configure';
const TEAMS_DEBUG_PLAYBOOK = 'Salesforce playbook service-itsm-teams-debug';
const CHANNEL_PLAYBOOK = 'Salesforce playbook service-digital-engagement-channel-configure';

/** Responses of the Enhanced Chat API. */
const CHAT_API_ERRORS: readonly KnownError[] = [
  {
    name: 'no-active-configuration',
    matches: matchesText(/no active AuthSchemes/i),
    cause: 'User verification is on, but the channel has no active user verification configuration with a keyset.',
    fix: `Add messagingAuthorizations with enabled true to the channel (Setup: User Verification Configuration, Active), then deploy: ${npmRun('deploy', '--all')}`,
    source: BUILD_LOG,
  },
  {
    name: 'guest-on-verified-channel',
    matches: matchesText(/Set the auth mode to false/i),
    cause:
      'The client requested an access token for an unverified user on a verified channel. It runs without user verification, or no identity token was set. Often user verification was turned on before the channel had a keyset.',
    fix: `Set an identity token in the client. To see whether the channel has its keyset: ${npmRun('verify')}. Keep user verification on; unverified users need a channel and a chat deployment of their own.`,
    source: `${TEAMS_PLAYBOOK}; ${TEAMS_DEBUG_PLAYBOOK}`,
  },
  {
    name: 'events-refused',
    matches: ({ status, text }) => status === 401 && /eventrouter|\/sse\b/i.test(text),
    cause:
      'The event stream rejects the access token. The token belongs to an unverified user, or the endpoint or issuer of the keyset is wrong.',
    fix: `Compare jwtIssuer and jwksEndPoint of the keyset with the token service: ${npmRun('keys', 'check-endpoint', 'KEYSET')}. To trace the identity token: ${npmRun('token', 'explain')} < token.txt`,
    source: TEAMS_PLAYBOOK,
  },
  {
    name: 'header-missing',
    matches: ({ status, text }) => status === 400 && /eventrouter|\/sse\b/i.test(text),
    cause: 'The event stream requires the headers X-Org-Id and Last-Event-Id.',
    fix: 'Send both headers, with the lastEventId of the access token response.',
    source: TEAMS_PLAYBOOK,
  },
  {
    name: 'guest-subject',
    matches: ({ subject, text }) =>
      /^v2\/iamessage\/(UNAUTH|ANON)\//.test(subject ?? '') || /v2\/iamessage\/(UNAUTH|ANON)\/|UNAUTH\/NA/.test(text),
    cause:
      'The customer is an unverified user although the request succeeded: the identity token was rejected or missing. One build log reports this, without any error, for an uploaded key without x5c.',
    fix: `To find the failed step: ${npmRun('verify')}. Or trace the identity token that was sent: ${npmRun('token', 'explain')} < token.txt`,
    source: `${BUILD_LOG}; ${API_NOTES}`,
  },
  {
    name: 'verified-subject',
    matches: ({ subject, text }) => /v2\/iamessage\/AUTH\//.test(subject ?? text),
    cause:
      'The customer is a verified user. A record named Guest without a contact is no contradiction. Sources disagree whether Salesforce links a contact automatically.',
    fix: 'Link the contact with a flow or Apex on MessagingEndUser, by the value after uid:.',
    source: API_NOTES,
  },
  {
    name: 'not-published',
    matches: matchesText(/Embedded Messaging Config is not Published/i),
    cause: 'The chat deployment was never published.',
    fix: `Publish again: ${npmRun('deploy', '--all', '--publish')}. The change can take up to 10 minutes.`,
    source: API_NOTES,
  },
  {
    name: 'deployment-type',
    matches: matchesText(/deploymentType that's set to api/i),
    cause: 'Version 2 of the API requires a chat deployment of type API.',
    fix: 'Use a chat deployment of type API (Setup: Custom Client), or the web client or a mobile SDK.',
    source: API_NOTES,
  },
  {
    name: 'precondition-failed',
    matches: matchesText(/Conversation Precondition failed/i),
    cause: "The org can't store a conversation. In developer orgs, data storage is usually full.",
    fix: 'Check Setup: Storage Usage. The identity token is not the cause.',
    source: MIAW_GUIDE,
  },
  {
    name: 'conversation-id',
    matches: matchesText(/Specify the conversationId in UUID format/i),
    cause: 'The client creates the conversation ID. It must be a random UUID (version 4).',
    fix: 'Use crypto.randomUUID().',
    source: API_NOTES,
  },
  {
    name: 'no-agents',
    matches: matchesText(/Agents are not available/i),
    cause:
      'The queue of the channel has no routing configuration, or no service rep is online. User verification is not the cause.',
    fix: `Add a routing configuration and members to the queue. To check the queue: ${npmRun('verify')}`,
    source: `${CHANNEL_PLAYBOOK}; ${MIAW_GUIDE}`,
  },
];

const CORS_HELP = 'Salesforce Help, xcloud.extend_code_cors.htm';
const TRUSTED_URLS_HELP = 'Salesforce Help, xcloud.security_trusted_urls_csp_violations.htm';

/** How browsers say that a page may not read a response of another origin: Chrome, Firefox, Safari. */
const CORS =
  /blocked by CORS policy|Cross-Origin Request Blocked|is not allowed by Access-Control-Allow-Origin|due to access control checks/i;

/** How browsers say that a Content Security Policy blocks something: Chrome, Firefox, Safari. */
const CSP =
  /violates the following (Content Security Policy )?directive|(does not appear in|appears in neither) the [\w-]{1,30} directive|in a frame because it set ["']X-Frame-Options/i;

const FRAME_POLICY = /frame-ancestors|X-Frame-Options/i;

/** Whether the URL that the browser did not read is one of Salesforce. The origin of the page can be one too. */
function isSalesforceTarget(text: string): boolean {
  const target = /(?:\bat|cannot load|load) ["']?(https?:\/\/[^\s"']{1,2000})/i.exec(text)?.[1] ?? '';
  return /\.(salesforce-scrt|salesforce|force|site|salesforce-sites)\.com$/i.test(URL.parse(target)?.hostname ?? '');
}

/** Messages of a browser that blocks a request. */
const BROWSER_ERRORS: readonly KnownError[] = [
  {
    name: 'cors-salesforce',
    matches: ({ text }) => CORS.test(text) && isSalesforceTarget(text),
    cause:
      "Salesforce doesn't allow the origin of the page, or the URL is wrong: an error response, such as 404, has no CORS headers either.",
    fix: `Add the origin of the page to "sites" of the org file, and deploy (in Setup: CORS). To list missing origins: ${npmRun('client-kit')}. Compare the URLs of the page with the snippet that it generates.`,
    source: `${CORS_HELP}; ${MIAW_GUIDE}`,
  },
  {
    name: 'cors-token-endpoint',
    matches: ({ text }) => CORS.test(text) && !isSalesforceTarget(text),
    cause:
      'The page requests the token from an endpoint that does not allow its origin, or that redirects to a login page. The identity token is never sent to Salesforce.',
    fix: "Let the token endpoint respond with Access-Control-Allow-Origin (the origin of the page) and, if it uses cookies, Access-Control-Allow-Credentials: true. Or serve it from the page's own origin. If the session has ended, respond with 401 instead of a redirect.",
    source: 'Fetch standard, section 3.2 (CORS protocol)',
  },
  {
    name: 'csp-frame',
    matches: ({ text }) => CSP.test(text) && FRAME_POLICY.test(text),
    cause: 'The site that chat is loaded from does not allow the page to show it in a frame.',
    fix: 'Add the domain of the page in Setup of the org: Session Settings, Trusted Domains for Inline Frames. An Experience Cloud site has its own list: Experience Builder, Settings, Security & Privacy.',
    source: 'Object Reference, IframeWhiteListUrl; CSP Level 3, frame-ancestors',
  },
  {
    name: 'csp-page',
    matches: ({ text }) => CSP.test(text) && !FRAME_POLICY.test(text),
    cause: 'The Content Security Policy of the page does not allow a host of chat.',
    fix: `Add the hosts of chat to the directive that the message names (script-src, style-src, frame-src, connect-src, or img-src). To list the hosts: ${npmRun('client-kit')}. On an Experience Cloud site, add them as Trusted URLs.`,
    source: `${TRUSTED_URLS_HELP}; CSP Level 3, section 6`,
  },
];

/** Errors in a browser or an app. */
const CLIENT_ERRORS: readonly KnownError[] = [
  {
    name: 'token-not-usable',
    matches: matchesText(/Invalid identity token passed into the setIdentityToken/i),
    cause:
      'The web client can\'t decode the token, finds no exp in it, or considers it expired by its own clock. "jwt" in lowercase has the same effect. The chat button never appears.',
    fix: `Trace the token at the time of the browser: ${npmRun('token', 'explain', '--at', 'TIME')} < token.txt. Set identityTokenType to "JWT".`,
    source: BOOTSTRAP,
  },
  {
    name: 'token-parameter',
    matches: matchesText(/Invalid identity token parameter/i, /Unsupported identity token/i),
    cause: 'setIdentityToken was called without {identityTokenType: "JWT", identityToken: "..."}.',
    fix: 'Pass exactly that object. JWT is the only type.',
    source: BOOTSTRAP,
  },
  {
    name: 'token-set-too-early',
    matches: matchesText(/before the onEmbeddedMessagingReady event/i),
    cause:
      'The token was set before chat was ready and was lost. Customers stay unverified although the token is valid.',
    fix: 'Add the listener for onEmbeddedMessagingReady first. Set the token in that listener, after it was fetched.',
    source: `${BOOTSTRAP}; ${MIAW_GUIDE}`,
  },
  {
    name: 'verification-off',
    matches: matchesText(
      /User Verification isn't enabled in Messaging Settings/i,
      /Invalid user verification authentication mode/i,
    ),
    cause:
      'The chat deployment is published with authMode UnAuth. Possible reasons: the wrong channel, an outdated publish or page, or a deploy below API version 62.0 that removed embeddedConfig.',
    fix: `To see the published settings: ${npmRun('verify')}. To publish again: ${npmRun('deploy', '--all', '--publish')}. Then reload the page without cache.`,
    source: `${BOOTSTRAP}; ${MIAW_GUIDE}`,
  },
  {
    name: 'button-hidden',
    matches: matchesText(/Can't call showChatButton for a verified user/i),
    cause: 'A verified channel shows its button only after a valid token was set.',
    fix: 'Call setIdentityToken first. Unverified users need a chat deployment of their own.',
    source: BOOTSTRAP,
  },
  {
    name: 'token-storm',
    matches: ({ text }) => (text.match(/onEmbeddedMessaging(Identity)?TokenExpired/g) ?? []).length > 3,
    cause:
      'Each rejected token fires the event again, and the page answers each event with another token: a loop of 40 or more events per second.',
    fix: `Stop after a few attempts, with a growing pause. To trace the rejected token: ${npmRun('token', 'explain')} < token.txt`,
    source: BUILD_LOG,
  },
  {
    name: 'session-cleared',
    matches: matchesText(
      /Log in again to continue your messaging conversation/i,
      /onEmbeddedMessaging(Identity)?TokenExpired/,
    ),
    cause:
      'Both tokens have expired. After the event, the page has about 30 seconds to set a new identity token. Then the session and the data of the user are cleared.',
    fix: 'On onEmbeddedMessagingIdentityTokenExpired, fetch a new token and call setIdentityToken.',
    source: `${DEVELOPER_GUIDE}; ${BOOTSTRAP}`,
  },
  {
    name: 'stale-token',
    matches: ({ status }) => status === 304,
    cause: 'The token endpoint responds with 304, so the browser reuses an old token.',
    fix: 'Respond with Cache-Control: no-store and without ETag.',
    source: BUILD_LOG,
  },
  {
    name: 'too-many-redirects',
    matches: matchesText(/too many redirects/i),
    cause: 'Observed in Safari on iOS if chat and the page have different registrable domains. The session is lost.',
    fix: 'Give the ESW site a custom domain under the domain of the page, or use the API.',
    source: 'public demo of a live org with verification on',
  },
];

/** Errors of Setup, and of what people paste. */
const SETUP_ERRORS: readonly KnownError[] = [
  {
    name: 'private-key',
    matches: matchesText(/BEGIN (RSA |EC |ENCRYPTED )?PRIVATE KEY/),
    cause:
      'This is a private key. Anyone who has it can chat as any customer. This command never needs it on standard input.',
    fix: `If anyone else can have seen it, retire it: ${npmRun('keys', 'rotate', 'retire', 'KEYSET', '--old-key', 'NAME', '--compromised')}. Then paste the token, not the key.`,
    source: 'RFC 7468, section 10',
  },
  {
    name: 'publish-not-found',
    matches: ({ text, status }) =>
      /embeddedserviceconfig\/publish/.test(text) && (status === 404 || /NOT_FOUND/.test(text)),
    cause: 'The publish resource requires API version 67.0 or later.',
    fix: `Use the path with v67.0, or publish with this project: ${npmRun('deploy', '--all', '--publish')}`,
    source: `${TEAMS_PLAYBOOK}; ${TEAMS_DEBUG_PLAYBOOK}`,
  },
  {
    name: 'checkbox-missing',
    matches: matchesText(/Add User Verification/i),
    cause: 'The checkbox is on the page that Edit opens in the list of channels, not on the detail page.',
    fix: `In Setup, open Messaging Settings and click Edit in the row of the channel. Or set authMode to Auth in source, then deploy: ${npmRun('deploy', '--all')}`,
    source: BUILD_LOG,
  },
];

export const KNOWN_ERRORS: readonly KnownError[] = [
  ...CHAT_API_ERRORS,
  ...BROWSER_ERRORS,
  ...CLIENT_ERRORS,
  ...DEPLOY_ERRORS,
  ...SETUP_ERRORS,
];

/** Returns the known errors that an input matches, in the order of the table. */
export const findKnownErrors = (input: ParsedInput): readonly KnownError[] =>
  KNOWN_ERRORS.filter(({ matches }) => matches(input));
