import { type Component, mainPath } from '../metadata/component';

/** The first API version with a channel's embeddedConfig. */
export const EMBEDDED_CONFIG_SINCE = 62;

const EMBEDDED_CONFIG = /(?<![ \t])[ \t]*<embeddedConfig>[\s\S]*?<\/embeddedConfig>\r?\n?/g;

/**
 * Returns a component as an API version reads and writes it. Below 62.0, a channel's embeddedConfig, which contains user
 * verification, is silently omitted from deploys and retrieves. (Salesforce playbook service-itsm-teams-debug reads with SOAP
 * 60.0; in the Metadata API guide, MessagingAuthorization is available from 62.0.)
 */
export function asOfVersion<T extends Component>(component: T, version: number): T {
  if (component.type.name !== 'MessagingChannel' || version >= EMBEDDED_CONFIG_SINCE) return component;
  const path = mainPath(component);
  const content = component.files.get(path)?.toString('utf8') ?? '';
  return { ...component, files: new Map([[path, Buffer.from(content.replace(EMBEDDED_CONFIG, ''))]]) };
}
