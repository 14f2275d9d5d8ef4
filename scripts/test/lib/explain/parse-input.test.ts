import assert from 'node:assert/strict';
import { test } from 'node:test';
import { parseInput } from '../../../lib/explain';

for (const [input, status] of [
  ['{"status":401}', 401],
  ['{"statusCode":304}', 304],
  ['{"status":400,"statusCode":500}', 400],
  ['{"status":"401"}', undefined],
  ['[{"status":401}]', undefined],
] as const)
  test(`the status of the JSON ${input} is ${String(status)}`, () => {
    assert.deepEqual(parseInput(input), { kind: 'JSON', ...(status !== undefined && { status }), text: input });
  });
