import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import type { Check, Component } from '../../lib/model';
import type { VerifyOptions } from '../../lib/verification/context';
import { FORGED_TOKENS } from '../../lib/verification/forged-tokens';
import { verifyOrg } from '../../lib/verification/verify-org';
import { TOKEN_DEFECTS, type TokenDefect } from '../../local-org/chat-api-settings';
import type { LocalOrgOptions } from '../../local-org/index';
import { DAY_MS, keyPair, NOW, publicJwk } from '../lib/jwk/test-keys';
import { emulatedOrg, otherKey, threeChannels } from '../lib/verification/emulated-org';
import { verifyOptions } from '../lib/verification/fake-org';

/** The checks that fail in an org that accepts a defect. Each defect has one, so that no defect stays unnoticed. */
const FAILED_CHECKS: Readonly<Record<TokenDefect, readonly [string, ...string[]]>> = {
  'alg-none': ['alg none'],
  'alg-none-case': ['alg None', 'alg NONE', 'alg nOnE'],
  'alg-missing': ['alg missing'],
  'alg-empty': ['alg empty'],
  'alg-array': ['alg array'],
  hs256: ['HS256', 'HS256 (DER)'],
  rs384: ['RS384'],
  ps256: ['PS256'],
  'empty-signature': ['no signature'],
  'reused-signature': ['signature of another token'],
  // Without a verification of signatures, a key in the header makes no difference.
  signature: ['known kid, wrong key', 'embedded jwk', 'embedded x5c', 'jku', 'x5u'],
  crit: ['crit'],
  'duplicate-header': ['duplicate kid'],
  'duplicate-claim': ['duplicate iss'],
  kid: ['unknown kid'],
  'kid-missing': ['missing kid'],
  'kid-foreign': ['foreign kid'],
  'retired-key': ['retired key'],
  'inactive-key': ['inactive key'],
  'no-x5c': ['unusable key'],
  'expired-certificate': ['unusable key'],
  issuer: ['another issuer'],
  'issuer-slash': ['issuer slash mismatch'],
  'issuer-missing': ['no issuer'],
  expiry: ['expired'],
  'exp-missing': ['no exp'],
  'not-yet-valid': ['not yet valid'],
  'sub-missing': ['no sub'],
  'sub-empty': ['empty sub'],
  'embedded-jwk': ['embedded jwk'],
  'embedded-x5c': ['embedded x5c'],
  jku: ['jku'],
  x5u: ['x5u'],
  'no-token': ['no token'],
  'unverified-user': ['unverified user'],
  'verification-off': ['verified user'],
};

/** A key that the keyset lists and Salesforce can't use: without a certificate, or with one that has expired. */
async function unusableKey(defect: TokenDefect): Promise<Component> {
  if (defect !== 'expired-certificate') return otherKey('Unusable', 'true', { x5c: undefined });
  const validity = { notBefore: new Date(NOW.getTime() - 2 * DAY_MS), notAfter: new Date(NOW.getTime() - DAY_MS) };
  return otherKey('Unusable', 'true', await publicJwk(keyPair('Unusable'), validity).then(({ x5c }) => ({ x5c })));
}

const PRIVATE_KEYS = [undefined, 'Retired', 'Inactive', 'Unusable'].map((name) => keyPair(name).privateKey);

/** Verifies an org with a key that is in no keyset, an inactive key, and an unusable one, whose private keys are available. */
async function verify(
  t: { after(done: () => Promise<void>): void },
  chatApi: LocalOrgOptions['chatApi'],
  options: Partial<VerifyOptions> = {},
) {
  const defect = chatApi?.accept?.[0] ?? 'no-x5c';
  const keys = [await otherKey('Retired'), await otherKey('Inactive', 'false'), await unusableKey(defect)];
  const components = [...(await threeChannels('Inactive', 'Unusable')), ...keys];
  const org = await emulatedOrg(t, components, { ...(chatApi && { chatApi }) });
  const { checks } = await verifyOrg(org, await verifyOptions({ privateKeys: PRIVATE_KEYS, ...options }));
  return { checks, log: org.local.log };
}

