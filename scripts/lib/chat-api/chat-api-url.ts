import { ToolError } from '../errors';
import type { OrgConfig } from '../model';
import { isLoopback } from '../model';
import type { Sf } from '../sf';

/**
 * Returns the SCRT2 URL of an org, derived from the instance URL of its login, or undefined if that isn't a My Domain URL.
 * https://X.my.salesforce.com has it at https://X.my.salesforce-scrt.com; a sandbox keeps its partition, as in X--dev.sandbox
 * (sf-skills: service-helpagent-coordinate). A local org serves both at one origin.
 */
export function chatApiUrlOf(instanceUrl: string): string | undefined {
  const url = URL.parse(instanceUrl);
  if (!url) return undefined;
  if (isLoopback(url)) return url.origin;
  const name = /^([a-z0-9.-]+)\.my\.salesforce\.com$/.exec(url.hostname)?.[1];
  return url.protocol === 'https:' && name !== undefined ? `https://${name}.my.salesforce-scrt.com` : undefined;
}

/**
 * Returns the SCRT2 URL of an org: the one in its org file, else the one that its login implies. Reads only the instance URL
 * of the login. Throws `login-missing` without a login, and `chat-api-unknown` if the login doesn't imply a URL.
 */
export async function chatApiUrlFor(sf: Pick<Sf, 'loginOf'>, { alias, scrt2URL, file }: OrgConfig): Promise<string> {
  if (scrt2URL !== undefined) return scrt2URL;
  const { instanceUrl } = await sf.loginOf(alias);
  const chatApiUrl = chatApiUrlOf(instanceUrl);
  if (chatApiUrl !== undefined) return chatApiUrl;
  throw new ToolError('chat-api-unknown', {
    what: `The SCRT2 URL of "${alias}" is unknown.`,
    why: `The login uses ${instanceUrl}, which isn't a My Domain URL (https://X.my.salesforce.com).`,
    fix: `Add "scrt2URL": "https://X.my.salesforce-scrt.com" to ${file}. Setup shows it in the code snippet of the Embedded Service Deployment.`,
  });
}
