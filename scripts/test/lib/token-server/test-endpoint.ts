import { generateKeyPairSync } from 'node:crypto';
import { createTokenEndpoint, type HttpResponse, type EndpointOptions } from '../../../lib/token-server/endpoint';
import { createDemoSessions } from '../../../lib/token-server/sessions';
import type { Algorithm } from '../../../lib/token-server/signer';
import { createSigner } from '../../../lib/token-server/signer';

export const SHOP = 'https://shop.example.com';
export const APP = 'https://app.example.com';
export const ISSUER = 'https://id.example.com';
export const CUSTOMER = 'customer-42';

export const PAIR = generateKeyPairSync('rsa', { modulusLength: 2048 });

export const signer = (algorithm: Algorithm = 'RS256') =>
  createSigner({ privateKey: PAIR.privateKey, issuer: ISSUER, kid: 'key-1', algorithm });

/** An endpoint with a clock that the test sets and one logged-in customer. */
export function createTestEndpoint(options: Partial<EndpointOptions> = {}) {
  const sessions = createDemoSessions();
  const cookie = cookieIn(sessions.open(CUSTOMER));
  const clock = { now: new Date('2026-01-01T00:00:00.900Z') };
  const origins = [SHOP, APP];
  const endpoint = createTokenEndpoint({ signer: signer(), sessions, origins, now: () => clock.now, ...options });
  return { endpoint, sessions, cookie, clock, headers: { origin: SHOP, 'x-requested-with': 'chat', cookie } };
}

/** The part of a Set-Cookie header that a browser sends back. */
export const cookieIn = (header: string): string => header.split(';', 1)[0] ?? '';

export const tokenIn = ({ body }: HttpResponse): string =>
  (JSON.parse(body) as { identityToken: string }).identityToken;
