import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import fc from 'fast-check';
import { evaluateShare, type ShareInput, type ShareLimits } from '../../../lib/monitor/share';

const LIMITS: ShareLimits = { minVerified: 95, minChats: 20, maxDrop: 5 };
const of = (verified: number, total: number) => ({ verified, total });

const CASES: readonly (readonly [string, ShareInput, string, RegExp])[] = [
  ['enough verified chats', { now: of(98, 100) }, 'passed', /98% of 100 chats are verified \(minimum: 95%\)\./],
  ['exactly the minimum', { now: of(95, 100) }, 'passed', /95%/],
  ['one chat below the minimum', { now: of(94, 100) }, 'failed', /94% of 100 chats.*Fix: trace a token/],
  ['one chat too few', { now: of(19, 19) }, 'inconclusive', /^19 chats are too few to tell \(minimum: 20\)\.$/],
  ['no chat', { now: of(0, 0) }, 'inconclusive', /^0 chats are too few/],
  ['one chat', { now: of(1, 1) }, 'inconclusive', /^1 chat is too few/],
  [
    'too few chats where many are usual',
    { now: of(3, 3), before: of(700, 700), days: 7 },
    'inconclusive',
    /100 verified chats started on average/,
  ],
  [
    'no chat where many are usual, because each token may be rejected',
    { now: of(0, 0), before: of(700, 700), days: 7 },
    'failed',
    /^No chat started\. In the same hours of previous days, 100 verified chats/,
  ],
  [
    'only unverified chats where many verified ones are usual',
    { now: of(0, 5), before: of(700, 700), days: 7 },
    'failed',
    /None of 5 chats is verified/,
  ],
  ['no chat where few are usual', { now: of(0, 0), before: of(70, 70), days: 7 }, 'inconclusive', /too few/],
  [
    'a drop that chance does not explain',
    { now: of(960, 1000), before: of(7000, 7000), days: 7 },
    'passed',
    /same hours of previous days: 100%/,
  ],
  [
    'a drop of more points than allowed, above the minimum',
    { now: of(950, 1000), before: of(7000, 7000), days: 7 },
    'passed',
    /95%/,
  ],
];

describe('the share of verified chats', () => {
  for (const [name, input, state, detail] of CASES)
    test(`is ${state} for ${name}`, () => {
      const result = evaluateShare(input, LIMITS);
      assert.equal(result.state, state, result.detail);
      assert.match(result.detail, detail);
    });

  test('fails for a drop that is larger than the limit and than chance', () => {
    const limits = { ...LIMITS, minVerified: 50 };
    const before = of(7000, 7000);
    assert.equal(evaluateShare({ now: of(900, 1000), before, days: 7 }, limits).state, 'failed');
    // The same drop of 10 points in 20 chats is 2 chats, which chance explains if the share was 97%.
    assert.equal(evaluateShare({ now: of(18, 20), before: of(680, 700), days: 7 }, limits).state, 'passed');
  });

  test('is never passed with too few chats or below the minimum', () => {
    const counts = fc.tuple(fc.nat(200), fc.nat(200)).map(([verified, other]) => of(verified, verified + other));
    fc.assert(
      fc.property(counts, counts, fc.integer({ min: 0, max: 100 }), (now, before, minVerified) => {
        const { state } = evaluateShare({ now, before, days: 7 }, { ...LIMITS, minVerified });
        const isBelow = now.total < LIMITS.minChats || (100 * now.verified) / now.total < minVerified;
        return state !== 'passed' || !isBelow;
      }),
    );
  });
});
