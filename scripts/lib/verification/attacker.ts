import { createPrivateKey, type KeyObject } from 'node:crypto';

/** A key pair that no org trusts. It signs forged tokens. */
export interface Attacker {
  readonly privateKey: KeyObject;
  /** A self-signed certificate of the key: DER in standard base64, as in x5c. */
  readonly certificate: string;
}

let attacker: Promise<Attacker> | undefined;

/** Returns the attacker of this process. Only a verification generates its key pair, which takes a moment, and once. */
export const getAttacker = (): Promise<Attacker> => (attacker ??= createAttacker());

async function createAttacker(): Promise<Attacker> {
  const { generateKeyPair } = await import('../jwk/key-pair');
  const pair = await generateKeyPair({ bits: 2048, alg: 'RS256' });
  const certificate = await pair.certificate('CN=Untrusted', new Date(), 1);
  return {
    privateKey: createPrivateKey(await pair.privatePem()),
    certificate: certificate.toString('base64'),
  };
}
