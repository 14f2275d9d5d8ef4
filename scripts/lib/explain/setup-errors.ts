import { matchesText, type KnownError } from './known-error';

const TEAMS = 'Salesforce playbook service-itsm-teams-employee-agent-configure';
const CHANNELS = 'Salesforce playbook service-digital-engagement-channel-configure';
const HELP = 'Salesforce Help, Session-Based Chat';

/** What a deployment or Setup says. */
export const SETUP_ERRORS: readonly KnownError[] = [
  {
    name: 'private-key',
    matches: matchesText(/BEGIN (RSA |EC |ENCRYPTED )?PRIVATE KEY/),
    cause: 'This is a private key: whoever has it can be any customer. Nothing here needs it on standard input.',
    fix: 'If anybody else may have seen it: npm run keys -- rotate retire <keyset> --old-key <Key_Name> --compromised. Then paste the token, not the key.',
    source: 'RFC 7468, section 10',
  },
  {
    name: 'keyset-missing',
    matches: matchesText(/Required fields are missing: \[AuthorizationConfigId\]/),
    cause: 'A channel names a keyset that is neither in the package nor in the org.',
    fix: 'Deploy keys and keyset with the channel: npm run deploy does.',
    source: 'sfdx-git-delta, issue 1035',
  },
  {
    name: 'suffix-case',
    matches: matchesText(/TypeInferenceError|Could not infer a metadata type/),
    cause: 'The case of the file ending decides: .PublicKeyCertificateSet-meta.xml.',
    fix: 'Rename the file; npm run check finds it.',
    source: `${TEAMS}; source-deploy-retrieve`,
  },
  {
    name: 'keyset-type',
    matches: matchesText(/not a valid value for the enum 'PublicKeyCertificateSetType'/),
    cause: 'The type of a keyset is exactly JWKS or JWKS_URL.',
    fix: 'Correct it; npm run check finds it.',
    source: TEAMS,
  },
  {
    name: 'keyset-both',
    matches: matchesText(/can't configure JWKS_URL when the key type selected is JWKS_KEY/),
    cause: 'A keyset of type JWKS has an endpoint as well.',
    fix: 'Remove jwksEndPoint, or make the type JWKS_URL.',
    source: TEAMS,
  },
  {
    name: 'session-based-chat',
    matches: matchesText(/can't enable Session-Based Chat for verified users/i),
    cause: 'Session-Based Chat and verification exclude each other.',
    fix: 'Remove isSynchronousChatEnabled from the channel.',
    source: `${HELP}; ${CHANNELS}`,
  },
  {
    name: 'publish-not-found',
    matches: ({ text, status }) =>
      /embeddedserviceconfig\/publish/.test(text) && (status === 404 || /NOT_FOUND/.test(text)),
    cause: 'Publishing is there from version 67.0 of the API on.',
    fix: 'Use the path with v67.0; npm run deploy -- --publish does.',
    source: `${TEAMS}; Salesforce playbook service-itsm-teams-debug`,
  },
  {
    name: 'checkbox-missing',
    matches: matchesText(/Add User Verification/i),
    cause: 'The checkbox is on the page behind Edit in the list of channels, not on the sections of the detail page.',
    fix: 'Setup: Messaging Settings, Edit in the row of the channel. Or state authMode Auth in the source and npm run deploy.',
    source: 'public build log of a live org, June 2026',
  },
];
