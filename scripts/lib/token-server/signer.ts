import { createPublicKey, randomUUID, type KeyObject } from 'node:crypto';
import { SignJWT } from 'jose';

/** The algorithms that User Verification accepts (Help: user verification set-up). */
export const ALGORITHMS = ['RS256', 'RS512'] as const;
export type Algorithm = (typeof ALGORITHMS)[number];

/** Five minutes, in seconds: a token is used at once, and a stolen one is soon worth nothing. */
export const TOKEN_LIFETIME_SECONDS = 300;

/** What has to agree with the channel's keyset in Salesforce, letter by letter. */
export interface SignerOptions {
  /** An RSA key of 2048 bits or more. */
  readonly privateKey: KeyObject;
  /** The JSON Web Key Issuer of the keyset. */
  readonly issuer: string;
  /** The kid of the key that Salesforce has. */
  readonly kid: string;
  readonly algorithm: Algorithm;
}

/** The public half of a key, as a JWKS lists it. */
export interface PublicKey {
  readonly kty: 'RSA';
  readonly use: 'sig';
  readonly alg: string;
  readonly kid: string;
  readonly n: string;
  readonly e: string;
}

export interface Signer {
  /** A token in compact form that says who the subject is, from now on and for five minutes. */
  mint(subject: string, now: Date): Promise<string>;
  readonly publicKey: PublicKey;
}

/** Makes identity tokens as Salesforce takes them. The private key does not leave this function. */
export function createSigner({ privateKey, issuer, kid, algorithm }: SignerOptions): Signer {
  const { n = '', e = '' } = createPublicKey(privateKey).export({ format: 'jwk' });
  return {
    publicKey: { kty: 'RSA', use: 'sig', alg: algorithm, kid, n, e },
    mint: (subject, now) => {
      if (subject.trim() === '') throw new Error('A token without a subject identifies nobody.');
      const seconds = Math.floor(now.getTime() / 1000);
      return new SignJWT()
        .setProtectedHeader({ alg: algorithm, kid, typ: 'JWT' })
        .setIssuer(issuer)
        .setSubject(subject)
        .setIssuedAt(seconds)
        .setExpirationTime(seconds + TOKEN_LIFETIME_SECONDS)
        .setJti(randomUUID())
        .sign(privateKey);
    },
  };
}
