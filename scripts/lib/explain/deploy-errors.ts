import { npmRun, RESUME_HINT } from '../model';
import { matchesText, type KnownError } from './known-error';

const TEAMS_PLAYBOOK = 'Salesforce playbook service-itsm-teams-employee-agent-configure';
const CHANNEL_PLAYBOOK = 'Salesforce playbook service-digital-engagement-channel-configure';
const SESSION_CHAT_HELP = 'Salesforce Help, Session-Based Chat';
const METADATA_GUIDE = 'Metadata API Developer Guide, DeployResult';

const REJECTIONS: readonly KnownError[] = [
  {
    name: 'keyset-missing',
    matches: matchesText(/Required fields are missing: \[AuthorizationConfigId\]/),
    cause: 'A channel uses a keyset that is neither in the deployed package nor in the org.',
    fix: `Add the keyset and its keys to the source, so that they are deployed together with the channel. To see what is missing: ${npmRun('check')}.`,
    source: 'sfdx-git-delta, issue 1035',
  },
  {
    name: 'suffix-case',
    matches: matchesText(/TypeInferenceError|Could not infer a metadata type/),
    cause: 'The file suffix is case-sensitive: .PublicKeyCertificateSet-meta.xml.',
    fix: `Rename the file. To find such files: ${npmRun('check')}.`,
    source: `${TEAMS_PLAYBOOK}; source-deploy-retrieve`,
  },
  {
    name: 'keyset-type',
    matches: matchesText(/not a valid value for the enum 'PublicKeyCertificateSetType'/),
    cause: 'The type of a keyset must be JWKS or JWKS_URL, in uppercase.',
    fix: `Correct the type. To find its line: ${npmRun('check')}.`,
    source: TEAMS_PLAYBOOK,
  },
  {
    name: 'keyset-both',
    matches: matchesText(/can't configure JWKS_URL when the key type selected is JWKS_KEY/),
    cause: 'A keyset of type JWKS also has an endpoint.',
    fix: 'Remove jwksEndPoint, or set the type to JWKS_URL.',
    source: TEAMS_PLAYBOOK,
  },
  {
    name: 'session-based-chat',
    matches: matchesText(/can't enable Session-Based Chat for verified users/i),
    cause: 'A channel can have Session-Based Chat or user verification, not both.',
    fix: 'Remove isSynchronousChatEnabled from the channel.',
    source: `${SESSION_CHAT_HELP}; ${CHANNEL_PLAYBOOK}`,
  },
  {
    name: 'agent-missing',
    matches: matchesText(/Missing required Agentforce Service Agent|Only active Agentforce Service Agents/i),
    cause: 'The channel routes to an Agentforce Service Agent that the org does not have, or that is not active.',
    fix: 'Activate the agent in Setup of this org, or route the channel to a queue (sessionHandlerType Queue) in the source or in the org file.',
    source: CHANNEL_PLAYBOOK,
  },
  {
    name: 'duplicate-name',
    matches: matchesText(/DUPLICATE_DEVELOPER_NAME|duplicate value found: DeveloperName/i),
    cause: 'The org has another record with this developer name, such as a queue that was created by hand.',
    fix: 'Rename one of the two, or delete the unused record, in Setup of this org.',
    source: TEAMS_PLAYBOOK,
  },
  {
    name: 'deploy-canceled',
    matches: matchesText(
      /\bstatus["']?(?: is)?:?\s?["']?Cancel(?:ed|ing)\b/i,
      /\bdeploy\w*(?: job)?(?: \w+)? (?:was )?cancell?ed\b/i,
    ),
    cause: 'Someone canceled the deploy job (Setup: Deployment Status, or the CLI). Salesforce rolled it back.',
    fix: 'Ask who canceled it and why.',
    source: METADATA_GUIDE,
  },
  {
    name: 'salesforce-fault',
    matches: matchesText(/UNKNOWN_EXCEPTION|An unexpected error occurred\. Please include this ErrorId/i),
    cause: 'An internal error of Salesforce. The text names no component, and no cause in the source is known.',
    fix: 'Wait a few minutes. If the next deploy fails with the same number in parentheses, give the whole text with its error ID to Salesforce Support.',
    source: 'docs.gearset.com, Gack errors; Salesforce Help, What is a Gack',
  },
];

/** Errors of a metadata deploy, without the run that it belonged to. A rejected deploy and `token explain` give the same advice. */
export const DEPLOY_ERRORS: readonly KnownError[] = REJECTIONS.map((each) => ({
  ...each,
  fix: `${each.fix} Then deploy: ${npmRun('deploy', '--all')}`,
}));

/** The cause and the fix of the known errors in the texts that Salesforce reports for a deploy of a run; undefined without one. */
export function explainDeploy(texts: readonly string[]): { readonly cause: string; readonly fix: string } | undefined {
  const known = REJECTIONS.filter(({ matches }) => texts.some((text) => matches({ kind: 'text', text })));
  if (known.length === 0) return undefined;
  return {
    cause: known.map((each) => each.cause).join(' '),
    fix: [...known.map((each) => each.fix), RESUME_HINT].join(' '),
  };
}
