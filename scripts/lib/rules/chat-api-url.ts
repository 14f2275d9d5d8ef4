import type { OrgConfig } from '../model';
import { isSalesforceHost } from './host';
import { violation, defineRules, warning, type Violation } from './rule';
import { PROJECT_SAFETY } from './sources';

export const CHAT_API_RULES = defineRules({
  'chat-api-host': warning('The tokens of verify go to a host of Salesforce.', PROJECT_SAFETY),
});

/**
 * Whoever may change an org file could have the tokens of `verify` sent to a server of their own, so an address that is not
 * Salesforce's is shown to whoever reviews the change. An http address passes: only loopback may have one, as a local org does.
 */
export function checkChatApiUrl({ scrt2URL, file, lines }: OrgConfig): readonly Violation[] {
  if (scrt2URL === undefined || !URL.canParse(scrt2URL)) return [];
  const { protocol, hostname } = new URL(scrt2URL);
  if (protocol === 'http:' || isSalesforceHost(hostname)) return [];
  const location = { component: '', path: 'scrt2URL', origin: { file, line: lines.get('scrt2URL') ?? 0 } };
  const message = `The tokens that verify makes for this org go to ${hostname}, which is no host of Salesforce.`;
  const fix = 'Take scrt2URL out, so that it follows from the login; keep it only where that is your own proxy.';
  return [violation(CHAT_API_RULES['chat-api-host'], location, message, fix)];
}
