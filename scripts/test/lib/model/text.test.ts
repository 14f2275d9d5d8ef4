import assert from 'node:assert/strict';
import { test } from 'node:test';
import { joinNames, pluralize } from '../../../lib/model';

test('only the number 1 has a singular noun', () => {
  assert.deepEqual(
    [0, 1, 2, 21].map((number) => pluralize(number, 'change')),
    ['0 changes', '1 change', '2 changes', '21 changes'],
  );
});

test('joinNames separates names with commas and puts the conjunction before the last name', () => {
  const names = ['dev', 'uat', 'prod', 'eu'];
  assert.deepEqual(
    [0, 1, 2, 3, 4].map((count) => joinNames(names.slice(0, count))),
    ['', 'dev', 'dev and uat', 'dev, uat, and prod', 'dev, uat, prod, and eu'],
  );
  assert.equal(joinNames(['dev', 'uat', 'prod'], 'or'), 'dev, uat, or prod');
});
