/** The sources of the rules. */
const HELP = 'https://help.salesforce.com/s/articleView?id=service.';
const META = 'https://developer.salesforce.com/docs/atlas.en-us.api_meta.meta/api_meta/';

export const SOURCES = {
  setup: `Help, set up user verification: ${HELP}miaw_token_based_user_verification_setup.htm`,
  troubleshooting: `Help, user verification troubleshooting: ${HELP}user_verification_troubleshooting.htm`,
  overview: `Help, understanding user verification (quoted second-hand): ${HELP}user_verification_overview.htm`,
  sessionBasedChat: `Help, Session-Based Chat: ${HELP}miaw_session_based_chat.htm`,
  key: `Metadata API guide, PublicKeyCertificate: ${META}meta_publickeycertificate.htm`,
  keyset: `Metadata API guide, PublicKeyCertificateSet: ${META}meta_publickeycertificateset.htm`,
  channel: `Metadata API guide, MessagingChannel: ${META}meta_messagingchannel.htm`,
  cors: `Metadata API guide, CorsWhitelistOrigin: ${META}meta_corswhitelistorigin.htm`,
  permissionSet: `Metadata API guide, PermissionSet: ${META}meta_permissionset.htm`,
  channelPlaybook:
    'Salesforce playbook service-digital-engagement-channel-configure: https://github.com/forcedotcom/sf-skills',
  deploymentPlaybook:
    'Salesforce playbook service-digital-engagement-deployment-configure: https://github.com/forcedotcom/sf-skills',
  deploymentUpdatePlaybook:
    'Salesforce playbook service-helpagent-coordinate: https://github.com/forcedotcom/sf-skills',
  deployedSite:
    'https://github.com/trailheadapps/coral-cloud deploys a chat deployment with its site to new scratch orgs',
  teamsPlaybook:
    'Salesforce playbook service-itsm-teams-employee-agent-configure: https://github.com/forcedotcom/sf-skills',
  unresolvedKeyset: 'deploy log in https://github.com/scolladon/sfdx-git-delta/issues/1035',
} as const;
