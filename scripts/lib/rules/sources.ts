/** Sources of the rules, as short names of published pages. */

const help = (article: string): string => `Salesforce Help, ${article}.htm`;
const guide = (page: string): string => `Metadata API Developer Guide, ${page}`;
const skill = (name: string): string => `github.com/forcedotcom/sf-skills, skills/${name}`;

export const HELP_SETUP = help('service.miaw_token_based_user_verification_setup');
export const HELP_SESSION_BASED = help('service.miaw_session_based_chat');

export const META_CHANNEL = guide('meta_messagingchannel');
export const META_KEY = guide('meta_publickeycertificate');
export const META_KEYSET = guide('meta_publickeycertificateset');

export const SKILL_CHANNEL = skill('service-digital-engagement-channel-configure');
export const SKILL_DEPLOYMENT = skill('service-digital-engagement-deployment-configure');
export const SKILL_HELP_AGENT = skill('service-helpagent-coordinate');
export const SKILL_TEAMS = skill('service-itsm-teams-employee-agent-configure');
export const SKILL_DEBUG = skill('service-itsm-teams-debug');

export const MOBILE_GUIDES =
  'Salesforce Developers, messaging-in-app/guide: ios-user-verification.html, android-user-verification.html';
export const DX_CONFIG = 'Salesforce DX Developer Guide, Project Configuration File (sourceApiVersion)';
export const WSDL = 'Metadata WSDL, as in @salesforce/types';
export const WSDL_HISTORY =
  'github.com/forcedotcom/wsdl, the Metadata WSDLs of 62.0 to 66.0; @salesforce/types for 67.0';
export const URL_STANDARD = 'url.spec.whatwg.org';
export const OPENID_DISCOVERY = 'OpenID Connect Discovery 1.0, section 4';
export const RESERVED_ADDRESSES = 'IANA special-purpose address registries (RFC 6890)';

/** The source of rules that Salesforce doesn't state. */
export const PROJECT_SAFETY = 'safety rule of this project';
