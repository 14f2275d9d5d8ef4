import { createPrivateKey, createPublicKey, type KeyObject } from 'node:crypto';

/** A key pair that exists only in the memory of this process. */
export interface TestKey {
  readonly kid: string;
  readonly privateKey: KeyObject;
  /** The public key as Salesforce's key utility writes it: kty, n, e, kid, alg, use, x5c. */
  readonly jwk: Readonly<Record<string, unknown>>;
  /** x5c with a certificate that is valid for `days` more days. A negative number is an expired one. */
  readonly certificateFor: (days: number) => Promise<readonly string[]>;
}

/** Generates a key pair for RS256, with a self-signed certificate. */
export async function generateTestKey(kid: string, now: Date, days = 365): Promise<TestKey> {
  const { generateKeyPair } = await import('../jwk/key-pair');
  const pair = await generateKeyPair({ bits: 2048, alg: 'RS256' });
  const privateKey = createPrivateKey(await pair.privatePem());
  const { kty, n, e } = createPublicKey(privateKey).export({ format: 'jwk' });
  const certificateFor = async (validDays: number): Promise<readonly string[]> => [
    (await pair.certificate('CN=Calibrate', now, validDays)).toString('base64'),
  ];
  const jwk = { kty, n, e, kid, alg: 'RS256', use: 'sig', x5c: await certificateFor(days) };
  return { kid, privateKey, jwk, certificateFor };
}
