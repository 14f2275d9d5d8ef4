/**
 * Where the messaging runtime of an org answers, by the address of its login. My Domain decides
 * (sf-skills: service-helpagent-coordinate): https://X.my.salesforce.com has it at https://X.my.salesforce-scrt.com, and a
 * sandbox keeps its partition (X--dev.sandbox). A local org serves both at one address. Undefined for an address without
 * My Domain.
 */
export function runtimeOf(instanceUrl: string): string | undefined {
  const url = URL.parse(instanceUrl);
  if (!url) return undefined;
  if (['127.0.0.1', '[::1]', 'localhost'].includes(url.hostname)) return url.origin;
  const name = /^([a-z0-9.-]+)\.my\.salesforce\.com$/.exec(url.hostname)?.[1];
  return url.protocol === 'https:' && name !== undefined ? `https://${name}.my.salesforce-scrt.com` : undefined;
}
