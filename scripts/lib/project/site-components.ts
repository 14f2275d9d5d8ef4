import { createHash } from 'node:crypto';
import {
  componentsOf,
  keyOf,
  leaf,
  parent,
  textAt,
  originIn,
  type Component,
  type ComponentMap,
  type OrgConfig,
  type Origin,
} from '../model';

/**
 * The components that an org needs for the sites in its org file: for each one a CORS allowed origin, so that its pages can call
 * Salesforce, and a Trusted URL, so that the chat window can connect to it and show its images and frames: the window is a page
 * on a site of the org (Metadata API guide, CorsWhitelistOrigin and CspTrustedSite). An origin that source declares under another
 * name and the org file includes isn't declared twice.
 */
export function siteComponents(org: OrgConfig, source: ComponentMap): readonly Component[] {
  const included = new Set<string>(org.include);
  const declared = componentsOf(source, 'CorsWhitelistOrigin')
    .filter((origin) => included.has(keyOf(origin)))
    .map(({ root }) => textAt(root, 'urlPattern'));
  return org.sites.flatMap((site, index) => {
    const place = originIn(org, `sites.${index}`);
    return [...(declared.includes(site) ? [] : [allowedOrigin(site, place)]), trustedUrl(site, place)];
  });
}

const allowedOrigin = (site: string, origin: Origin): Component => ({
  type: 'CorsWhitelistOrigin',
  fullName: siteName(site),
  root: parent('CorsWhitelistOrigin', [leaf('urlPattern', site, origin)], origin),
});

const trustedUrl = (site: string, origin: Origin): Component => ({
  type: 'CspTrustedSite',
  fullName: siteName(site),
  root: parent(
    'CspTrustedSite',
    Object.entries({
      context: 'Communities',
      endpointUrl: site,
      isActive: 'true',
      isApplicableToConnectSrc: 'true',
      isApplicableToFontSrc: 'false',
      isApplicableToFrameSrc: 'true',
      isApplicableToImgSrc: 'true',
      isApplicableToMediaSrc: 'false',
      isApplicableToStyleSrc: 'false',
    }).map(([name, text]) => leaf(name, text, origin)),
    origin,
  ),
});

const MAX_NAME_LENGTH = 60;

/**
 * The developer name of a site: `Site_shop_example_com`. It ends with a hash if another site could have the same name: a hyphen
 * becomes an underscore too, and Salesforce ignores case. A developer name has no two underscores in a row and none at its end.
 */
function siteName(site: string): string {
  const host = site.toLowerCase().replace('https://', '');
  const name = `Site.${host.replace('*.', 'any.')}`.replace(/[^A-Za-z0-9]+/g, '_').replace(/_$/, '');
  if (/^[a-z0-9.:]+$/.test(host) && name.length <= MAX_NAME_LENGTH) return name;
  return `${name.slice(0, MAX_NAME_LENGTH).replace(/_$/, '')}_${createHash('sha256').update(host).digest('hex').slice(0, 6)}`;
}
