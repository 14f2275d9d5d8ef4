import { generateKeyPairSync } from 'node:crypto';
import { setTimeout as pause } from 'node:timers/promises';
import { decodeJwt, decodeProtectedHeader } from 'jose';
import { signerOf, type Signer } from '../lib/token-server';
import type { Desk } from './desk';
import { ISSUER, type SigningKey } from './project';
import type { Steps } from './steps';

/** Longer than the web client waits, and so long that nobody takes it for a hiccup. Milliseconds. */
const SLOW = 20_000;

/** Signs for the shop; what is the matter with it is decided at the desk, and what is in each token is shown. */
export function shopSigner(key: SigningKey, desk: Desk, steps: Steps): Signer {
  const right = signerOf({ ...key, issuer: ISSUER });
  const { privateKey } = generateKeyPairSync('rsa', { modulusLength: 2048 });
  const wrong = signerOf({ ...key, privateKey, issuer: ISSUER });
  return {
    publicKey: right.publicKey,
    mint: async (subject, now) => {
      if (desk.trouble === 'slow') await pause(SLOW, undefined, { ref: false });
      const token = await (desk.trouble === 'broken' ? wrong : right).mint(subject, now);
      steps.add({ by: 'shop', title: 'Made an identity token', tone: 'plain', facts: factsOf(token) });
      return token;
    },
  };
}

function factsOf(token: string): Readonly<Record<string, string>> {
  const { alg = '', kid = '' } = decodeProtectedHeader(token);
  const { iss = '', sub = '', exp = 0, iat = 0, jti = '' } = decodeJwt(token);
  return { sub, iss, life: `${exp - iat} seconds`, exp: new Date(exp * 1000).toISOString(), jti, kid, alg };
}
