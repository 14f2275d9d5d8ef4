import assert from 'node:assert/strict';
import { test } from 'node:test';
import { assertFresh, parseDuration } from '../../../lib/plan';
import { digestMatches, sha256, withDigest } from '../../../lib/plan/digest';

test('parseDuration reads up to five digits and one unit', () => {
  assert.deepEqual(['1s', '99999d', '10m'].map(parseDuration), [1_000, 8_639_913_600_000, 600_000]);
  for (const text of ['100000s', '01h', 'x1h', '1hx', '1H', '1ms']) assert.equal(parseDuration(text), undefined, text);
});

const NOW = new Date('2026-11-01T12:00:00Z');
const check = (age: number, maxAge: number): void => assertFresh(new Date(NOW.getTime() - age), NOW, maxAge);

test('assertFresh accepts a plan from up to five minutes in the future', () => {
  check(-300_000, 1);
  assert.throws(() => check(-300_001, 1), { code: 'plan-expired', exit: 3 });
});

test('assertFresh names an age and a limit in the largest unit that counts at least 2', () => {
  const ages: readonly [number, string][] = [
    [1_001, '1s'],
    [119_999, '119s'],
    [120_000, '2m'],
    [7_199_999, '119m'],
    [7_200_000, '2h'],
    [172_799_999, '47h'],
    [172_800_000, '2d'],
  ];
  for (const [age, text] of ages) {
    assert.throws(
      () => check(age, 1_000),
      ({ why }: { why: string }) => why.includes(` ${text} `) && why.includes('1s.'),
    );
  }
});

test('withDigest writes the digest of every byte before it as the last member', () => {
  assert.equal(sha256('abc'), 'ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad');
  const body = '{\n  "a": 1,\n';
  const text = withDigest({ a: 1 });
  assert.equal(text, `${body}  "digest": "${sha256(body)}"\n}\n`);
  assert.equal(digestMatches(text), true);
});

test('digestMatches rejects text before or after the document, and text without a digest', () => {
  const text = withDigest({ a: 1 });
  for (const other of [`x${text}`, `${text}x`, `${text}\n`, text.trimEnd(), '', '{}\n', text.toUpperCase()])
    assert.equal(digestMatches(other), false);
});
