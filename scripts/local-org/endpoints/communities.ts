import { json, type Response } from '../http/message';
import type { Route } from '../http/routes';
import { tryParseDocument, type StoredComponent } from '../metadata/store';
import { childText } from '../metadata/xml';
import type { Org } from '../org/org';

/**
 * The Experience Cloud sites of an org with their templates. (Connect REST API guide, Communities; sf-skills: list the sites with
 * `GET connect/communities` and check `templateName`)
 */
export const COMMUNITY_ROUTES: readonly Route[] = [
  { method: 'GET', path: /^\/services\/data\/v\d+\.\d\/connect\/communities\/?$/, handle: listSites },
];

/** Without this setting, a site that is no LWR site has this template: metadata doesn't contain the one of an Aura site. */
const DEFAULT_AURA_TEMPLATE = 'Customer Service';

function listSites(org: Org): Response {
  const communities = org.metadata.ofType('Network').map((network) => siteOf(org, network));
  return json({ communities, total: communities.length });
}

function siteOf(org: Org, network: StoredComponent): object {
  const urlPathPrefix = childText(tryParseDocument(network), 'urlPathPrefix') ?? '';
  const name = decodeURIComponent(network.name);
  const template = isLwrSite(org, network.name, urlPathPrefix) ? 'Build Your Own (LWR)' : DEFAULT_AURA_TEMPLATE;
  return {
    id: network.record.id,
    name,
    urlPathPrefix,
    siteUrl: `${org.url}/${urlPathPrefix}`,
    status: 'Live',
    siteAsContainerEnabled: true,
    templateName: org.siteTemplates[name] ?? template,
  };
}

/** An enhanced LWR site has a DigitalExperienceConfig with its URL path prefix. (Metadata API guide) */
const isLwrSite = (org: Org, name: string, prefix: string): boolean =>
  org.metadata
    .ofType('DigitalExperienceConfig')
    .some((config) => config.name === `${name}1` || childText(tryParseDocument(config), 'urlPathPrefix') === prefix);
