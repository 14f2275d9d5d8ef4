import { certificateOf, DAY, jwkOf, NOW, pairOf, privateMembersOf, type Jwk } from '../../jwk/keyring';
import { FILE, key, type Edits } from '../project';
import type { RuleCase } from './case';

const third = async (): Promise<Jwk> => ({ ...(await jwkOf(pairOf('third'))), kid: 'third' });
const stated = (jwk: Jwk): Edits => ({ [FILE.keyC]: key(jwk) });
const text = (content: string): Edits => ({ [FILE.keyC]: key({}).replace('{}', () => content) });

/** A change of the third key that breaks a rule, and one that keeps it. */
const changed = (rule: string, when: string, breaks: Jwk, unless = 'it is not changed', keeps: Jwk = {}): RuleCase => ({
  ...{ rule, when, at: [FILE.keyC, '<jsonWebKey>'], unless },
  breaks: async () => stated({ ...(await third()), ...breaks }),
  keeps: async () => stated({ ...(await third()), ...keeps }),
});

/** The third key with a certificate for a time, in milliseconds from now. */
const dated = (
  rule: string,
  when: string,
  breaks: [number, number],
  unless: string,
  keeps: [number, number],
): RuleCase => {
  const valid = async ([from, to]: [number, number]): Promise<Edits> => {
    const validity = { notBefore: new Date(NOW.getTime() + from), notAfter: new Date(NOW.getTime() + to) };
    return stated({ ...(await jwkOf(pairOf('third'), validity)), kid: 'third' });
  };
  return {
    rule,
    when,
    at: [FILE.keyC, '<jsonWebKey>'],
    unless,
    breaks: () => valid(breaks),
    keeps: () => valid(keeps),
  };
};

export const KEY_CASES: readonly RuleCase[] = [
  {
    rule: 'key-active-unstated',
    when: 'a key does not state isActive',
    breaks: { [FILE.keyC]: [['<isActive>true</isActive>\n', '']] },
    at: [FILE.keyC, '<PublicKeyCertificate'],
    unless: 'it states false',
    keeps: { [FILE.keyC]: [['<isActive>true<', '<isActive>false<']] },
  },
  {
    rule: 'key-twice',
    when: 'a keyset has one key under two names',
    breaks: async () => stated({ ...(await jwkOf(pairOf('second'))), kid: 'third' }),
    at: [FILE.spare, 'Key_C'],
    unless: 'the names are in different keysets',
    keeps: async () => stated({ ...(await jwkOf(pairOf('first'))), kid: 'third' }),
  },
  {
    rule: 'jwk-not-json',
    when: 'the JSON is cut short',
    breaks: text('{ "kty": "RSA",'),
    at: [FILE.keyC, '<jsonWebKey>'],
    unless: 'it is laid out in lines',
    keeps: async () => text(`\n${JSON.stringify(await third(), null, 4)}\n`),
  },
  {
    rule: 'jwk-not-one-key',
    when: 'the key is wrapped in a JWKS',
    breaks: async () => text(JSON.stringify({ keys: [await third()] })),
    at: [FILE.keyC, '<jsonWebKey>'],
    unless: 'it stands alone',
    keeps: {},
  },
  {
    rule: 'jwk-member-twice',
    when: 'kid is stated twice',
    breaks: { [FILE.keyC]: [['{"kty"', '{"kid":"other","kty"']] },
    at: [FILE.keyC, '<jsonWebKey>'],
    unless: 'another member is added',
    keeps: { [FILE.keyC]: [['{"kty"', '{"x5t":"other","kty"']] },
  },
  changed('jwk-private-key', 'the private key is published', privateMembersOf(pairOf('third'))),
  changed('jwk-private-key', 'it holds a true k', { k: 'c2VjcmV0' }),
  {
    rule: 'jwk-placeholder-members',
    when: "it is as Salesforce's key tool writes it",
    breaks: async () => stated({ ...(await third()), y: 'y', crv: 'crv', d: 'd', k: 'k' }),
    at: [FILE.keyC, '<jsonWebKey>'],
    unless: 'the placeholders are left out',
    keeps: {},
  },
  changed('jwk-not-rsa', 'it is an EC key', { kty: 'EC' }),
  changed('jwk-numbers', 'n is standard base64', { n: 'ab+/' }),
  {
    rule: 'jwk-too-short',
    when: 'it has 1024 bits',
    breaks: async () => stated({ ...(await jwkOf(pairOf('short', 1024))), kid: 'third' }),
    at: [FILE.keyC, '<jsonWebKey>'],
    unless: 'it has 2048',
    keeps: {},
  },
  changed('jwk-alg', 'alg is RS384', { alg: 'RS384' }, 'it is RS512', { alg: 'RS512' }),
  changed('jwk-alg', 'alg is missing', { alg: undefined }),
  changed('jwk-use', 'use is enc', { use: 'enc' }, 'use is missing', { use: undefined }),
  changed('jwk-kid', 'kid is missing', { kid: undefined }, 'kid is another', { kid: 'fourth' }),
  changed('jwk-x5c-missing', 'x5c is missing', { x5c: undefined }),
  changed('jwk-x5c-encoding', 'x5c is base64url', { x5c: ['MII-_w'] }),
  {
    rule: 'jwk-x5c-other-key',
    when: 'the certificate is of another pair',
    breaks: async () => stated({ ...(await third()), x5c: [(await certificateOf(pairOf())).toString('base64')] }),
    at: [FILE.keyC, '<jsonWebKey>'],
    unless: 'it is another one of the same pair',
    keeps: async () => stated({ ...(await third()), x5c: [(await certificateOf(pairOf('third'))).toString('base64')] }),
  },
  dated('jwk-x5c-expired', 'the certificate ended a second ago', [-DAY, -1000], 'it ends in 10 days', [-DAY, 10 * DAY]),
  dated('jwk-x5c-not-yet-valid', 'it starts in a second', [1000, 99 * DAY], 'it starts now', [0, 99 * DAY]),
  dated('jwk-x5c-ends-soon', 'it ends a second before 10 days', [-DAY, 10 * DAY - 1000], 'it ends then', [
    -DAY,
    10 * DAY,
  ]),
];
