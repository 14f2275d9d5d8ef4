import { npmRun } from '../model';
import type { AllowedOrigin, ChannelConnection } from './channel-connection';
import { chatDeploymentFor, PLACEHOLDERS } from './placeholders';

/** One origin that must be allowed for chat to work on a page. */
export interface AllowlistEntry {
  /** Setting that must contain the value. */
  readonly place: string;
  readonly value: string;
  /** The component in source that allows it, or the required action. */
  readonly status: string;
}

/** Returns the allowlist entries of a website: its origins in Salesforce, and Salesforce's hosts in its own policy. */
export function allowlistEntries(connection: ChannelConnection, pages: readonly string[]): readonly AllowlistEntry[] {
  const site = originOf(chatDeploymentFor(connection, ['Web'])?.site) ?? PLACEHOLDERS.site;
  const runtime = originOf(connection.runtime) ?? PLACEHOLDERS.runtime;
  return [...corsEntries(connection, pages), ...pageCspEntries(site, runtime), ...trustedUrlEntries(site, runtime)];
}

const originOf = (url: string | undefined): string | undefined => (url === undefined ? undefined : new URL(url).origin);

/** Origins of pages belong to CORS, not to Trusted URLs (Metadata API guide, CorsWhitelistOrigin). */
function corsEntries({ allowed, org }: ChannelConnection, pages: readonly string[]): readonly AllowlistEntry[] {
  const place = 'Salesforce Setup, CORS';
  const declared = allowed.map((each) => ({ place, value: each.origin, status: originStatus(each, org) }));
  const uncovered = pages.filter((page) => !allowed.some(({ origin }) => originMatches(origin, page)));
  const missing = uncovered.map((page) => ({
    place,
    value: page,
    status: 'missing: add it to "sites" of the org file',
  }));
  const none = { place, value: 'the origin of each page with chat', status: 'none in source for this org' };
  return declared.length + missing.length > 0 ? [...declared, ...missing] : [none];
}

function originStatus({ component, isLive }: AllowedOrigin, org: string): string {
  if (component === undefined) return 'in the org, not in source';
  const live =
    isLive === undefined ? '' : isLive ? ', in the org' : `, not yet in the org: ${npmRun('deploy', '--org', org)}`;
  return `in source: ${component}${live}`;
}

/** `https://*.example.com` allows every host below example.com (Metadata API guide, CorsWhitelistOrigin). */
export function originMatches(pattern: string, origin: string): boolean {
  const [scheme, host = ''] = pattern.split('://*');
  return host === '' ? pattern === origin : origin.startsWith(`${scheme}://`) && origin.endsWith(host);
}

/** For the Content-Security-Policy of the page, if it has one. */
const pageCspEntries = (site: string, runtime: string): readonly AllowlistEntry[] =>
  ['script-src', 'style-src', 'frame-src']
    .map((directive) => ({
      place: `CSP of the page: ${directive}`,
      value: site,
      status: 'if the page has this policy',
    }))
    .concat([{ place: 'CSP of the page: connect-src', value: runtime, status: 'if the page has this policy' }]);

/** For pages that Salesforce hosts: Trusted URLs in Setup, CspTrustedSite in metadata. */
const trustedUrlEntries = (site: string, runtime: string): readonly AllowlistEntry[] => [
  {
    place: 'Salesforce Setup, Trusted URLs: connect-src',
    value: runtime,
    status: 'only for pages on Experience Cloud sites',
  },
  {
    place: 'Salesforce Setup, Trusted URLs: frame-src, script-src',
    value: site,
    status: 'only for pages on Experience Cloud sites',
  },
];
