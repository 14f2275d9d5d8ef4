import { generateKeyPairSync } from 'node:crypto';
import { setTimeout as pause } from 'node:timers/promises';
import { decodeJwt, decodeProtectedHeader } from 'jose';
import { createSigner, type Signer } from '../lib/token-server';
import type { FailureControls } from './failure-controls';
import { ISSUER, type SigningKey } from './demo-project';
import type { DemoEventLog } from './demo-events';

/** Longer than the timeout of the web client, in milliseconds. */
const SLOW_RESPONSE_MS = 20_000;

/** Signs the tokens of the shop with the simulated failure, and records the contents of each token. */
export function createShopSigner(key: SigningKey, controls: FailureControls, events: DemoEventLog): Signer {
  const validSigner = createSigner({ ...key, issuer: ISSUER });
  const { privateKey } = generateKeyPairSync('rsa', { modulusLength: 2048 });
  const forgingSigner = createSigner({ ...key, privateKey, issuer: ISSUER });
  return {
    publicKey: validSigner.publicKey,
    mint: async (subject, now) => {
      if (controls.failureMode === 'slow') await pause(SLOW_RESPONSE_MS, undefined, { ref: false });
      const token = await (controls.failureMode === 'broken' ? forgingSigner : validSigner).mint(subject, now);
      events.add({ by: 'shop', title: 'Signed an identity token', tone: 'plain', facts: tokenFacts(token) });
      return token;
    },
  };
}

function tokenFacts(token: string): Readonly<Record<string, string>> {
  const { alg = '', kid = '' } = decodeProtectedHeader(token);
  const { iss = '', sub = '', exp = 0, iat = 0, jti = '' } = decodeJwt(token);
  return { sub, iss, lifetime: `${exp - iat} seconds`, exp: new Date(exp * 1000).toISOString(), jti, kid, alg };
}
