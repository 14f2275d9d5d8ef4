import { matchesText, type KnownError } from './known-error';

const CHESS = 'public build log of a live org, June 2026';
const TEAMS = 'Salesforce playbook service-itsm-teams-employee-agent-configure';
const DEBUG = 'Salesforce playbook service-itsm-teams-debug';
const NOTES = 'public notes on the API of a live org, 2026';
const GUIDE = 'public WordPress and MIAW guide';

/** What the messaging runtime answers. */
export const CHAT_API_ERRORS: readonly KnownError[] = [
  {
    name: 'no-active-configuration',
    matches: matchesText(/no active AuthSchemes/i),
    cause: 'Verification is on, but the channel has no active configuration with a keyset.',
    fix: 'Give the channel messagingAuthorizations with enabled true (Setup: User Verification Configuration, Active), then npm run deploy.',
    source: CHESS,
  },
  {
    name: 'guest-on-verified-channel',
    matches: matchesText(/Set the auth mode to false/i),
    cause:
      'The client asked for a guest token on a channel that verifies its customers: it runs without user verification, or no token was set. Often the channel was switched on before it had a keyset.',
    fix: 'Have the client set a token; npm run verify shows whether the channel has its keyset. Do not switch verification off; guests need a channel and a deployment of their own.',
    source: `${TEAMS}; ${DEBUG}`,
  },
  {
    name: 'events-refused',
    matches: (pasted) => pasted.status === 401 && /eventrouter|\/sse\b/i.test(pasted.text),
    cause:
      'The stream of events refuses the access token: it is a guest token, or endpoint or issuer of the keyset are wrong.',
    fix: 'Compare jwtIssuer and jwksEndPoint of the keyset with the issuer: npm run keys -- check-endpoint, npm run token -- explain with the identity token.',
    source: TEAMS,
  },
  {
    name: 'header-missing',
    matches: (pasted) => pasted.status === 400 && /eventrouter|\/sse\b/i.test(pasted.text),
    cause: 'The stream of events asks for the headers X-Org-Id and Last-Event-Id.',
    fix: 'Send both, with the lastEventId of the token answer.',
    source: TEAMS,
  },
  {
    name: 'guest-subject',
    matches: ({ subject, text }) =>
      /^v2\/iamessage\/(UNAUTH|ANON)\//.test(subject ?? '') || /v2\/iamessage\/(UNAUTH|ANON)\/|UNAUTH\/NA/.test(text),
    cause:
      'The customer is a guest although the call went through: the token was not believed, or none was sent. One build log saw this, without any error, with an uploaded key that had no x5c.',
    fix: 'npm run verify names the link; npm run token -- explain with the token that was sent does, too.',
    source: `${CHESS}; ${NOTES}`,
  },
  {
    name: 'verified-subject',
    matches: ({ subject, text }) => /v2\/iamessage\/AUTH\//.test(subject ?? text),
    cause:
      'The customer is verified. A record that is called Guest and has no contact does not speak against it; sources disagree whether Salesforce ever links a contact by itself.',
    fix: 'Link it with a flow or Apex on MessagingEndUser, by the part behind uid:.',
    source: NOTES,
  },
  {
    name: 'not-published',
    matches: matchesText(/Embedded Messaging Config is not Published/i),
    cause: 'The deployment was never published.',
    fix: 'npm run deploy -- --publish; it may take ten minutes to show.',
    source: NOTES,
  },
  {
    name: 'deployment-type',
    matches: matchesText(/deploymentType that's set to api/i),
    cause: 'Version 2 of the API is for deployments of type API only.',
    fix: 'Name a deployment of type API (Setup: Custom Client), or use the web client or a mobile SDK.',
    source: NOTES,
  },
  {
    name: 'precondition-failed',
    matches: matchesText(/Conversation Precondition failed/i),
    cause: 'The org cannot store a conversation; in developer orgs usually the storage is full.',
    fix: 'Look at Setup: Storage Usage. The token is not the reason.',
    source: GUIDE,
  },
  {
    name: 'conversation-id',
    matches: matchesText(/Specify the conversationId in UUID format/i),
    cause: 'The id of a conversation is a random UUID (version 4), and is made by the client.',
    fix: 'Use crypto.randomUUID().',
    source: NOTES,
  },
  {
    name: 'no-agents',
    matches: matchesText(/Agents are not available/i),
    cause:
      'The queue of the channel has no routing configuration, or nobody is online. Verification is not the reason.',
    fix: 'Give the queue a routing configuration and members; npm run verify looks at the queue.',
    source: `Salesforce playbook service-digital-engagement-channel-configure; ${GUIDE}`,
  },
];
