import { readJwk } from '../../../../lib/jwk';
import {
  createAuthorityCertificate,
  createCertificate,
  DAY_MS,
  publicJwk,
  NOW,
  keyPair,
  privateMembers,
  type Jwk,
} from '../../jwk/test-keys';
import { FILE, key, type Edits } from '../valid-project';
import type { RuleCase } from './rule-case';

const thirdKey = async (): Promise<Jwk> => ({ ...(await publicJwk(keyPair('third'))), kid: 'third' });
const withThirdKey = (jwk: Jwk): Edits => ({ [FILE.keyC]: key(jwk) });
const withKeyText = (content: string): Edits => ({ [FILE.keyC]: key({}).replace('{}', () => content) });

/** A change of the third key that violates the rule, and one that follows it. */
const changedKeyCase = (
  rule: string,
  violatedWhen: string,
  breaks: Jwk,
  validWhen = 'it is not changed',
  keeps: Jwk = {},
): RuleCase => ({
  rule,
  violatedWhen,
  location: [FILE.keyC, '<jsonWebKey>'],
  validWhen,
  violation: async () => withThirdKey({ ...(await thirdKey()), ...breaks }),
  valid: async () => withThirdKey({ ...(await thirdKey()), ...keeps }),
});

/** The third key with a certificate whose validity is in milliseconds from NOW. */
const certificateDatesCase = (
  rule: string,
  violatedWhen: string,
  breaks: [number, number],
  validWhen: string,
  keeps: [number, number],
): RuleCase => {
  const withDates = async ([from, to]: [number, number]): Promise<Edits> => {
    const validity = { notBefore: new Date(NOW.getTime() + from), notAfter: new Date(NOW.getTime() + to) };
    return withThirdKey({ ...(await publicJwk(keyPair('third'), validity)), kid: 'third' });
  };
  return {
    rule,
    violatedWhen,
    location: [FILE.keyC, '<jsonWebKey>'],
    validWhen,
    violation: () => withDates(breaks),
    valid: () => withDates(keeps),
  };
};

/** The first key is in the list of compromised keys. */
const withCompromisedKey = async (edits: Edits = {}): Promise<Edits> => {
  const { key: facts } = readJwk(JSON.stringify(await publicJwk(keyPair('first'))), NOW);
  const key = { thumbprint: facts?.thumbprint, name: 'Leaked', kid: 'k', keyset: 'Spare', markedAt: NOW.toISOString() };
  return { 'config/compromised-keys.json': JSON.stringify({ keys: [key] }), ...edits };
};

