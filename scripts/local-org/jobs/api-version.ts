import { type Component, mainPath } from '../metadata/component';
/** The first API version that carries a channel's embeddedConfig. */
export const EMBEDDED_CONFIG_SINCE = 62;

const EMBEDDED_CONFIG = /[ \t]*<embeddedConfig>[\s\S]*?<\/embeddedConfig>\r?\n?/g;

/**
 * A component as an older API version sees it. Below 62.0 a channel's embeddedConfig, and with it user verification, is
 * silently left out, on the way in as on the way out (read by SOAP 60.0 in Salesforce's playbook
 * service-itsm-teams-debug; the Metadata API guide dates MessagingAuthorization 62.0).
 */
export function asOfVersion<T extends Component>(component: T, version: number): T {
  if (component.type.name !== 'MessagingChannel' || version >= EMBEDDED_CONFIG_SINCE) return component;
  const path = mainPath(component);
  const content = component.files.get(path)?.toString('utf8') ?? '';
  return { ...component, files: new Map([[path, Buffer.from(content.replace(EMBEDDED_CONFIG, ''))]]) };
}
