import { ToolError } from '../errors';
import type { OrgConfig } from '../model';
import type { Sf } from '../sf';

/**
 * Where the messaging runtime of an org answers, by the address of its login. My Domain decides
 * (sf-skills: service-helpagent-coordinate): https://X.my.salesforce.com has it at https://X.my.salesforce-scrt.com, and a
 * sandbox keeps its partition (X--dev.sandbox). A local org serves both at one address. Undefined for an address without
 * My Domain.
 */
export function chatApiUrlOf(instanceUrl: string): string | undefined {
  const url = URL.parse(instanceUrl);
  if (!url) return undefined;
  if (['127.0.0.1', '[::1]', 'localhost'].includes(url.hostname)) return url.origin;
  const name = /^([a-z0-9.-]+)\.my\.salesforce\.com$/.exec(url.hostname)?.[1];
  return url.protocol === 'https:' && name !== undefined ? `https://${name}.my.salesforce-scrt.com` : undefined;
}

/** As the org file says, or as the address of the login does; of a login nothing else is read. */
export async function chatApiUrlFor(sf: Sf, { alias, scrt2URL, file }: OrgConfig): Promise<string> {
  if (scrt2URL !== undefined) return scrt2URL;
  const instanceUrl = (await sf.logins()).get(alias) ?? '';
  const chatApiUrl = chatApiUrlOf(instanceUrl);
  if (chatApiUrl !== undefined) return chatApiUrl;
  throw new ToolError('chat-api-unknown', {
    what: `It is not known where the messaging runtime of "${alias}" answers.`,
    why: `The login leads to ${instanceUrl === '' ? 'no address' : instanceUrl}, which is no My Domain (https://X.my.salesforce.com).`,
    fix: `State it in ${file}: "scrt2URL": "https://X.my.salesforce-scrt.com" (Setup: Embedded Service Deployments, code snippet).`,
  });
}
