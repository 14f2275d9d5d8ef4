import assert from 'node:assert/strict';
import { test } from 'node:test';
import { scrub } from '../../../lib/calibrate/scrub';

const CASES: readonly (readonly [string, string])[] = [
  ['Deploy job 0Af000000000001AAA failed.', 'Deploy job (ID) failed.'],
  ['Org 00D000000000001.', 'Org (ID).'],
  ['See https://acme--dev.sandbox.my.salesforce.com/x?y=1 for it.', 'See (URL) for it.'],
  ['The host acme.my.salesforce-scrt.com is down.', 'The host (host) is down.'],
  ['Connect 127.0.0.1:8701 failed.', 'Connect (host) failed.'],
  ['Channel 123e4567-e89b-42d3-a456-426614174000.', 'Channel (ID).'],
  ['The channel Calibrate_Channel has no identification.', 'The channel Calibrate_Channel has no identification.'],
];

for (const [text, expected] of CASES) test(`scrubs: ${text}`, () => assert.equal(scrub(text), expected));
