const LOOPBACK_HOSTS = ['127.0.0.1', '[::1]', 'localhost'];

/** Whether a URL is one of this machine, where a local org and its providers listen. */
export const isLoopback = ({ hostname }: Pick<URL, 'hostname'>): boolean => LOOPBACK_HOSTS.includes(hostname);

/** Whether tokens may be sent to a URL: an HTTPS origin without a path. A local org uses HTTP on loopback. */
export function isSafeTokenUrl(text: string): boolean {
  const url = URL.parse(text);
  if (!url) return false;
  const isSafe = url.protocol === 'https:' || (url.protocol === 'http:' && isLoopback(url));
  return isSafe && url.origin === text;
}
