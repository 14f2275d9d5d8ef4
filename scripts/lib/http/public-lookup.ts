import { lookup } from 'node:dns';
import type { LookupFunction } from 'node:net';
import { isLoopback } from '../model';
import { isPrivateHost } from '../rules/host';

const PRIVATE_ADDRESS = 'a loopback, private or reserved address.';

/** The error of a connection to a host that isn't on the public internet. */
export class PrivateAddressError extends Error {}

/** Throws PrivateAddressError for a URL whose host is a private address or a local name. Its name isn't resolved. */
export function assertPublic(url: URL): void {
  if (!isLoopback(url) && isPrivateHost(url.hostname)) throw new PrivateAddressError(`It is ${PRIVATE_ADDRESS}`);
}

/** Resolves a name to all of its addresses. */
export type Resolver = (
  name: string,
  callback: (error: NodeJS.ErrnoException | null, addresses: readonly { address: string; family: number }[]) => void,
) => void;

const resolveAll: Resolver = (name, callback) => lookup(name, { all: true }, callback);

/**
 * How a connection to a URL resolves its host. The connection uses the addresses that were checked, so a name that resolves to
 * another address the next time can't lead it elsewhere. Undefined on loopback.
 */
export function lookupFor(url: URL, resolve = resolveAll): LookupFunction | undefined {
  if (isLoopback(url)) return undefined;
  return (name, options, callback) =>
    resolve(name, (error, addresses) => {
      const [first] = addresses ?? [];
      if (error || !first) return callback(error ?? new Error('The name has no address.'), '');
      if (addresses.some(({ address }) => isPrivateHost(address)))
        return callback(new PrivateAddressError(`It resolves to ${PRIVATE_ADDRESS}`), '');
      return options.all === true ? callback(null, [...addresses]) : callback(null, first.address, first.family);
    });
}
