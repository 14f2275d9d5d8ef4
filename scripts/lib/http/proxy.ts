import { Agent as HttpAgent } from 'node:http';
import { isLoopback } from '../model';
import { Agent as HttpsAgent } from 'node:https';

/** Variables of the environment, such as HTTPS_PROXY. */
type Environment = Readonly<Record<string, string | undefined>>;

const DEFAULT_PORTS: Readonly<Record<string, string>> = { 'http:': '80', 'https:': '443' };

/**
 * The error of a proxy variable that isn't the URL of an HTTP proxy. Its value isn't repeated, because it can contain a password.
 */
export class ProxySettingError extends Error {}

/**
 * The proxy that a request to a URL goes through; undefined for a direct connection. HTTPS_PROXY, HTTP_PROXY, and NO_PROXY are
 * read as the CLI reads them (undici, EnvHttpProxyAgent): lowercase names take precedence, HTTPS requests use HTTP_PROXY if there
 * is no HTTPS_PROXY, and a name in NO_PROXY includes its subdomains. A request to this machine is never sent to a proxy. Throws
 * ProxySettingError.
 */
export function proxyFor(url: URL, environment: Environment = process.env): URL | undefined {
  if (isLoopback(url)) return undefined;
  const variable = (name: string): string | undefined =>
    environment[name.toLowerCase()] ?? environment[name] ?? undefined;
  const http = variable('HTTP_PROXY');
  const text = url.protocol === 'https:' ? (variable('HTTPS_PROXY') ?? http) : http;
  if (text === undefined || text.trim() === '' || isExcluded(url, variable('NO_PROXY') ?? '')) return undefined;
  const proxy = URL.parse(text.includes('://') ? text : `http://${text}`);
  if (proxy && /^https?:$/.test(proxy.protocol) && proxy.hostname !== '') return proxy;
  throw new ProxySettingError(
    'HTTPS_PROXY or HTTP_PROXY is not the URL of an HTTP proxy, such as http://proxy.example.com:8080.',
  );
}

/**
 * Whether NO_PROXY lists a host: `*`, a name with its subdomains, `.name`, `*.name`, or an address, each with an optional port.
 */
function isExcluded(url: URL, noProxy: string): boolean {
  const host = url.hostname.toLowerCase().replace(/^\[|\]$|\.$/g, '');
  const port = url.port === '' ? DEFAULT_PORTS[url.protocol] : url.port;
  return noProxy
    .toLowerCase()
    .split(/[,\s]+/)
    .filter(Boolean)
    .some((entry) => {
      const [, name = '', entryPort] = /^\[?(.*?)\]?(?::(\d+))?$/.exec(isBareIpv6(entry) ? `[${entry}]` : entry) ?? [];
      if (entryPort !== undefined && entryPort !== port) return false;
      const domain = name.replace(/^\*?\./, '');
      return name === '*' || (name === domain && host === name) || (!isAddress(host) && host.endsWith(`.${domain}`));
    });
}

const isAddress = (host: string): boolean => /^[\d.]+$|:/.test(host);

const isBareIpv6 = (entry: string): boolean => !entry.startsWith('[') && entry.split(':').length > 2;

/** An agent that connects through a proxy: with a tunnel (CONNECT) for HTTPS. */
export const proxyAgent = (url: URL, proxy: URL): HttpAgent =>
  url.protocol === 'https:'
    ? new HttpsAgent({ proxyEnv: { HTTPS_PROXY: proxy.href } })
    : new HttpAgent({ proxyEnv: { HTTP_PROXY: proxy.href } });
