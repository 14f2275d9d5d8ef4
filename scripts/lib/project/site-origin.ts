/**
 * An HTTPS origin whose host has at least two labels of DNS (RFC 1035: up to 63 letters, digits, and inner hyphens), or `*.` in
 * place of any subdomain (Metadata API guide, CorsWhitelistOrigin).
 */
export const SITE_PATTERN =
  /^https:\/\/(\*\.)?[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?(\.[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?)+(:\d{1,5})?$/;

const MAX_HOST_LENGTH = 253;

/**
 * The origin of a URL as browsers send it in the header Origin (URL Standard, "origin"; RFC 6454): in lower case, IDN as Punycode,
 * without the default port, path, or trailing slash. Undefined if it has none that can be a site.
 */
export function siteOrigin(text: string): string | undefined {
  const { origin = '', hostname = '' } = URL.parse(text) ?? {};
  return SITE_PATTERN.test(origin) && hostname.length <= MAX_HOST_LENGTH ? origin : undefined;
}

/** Why a text isn't the origin of a site; it ends with the origin to use, if there is one. */
export function siteProblem(text: string): string {
  const origin = siteOrigin(text);
  if (origin !== undefined)
    return `must be an HTTPS origin without a path, exactly as browsers send it. Use "${origin}"`;
  const example = 'must be an HTTPS origin without a path, e.g. "https://shop.example.com"';
  const url = URL.parse(text);
  if (!url)
    return `${example}. It isn't a valid URL: its host or its port (at most 65535) is invalid, or it isn't complete`;
  return url.protocol === 'https:'
    ? `${example}. Its host isn't a full domain name`
    : `${example}. Its scheme isn't https`;
}

/** The indexes of sites whose origin an earlier one has. */
export function duplicateSites(sites: readonly string[]): readonly number[] {
  const origins = sites.map((site) => siteOrigin(site) ?? site);
  return [...origins.keys()].filter((index) => origins.indexOf(origins[index] ?? '') < index);
}
