import { matchesText, type KnownError } from './known-error';

const BOOT = "the web client's own bootstrap script";
const CHESS = 'public build log of a live org, June 2026';
const GUIDE = 'public WordPress and MIAW guide';
const DEV = 'developer.salesforce.com, Enhanced Web Chat: user verification';

/** What a browser or an app shows. */
export const CLIENT_ERRORS: readonly KnownError[] = [
  {
    name: 'token-not-usable',
    matches: matchesText(/Invalid identity token passed into the setIdentityToken/i),
    cause:
      'The web client cannot decode the token, finds no exp in it, or its clock says that it has expired; "jwt" in lower case does the same. The chat button never appears.',
    fix: 'npm run token -- explain with that token and --at the time of the browser; identityTokenType is "JWT".',
    source: BOOT,
  },
  {
    name: 'token-parameter',
    matches: matchesText(/Invalid identity token parameter/i, /Unsupported identity token/i),
    cause: 'setIdentityToken was not given {identityTokenType: "JWT", identityToken: "..."}.',
    fix: 'Pass exactly that object; JWT is the only type.',
    source: BOOT,
  },
  {
    name: 'token-set-too-early',
    matches: matchesText(/before the onEmbeddedMessagingReady event/i),
    cause:
      'The token was set before the chat was ready, so it was lost: everybody stays a guest although the token is good.',
    fix: 'Add the listener for onEmbeddedMessagingReady first, and set the token in it, once the fetch of it is done.',
    source: `${BOOT}; ${GUIDE}`,
  },
  {
    name: 'verification-off',
    matches: matchesText(
      /User Verification isn't enabled in Messaging Settings/i,
      /Invalid user verification authentication mode/i,
    ),
    cause:
      'The deployment is served with authMode UnAuth: the wrong channel, a publication or a page of before, or embeddedConfig was lost by a deploy below API 62.0.',
    fix: 'npm run verify shows what is served; npm run deploy -- --publish, then reload without cache.',
    source: `${BOOT}; ${GUIDE}`,
  },
  {
    name: 'button-hidden',
    matches: matchesText(/Can't call showChatButton for a verified user/i),
    cause: 'The button of a verified channel is drawn after a good token only.',
    fix: 'Call setIdentityToken first; guests need a deployment of their own.',
    source: BOOT,
  },
  {
    name: 'token-storm',
    matches: ({ text }) => (text.match(/onEmbeddedMessaging(Identity)?TokenExpired/g) ?? []).length > 3,
    cause:
      'Each rejected token fires the event again at once, and the page answers each with another one: a loop of 40 and more a second.',
    fix: 'Stop after some attempts, with a growing pause; then npm run token -- explain with the rejected token.',
    source: CHESS,
  },
  {
    name: 'session-cleared',
    matches: matchesText(
      /Log in again to continue your messaging conversation/i,
      /onEmbeddedMessaging(Identity)?TokenExpired/,
    ),
    cause:
      'Both tokens have ended. From the event on, the page has about 30 seconds to set a fresh identity token; else the session and the data of the user are cleared.',
    fix: 'On onEmbeddedMessagingIdentityTokenExpired fetch a new token and call setIdentityToken.',
    source: `${DEV}; ${BOOT}`,
  },
  {
    name: 'stale-token',
    matches: ({ status }) => status === 304,
    cause: 'The address that hands out tokens answers 304, so that the browser uses an old token again.',
    fix: 'Answer with Cache-Control: no-store and without ETag.',
    source: CHESS,
  },
  {
    name: 'too-many-redirects',
    matches: matchesText(/too many redirects/i),
    cause: 'Seen in Safari on iOS where the chat has another registrable domain than the page: the session is lost.',
    fix: 'Give the ESW site a custom domain that it shares with the page, or use the API.',
    source: 'public demo of a live org with verification on',
  },
];
