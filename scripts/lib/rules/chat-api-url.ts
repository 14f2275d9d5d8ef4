import type { OrgConfig } from '../model';
import { isSalesforceHost } from './host';
import { violation, defineRules, warning, type Violation } from './rule';
import { PROJECT_SAFETY } from './sources';

export const CHAT_API_RULES = defineRules({
  'chat-api-host': warning('The command verify sends tokens only to a Salesforce host.', PROJECT_SAFETY),
});

/**
 * A changed org file could send the tokens of `verify` to another server, so reviewers get a warning for a host that isn't
 * Salesforce's. An HTTP URL passes: the schema of org files allows HTTP only on loopback, where a local org listens.
 */
export function checkChatApiUrl({ scrt2URL, file, origins }: OrgConfig): readonly Violation[] {
  if (scrt2URL === undefined || !URL.canParse(scrt2URL)) return [];
  const { protocol, hostname } = new URL(scrt2URL);
  if (protocol === 'http:' || isSalesforceHost(hostname)) return [];
  const location = { component: '', path: 'scrt2URL', origin: origins.get('scrt2URL') ?? { file, line: 0 } };
  const message = `The command verify sends the tokens for this org to ${hostname}, which is not a Salesforce host.`;
  const fix = 'Remove scrt2URL, so that the URL is derived from the login. Keep it only if the host is your own proxy.';
  return [violation(CHAT_API_RULES['chat-api-host'], location, message, fix)];
}
