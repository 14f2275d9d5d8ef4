import { AUTHORIZATION_RULES } from './channel-authorization';
import { CHANNEL_RULES } from './channel';
import { ROUTING_RULES } from './channel-routing';
import { NAME_RULES } from './developer-name';
import { KEY_RULES } from './key';
import { KEYSET_RULES } from './keyset';
import { RELATED_RULES } from './related';
import { WEB_DEPLOYMENT_RULES } from './web-deployment';
import type { Rule } from './rule';

/** All rules that aren't in the WSDL. */
export const RULES: readonly Rule[] = [
  ...KEY_RULES,
  ...KEYSET_RULES,
  ...CHANNEL_RULES,
  ...AUTHORIZATION_RULES,
  ...NAME_RULES,
  ...ROUTING_RULES,
  ...RELATED_RULES,
  ...WEB_DEPLOYMENT_RULES,
];

export type { Violation, Rule, OrgView } from './rule';