export const KEY_CASES: readonly RuleCase[] = [
  {
    rule: 'compromised-key',
    violatedWhen: 'an org gets an active key with a compromised key pair',
    violation: () => withCompromisedKey(),
    location: [FILE.keyA, '<isActive>'],
    validWhen: 'the key is inactive',
    valid: () => withCompromisedKey({ [FILE.keyA]: [['<isActive>true<', '<isActive>false<']] }),
  },
  {
    rule: 'compromised-key',
    violatedWhen: 'an override activates a key with a compromised key pair',
    violation: () =>
      withCompromisedKey({
        [FILE.keyA]: [['<isActive>true<', '<isActive>false<']],
        [FILE.dev]: [['"overrides": {', '"overrides": { "PublicKeyCertificate": { "Key_A": { "isActive": true } },']],
      }),
    location: [FILE.dev, '"isActive"'],
    validWhen: 'no org gets the key',
    valid: () => withCompromisedKey({ [FILE.uploaded]: [['Key_A', 'Key_C']], [FILE.spare]: [['Key_C', 'Key_A']] }),
  },
  {
    rule: 'key-active-not-set',
    violatedWhen: 'a key does not declare isActive',
    violation: { [FILE.keyC]: [['<isActive>true</isActive>\n', '']] },
    location: [FILE.keyC, '<PublicKeyCertificate'],
    validWhen: 'it declares false',
    valid: { [FILE.keyC]: [['<isActive>true<', '<isActive>false<']] },
  },
  {
    rule: 'duplicate-key',
    violatedWhen: 'a keyset has one key under two names',
    violation: async () => withThirdKey({ ...(await publicJwk(keyPair('second'))), kid: 'third' }),
    location: [FILE.spare, 'Key_C'],
    validWhen: 'the names are in different keysets',
    valid: async () => withThirdKey({ ...(await publicJwk(keyPair('first'))), kid: 'third' }),
  },
  {
    rule: 'jwk-not-json',
    violatedWhen: 'the JSON is truncated',
    violation: withKeyText('{ "kty": "RSA",'),
    location: [FILE.keyC, '<jsonWebKey>'],
    validWhen: 'it has several lines',
    valid: async () => withKeyText(`\n${JSON.stringify(await thirdKey(), null, 4)}\n`),
  },
  {
    rule: 'jwk-not-one-key',
    violatedWhen: 'the key is wrapped in a JWKS',
    violation: async () => withKeyText(JSON.stringify({ keys: [await thirdKey()] })),
    location: [FILE.keyC, '<jsonWebKey>'],
    validWhen: 'it is not wrapped',
    valid: {},
  },
  {
    rule: 'jwk-duplicate-member',
    violatedWhen: 'kid is declared twice',
    violation: { [FILE.keyC]: [['{"kty"', '{"kid":"other","kty"']] },
    location: [FILE.keyC, '<jsonWebKey>'],
    validWhen: 'another member is added',
    valid: { [FILE.keyC]: [['{"kty"', '{"x5t":"other","kty"']] },
  },
  changedKeyCase('jwk-private-key', 'the private key is published', privateMembers(keyPair('third'))),
  changedKeyCase('jwk-private-key', 'it contains a real k', { k: 'c2VjcmV0' }),
  {
    rule: 'jwk-placeholder-members',
    violatedWhen: 'it has the placeholders of the Salesforce key tool',
    violation: async () => withThirdKey({ ...(await thirdKey()), y: 'y', crv: 'crv', d: 'd', k: 'k' }),
    location: [FILE.keyC, '<jsonWebKey>'],
    validWhen: 'it has no placeholders',
    valid: {},
  },
  changedKeyCase('jwk-not-rsa', 'it is an EC key', { kty: 'EC' }),
  changedKeyCase('jwk-numbers', 'n is standard base64', { n: 'ab+/' }),
  {
    rule: 'jwk-too-short',
    violatedWhen: 'it has 1024 bits',
    violation: async () => withThirdKey({ ...(await publicJwk(keyPair('short', 1024))), kid: 'third' }),
    location: [FILE.keyC, '<jsonWebKey>'],
    validWhen: 'it has 2048',
    valid: {},
  },
  changedKeyCase('jwk-alg', 'alg is RS384', { alg: 'RS384' }, 'it is RS512', { alg: 'RS512' }),
  changedKeyCase('jwk-alg', 'alg is missing', { alg: undefined }),
  changedKeyCase('jwk-use', 'use is enc', { use: 'enc' }, 'use is missing', { use: undefined }),
  changedKeyCase('jwk-key-ops', 'key_ops lacks verify', { key_ops: ['encrypt'] }, 'it has verify', {
    key_ops: ['verify'],
  }),
  changedKeyCase('jwk-kid', 'kid is missing', { kid: undefined }, 'kid is another', { kid: 'fourth' }),
  changedKeyCase('jwk-x5c-missing', 'x5c is missing', { x5c: undefined }),
  changedKeyCase('jwk-x5c-encoding', 'x5c is base64url', { x5c: ['MII-_w'] }),
  {
    rule: 'jwk-x5c-other-key',
    violatedWhen: 'the certificate is of another key pair',
    violation: async () =>
      withThirdKey({ ...(await thirdKey()), x5c: [(await createCertificate(keyPair())).toString('base64')] }),
    location: [FILE.keyC, '<jsonWebKey>'],
    validWhen: 'it is another certificate of the same key pair',
    valid: async () =>
      withThirdKey({ ...(await thirdKey()), x5c: [(await createCertificate(keyPair('third'))).toString('base64')] }),
  },
  {
    rule: 'jwk-x5c-ca',
    violatedWhen: 'the certificate is the one of a certificate authority',
    violation: async () =>
      withThirdKey({
        ...(await thirdKey()),
        x5c: [(await createAuthorityCertificate(keyPair('third'))).toString('base64')],
      }),
    location: [FILE.keyC, '<jsonWebKey>'],
    validWhen: 'it is the one of the signer',
    valid: {},
  },
  certificateDatesCase(
    'jwk-x5c-expired',
    'the certificate expired 1 second ago',
    [-DAY_MS, -1000],
    'it expires in 10 days',
    [-DAY_MS, 10 * DAY_MS],
  ),
  certificateDatesCase(
    'jwk-x5c-not-yet-valid',
    'the certificate starts in 1 second',
    [1000, 99 * DAY_MS],
    'it starts now',
    [0, 99 * DAY_MS],
  ),
  certificateDatesCase(
    'jwk-x5c-expires-soon',
    'the certificate expires 1 second before 10 days',
    [-DAY_MS, 10 * DAY_MS - 1000],
    'it expires in exactly 10 days',
    [-DAY_MS, 10 * DAY_MS],
  ),
];
