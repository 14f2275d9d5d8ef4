import { BlockList, isIPv4, isIPv6 } from 'node:net';

/** Networks that are not part of the public internet (IANA special-purpose address registries). */
const RESERVED_NETWORKS = {
  ipv4: [
    '0.0.0.0/8',
    '10.0.0.0/8',
    '100.64.0.0/10',
    '127.0.0.0/8',
    '169.254.0.0/16',
    '172.16.0.0/12',
    '192.0.0.0/24',
    '192.0.2.0/24',
    '192.88.99.0/24',
    '192.168.0.0/16',
    '198.18.0.0/15',
    '198.51.100.0/24',
    '203.0.113.0/24',
    '224.0.0.0/4',
    '240.0.0.0/4',
  ],
  ipv6: ['2001::/23', '2001:db8::/32', '2002::/16', '3fff::/20'],
} as const;

/**
 * The IPv6 addresses that can be public: global unicast (RFC 4291, section 2.4) and IPv4-mapped ones. Every other prefix is
 * reserved or translates to an IPv4 address, which could be private: ::ffff:0:0:0/96, 64:ff9b::/96.
 */
const PUBLIC_IPV6 = ['2000::/3', '::ffff:0:0/96'];

/** Names that don't resolve on the public internet (RFC 6761, RFC 6762, RFC 8375, ICANN on .internal). */
const LOCAL_NAMES = ['localhost', 'localdomain', 'local', 'internal', 'home.arpa'];

/**
 * Domains on which Salesforce serves orgs, their sites, and its own pages (Help: My Domain URL formats). A custom domain of
 * an Experience Cloud site isn't recognized.
 */
const SALESFORCE_DOMAINS = [
  'salesforce.com',
  'force.com',
  'site.com',
  'salesforce-sites.com',
  'salesforce-scrt.com',
  'salesforce-experience.com',
  'salesforce-setup.com',
  'salesforce-hub.com',
  'salesforce-communities.com',
  'salesforceliveagent.com',
  'visualforce.com',
  'documentforce.com',
  'forceusercontent.com',
  'cloudforce.com',
  'database.com',
  'siteforce.com',
  'salesforce.mil',
  'force.mil',
  'crmforce.mil',
  'sfcrmproducts.cn',
  'sfcrmapps.cn',
];

const publicIpv6 = new BlockList();
for (const network of PUBLIC_IPV6) {
  const [address = '', prefix] = network.split('/');
  publicIpv6.addSubnet(address, Number(prefix), 'ipv6');
}

const reservedNetworks = new BlockList();
for (const family of ['ipv4', 'ipv6'] as const) {
  for (const network of RESERVED_NETWORKS[family]) {
    const [address = '', prefix] = network.split('/');
    reservedNetworks.addSubnet(address, Number(prefix), family);
  }
}

/** Whether a host, in the spelling of `URL.hostname`, can't be on the public internet. */
export function isPrivateHost(hostname: string): boolean {
  const host = normalizeHost(hostname);
  if (isIPv4(host)) return reservedNetworks.check(host, 'ipv4');
  if (isIPv6(host)) return !publicIpv6.check(host, 'ipv6') || reservedNetworks.check(host, 'ipv6');
  return !host.includes('.') || LOCAL_NAMES.some((name) => isSubdomain(host, name));
}

/** Whether a host belongs to Salesforce. */
export const isSalesforceHost = (hostname: string): boolean =>
  SALESFORCE_DOMAINS.some((domain) => isSubdomain(normalizeHost(hostname), domain));

/** Without the brackets of an IPv6 address and the trailing dot of a name. */
const normalizeHost = (hostname: string): string =>
  hostname
    .toLowerCase()
    .replace(/^\[|\]$/g, '')
    .replace(/\.$/, '');

const isSubdomain = (host: string, domain: string): boolean => host === domain || host.endsWith(`.${domain}`);
