import { createPublicKey, randomUUID, type KeyObject } from 'node:crypto';
import { SignJWT } from 'jose';

/** An algorithm that Salesforce accepts (Help: user verification setup). */
export type Algorithm = 'RS256' | 'RS512';

/** 5 minutes: a token is used immediately, and a stolen token expires soon. */
export const TOKEN_LIFETIME_SECONDS = 300;

/** The issuer, kid and algorithm must equal those of the channel's keyset in Salesforce, byte for byte. */
export interface SignerOptions {
  /** An RSA key of 2048 bits or more. */
  readonly privateKey: KeyObject;
  /** The JSON Web Key Issuer of the keyset. */
  readonly issuer: string;
  /** The kid of the key that Salesforce has. */
  readonly kid: string;
  readonly algorithm: Algorithm;
}

/** A public key as a JWK. */
export interface PublicKey {
  readonly kty: 'RSA';
  readonly use: 'sig';
  readonly alg: string;
  readonly kid: string;
  readonly n: string;
  readonly e: string;
}

export interface Signer {
  /** Returns a token in compact form for a subject. Throws for an empty subject. */
  mint(subject: string, now: Date): Promise<string>;
  readonly publicKey: PublicKey;
}

/** Creates a signer of identity tokens for Salesforce. The private key doesn't leave this function. */
export function createSigner({ privateKey, issuer, kid, algorithm }: SignerOptions): Signer {
  const { n = '', e = '' } = createPublicKey(privateKey).export({ format: 'jwk' });
  return {
    publicKey: { kty: 'RSA', use: 'sig', alg: algorithm, kid, n, e },
    mint: (subject, now) => {
      if (subject.trim() === '') throw new Error('A token needs a subject.');
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
