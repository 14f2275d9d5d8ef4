const LOOPBACK_HOSTS = ['127.0.0.1', '[::1]', 'localhost'];

/**
 * Whether a text is the URL of a JWKS endpoint that this org reads. Salesforce requires HTTPS (Metadata API guide). This org also
 * allows http on its own machine, for tests of an identity provider.
 */
export function isEndpointUrl(text: string): boolean {
  const url = URL.parse(text);
  if (!url) return false;
  return url.protocol === 'https:' || (url.protocol === 'http:' && LOOPBACK_HOSTS.includes(url.hostname));
}
