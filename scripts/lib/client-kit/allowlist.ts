import type { AllowedOrigin, ChannelConnection } from './channel-connection';
import { chatDeploymentFor, PLACEHOLDERS } from './placeholders';

/** One thing that has to be allowed somewhere for the chat to work on a page. */
export interface AllowlistEntry {
  readonly place: string;
  readonly value: string;
  /** Which component of the source says so, or what to do. */
  readonly status: string;
}

/** What a website has to have allowed: its origins in Salesforce, and Salesforce's hosts in its own policy. */
export function allowlistEntries(connection: ChannelConnection, pages: readonly string[]): readonly AllowlistEntry[] {
  const site = originOf(chatDeploymentFor(connection, ['Web'])?.site) ?? PLACEHOLDERS.site;
  const runtime = originOf(connection.runtime) ?? PLACEHOLDERS.runtime;
  return [...corsEntries(connection, pages), ...pageCspEntries(site, runtime), ...trustedUrlEntries(site, runtime)];
}

const originOf = (url: string | undefined): string | undefined => (url === undefined ? undefined : new URL(url).origin);

/** Origins of pages belong to CORS, and not to Trusted URLs (Metadata API guide, CorsWhitelistOrigin). */
function corsEntries({ allowed }: ChannelConnection, pages: readonly string[]): readonly AllowlistEntry[] {
  const place = 'Salesforce, CORS (Setup)';
  const declared = allowed.map((each) => ({ place, value: each.origin, status: originStatus(each) }));
  const uncovered = pages.filter((page) => !allowed.some(({ origin }) => originMatches(origin, page)));
  const missing = uncovered.map((page) => ({
    place,
    value: page,
    status: 'missing: add a CorsWhitelistOrigin, and name it in "include" of the org file',
  }));
  const none = { place, value: 'the origin of each page with chat', status: 'none in the source for this org' };
  return declared.length + missing.length > 0 ? [...declared, ...missing] : [none];
}

function originStatus({ component, isLive }: AllowedOrigin): string {
  if (component === undefined) return 'in the org, and not in the source';
  const live = isLive === undefined ? '' : isLive ? ', and in the org' : ', and not yet in the org: npm run deploy';
  return `in the source: ${component}${live}`;
}

/** `https://*.example.com` allows every host below example.com (Metadata API guide, CorsWhitelistOrigin). */
export function originMatches(pattern: string, origin: string): boolean {
  const [scheme, host = ''] = pattern.split('://*');
  return host === '' ? pattern === origin : origin.startsWith(`${scheme}://`) && origin.endsWith(host);
}

/** The page's own Content-Security-Policy, where it has one. */
const pageCspEntries = (site: string, runtime: string): readonly AllowlistEntry[] =>
  ['script-src', 'style-src', 'frame-src']
    .map((directive) => ({ place: `the page, CSP ${directive}`, value: site, status: 'if the page has such a policy' }))
    .concat([{ place: 'the page, CSP connect-src', value: runtime, status: 'if the page has such a policy' }]);

/** For pages that Salesforce hosts: Setup, Trusted URLs, which is CspTrustedSite in metadata. */
const trustedUrlEntries = (site: string, runtime: string): readonly AllowlistEntry[] => [
  { place: 'Salesforce, Trusted URLs: connect-src', value: runtime, status: 'for pages on Experience sites only' },
  {
    place: 'Salesforce, Trusted URLs: frame-src, script-src',
    value: site,
    status: 'for pages on Experience sites only',
  },
];
