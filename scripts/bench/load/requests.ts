import { createHmac, createPublicKey, generateKeyPairSync, sign, type KeyObject } from 'node:crypto';
import { IDLE_KID, ISSUER, KID } from './chat-seed';

/** A request for an access token, and the expected response. */
export interface LoadRequest {
  readonly path: string;
  readonly body: string;
  readonly status: number;
  /** A part of the expected response. */
  readonly contains: string;
}

const HOUR = 60 * 60;
const AUTHENTICATED = '/iamessage/api/v2/authorization/authenticated/access-token';
const UNAUTHENTICATED = '/iamessage/api/v2/authorization/unauthenticated/access-token';

const base64url = (value: object): string => Buffer.from(JSON.stringify(value)).toString('base64url');

function signToken(key: KeyObject, claims: object = {}, header: object = {}): string {
  const now = Math.floor(Date.now() / 1000);
  const defaults = { iss: ISSUER, sub: 'ada', iat: now, exp: now + HOUR };
  const content = `${base64url({ alg: 'RS256', kid: KID, typ: 'JWT', ...header })}.${base64url({ ...defaults, ...claims })}`;
  return `${content}.${sign('RSA-SHA256', Buffer.from(content), key).toString('base64url')}`;
}

/** A token of the algorithm confusion attack: HS256 with the public key as the secret (RFC 8725, 2.1). */
function algorithmConfusionToken(key: KeyObject): string {
  const content = signToken(key)
    .replace(/^[^.]+/, base64url({ alg: 'HS256', kid: KID }))
    .replace(/\.[^.]+$/, '');
  const secret = createPublicKey(key).export({ type: 'spki', format: 'pem' });
  return `${content}.${createHmac('sha256', secret).update(content).digest('base64url')}`;
}

const unsignedToken = (key: KeyObject): string =>
  signToken(key)
    .replace(/^[^.]+/, base64url({ alg: 'none', kid: KID }))
    .replace(/[^.]+$/, '');

/** 200 requests: of each 20, 12 have a valid token of different customers, and 8 have different defects. */
export function createRequests(orgId: string, key: KeyObject): readonly LoadRequest[] {
  const untrustedKey = generateKeyPairSync('rsa', { modulusLength: 2048 }).privateKey;
  const defaults = { orgId, esDeveloperName: 'Load', capabilitiesVersion: '1', platform: 'Web' };
  const tokenRequest = (customerIdentityToken: string, status: number, contains: string): LoadRequest => {
    const body = JSON.stringify({ ...defaults, authorizationType: 'JWT', customerIdentityToken });
    return { path: AUTHENTICATED, body, status, contains };
  };
  const validRequest = (user: string) =>
    tokenRequest(signToken(key, { sub: user }), 200, `"subject":"v2/iamessage/AUTH/Load/uid:${user}"`);
  const invalidRequests = [
    tokenRequest(signToken(key, { iss: `${ISSUER}/` }), 401, 'issuer'),
    tokenRequest(signToken(key, { exp: Math.floor(Date.now() / 1000) - 1 }), 401, 'expired'),
    tokenRequest(signToken(key, {}, { kid: 'unknown' }), 401, 'no key with the kid'),
    tokenRequest(signToken(key, {}, { kid: IDLE_KID }), 401, 'not active'),
    tokenRequest(signToken(untrustedKey), 401, 'signature'),
    tokenRequest(algorithmConfusionToken(key), 401, 'RS256 or RS512'),
    tokenRequest(unsignedToken(key), 401, 'not signed'),
    { path: UNAUTHENTICATED, body: JSON.stringify(defaults), status: 400, contains: 'Set the auth mode to false.' },
  ];
  return Array.from({ length: 10 }, (_, round) => [
    ...Array.from({ length: 12 }, (_each, index) => validRequest(`customer-${round}-${index}`)),
    ...invalidRequests,
  ]).flat();
}
