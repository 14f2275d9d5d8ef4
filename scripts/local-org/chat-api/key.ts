import { createPublicKey, X509Certificate, type KeyObject } from 'node:crypto';

/** A public key that verifies tokens. */
export interface Key {
  readonly kid: string;
  /** RS256 or RS512, if the key has it */
  readonly alg?: string;
  readonly active: boolean;
  /** undefined: the members don't form an RSA key */
  readonly publicKey?: KeyObject;
  /** the key of n and e, and that of the certificate; publicKey is missing if they differ */
  readonly modulus?: KeyObject;
  readonly certificate?: KeyObject;
  /** expiration of the certificate in milliseconds since 1970; undefined: no certificate */
  readonly certificateExpiresAt?: number;
}

/**
 * Reads the members of a JSON web key. n and e are optional if there is a certificate (x5c), and must match it. (Help,
 * troubleshooting: kty, kid, alg, and x5c are required.) It isn't documented which of them Salesforce uses.
 */
export function parseKey(members: Readonly<Record<string, unknown>>, active: boolean): Key {
  const certificate = parseCertificate(members['x5c']);
  const modulus = keyFromModulus(members);
  const publicKey = reconcileKeys(modulus, certificate?.publicKey);
  return {
    kid: typeof members['kid'] === 'string' ? members['kid'] : '',
    active,
    ...(typeof members['alg'] === 'string' && { alg: members['alg'] }),
    ...(publicKey && { publicKey }),
    ...(modulus && { modulus }),
    ...(certificate && { certificate: certificate.publicKey }),
    ...(certificate && { certificateExpiresAt: certificate.validToDate.getTime() }),
  };
}

function reconcileKeys(
  fromModulus: KeyObject | undefined,
  fromCertificate: KeyObject | undefined,
): KeyObject | undefined {
  const key = fromModulus ?? fromCertificate;
  if (key?.asymmetricKeyType !== 'rsa') return undefined;
  return fromModulus && fromCertificate && !fromModulus.equals(fromCertificate) ? undefined : key;
}

function keyFromModulus({ kty, n, e }: Readonly<Record<string, unknown>>): KeyObject | undefined {
  if (kty !== 'RSA' || typeof n !== 'string' || typeof e !== 'string') return undefined;
  return tryOrUndefined(() => createPublicKey({ key: { kty, n, e }, format: 'jwk' }));
}

function parseCertificate(x5c: unknown): X509Certificate | undefined {
  const first = Array.isArray(x5c) ? (x5c[0] as unknown) : undefined;
  return typeof first === 'string'
    ? tryOrUndefined(() => new X509Certificate(Buffer.from(first, 'base64')))
    : undefined;
}

function tryOrUndefined<T>(work: () => T): T | undefined {
  try {
    return work();
  } catch {
    return undefined;
  }
}
