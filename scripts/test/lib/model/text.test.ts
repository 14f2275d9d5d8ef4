import assert from 'node:assert/strict';
import { test } from 'node:test';
import { joinFirstNames, joinNames, pluralize } from '../../../lib/model';

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

test('joinFirstNames names up to 8, and says how many there are more', () => {
  const names = Array.from({ length: 10 }, (_, index) => `org${index + 1}`);
  assert.equal(joinFirstNames(names.slice(0, 8)), 'org1, org2, org3, org4, org5, org6, org7, and org8');
  assert.equal(joinFirstNames(names), 'org1, org2, org3, org4, org5, org6, org7, org8, and 2 more');
});
