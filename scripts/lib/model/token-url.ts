const LOOPBACK = ['127.0.0.1', '[::1]', 'localhost'];

/** Whether tokens may be sent to a URL: an HTTPS origin without a path. A local org uses HTTP on loopback. */
export function isSafeTokenUrl(text: string): boolean {
  const url = URL.parse(text);
  const isSafe = url?.protocol === 'https:' || (url?.protocol === 'http:' && LOOPBACK.includes(url.hostname));
  return isSafe && url?.origin === text;
}
