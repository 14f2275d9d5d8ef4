import assert from 'node:assert/strict';
import { join } from 'node:path';
import { test } from 'node:test';
import { crossCheckProblems } from './cross-check';
import { formatProblems } from './problem';
import { PROJECT } from './list-files';

test('components, Apex, labels, permission sets and custom metadata of force-app name only what exists', async () => {
  assert.equal(formatProblems(await crossCheckProblems(join(PROJECT, 'force-app'))), '');
});
