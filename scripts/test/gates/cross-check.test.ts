import assert from 'node:assert/strict';
import { join } from 'node:path';
import { test } from 'node:test';
import { crossCheckProblems } from './cross-check';
import { formatProblems } from './problem';
import { PROJECT } from './list-files';

test('finds no reference to a missing component in components, Apex, labels, permission sets, and custom metadata of member-site', async () => {
  assert.equal(formatProblems(await crossCheckProblems(join(PROJECT, 'member-site'))), '');
});
