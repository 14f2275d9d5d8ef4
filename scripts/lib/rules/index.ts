import { API_VERSION_RULES } from './api-version';
import { APP_RULES } from './app';
import { AUTHORIZATION_RULES } from './authorization';
import { CHANNEL_RULES } from './channel';
import { CHAT_DEPLOYMENT_RULES } from './chat-deployment';
import { COMPROMISED_KEY_RULES } from './compromised-key';
import { ENDPOINT_RULES } from './endpoint';
import { EXPIRATION_RULES } from './expiration';
import { FLEET_RULES } from './fleet';
import { CONFIGURATION_NAME_RULES } from './configuration-name';
import { KEY_RULES } from './key';
import { KEYSET_RULES } from './keyset';
import { KEYSET_KEY_RULES } from './keyset-keys';
import { PLACEHOLDER_RULES } from './placeholder';
import { QUEUE_RULES } from './queue';
import { REFERENCE_RULES } from './references';
import type { Rule } from './rule';
import { CHAT_API_RULES } from './chat-api-url';
import { SCHEMA_RULES } from './schema';
import { WEB_DEPLOYMENT_RULES } from './web-deployment';

export type { ApiVersion } from './api-version';
export { acceptFinding, acceptFindings, hasEnded, isAcceptable } from './accept';
export { check, checkOrg, mergeConflicts } from './check';
export { isLocalOrg, isOnThisMachine, isPublicEndpointRule } from './endpoint';
export { productionTrust } from './fleet';
export { keyFix, renewFix } from './key';
export { verifiesNobodyReason } from './verifiable';
export { signerProblems } from './signer';
export type { Rule } from './rule';

/** Every rule that a finding of `check` can name, with its source. */
export const RULES: readonly Rule[] = [
  ...Object.values(SCHEMA_RULES),
  ...Object.values(REFERENCE_RULES),
  ...Object.values(PLACEHOLDER_RULES),
  ...Object.values(CHANNEL_RULES),
  ...Object.values(QUEUE_RULES),
  ...Object.values(EXPIRATION_RULES),
  ...Object.values(AUTHORIZATION_RULES),
  ...Object.values(CONFIGURATION_NAME_RULES),
  ...Object.values(APP_RULES),
  ...Object.values(KEYSET_RULES),
  ...Object.values(KEYSET_KEY_RULES),
  ...Object.values(ENDPOINT_RULES),
  ...Object.values(KEY_RULES),
  ...Object.values(COMPROMISED_KEY_RULES),
  ...Object.values(FLEET_RULES),
  ...Object.values(CHAT_API_RULES),
  ...Object.values(CHAT_DEPLOYMENT_RULES),
  ...Object.values(WEB_DEPLOYMENT_RULES),
  ...Object.values(API_VERSION_RULES),
];