const namesIn = (checks: readonly Check[], state: string): readonly string[] => [
  ...new Set(checks.filter((check) => check.state === state).map(({ name }) => name)),
];

const REQUESTS_OF_TWO_KINDS = ['no token', 'unverified user', 'verified user'];
const KEYS_OF_THREE_KINDS = ['retired key', 'inactive key', 'unusable key'];
const ALL_REJECTIONS = [...FORGED_TOKENS.map(({ name }) => name), ...REQUESTS_OF_TWO_KINDS, ...KEYS_OF_THREE_KINDS];

test('has a defect that each forged token detects, and a forged token that detects each defect', () => {
  assert.deepEqual(Object.keys(FAILED_CHECKS).sort(), [...TOKEN_DEFECTS].sort());
  assert.deepEqual(new Set(Object.values(FAILED_CHECKS).flat()), new Set(ALL_REJECTIONS));
});

test('a strict org rejects everything that must be rejected', async (t) => {
  const { checks, log } = await verify(t, undefined);
  assert.deepEqual([namesIn(checks, 'failed'), namesIn(checks, 'inconclusive')], [[], []]);
  const rejected = checks.filter(({ part }) => part === 'rejection');
  assert.deepEqual(new Set(rejected.map(({ name }) => name)), new Set(ALL_REJECTIONS));
  const reasons = new Set(log.flatMap(({ detail }) => (detail['granted'] === false ? [String(detail['reason'])] : [])));
  const unreached = TOKEN_DEFECTS.filter((defect) => !reasons.has(defect) && !OTHER_REASONS.includes(defect));
  assert.deepEqual(unreached, [], 'each token is rejected for its own defect');
});

/** Defects that a strict org ignores, or names differently. */
const OTHER_REASONS: readonly TokenDefect[] = [
  ...(['embedded-jwk', 'embedded-x5c', 'jku', 'x5u'] as const),
  ...(['no-token', 'unverified-user', 'expired-certificate'] as const),
];

describe('an org that accepts', () => {
  for (const defect of TOKEN_DEFECTS) {
    const failedChecks = FAILED_CHECKS[defect];
    test(`${defect} fails exactly at ${failedChecks.join(' and ')}`, async (t) => {
      const { checks, log } = await verify(t, { accept: [defect] });
      assert.deepEqual([namesIn(checks, 'failed'), namesIn(checks, 'inconclusive')], [failedChecks, []]);
      const failed = checks.filter(({ state }) => state === 'failed');
      assert.ok(failed.every(({ detail }) => detail.startsWith('ACCEPTED')));
      const granted = log.filter(({ kind, detail }) => kind === 'exchange' && detail['granted'] === true).length;
      assert.equal(log.filter(({ kind }) => kind === 'revoke').length, granted, 'each access token is revoked');
    });
  }

  test('every invalid token for an unverified user fails only at the requests without a token', async (t) => {
    const { checks } = await verify(t, { badToken: 'unverified' });
    assert.deepEqual([namesIn(checks, 'failed'), namesIn(checks, 'inconclusive')], [['no token'], []]);
    assert.match(checks.find(({ name }) => name === 'HS256')?.detail ?? '', /^Not verified: .*unverified user/);
  });
});

test('a tolerated check passes, and is marked', async (t) => {
  const tolerating = { tolerated: new Map([['not yet valid', 'config/evidence/dev.json']]) };
  const { checks } = await verify(t, { accept: ['not-yet-valid', 'crit'] }, tolerating);
  assert.deepEqual(namesIn(checks, 'failed'), ['crit']);
  const tolerated = checks.filter((check) => check.tolerated);
  assert.deepEqual(
    tolerated.map(({ name, state, tolerated: reason }) => [name, state, reason]),
    [['not yet valid', 'passed', 'config/evidence/dev.json']],
  );
  assert.match(tolerated[0]?.detail ?? '', /^ACCEPTED\. A token works before the time in nbf\. Required by: RFC 7519/);
});
