import { PREFIX, recordId } from '../identifiers';
import { tryParseDocument } from '../metadata/store';
import { sitesOf, type Site } from '../metadata/sites';
import { childText } from '../metadata/xml';
import type { Org } from '../org/org';
import type { Row, Table } from './table';

/** Sites with their URLs, and the allowed origins. */
export const SITE_TABLES: readonly Table[] = [
  {
    name: 'Site',
    apis: ['data'],
    fields: {
      Id: 'id',
      Name: 'string',
      MasterLabel: 'string',
      UrlPathPrefix: 'string',
      SiteType: 'string',
      Status: 'string',
    },
    parents: {},
    rows: (org) => sitesOf(org.metadata).map(siteRow),
  },
  {
    name: 'Domain',
    apis: ['data'],
    fields: { Id: 'id', Domain: 'string' },
    parents: {},
    rows: (org) => [domainRow(org)],
  },
  {
    name: 'DomainSite',
    apis: ['data'],
    fields: { Id: 'id', DomainId: 'id', SiteId: 'id', PathPrefix: 'string' },
    parents: { Domain: 'Domain', Site: 'Site' },
    rows: (org) => sitesOf(org.metadata).map((site) => domainSiteRow(org, site)),
  },
  {
    name: 'CorsWhitelistEntry',
    apis: ['data'],
    fields: { Id: 'id', DeveloperName: 'string', UrlPattern: 'string' },
    parents: {},
    rows: (org) =>
      org.metadata.ofType('CorsWhitelistOrigin').map((origin) => ({
        Id: origin.record.id,
        DeveloperName: origin.name,
        UrlPattern: childText(tryParseDocument(origin), 'urlPattern') ?? null,
      })),
  },
];

const siteRow = ({ id, name, path }: Site): Row => ({
  Id: id,
  Name: name,
  MasterLabel: name,
  UrlPathPrefix: path,
  SiteType: 'ChatterNetworkPicasso',
  Status: 'Active',
});

// In Salesforce, a domain has no port and its pages use HTTPS: example.my.site.com.
const domainRow = (org: Org): Row => ({
  Id: recordId(PREFIX.metadata, org.orgId, 'domain'),
  Domain: org.url.replace('http://', ''),
});

function domainSiteRow(org: Org, site: Site): Row {
  const domain = domainRow(org);
  const Id = recordId(PREFIX.metadata, org.orgId, 'domain site', site.name);
  return {
    Id,
    DomainId: domain['Id'] ?? null,
    SiteId: site.id,
    PathPrefix: `/${site.path}`,
    Domain: domain,
    Site: siteRow(site),
  };
}
