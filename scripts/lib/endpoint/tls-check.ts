import { connect } from 'node:tls';
import { lookupFor } from '../http';
import type { Check } from '../model';

const HANDSHAKE_TIMEOUT_MS = 10_000;
const DAY = 24 * 60 * 60 * 1000;
const MIN_CERTIFICATE_DAYS = 14;

/** Checks the TLS version of a host and the remaining lifetime of its certificate. */
export function tlsCheck(url: URL, now: Date): Promise<Check> {
  return new Promise((resolve) => {
    const lookup = lookupFor(url);
    const socket = connect({
      host: url.hostname.replace(/^\[|\]$/g, ''),
      port: Number(url.port) || 443,
      servername: url.hostname,
      ...(lookup && { lookup }),
    });
    const finish = (ok: boolean, detail: string): void => {
      clearTimeout(timer);
      socket.destroy();
      resolve({ name: 'TLS', ok, detail });
    };
    // Limits the whole handshake: a server that sends a few bytes from time to time is never idle.
    const timer = setTimeout(() => finish(false, 'no response in time'), HANDSHAKE_TIMEOUT_MS);
    socket.on('error', (failure: NodeJS.ErrnoException) => finish(false, failure.code ?? failure.message));
    socket.on('secureConnect', () => {
      const days = Math.floor((Date.parse(socket.getPeerCertificate().valid_to) - now.getTime()) / DAY);
      const version = socket.getProtocol() ?? 'unknown';
      finish(
        /^TLSv1\.[23]$/.test(version) && days >= MIN_CERTIFICATE_DAYS,
        `${version}, certificate expires in ${days} days`,
      );
    });
  });
}
