const LOOPBACK = ['127.0.0.1', '[::1]', 'localhost'];

/** Whether tokens may be sent to an address: an origin without a path, over https; over http on loopback, where a local org is. */
export function isSafeTokenUrl(text: string): boolean {
  const url = URL.parse(text);
  const isSafe = url?.protocol === 'https:' || (url?.protocol === 'http:' && LOOPBACK.includes(url.hostname));
  return isSafe && url?.origin === text;
}
