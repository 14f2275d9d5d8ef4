import { AUTHORIZATION_RULES } from './channel-authorization';
import { CHANNEL_RULES } from './channel';
import { ROUTING_RULES } from './channel-routing';
import { KEY_RULES } from './key';
import { KEYSET_RULES } from './keyset';
import { NEIGHBOUR_RULES } from './neighbours';
import type { Rule } from './rule';

/** Every rule beyond the WSDL types. */
export const RULES: readonly Rule[] = [
  ...KEY_RULES,
  ...KEYSET_RULES,
  ...CHANNEL_RULES,
  ...AUTHORIZATION_RULES,
  ...ROUTING_RULES,
  ...NEIGHBOUR_RULES,
];

export type { Complaint, Rule, View } from './rule';
