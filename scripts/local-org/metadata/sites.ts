import { tryParseDocument, type MetadataStore, type StoredComponent } from './store';
import { childText, escapeXml, METADATA_NAMESPACE } from './xml';

/** The site of a chat deployment: the record, and the first part of the path of its pages. */
export interface Site {
  readonly id: string;
  readonly name: string;
  readonly path: string;
}

/** The sites of an org. */
export const sitesOf = (metadata: MetadataStore): readonly Site[] =>
  metadata.ofType('CustomSite').map((component) => ({
    id: component.record.id,
    name: component.name,
    path: childText(tryParseDocument(component), 'urlPathPrefix') ?? '',
  }));

/** The site of a chat deployment; undefined if it has none, or the org doesn't have it. */
export function siteOf(metadata: MetadataStore, deployment: StoredComponent | undefined): Site | undefined {
  const name = childText(tryParseDocument(deployment), 'site');
  return sitesOf(metadata).find((site) => site.name === name);
}

/**
 * The site and the branding set that Salesforce makes for a new chat deployment of type Web: their names, and their files by
 * path. A site is called ESW_<name>_<timestamp>, and its URL ends in /ESW<name><timestamp>. (Salesforce playbooks
 * service-digital-engagement-deployment-configure and service-helpagent-coordinate)
 */
export function generateSite(deployment: string, at: Date) {
  const stamp = String(at.getTime());
  const site = `ESW_${deployment}_${stamp}`;
  const branding = `EmbeddedService_${deployment}_${stamp}`;
  const path = `ESW${deployment.replaceAll('_', '')}${stamp}`;
  const elements = { active: 'true', masterLabel: site, siteType: 'ChatterNetworkPicasso', urlPathPrefix: path };
  return {
    site,
    branding,
    files: {
      [`sites/${site}.site`]: simpleXml('CustomSite', elements),
      [`brandingSets/${branding}.brandingSet`]: simpleXml('BrandingSet', { masterLabel: branding }),
    },
  };
}

function simpleXml(type: string, elements: Readonly<Record<string, string>>): string {
  const lines = Object.entries(elements).map(([name, text]) => `    <${name}>${escapeXml(text)}</${name}>\n`);
  return `<?xml version="1.0" encoding="UTF-8"?>\n<${type} xmlns="${METADATA_NAMESPACE}">\n${lines.join('')}</${type}>\n`;
}
